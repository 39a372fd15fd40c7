"""One session in several files: resumed, forked, backed up. What it raised is one thing, and how it ends counts."""

import json

import pytest

from bot.store import findings

TODO = "TODO: rotate the signing keys of the gateway"
DONE = "I rotated the signing keys of the gateway, that is done now."


def record(number, text, role="user"):
    return {
        "type": role,
        "uuid": f"u{number}",
        "sessionId": "s1",
        "timestamp": f"2026-03-01T10:{number:02}:00Z",
        "message": {"role": role, "content": [{"type": "text", "text": text}]},
    }


OPEN = [record(1, TODO), record(2, "I see.", "assistant")]
SETTLED = [*OPEN, record(3, "Go ahead."), record(4, DONE, "assistant"), record(5, "Great, thanks, that works.")]
OTHER = [*OPEN, record(6, "By the way, which branch are we on?")]


def write(project, name, records):
    file = project.folder / "logs" / name
    file.write_text("".join(json.dumps(item) + "\n" for item in records))
    project.touch(file)


def statuses(project):
    with project.desk() as desk, desk.engine.begin() as db:
        return findings.count_by(db, "status")


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.jsonl": OPEN, "b.jsonl": SETTLED}, id="resumed in another file"),
        pytest.param({"a.jsonl": SETTLED, "b.jsonl": OPEN}, id="backed up before the end"),
        pytest.param({"a.jsonl": OPEN, "b.jsonl": OPEN, "c.jsonl": SETTLED}, id="resumed twice"),
    ],
)
def test_what_a_copy_settled_is_settled(project, files):
    for name, records in files.items():
        write(project, name, records)
    project.run()
    assert statuses(project) == {"resolved": 1}
    assert project.tickets() == []


@pytest.mark.parametrize("first", ["a.jsonl", "b.jsonl"])
def test_the_order_in_which_copies_are_read_does_not_matter(project, first):
    project.config("filing: {thresholds: {todo: {file: 1.0, hold: 0.1}}}\n")
    files = {"a.jsonl": OPEN, "b.jsonl": SETTLED}
    for name in sorted(files, key=lambda name: name != first):
        write(project, name, files[name])
        project.run()
    assert statuses(project) == {"resolved": 1}


def test_a_fork_that_leaves_it_open_later_leaves_it_open(project):
    write(project, "a.jsonl", SETTLED)
    write(project, "b.jsonl", OTHER)
    project.run()
    assert statuses(project) == {"open": 1}
    assert len(project.tickets()) == 1


def test_records_that_a_fork_repeats_are_one_quote(project):
    write(project, "a.jsonl", OPEN)
    write(project, "b.jsonl", OTHER)
    project.run()
    with project.desk() as desk, desk.engine.begin() as db:
        (known,) = findings.with_disposition(db, "filed")
        assert len(findings.sightings(db, known.id)) == 1
