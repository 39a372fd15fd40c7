"""Which logs a run reads, when, and what it says of the others."""

import json
import os
import zipfile

import pytest

from bot.store import logs

TODO = "TODO: rotate the signing keys of the gateway"
OTHER = "TODO: water the plants of the office in May"


def source(project, keys, path="logs"):
    file = project.folder / "loose-ends.yaml"
    file.write_text(
        f"sources: {{notes: {{path: {path}, {keys}}}}}\ntargets: {{inbox: {{tracker: local, path: tickets}}}}\n"
    )


def aged(project, file, **span):
    project.touch(file)
    then = file.stat().st_mtime + 3600
    then -= sum({"minutes": 60, "days": 86_400}[unit] * count for unit, count in span.items())
    os.utime(file, (then, then))


def record(number, day, text):
    return {
        "type": "user",
        "uuid": f"u{number}",
        "sessionId": f"s{number}",
        "timestamp": f"{day}T10:00:00Z",
        "message": {"role": "user", "content": text},
    }


@pytest.mark.parametrize(
    ("keys", "minutes", "count"),
    [
        pytest.param("quiet: 10m", 9, 0, id="still going on"),
        pytest.param("quiet: 10m", 11, 1, id="quiet for long enough"),
        pytest.param("quiet: 10m, eager: true", 0, 1, id="eager"),
        pytest.param("quiet: 10m", -600, 1, id="the clock was set back"),
        pytest.param("", 0, 1, id="at once"),
    ],
)
def test_a_talk_is_read_when_it_has_been_quiet(project, keys, minutes, count):
    source(project, keys)
    aged(project, project.log("monday.md", TODO), minutes=minutes)
    summary = project.run()
    assert (len(project.tickets()), summary.taken.waiting) == (count, 1 - count)
    assert ["once they are quiet" in note for note in summary.taken.notes] == [True] * (1 - count)


def test_a_talk_that_went_on_waits_again(project):
    source(project, "quiet: 10m")
    aged(project, project.log("monday.md", TODO), minutes=30)
    project.run()
    project.more("monday.md", OTHER)
    aged(project, project.folder / "logs" / "monday.md", minutes=1)
    assert (project.run().taken.waiting, len(project.tickets())) == (1, 1)
    project.wait(minutes=10)
    assert (project.run().taken.read, len(project.tickets())) == (1, 2)


@pytest.mark.parametrize(("keys", "count"), [("", 0), ("eager: true", 1), ("quiet: 5s", 1)])
def test_a_last_line_without_its_end_is_complete_when_the_source_says_so(project, keys, count):
    source(project, keys)
    file = project.folder / "logs" / "monday.md"
    file.write_text(f"**User:** Hello\n\n**Claude:** Yes?\n\n**User:** {TODO}")
    aged(project, file, minutes=0.5)
    project.run()
    assert len(project.tickets()) == count
    project.wait(minutes=2)
    project.run()
    assert len(project.tickets()) == 1


@pytest.mark.parametrize("keys", ["max_age: 30d", "since: 2026-02-01"])
def test_old_logs_are_left_out_and_counted(project, keys):
    source(project, keys)
    aged(project, project.log("old.md", OTHER), days=40)
    project.log("new.md", TODO)
    summary = project.run()
    assert ([t.title for t in project.tickets()], summary.taken.too_old) == ([TODO[6:].capitalize()], 1)


def test_old_talks_in_a_young_log_are_left_out_until_more_of_the_past_is_asked_for(project):
    source(project, "since: 2026-02-01")
    file = project.folder / "logs" / "all.jsonl"
    records = [record(1, "2025-01-05", OTHER), record(2, "2026-02-05", TODO)]
    file.write_text("".join(json.dumps(item) + "\n" for item in records))
    project.touch(file)
    assert (project.run().taken.too_old, len(project.tickets())) == (1, 1)
    assert project.run().taken.read == 0
    source(project, "")
    assert (project.run().taken.read, len(project.tickets())) == (1, 2)


def test_an_archive_among_the_logs_is_read_and_named(project):
    with zipfile.ZipFile(project.folder / "logs" / "export.zip", "w") as out:
        out.writestr("deep/monday.md", f"**User:** {TODO}\n\n**Claude:** I see.\n")
    assert project.run().errors == []
    (ticket,) = project.tickets()
    assert "notes/export.zip!deep/monday.md" in ticket.body
    assert project.run().taken.unchanged == 1


def test_a_store_is_a_source(project):
    import fsspec

    store = fsspec.filesystem("memory")
    store.pipe_file("/talks/monday.md", f"**User:** {TODO}\n\n**Claude:** I see.\n".encode())
    source(project, "", path="memory://talks")
    assert project.run().errors == []
    (ticket,) = project.tickets()
    assert "notes/monday.md" in ticket.body
    assert project.run().taken.unchanged == 1
    store.store.clear()


def test_what_is_no_conversation_is_passed_over_with_one_note_and_not_looked_at_again(project):
    project.log("good.md", TODO)
    for name, text in {"a.json": '{"a": 1}', "b.csv": "x;y\n1;2\n", "c.txt": "shopping list", "d.gz": "no"}.items():
        file = project.folder / "logs" / name
        file.write_text(text)
        project.touch(file)
    first, second = project.run(), project.run()
    assert (first.taken.skipped, first.taken.failed, first.taken.read) == (3, 1, 1)
    assert [note.endswith("; likewise 2 more in source notes") for note in first.taken.notes] == [True]
    assert (second.taken.skipped, second.taken.notes) == (3, [])


def test_a_file_that_the_config_names_is_told_when_it_is_no_conversation(project):
    (project.folder / "list.txt").write_text("shopping list")
    source(project, "", path="list.txt")
    (note,) = project.run().taken.notes
    assert note.startswith("notes/list.txt: no known format")


def test_another_log_at_the_path_of_one_is_another_talk(project):
    project.log("monday.md", TODO)
    project.run()
    project.wait(days=1)
    file = project.folder / "logs" / "monday.md"
    file.rename(project.folder / "logs" / "monday.1.md")
    file.write_text(f"# A new day\n\n**User:** {OTHER}\n\n**Claude:** Fine.\n")
    project.touch(file)
    project.run()
    assert len(project.tickets()) == 2
    with project.desk() as desk, desk.engine.begin() as db:
        from bot.store.tables import conversations

        assert len(db.execute(conversations.select()).all()) == 2  # the one that moved is known by what is in it


def test_talks_are_counted_as_the_log_grows(project):
    file = project.folder / "logs" / "a.jsonl"
    file.write_text(json.dumps(record(1, "2026-03-01", TODO)) + "\n")
    project.touch(file)
    project.run()
    for number in (2, 3, 3):
        with file.open("a") as out:
            out.write(json.dumps(record(number, "2026-03-01", "hello")) + "\n")
        project.touch(file)
        project.run()
    with project.desk() as desk, desk.engine.begin() as db:
        assert logs.find(db, str(file)).conversations == 3
