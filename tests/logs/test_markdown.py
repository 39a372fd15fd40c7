import pytest

from bot.logs.base import LogError
from bot.logs.incremental import read_new


def turns_of(tmp_path, text, **how):
    log = tmp_path / "talk.md"
    log.write_text(text, encoding="utf-8")
    return [
        (turn.role, turn.speaker, turn.text) for turn in read_new(log, name="talk.md", **how).conversations[0].turns
    ]


def roles_of(tmp_path, text):
    return "".join(role[0] for role, _, _ in turns_of(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        pytest.param("**Maya:** hi\n\n**Claude:** hello\n", ["Maya", "Claude"], id="a name that an assistant answers"),
        pytest.param(
            "Dana: is it up now?\nOmar: no, still down\nDana: then I restart it\nOmar: thanks a lot\n",
            ["Dana", "Omar"] * 2,
            id="two names and no assistant",
        ),
        pytest.param("## You\n\nhi\n\n## GPT-4o mini\n\nhello\n", ["You", "GPT-4o mini"], id="a model's name"),
        pytest.param(
            "#### You said:\n\nhi\n\n#### ChatGPT said:\n\nhello\n", ["You", "ChatGPT"], id="headings with said"
        ),
        pytest.param(
            "Me (late at night, half asleep):\nhi\n\nGPT 4:\nhello\n", ["Me", "GPT 4"], id="an aside in the label"
        ),
        pytest.param(
            "**User:** hi\n\n**Assistant (claude-3):** hello\n", ["User", "Assistant"], id="a model in brackets"
        ),
        pytest.param("**User:** only a question so far\n", ["User"], id="a first turn that waits for its answer"),
        pytest.param(
            "**Maya:** a\n\n**Claude:** b\n\n**Tom:** c\n\n**Claude:** d\n\n" * 2,
            ["Maya", "Claude", "Tom", "Claude"] * 2,
            id="three speakers",
        ),
        pytest.param(
            "**User:** hi\n\n**Jarvis:** yes?\n\n**User:** go\n\n**Jarvis:** gone\n",
            ["User", "Jarvis"] * 2,
            id="an unknown name beside a known role",
        ),
        pytest.param(
            "[09:00] Dana: is it up yet?\n[09:01] omar_k: no it is not\n" * 2,
            ["Dana", "omar_k"] * 2,
            id="times before names",
        ),
        pytest.param("**用户：** 你好\n\n**助手：** 好\n", ["用户", "助手"], id="wide colon"),
        pytest.param(
            "##### You said:\n\nhi\n\n###### ChatGPT said:\n\nhello\n",
            ["You", "ChatGPT"],
            id="a page of ChatGPT that was copied",
        ),
        pytest.param(
            "# Talk\n\n## Prompt:\n\nhi\n\n## Response:\n\nhello\n", ["Prompt", "Response"], id="prompts and responses"
        ),
        pytest.param("**Ana:** did you see it?\n\n**Ben:** not yet\n\n" * 2, ["Ana", "Ben"] * 2, id="names"),
        pytest.param("Ana: did you see it?\nBen: not yet, I will\n" * 2, ["Ana", "Ben"] * 2, id="plain names"),
        pytest.param(
            "Łucja: drukarka znów się zacięła\nPaweł: zaraz przyjdę żeby\n" * 2, ["Łucja", "Paweł"] * 2, id="Polish"
        ),
        pytest.param("用户：你好\n\n助手：好\n", ["用户", "助手"], id="wide colon without space"),
        pytest.param("Human: a\nAssistant: b\nHuman: c\n", ["Human", "Assistant", "Human"], id="no blank lines"),
        pytest.param("\x1b[1m**User:**\x1b[0m hi\n\n**Claude:** hello\n", ["User", "Claude"], id="terminal colours"),
    ],
)
def test_speakers_are_found(tmp_path, text, speakers):
    assert [speaker for _, speaker, _ in turns_of(tmp_path, text)] == speakers


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("**Note:** keep a backup", id="note"),
        pytest.param("**Flutter:** Better performance", id="lead-in that looks like a name"),
        pytest.param("1. **User:** the table of users", id="list item"),
        pytest.param("**Expected:** 200", id="part of a bug report"),
        pytest.param("## Claude", id="known role in another style"),
        pytest.param("User: admin", id="key and value"),
        pytest.param("```\n**User:** pasted\n\n**Claude:** pasted\n```", id="fenced transcript"),
        pytest.param("~~~\n```\n**User:** pasted\n~~~", id="fence inside a fence"),
        pytest.param("The **User:** field is empty", id="bold within a sentence"),
        pytest.param("**Output:** see below", id="output without tools"),
        pytest.param("```\n\n**User:** pasted\n```", id="fenced transcript after a blank line"),
        pytest.param("**System:** Ubuntu", id="system as a lead-in"),
    ],
)
@pytest.mark.parametrize("where", ["human", "assistant"])
def test_what_only_looks_like_a_speaker_stays_text(tmp_path, line, where):
    first, second = (f"q\n\n{line}", "a") if where == "human" else ("q", f"a\n\n{line}")
    text = (
        f"# T\n\n**Purpose:** x\n\n**User:** {first}\n\n**Claude:** {second}\n\n**User:** thanks\n\n**Claude:** bye\n"
    )
    assert [said for _, _, said in turns_of(tmp_path, text)] == [first, second, "thanks", "bye"]


