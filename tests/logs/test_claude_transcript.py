import pytest

from bot.logs.incremental import read_new

HEAD = (
    "# 🤖 Claude Code Transcript\n## 🗂️ ~/lamp\n"
    "🕒 2026-03-04 05:06:07 - 2026-03-04 06:00:00\nSession ID: `0a1b2c3d-4e5f`\n\n"
)
TOOL = "💻 **Bash: List files**\n```shell\nls\n```\n```\n> [!IMPORTANT]\n> TODO\n```"


def read(tmp_path, text, **how):
    log = tmp_path / "talk.md"
    log.write_text(HEAD + text)
    return read_new(log, name="talk.md", **how)


def said_in(reading):
    return [(turn.role[0], turn.text) for talk in reading.conversations for turn in talk.turns]


def callout(*lines, kind="IMPORTANT"):
    return "\n".join([f"> [!{kind}]", *(f"> {line}".rstrip() for line in lines)]) + "\n\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(callout("fix", "", "it") + "Done\n\nnow\n", [("h", "fix\n\nit"), ("a", "Done\n\nnow")], id="talk"),
        pytest.param(callout("a") + TOOL + "\n\nDone\n", [("h", "a"), ("t", TOOL), ("a", "Done")], id="tool"),
        pytest.param(callout("`/init`\\", "init"), [("s", "`/init`\\\ninit")], id="command"),
        pytest.param(callout("Interrupted", kind="WARNING"), [("s", "Interrupted")], id="notice"),
        pytest.param(
            callout("a") + "So:\n\n```md\n> [!IMPORTANT]\n> b\n```\n",
            [("h", "a"), ("a", "So:\n\n```md\n> [!IMPORTANT]\n> b\n```")],
            id="callout in a fence",
        ),
        pytest.param(callout("a") + "So **Bash: x** it is\n", [("h", "a"), ("a", "So **Bash: x** it is")], id="bold"),
    ],
)
def test_each_stretch_goes_to_the_right_role(tmp_path, text, said):
    reading = read(tmp_path, text)
    assert (reading.format, said_in(reading)) == ("claude-transcript", said)


def test_a_session_has_its_id_start_and_true_lines(tmp_path):
    talk = read(tmp_path, callout("a", "b") + "Done\n").conversations[0]
    assert (talk.id, talk.started.isoformat()) == ("0a1b2c3d-4e5f", "2026-03-04T05:06:07+00:00")
    assert [list(turn.lines) for turn in talk.turns] == [[7, 8], [10]]


def test_an_export_that_grew_is_read_anew(tmp_path):
    first = read(tmp_path, callout("a"))
    second = read(tmp_path, callout("a") + "Done\n", cursor=first.cursor)
    assert (second.change, said_in(second)) == ("rewritten", [("h", "a"), ("a", "Done")])
