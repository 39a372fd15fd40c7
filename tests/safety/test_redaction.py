import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Conversation, Turn
from bot.safety.redaction import redact, redact_conversation
from tests.safety.cases import LOOK_ALIKES, secrets

SECRETS = list(secrets())
GITHUB = "ghp" + "_" + "a1B2" * 9
PASSWORD = "Kestrel#" + "9xQ2mm"


@pytest.mark.parametrize("case", SECRETS, ids=lambda case: case.id)
def test_a_secret_is_hidden_in_full_and_its_surroundings_stay(case):
    redacted = redact(case.text)
    assert [gone for gone in case.gone if gone in redacted] == []
    assert [stay for stay in case.stay if stay not in redacted] == []
    assert redacted.count("\n") == case.text.count("\n")


@pytest.mark.parametrize("line", LOOK_ALIKES)
def test_a_look_alike_is_left_as_it_is(line):
    assert redact(line) == line


def test_the_measure_is_large_enough_to_mean_something():
    assert len(SECRETS) >= 200
    assert len(LOOK_ALIKES) >= 150
    assert len({case.id for case in SECRETS}) == len(SECRETS)


def test_the_mark_says_the_kind():
    assert redact(f"use {GITHUB} now") == "use [redacted: github token] now"
    assert redact(f"DB_PASSWORD={PASSWORD}") == "DB_PASSWORD=[redacted: password]"


@pytest.mark.parametrize("case", SECRETS, ids=lambda case: case.id)
def test_redacting_twice_is_redacting_once(case):
    once = redact(case.text)
    assert redact(once) == once


_SHARDS = st.sampled_from(
    [
        GITHUB,
        PASSWORD,
        "password",
        "token",
        ": ",
        "=",
        " is ",
        '"',
        "'",
        "\\",
        "\n",
        "\r\n",
        " ",
        "`",
        "|",
        "${X}",
        "://a:",
        "@h.test",
        "Bearer ",
        "Cookie: a=",
        ";",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
        "MIIEpAIBAAKCAQEA7Zq",
        "[redacted: token]",
        "x",
        "é",
        "İ",
        "--token ",
        "{",
        "}",
        "&key=",
    ]
)
_TALK = st.lists(_SHARDS | st.text(string.printable, max_size=8), max_size=24).map("".join)


@settings(max_examples=300, deadline=None)
@given(_TALK)
def test_any_text_keeps_its_lines_and_is_done_after_one_redaction(text):
    once = redact(text)
    assert once.count("\n") == text.count("\n")
    assert GITHUB not in once
    assert redact(once) == once


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_characters_are_accepted(text):
    assert redact(text).count("\n") == text.count("\n")


RUNS = [
    "a",
    "A",
    "0",
    " ",
    "-",
    "_",
    "=",
    "/",
    "\\",
    '"',
    "'",
    "`",
    "|",
    ":",
    "@",
    ".",
    "{",
    "\t",
    ">",
    "é",
    "İ",
    "\n",
    "eyJ",
    "ghp_",
    "password",
    "password=",
    "token ",
    "token: ",
    "://a:",
    "Bearer ",
    "cookie: a=b;",
    "curl -u ",
    "-----BEGIN PRIVATE KEY-----",
    "key key ",
    "sk-",
    "1/",
    "a.",
    "${",
    "\\n",
    "mysql -",
    "[redacted: token]",
    'password="',
    "<password>",
    "authorization: ",
    "MIIE\n",
    "-----END PRIVATE KEY-----",
    "secret:secret@",
    "passwort für ",
    "| password |\n|---|---|\n",
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("unit", RUNS)
def test_a_long_run_is_read_in_linear_time(unit):
    text = unit * (200_000 // len(unit))
    assert redact(text).count("\n") == text.count("\n")


@pytest.mark.parametrize("unit", ["token:", "token=", "password:x", "api_key=a1", "secret:,"])
def test_many_names_in_one_run_are_read_in_linear_time(unit):
    # Where each name reads the run to its end, this takes minutes and the test's time limit ends it.
    text = unit * (60_000 // len(unit))
    assert redact(text)


@pytest.mark.parametrize("length", [511, 512, 513, 1024, 6000])
def test_a_secret_longer_than_anyone_writes_is_hidden_to_its_end(length):
    secret = ("aB3xY9k." * 1000)[: length - 1] + "Z"
    assert redact(f"token: {secret} and more") == "token: [redacted: token] and more"


def _conversation(*texts: str, title: str = "") -> Conversation:
    turns = tuple(Turn(role="human", text=text, lines=range(1, text.count("\n") + 2)) for text in texts)
    return Conversation(log="a.jsonl", format="x", id="1", turns=turns, title=title)


def test_a_value_found_in_one_turn_is_gone_from_every_turn_and_the_title():
    conversation, count = redact_conversation(
        _conversation("it says walnut77fern again", "nothing", "DB_PASSWORD=walnut77fern", title="walnut77fern fails")
    )
    assert [turn.text for turn in conversation.turns] == [
        "it says [redacted: password] again",
        "nothing",
        "DB_PASSWORD=[redacted: password]",
    ]
    assert conversation.title == "[redacted: password] fails"
    assert count == 3


def test_a_turn_without_secrets_is_the_same_object():
    before = _conversation("nothing here", f"token {GITHUB}")
    after, _ = redact_conversation(before)
    assert after.turns[0] is before.turns[0]
    assert after.turns[1] is not before.turns[1]


def test_a_conversation_without_secrets_is_the_same_object():
    before = _conversation("the token count is 12", title="tokens")
    assert redact_conversation(before) == (before, 0)
    assert redact_conversation(before)[0] is before


def test_lines_of_a_turn_stay_true_when_a_key_block_goes():
    key = "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEp0AIBAAKCAQEA7Zq\n" * 3 + "-----END RSA PRIVATE KEY-----"
    after, count = redact_conversation(_conversation(f"see\n{key}\nit fails"))
    assert after.turns[0].text == "see\n[redacted: private key]\n\n\n\n\nit fails"
    assert len(after.turns[0].text.split("\n")) == len(after.turns[0].lines)
    assert count == 1


@pytest.mark.parametrize("form", ["Kestrel%239xQ2mm", "S2VzdHJlbCM5eFEybW0"], ids=["percent-encoded", "base64"])
def test_an_encoded_form_of_a_found_value_is_gone_too(form):
    after, _ = redact_conversation(_conversation(f"password: {PASSWORD}", f"sent {form} on"))
    assert form not in after.turns[1].text


def test_a_common_default_password_is_not_hunted_through_the_talk():
    after, _ = redact_conversation(_conversation("POSTGRES_PASSWORD=postgres", "postgres is slow"))
    assert [turn.text for turn in after.turns] == ["POSTGRES_PASSWORD=[redacted: password]", "postgres is slow"]


def test_a_short_value_is_not_cut_out_of_longer_words():
    after, _ = redact_conversation(_conversation("ADMIN_PASSWORD=moss1", "mosses, moss1 and moss12"))
    assert after.turns[1].text == "mosses, [redacted: password] and moss12"