@pytest.mark.parametrize(
    ("tail", "said"),
    [
        pytest.param("done\n\n---\n\n## Expected\n\nTODO: none\n", "done", id="answer key"),
        pytest.param("done\n\n***\nfooter\n\n---\n\nmore\n", "done", id="two rules, the first one counts"),
        pytest.param("done\n\n___\n", "done", id="a rule and nothing"),
        pytest.param("done\n\n```\n---\nkey: 1\n```\n", "done\n\n```\n---\nkey: 1\n```", id="rule in a fence"),
        pytest.param("| a | b |\n|---|---|\n| 1 | 2 |\n", "| a | b |\n|---|---|\n| 1 | 2 |", id="table"),
    ],
)
def test_what_stands_behind_a_rule_that_no_turn_follows_is_no_turn(tmp_path, tail, said):
    turns = turns_of(tmp_path, f"---\ntitle: x\n---\n\n# T\n\n**User:** go\n\n---\nmy own\n\n**Claude:** {tail}")
    assert [text for _, _, text in turns] == ["go\n\n---\nmy own", said]


def test_lines_behind_the_closing_rule_are_reported_and_read_when_a_turn_follows(tmp_path):
    log = tmp_path / "talk.md"
    log.write_text("**User:** a\n\n**Claude:** b\n\n---\n\nkey\n")
    first = read_new(log, name="talk.md")
    assert [(skipped.count, skipped.line) for skipped in first.not_understood] == [(1, 7)]
    with log.open("a") as file:
        file.write("\n**User:** c\n")
    second = read_new(log, name="talk.md", cursor=first.cursor)
    turns = second.conversations[0].turns
    assert [(turn.role, turn.text, list(turn.lines)) for turn in turns] == [
        ("assistant", "---\n\nkey", [5, 6, 7]),
        ("human", "c", [9]),
    ]


def test_a_rule_before_the_last_turn_of_an_export_with_rules_does_not_end_it(tmp_path):
    text = "# T\n\n---\n\n**User**\n\na\n\n---\n\n**Cursor**\n\nb\n\n---\n\nc\n\n---\n\n_Exported_\n"
    assert [said for _, _, said in turns_of(tmp_path, text)] == ["a", "b\n\n---\n\nc"]


def test_tools_are_told_from_the_assistant(tmp_path):
    text = "**User:** run\n\n**Tool: Bash**\nls\n\n**Output:**\n```\nx\n```\n\n**Assistant:** done\n"
    assert roles_of(tmp_path, text) == "htta"


def test_a_closing_fence_left_over_does_not_swallow_the_next_speaker(tmp_path):
    output = "```\nouter\n```rust\ninner\n```\n```"
    text = f"**User:** run\n\n**Tool: Bash**\n{output}\n\n**Assistant:** done\n\n**User:** good\n"
    assert roles_of(tmp_path, text) == "htah"


@pytest.mark.parametrize("opening", ["see\n\n```py", "```py", "~~~"])
def test_a_fence_that_nobody_closes_ends_at_the_next_speaker(tmp_path, opening):
    text = f"**User:** {opening}\nprint(1)\n\n**Claude:** you forgot the end\n\n**User:** right\n"
    assert roles_of(tmp_path, text) == "hah"


@pytest.mark.parametrize(
    ("block", "roles"),
    [
        ("<system-reminder>x</system-reminder>\nfix the import", "sh"),
        ("<command-name>/review</command-name>\n<command-args>the importer</command-args>", "shs"),
        ("<local-command-stdout>ok</local-command-stdout>", "s"),
        ("Why does <system-reminder> turn up in my log?", "h"),
        ("<bash-input>make test</bash-input>", "shs"),
    ],
)
def test_injected_text_is_not_the_human(tmp_path, block, roles):
    assert roles_of(tmp_path, f"## User\n\n{block}\n\n## Claude\n\nok\n") == roles + "a"


def test_tool_calls_of_a_specstory_export_are_the_tools(tmp_path):
    call = '<tool-use data-tool-type="read"><details>\n_**User**_\n---\n</details></tool-use>'
    text = f"<!-- Generated -->\n\n_**User**_\n\nlook\n\n---\n\n_**Agent (m)**_\n\nI look.\n\n{call}\n\nSeen.\n"
    assert roles_of(tmp_path, text) == "hata"


