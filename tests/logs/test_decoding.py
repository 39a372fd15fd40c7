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


OLD = {
    "cp1252": "Où est le problème? Ça ne marche pas à l’école – “naïve”, dit-il.",
    "latin-1": "Der Import läuft nicht über Nacht, größere Dateien brechen ab.",
    "cp1251": "Импорт падает на больших файлах, надо починить до пятницы.",
    "koi8_r": "Импорт падает на больших файлах, надо починить до пятницы.",
    "cp1253": "Η εισαγωγή αποτυγχάνει σε μεγάλα αρχεία, διορθώστε την.",
    "cp932": "インポートが失敗します。明日までに直してください。",
    "gb18030": "导入失败了，明天之前请修复。导出也有问题。",
    "euc_kr": "가져오기가 실패합니다. 내일까지 고쳐 주세요.",
}


@pytest.mark.parametrize(("encoding", "said"), OLD.items(), ids=OLD)
@pytest.mark.parametrize(
    "more", ["", "**User:** später auch UTF-8: Größe\n\n**Claude:** ok\n"], ids=["alone", "beside UTF-8"]
)
def test_an_old_encoding_is_told_and_its_lines_are_read(tmp_path, encoding, said, more):
    log = tmp_path / "talk.md"
    log.write_bytes(f"**User:** {said}\n\n**Claude:** ok\n\n".encode(encoding) + more.encode())
    first = read_new(log, name="talk.md")
    with log.open("ab") as out:
        out.write(f"\n**User:** {said}\n".encode(encoding))
    grown = read_new(log, name="talk.md", cursor=first.cursor)
    assert first.conversations[0].turns[0].text == said
    assert (grown.change, grown.conversations[0].turns[-1].text) == ("grown", said)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param(b"caf\xe9 cr\xe8me", "café crème", id="a line of cp1252 far down"),
        pytest.param(b"it\x92s \x93ok\x94", "it’s “ok”", id="quotes of cp1252"),
        pytest.param("Größe \u2028ok".encode() + b" \xff", "Größe \u2028ok \ufffd", id="a broken byte in UTF-8"),
        pytest.param("漢字".encode()[:-1], "漢\ufffd", id="UTF-8 that was cut"),
        pytest.param(b"caf\xc3", "caf\ufffd", id="UTF-8 that was cut after its first byte"),
        pytest.param(b"\xff\xfe\xff", "\ufffd\ufffd\ufffd", id="bytes of no text"),
    ],
)
def test_a_line_that_is_no_utf_8_is_read_as_what_it_likely_is(tmp_path, raw, text):
    log = tmp_path / "talk.md"
    log.write_bytes(b"**User:** hi\n\n**Claude:** ok\n" * 3_000 + b"\n**User:** so\n" + raw + b"\nend\n")
    turn = read_new(log, name="talk.md").conversations[0].turns[-1]
    assert turn.text.split("\n")[1] == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("said", ["Импорт падает, надо починить", "インポートが失敗します 直して"])
def test_utf_16_of_any_script_is_told_without_its_mark(tmp_path, encoding, said):
    log = tmp_path / "talk.md"
    log.write_bytes(f"**User:** {said}\n\n**Claude:** ok\n".encode(encoding))
    assert read_new(log, name="talk.md").conversations[0].turns[0].text == said


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
