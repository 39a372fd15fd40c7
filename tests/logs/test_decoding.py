import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs.decoding import encoding_of, repaired, text_of
from bot.logs.incremental import read_new

TALK = "# Café\r\n\r\n**User:** Größe “ok”\u2028still line 3\n\n**Claude:** 漢字 😀\n"


@pytest.mark.parametrize(
    "encode",
    [
        pytest.param(lambda text: text.encode(), id="utf-8"),
        pytest.param(lambda text: codecs.BOM_UTF8 + text.encode(), id="utf-8 with mark"),
        pytest.param(lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"), id="utf-16 little endian"),
        pytest.param(lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"), id="utf-16 big endian"),
        pytest.param(lambda text: text.encode("utf-16-le"), id="little endian without mark"),
        pytest.param(lambda text: text.encode("utf-16-be"), id="big endian without mark"),
    ],
)
@pytest.mark.parametrize("cut", [0, 1, 2])
def test_every_encoding_gives_the_same_turns_also_when_the_log_grows(tmp_path, encode, cut):
    log = tmp_path / "talk.md"
    content = encode(TALK)
    first = None
    if cut:
        log.write_bytes(content[: len(content) * cut // 3])
        first = read_new(log, name="talk.md", settled=False, format="markdown")
    log.write_bytes(content)
    second = read_new(log, name="talk.md", cursor=first and first.cursor)
    readings = [second] if first is None or second.change != "grown" else [first, second]
    turns = [turn for reading in readings for talk in reading.conversations for turn in talk.turns]
    assert [(turn.text, list(turn.lines)) for turn in turns] == [
        ("Größe “ok”\u2028still line 3", [3]),
        ("漢字 😀", [5]),
    ]
    assert second.conversations[0].title == "Café"


def test_a_newline_byte_inside_a_utf16_character_ends_no_line(tmp_path):
    log = tmp_path / "talk.md"
    log.write_bytes("\ufeff**User:** \u0a0a\u0a00 \u000a\n**Claude:** b\n".encode("utf-16-le"))
    turns = read_new(log, name="talk.md").conversations[0].turns
    assert [(turn.text, turn.lines[0]) for turn in turns] == [("\u0a0a\u0a00", 1), ("b", 3)]


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("FranÃ§ois says itâ€™s slow", "François says it’s slow"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
        ("a\nzurÃ¼ck\nb", "a\nzurück\nb"),
    ],
)
def test_mojibake_is_undone(broken, mended):
    assert repaired(broken) == mended


@pytest.mark.parametrize(
    "healthy",
    [
        "François – it’s “fine”…",
        "Ångström Ø ß",
        "Привет, мир",
        "שלום × 3",
        "naïve—but É…",
        "“Straight” & &amp; ﬁ",
        "½ × ¼",
    ],
)
def test_healthy_text_is_left_alone(healthy):
    assert repaired(healthy) == healthy


@given(st.text(st.characters(codec=None, exclude_categories=[]), max_size=60))
def test_repair_keeps_every_line_and_gives_text_that_can_be_stored(text):
    fixed = repaired(text)
    assert fixed.count("\n") == text.count("\n")
    assert "\0" not in fixed
    fixed.encode()


@given(st.binary(max_size=80))
def test_any_bytes_become_text(raw):
    assert isinstance(text_of(raw.replace(b"\n", b"")), str)


@pytest.mark.parametrize("head", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", b"\0" * 64, bytes(range(32)) * 4])
def test_what_is_not_text_has_no_encoding(head):
    assert encoding_of(head) is None


def test_repair_takes_linear_time():
    started = time.perf_counter()
    repaired("Ã¼" * 5_000 + "x" * 200_000 + "\n" + "\xc3" * 200_000)
    assert time.perf_counter() - started < 10