def test_a_time_with_date_is_kept_and_a_bare_one_is_not(tmp_path):
    log = tmp_path / "talk.md"
    log.write_text("**User** (2026-01-02 10:03+02:00):\na\n\n**Claude** (10:04):\nb\n")
    conversation = read_new(log, name="talk.md").conversations[0]
    assert [turn.time and turn.time.isoformat() for turn in conversation.turns] == ["2026-01-02T08:03:00+00:00", None]
    assert conversation.started == conversation.turns[0].time


@pytest.mark.parametrize(
    "head", ["Date: 2026-01-02 10:03:00", "# Talk (2026-01-02 10:03:00Z)", "# 2026-01-02T12:03+02:00"]
)
def test_the_preamble_may_say_when_the_talk_began(tmp_path, head):
    log = tmp_path / "talk.md"
    log.write_text(f"{head}\n\n_Exported on 2026-05-05 01:01Z_\n\n**User:** a\n\n**Claude:** b\n")
    started = read_new(log, name="talk.md").conversations[0].started
    assert started is not None
    assert started.isoformat() == "2026-01-02T10:03:00+00:00"


def test_a_copy_under_another_name_is_the_same_conversation(tmp_path):
    text = "# Import\n\n**User:** a\n\n**Claude:** b\n"
    ids = []
    for name in ("one.md", "two.md"):
        (tmp_path / name).write_text(text)
        conversation = read_new(tmp_path / name, name=name).conversations[0]
        ids.append((conversation.id, conversation.title))
    assert ids[0] == ids[1]
    assert ids[0][1] == "Import"


DOCUMENTS = {
    "notes": "# Notes\n\nNothing was said.\n",
    "changelog": "# Changelog\n\n**Added:** x\n\n**Fixed:** y\n\n**Added:** z\n\n**Fixed:** w\n",
    "price list": "Name: Tea\nPrice: 3\n\nName: Bun\nPrice: 2\n",
    "chapters": "## Setup\n\na\n\n## Usage\n\nb\n\n## Setup\n\nc\n\n## Usage\n\nd\n",
    "licences by file": "Files: src/*\nCopyright: 2024 The Lamp Authors\nLicense: MIT and so on\n\n" * 3,
    "metadata of a package": "Name: lamp\n" + "Keyword: lights at home\nNeeds: wire (>= 2); os == 'x'\n" * 4,
    "topics of changes": "  wire: drop the old clamp\n\n  bulb: mention the new socket\n\n" * 4,
    "trailers of changes": "    Checked-by: Jörg Müller-Ünal <j@example>\n    Seen-by: Zoë Açık <z@example>\n\n" * 4,
    "commits": "Commit 1f2e3d of the day\nAuthored: Mon 2 Mar 2026\nMerged: Tue 3 Mar 2026\n\n" * 3,
    "config with a user": "# settings\nuser: lamp\nhome: /srv/lamp\nshell: /bin/false\n",
    "form": "User: lamp\nUsergroups: lights, home\n",
    "list of tools": "# Editors\n\n## Cursor\n\nAn editor.\n\n## Copilot\n\nA helper.\n\n## Claude\n\nA model.\n",
    "guide with a chapter": "# Lamp\n\n## Wiring\n\nTwo wires.\n\n## Agent\n\nRuns on the lamp.\n",
    "style sheet": "a {\n    font: bold 3px Sans\n    cursor: pointer\n    color: red\n}\n",
    "fields of issues": "**Area:** the wiring of it\n\n**Reporter:** the lamp team\n\n" * 4,
    "protocol": "  timestamp: the time of the event\n  cursor: the shape of it\n  window: the window of it\n",
    "glossary": "Bulb: a glass with a wire inside\nSocket: what a bulb is put into\n" * 2,
    "request and response": "# API\n\n" + "Long text.\n" * 12 + "\n### Prompt\n\nx\n\n### Response\n\ny\n",
    "recipe": "Step 1: boil the water\nStep 2: add the tea\nStep 1: boil more\nStep 2: add more\n",
    "opening hours": "Monday: nine to five o'clock\nTuesday: nine to five o'clock\n" * 2,
}  # fmt: skip


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_without_speakers_is_refused_in_one_line(tmp_path, kind):
    text = DOCUMENTS[kind]
    with pytest.raises(LogError, match=r"^talk\.md: no speakers found: ") as caught:
        turns_of(tmp_path, text)
    assert "\n" not in str(caught.value)
    with pytest.raises(LogError, match="no speakers found"):
        turns_of(tmp_path, text, format="markdown")
