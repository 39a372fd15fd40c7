from bot.logs.incremental import read_new


def test_a_grown_markdown_log_gives_only_its_new_turns(tmp_path):
    log = tmp_path / "talk.md"
    log.write_text("# Import\n\n**User:** The import hangs.\n\n**Claude:** Since when?\n")
    first = read_new(log, name="talk.md")
    with log.open("a") as file:
        file.write("\n**User:** Since Monday.\n")
    second = read_new(log, name="talk.md", cursor=first.cursor)
    assert [turn.text for turn in first.conversations[0].turns] == ["The import hangs.", "Since when?"]
    assert [(turn.text, list(turn.lines)) for turn in second.conversations[0].turns] == [("Since Monday.", [7])]
    assert second.change == "grown"
    assert second.conversations[0].id == first.conversations[0].id
