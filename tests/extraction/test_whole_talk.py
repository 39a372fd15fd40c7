"""One talk of the kind that the bot reads every night, from greeting to good-bye."""

import pytest

from bot.extraction import extract
from tests.extraction.talks import talk

CODE = """Here is the job:

```python
@job("rollup")
def rollup_readings(site):
    rows = fetch_all(site)  # BUG: ignores the time window
    # TODO: Implement this
    send_summary(rows)  # TODO: This is far too chatty
```"""
FIXED = """That fixed the window.

Also, why do our gateways keep rebooting? We're not closing sockets properly, I'll fix that."""
LATER = """Not now, but it's on my list. Installers have been asking for a mobile view. Things we'd need:
- Map of gateways
- Offline readings"""
TALK = [
    ("human", "Morning! I need help with our sensor platform. Customers are reporting missing alerts."),
    ("assistant", "Which alerts? You could add a queue in front of the mailer."),
    ("human", "It's just the `rollup` job. I have to restart it by hand every few days."),
    ("assistant", "Can you share it?\n\n```python\n# TODO: use a generator\n```"),
    ("human", CODE),
    ("assistant", "Filter by time in the query."),
    ("human", FIXED),
    ("assistant", "Reuse the connection."),
    ("human", "TODO: Reuse sockets in the gateway client\n\nWe should probably just move to MQTT."),
    ("assistant", "Want a sketch?"),
    ("human", LATER),
    ("assistant", "All doable."),
    ("human", "That's a Q4 2031 project. Thanks, bye!"),
]
WANTED = [
    ("bug", "high", "open"),  # missing alerts
    ("bug", "medium", "resolved"),  # the time window
    ("todo", "medium", "open"),  # implement the stub
    ("todo", "medium", "open"),  # the chatty summary
    ("bug", "medium", "open"),  # gateways keep rebooting
    ("bug", "medium", "open"),  # sockets are not closed
    ("todo", "medium", "open"),  # reuse sockets
    ("todo", "medium", "deferred"),  # MQTT
    ("feature", "low", "deferred"),  # mobile view
    ("feature", "low", "open"),
    ("feature", "low", "open"),
]


@pytest.fixture(scope="module")
def findings():
    return extract(talk(*TALK))


def test_every_loose_end_is_found_once_in_order(findings):
    assert [(f.kind, f.priority, f.status) for f in findings] == WANTED
    starts = [f.evidence[0].line_start for f in findings]
    assert starts == sorted(starts)


def test_titles_read_like_a_tracker(findings):
    assert [f.title for f in findings] == [
        "Missing alerts in rollup job",
        "fetch_all ignores the time window",
        "Implement rollup_readings",
        "send_summary is far too chatty",
        "Gateways keep rebooting",
        "Sockets are not closed properly",
        "Reuse sockets in the gateway client",
        "Move to MQTT",
        "Add a mobile view",
        "Add map of gateways",
        "Add offline readings",
    ]
