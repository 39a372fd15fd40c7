import pytest
from chats import read, said, times, turns, verbatim

CHAT = """10:01:02 From Ann Lee to Everyone:
\tthe door sensor is dead
\tsince noon
10:02:03 From Bob to Ann Lee(Direct Message):
\tReplying to "the door sensor is dead"

\tI will look: tomorrow
10:03:04 From Ann Lee to Everyone:
\tReacted to "I will look" with \N{THUMBS UP SIGN}
"""
HEARD = [
    ("h", "Ann Lee", "the door sensor is dead\nsince noon"),
    ("h", "Bob", "I will look: tomorrow"),
    ("s", "Ann Lee", 'Reacted to "I will look" with \N{THUMBS UP SIGN}'),
]


def test_a_saved_chat_is_read_with_true_lines(tmp_path):
    reading = read(tmp_path, CHAT, name="2026-03-02 10.00.00 Lamp/meeting_saved_chat.txt")
    assert (reading.format, said(reading)) == ("zoom", HEARD)
    assert times(reading)[0] == "2026-03-02T10:01:02+00:00"
    assert [list(turn.lines) for turn in turns(reading)] == [[2, 3], [7], [9]]
    assert verbatim(reading, CHAT)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("10:01:02\t From  Ann Lee : hi: you\n10:02:03\t From  Bob : ok\n", id="older"),
        pytest.param("10:01:02 From Ann Lee to X : hi: you\n10:02:03 From Bob To Everyone : ok\n", id="on a line"),
        pytest.param("2026-03-02 10:01:02 From Ann Lee to X:\n\thi: you\n10:02:03 From Bob to X:\n\tok\n", id="date"),
        pytest.param("[Ann Lee] 10:01:02\nhi: you\n\n[Bob] 10:02:03\nok\n", id="captions"),
    ],
)
def test_every_form_gives_speakers_and_words(tmp_path, text):
    reading = read(tmp_path, text, name="chat.txt")
    assert (reading.format, said(reading)) == ("zoom", [("h", "Ann Lee", "hi: you"), ("h", "Bob", "ok")])
    assert verbatim(reading, text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("10:01:02 From the log: starting\nall is well\n", id="one line of a program"),
        pytest.param("[main] 10:01:02\n" + "Some words of a paper that goes on.\n" * 3, id="one heading"),
    ],
)
def test_other_texts_are_no_meetings(tmp_path, text):
    with pytest.raises(Exception, match="no known format"):
        read(tmp_path, text, name="notes.txt")
