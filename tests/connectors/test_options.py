"""The options of a target: what is wrong is told by its key, and no address may carry or leak a secret."""

import pytest

from connectors.options import Options
from connectors.registry import BadOptions

WRONG = {
    "not an address": ({"base_url": "tracker"}, "base_url: expected an address"),
    "password in it": ({"base_url": "https://me:s3cret@tracker.example"}, "without user, password"),
    "query in it": ({"base_url": "https://tracker.example/?a=b"}, "without user, password"),
    "http abroad": ({"base_url": "http://tracker.example"}, "allow_http: true"),
    "time limit as text": ({"base_url": "https://t.example", "timeout": "fast"}, "timeout: expected a number"),
    "negative pause": ({"base_url": "https://t.example", "seconds_between_writes": -1}, "seconds_between_writes"),
    "switch as text": ({"base_url": "https://t.example", "allow_http": "yes"}, "allow_http: expected true or false"),
    "left over": ({"base_url": "https://t.example", "colour": 1}, "colour: this tracker has no such option"),
    "missing": ({}, "base_url: needed"),
}


@pytest.mark.parametrize(("options", "told"), WRONG.values(), ids=WRONG)
def test_a_wrong_option_is_told_by_its_key(options, told):
    def take():
        given = Options("acme", options)
        given.network(base_url="")
        given.done()

    with pytest.raises(BadOptions, match="acme: .*" + told) as caught:
        take()
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://localhost:4000", "http://127.0.0.1:1", "http://[::1]:9", "https://a.example/x/"]
)
def test_this_machine_needs_no_tls(url):
    network = Options("acme", {"base_url": url, "ca_file": "/ca.pem"}).network(base_url="")
    assert (network.base_url, network.ca_file, network.verify_tls) == (url.rstrip("/"), "/ca.pem", True)
