import pytest

from bot.extraction import extract
from bot.model import Conversation, Turn
from bot.safety.exposure import is_exposed

GITHUB = "ghp" + "_" + "a1B2" * 9
WORD, MIXED = "moon" + "fish", "Kestrel#" + "9xQ2mm"


def talk(said, told, title=""):
    turns = [Turn(role="tool", text=told, lines=[1] * (told.count("\n") + 1)), Turn(role="human", text=said, lines=[2])]
    return Conversation(log="a.jsonl", format="x", id="1", turns=tuple(turns), title=title)


def exposed(said, told, title=""):
    conversation = talk(said, told, title)
    found = extract(conversation)
    assert found
    return is_exposed(conversation, found)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param(f"TODO: replace {GITHUB} in the deploy script", "", id="token in the quote"),
        pytest.param(
            f"TODO: rotate {MIXED} on the staging box", f"DB_PASSWORD={MIXED}", id="named in tool output only"
        ),
        pytest.param(f"TODO: rotate {WORD} on the staging box", f'"password": "{WORD}"', id="a plain word"),
        pytest.param(f"TODO: rotate {WORD} on the box", f"postgres://app:{WORD}@db.example/x", id="in an address"),
        pytest.param("TODO: rotate bW9vbmZpc2g5OTk5 on the box", "", id="may be encoded"),
    ],
)
def test_a_secret_that_would_be_shown_is_noticed(said, told):
    assert exposed(said, told)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param("TODO: rename the importer by 2026-03-01", f"DB_PASSWORD={MIXED}", id="not shown"),
        pytest.param("TODO: retry after 503 in step2", "step2 ok, 503 rows", id="odd words that are no secret"),
        pytest.param("TODO: rename the importer", "", id="nothing odd"),
    ],
)
def test_a_talk_that_shows_no_secret_need_not_be_redacted(said, told):
    assert not exposed(said, told)


def test_the_title_of_the_talk_counts():
    assert exposed(f"TODO: rotate {WORD} on the box", "", title=f'password: "{WORD}"')
