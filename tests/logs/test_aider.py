import pytest

from bot.logs.incremental import read_new

HEAD = (
    "\n# aider chat started at 2026-03-04 05:06:07\n\n> Aider v0.90.0  \n> Main model: m-5 with diff edit format  \n\n"
)


def typed(*lines):
    return "\n" + "".join(f"#### {line}  \n" for line in lines)


def write(tmp_path, text):
    log = tmp_path / ".aider.chat.history.md"
    log.write_bytes(text.encode())
    return log


def read(tmp_path, text, **how):
    return read_new(write(tmp_path, text), name="aider", **how)


def said_in(reading):
    turns = [turn for talk in reading.conversations for turn in talk.turns]
    return [(turn.role[0], turn.text) for turn in turns if not turn.text.startswith("Aider v")]


PROMPT = "Add file to the chat? (Y)es/(N)o [Yes]: y"
PLAN = "I will change the parser.\n\n- one\n- two"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(typed("fix it"), [("h", "fix it")], id="typed"),
        pytest.param(typed("fix", "", "it"), [("h", "fix\n\nit")], id="several lines"),
        pytest.param(typed("fix") + typed("it"), [("h", "fix"), ("h", "it")], id="two inputs"),
        pytest.param(typed("/add a.py") + "> Added a.py  \n", [("s", "/add a.py"), ("t", "Added a.py")], id="command"),
        pytest.param(typed("/ask why?") + typed("why?") + "\nSo.\n", [("h", "why?"), ("a", "So.")], id="asked"),
        pytest.param(typed("/ask why?"), [("h", "why?")], id="asked and stopped"),
        pytest.param(
            typed("why?") + "\nSo.\n" + typed("why?"), [("h", "why?"), ("a", "So."), ("h", "why?")], id="said twice"
        ),
        pytest.param(
            typed("plan") + f"\n{PLAN}\n\n> Edit the files? (Y)es/(N)o [Yes]: y  \n" + typed(*PLAN.split("\n")),
            [("h", "plan"), ("a", PLAN), ("t", "Edit the files? (Y)es/(N)o [Yes]: y")],
            id="an editor is given the plan",
        ),
        pytest.param(typed(PROMPT), [("s", PROMPT)], id="a prompt"),
        pytest.param(typed("<blank>"), [("s", "<blank>")], id="nothing typed"),
        pytest.param(
            typed("a") + "\nText\n\n#### Heading\n> quoted\n",
            [("h", "a"), ("a", "Text\n\n#### Heading\n> quoted")],
            id="Markdown of an answer",
        ),
        pytest.param(
            typed("a") + "\n<thinking-content-0>\nTODO\n#### x  \n</thinking-content-0>\n\nDone\n",
            [("h", "a"), ("a", "Done")],
            id="reasoning",
        ),
    ],
)  # fmt: skip
def test_each_block_goes_to_the_right_role(tmp_path, text, said):
    reading = read(tmp_path, HEAD + text)
    assert (reading.format, said_in(reading)) == ("aider", said)


def test_each_start_begins_a_conversation(tmp_path):
    reading = read(tmp_path, HEAD + typed("a") + HEAD + typed("b") + HEAD.replace("03-04", "03-05") + typed("c"))
    assert [talk.id for talk in reading.conversations] == [
        "2026-03-04 05:06:07", "2026-03-04 05:06:07 2", "2026-03-05 05:06:07"
    ]  # fmt: skip
    assert reading.conversations[0].started.isoformat() == "2026-03-04T05:06:07+00:00"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_turns_have_true_lines_and_the_model_as_speaker(tmp_path, newline):
    text = HEAD + typed("a", "b") + "\nDone\n\nreally\n"
    turns = read(tmp_path, text.replace("\n", newline)).conversations[0].turns
    assert [(turn.role, turn.text, list(turn.lines), turn.speaker) for turn in turns[1:]] == [
        ("human", "a\nb", [8, 9], ""), ("assistant", "Done\n\nreally", [11, 12, 13], "m-5")
    ]  # fmt: skip


def test_a_history_whose_trailing_spaces_were_cut_is_read(tmp_path):
    text = "\n".join(line.rstrip() for line in (HEAD + typed("fix it") + "\nDone\n").split("\n"))
    assert said_in(read(tmp_path, text)) == [("h", "fix it"), ("a", "Done")]


def test_what_was_typed_last_waits_until_it_is_known_whose_it_is(tmp_path):
    early = HEAD + typed("plan") + f"\n{PLAN}\n" + typed("I will change the parser.")
    first = read(tmp_path, early, settled=False)
    assert said_in(first) == [("h", "plan"), ("a", PLAN)]
    second = read(tmp_path, early + "####   \n#### - one  \n#### - two  \n\nDone\n", cursor=first.cursor)
    assert (second.change, said_in(second)) == ("grown", [("a", "Done")])


@pytest.mark.parametrize("split", range(0, 130, 7))
def test_reading_in_two_steps_hears_what_one_step_hears(tmp_path, split):
    text = HEAD + typed("/ask why?") + typed("why?") + "\nBecause\n\nof it.\n" + typed("ok") + "\nDone\n"
    split += len(HEAD) - 20
    whole = read(tmp_path, text)
    first = read(tmp_path, text[:split], settled=False)
    second = read(tmp_path, text, cursor=first.cursor)

    def words(reading):
        return [(role, line) for role, said in said_in(reading) for line in said.split("\n") if line and role != "t"]

    before = words(first) if second.change in ("grown", "unchanged") else []
    assert before + words(second) == words(whole)
