from contextlib import suppress

from chats import read, said, times, turns, verbatim
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs.base import LogError

LOG = "1772442000\nana\nit flickers\n\n1772442005\nben\n\n\n1772442010\nben\n\x02really\x02?\n\n"


def test_three_lines_are_a_message(tmp_path):
    reading = read(tmp_path, LOG, name="03-02.txt")
    assert said(reading) == [("h", "ana", "it flickers"), ("h", "ben", ""), ("h", "ben", "really?")]
    assert times(reading)[0] == "2026-03-02T09:00:00+00:00"
    assert [turn.lines for turn in turns(reading)] == [(3,), (7,), (11,)]
    assert verbatim(reading, LOG.replace("\x02", ""))


def test_a_record_half_written_is_read_when_it_is_whole(tmp_path):
    first = read(tmp_path, LOG + "1772442020\nana\n", name="a.txt", settled=False)
    second = read(tmp_path, LOG + "1772442020\nana\nfixed\n", name="a.txt", cursor=first.cursor)
    assert (len(turns(first)), said(second)) == (3, [("h", "ana", "fixed")])
    assert second.conversations[0].id == first.conversations[0].id
    assert turns(second)[0].lines == (15,)


def test_lines_between_records_are_counted(tmp_path):
    reading = read(tmp_path, LOG + "what\n1772442020\na b\n1772442030\nana\nfixed\n", name="a.txt")
    assert said(reading)[-1] == ("h", "ana", "fixed")
    assert [(item.what, item.count, item.line) for item in reading.not_understood] == [("line in no known form", 3, 13)]


def test_numbers_and_words_are_no_chat(tmp_path):
    for text in ("1772442000\n1772442001\n", "12\nana\nhi\n\n13\nben\nho\n", "1772442000\nTwo words\nthree\n\n"):
        with suppress(LogError):
            assert read(tmp_path, text, name="n.txt").format != "irc-records"


@settings(max_examples=60)
@given(parts=st.lists(st.sampled_from([*LOG.split("\n"), "9" * 12]) | st.text(max_size=9)))
def test_any_lines_are_read_or_refused(tmp_path_factory, parts):
    with suppress(LogError):
        read(tmp_path_factory.mktemp("i"), "\n".join(parts).encode("utf-8", "replace"), log_format="irc-records")
