"""The local tracker against what people and git do to a folder of files."""

import errno
import itertools
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from connectors.base import Change, Denied, Draft, Gone, Marker, Rejected, Touched, Unavailable
from connectors.document import BulletList, Code, Heading, Paragraph, Quote, Strong, Text
from connectors.local import LocalTracker

GOLDEN = Path(__file__).parent / "golden" / "local_ticket.md"
START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
LABELS = ("loose-ends", "needs-review", "kind: bug")


def tracker(folder, **options):
    times = (START + timedelta(minutes=minute) for minute in itertools.count())
    return LocalTracker(folder, now=lambda: next(times), **options)


def draft(title="Export stops", number=1):
    body = (Paragraph((Text("Said in a talk."),)), Quote("it stops", (Text("Ada"),)))
    return Draft(title=title, body=body, labels=LABELS, marker=Marker(fingerprint="v1-7f", action=f"a{number}"))


def words(text):
    return (Paragraph((Text(text),)),)


def only(folder):
    (path,) = folder.glob("*.md")
    return path


def edited(path, old, new):
    data = path.read_bytes()
    assert old.encode() in data
    path.write_bytes(data.replace(old.encode(), new.encode(), 1))


def by_hand(folder, text, name="0012-by-hand.md"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text.encode())
    return tracker(folder).changed_since("").tickets[-1]


def test_a_filed_and_changed_ticket_reads_like_the_golden_file(tmp_path):
    body = (
        Paragraph((Text("A bug that was described in a talk about @import in styles."),)),
        Heading("Where it was said"),
        Quote("The export stops at row 1000.\n/close\nSee #12.", (Strong("Ada"), Text(", "), Code("logs/may.md"))),
        Heading("Why it was filed"),
        BulletList(((Text("found by "), Code("described_bug")), (Text("confidence 0.91"),))),
    )
    connector = tracker(tmp_path)
    marker = Marker(fingerprint="v1-7f", action="a1")
    ticket = connector.create(Draft(title="Fix: export stops", body=body, labels=LABELS, marker=marker))
    connector.change(ticket.id, Change(sightings=words("Seen twice."), add_labels=("seen: again",)))
    connector.change(ticket.id, Change(state="closed", closed_as="not_planned", note=words("Undone."), note_id="n1"))
    assert only(tmp_path).name == "0001-fix-export-stops.md"
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(only(tmp_path).read_text())
    assert only(tmp_path).read_text() == GOLDEN.read_text()


@pytest.mark.parametrize(
    ("fields", "state", "closed_as", "original"),
    [
        ("state: open", "open", None, None),
        ("state: Reopened", "open", None, None),
        ("", "open", None, None),
        ("state: closed", "closed", None, None),
        ("State: CLOSED", "closed", None, None),
        ("state: done", "closed", "done", None),
        ("status: fixed", "closed", "done", None),
        ("state: wontfix", "closed", "not_planned", None),
        ("state: won't fix", "closed", "not_planned", None),
        ("state: not_planned", "closed", "not_planned", None),
        ("state: closed\nclosed_as: Rejected", "closed", "not_planned", None),
        ("state: closed\nreason: Won’t do", "closed", "not_planned", None),
        ("state: duplicate", "closed", "duplicate", None),
        ("state: 'duplicate of #3'", "closed", "duplicate", "3"),
        ("state: closed\nclosed_as: dup of 3", "closed", "duplicate", "3"),
        ("state: closed\nduplicate_of: 3", "closed", "duplicate", "3"),
        ("state: closed\nclosed_as: whatever", "closed", None, None),
        ("state: blocked", "open", None, None),
        ("state: [closed]", "open", None, None),
    ],
)
def test_states_are_understood_as_people_write_them(tmp_path, fields, state, closed_as, original):
    ticket = by_hand(tmp_path, f"---\ntitle: x\n{fields}\n---\n")
    assert (ticket.state, ticket.closed_as, ticket.duplicate_of) == (state, closed_as, original)


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ("state: blocked", "the state 'blocked' is not known"),
        ("state: closed\nclosed_as: whatever", "the reason 'whatever' is not known"),
        ("state: open\nclosed_as: wontfix", "it is open, yet has the reason 'wontfix' for closing"),
    ],
)
def test_a_state_that_is_not_understood_is_told(tmp_path, fields, what):
    by_hand(tmp_path, f"---\n{fields}\n---\n")
    (problem,) = tracker(tmp_path).check()
    assert problem.what.endswith(f"0012-by-hand.md: {what}")
    assert not problem.fatal


def test_a_duplicate_is_told_by_the_id_of_the_original(tmp_path):
    first = tracker(tmp_path).create(draft())
    assert by_hand(tmp_path, "---\nstate: duplicate of 1\n---\n").duplicate_of == first.id


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("0012-fix-it.md", "", "0012-fix-it"),
        ("12.md", "Just a line.\nMore.\n", "Just a line."),
        ("0012 Fix it.MD", "\ufeffIntro\r\n\r\n# The door ##\r\n", "The door"),
        ("fix-it.md", "---\ntitle: The door\n---\n", "The door"),
        ("0012-x.md", "---\ntitle: 2026-01-01\n---\n", "2026-01-01"),
        ("0012-x.md", "---\ntitle: yes\n---\n", "yes"),
        ("0012-x.md", "---\ntitle: >\n  The\n  door\n---\n", "The door"),
        ("0012-x.md", "---\n---\nThe door", "The door"),
    ],
)
def test_files_that_people_write_are_tickets(tmp_path, name, text, title):
    ticket = by_hand(tmp_path, text, name)
    assert (ticket.title, ticket.state, ticket.marker) == (title, "open", None)
    assert ticket.id == ("12" if "12" in name else "fix-it")


@pytest.mark.parametrize("name", ["README.md", "notes.md", "0012.txt", ".0012-x.md", "_0012.md", "CHANGELOG.md"])
def test_other_files_are_none_of_its_business(tmp_path, name):
    (tmp_path / name).write_text("# Hello")
    (tmp_path / "0013-folder.md").mkdir()
    assert tracker(tmp_path).changed_since("").tickets == ()
    assert tracker(tmp_path).check() == []


BROKEN = {
    "no end": (b"---\ntitle: x\n", "has no closing ---"),
    "no yaml": (b"---\ntitle: [x\n---\n", "line 3"),
    "merge conflict": (b"---\n<<<<<<< HEAD\nstate: open\n=======\nstate: done\n>>>>>>> x\n---\n", "not YAML"),
    "key twice": (b"---\nstate: open\nState: done\n---\n", "line 3: the key 'state' is there twice"),
    "no mapping": (b"---\n- a\n- b\n---\n", "line 2"),
    "latin": (b"---\ntitle: caf\xe9\n---\n", "can't decode byte 0xe9"),
    "deep": (b"---\nx: " + b"[" * 5000 + b"\n---\n", "nested too deeply"),
    "long": (b"---\nx: " + b"y" * 40000 + b"\n---\n", "longer than"),
    "control": (b"---\ntitle: a\x00b\n---\n", "not YAML"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_left_alone_and_holds_up_no_other(tmp_path, name):
    data, reason = BROKEN[name]
    (tmp_path / "0012-x.md").write_bytes(data)
    connector = tracker(tmp_path)
    other = connector.create(draft())
    changes = connector.changed_since("")
    assert changes.tickets == (other,)
    assert [(reason in problem.what, "0012-x.md" in problem.what) for problem in changes.problems] == [(True, True)]
    with pytest.raises(Rejected, match=r"0012-x\.md"):
        connector.change("12", Change(add_labels=("x",)))
    assert (tmp_path / "0012-x.md").read_bytes() == data


def test_a_ticket_broken_by_an_edit_is_neither_deleted_nor_filed_again_and_comes_back(tmp_path):
    connector = tracker(tmp_path)
    ticket = connector.create(draft())
    cursor = connector.changed_since("").cursor
    edited(only(tmp_path), "state: open", "state: [")
    only(tmp_path).rename(tmp_path / "0001-renamed.md")
    for _ in range(2):
        changes = connector.changed_since(cursor)
        assert (changes.tickets, len(changes.problems)) == ((), 1)
        cursor = changes.cursor
    with pytest.raises(Unavailable, match="renamed"):
        connector.find(Marker(fingerprint="v1-7f", action="a1"))
    edited(only(tmp_path), "state: [", "state: done")
    (back,) = connector.changed_since(cursor).tickets
    assert (back.id, back.state) == (ticket.id, "closed")


HEADS = {
    "block list": ("labels:\n  - a # why\n  - kind: x\n", "labels:\n  - a # why\n  - kind: x\n  - new\n"),
    "bare list": ("labels:\n- 'b'\n- a\n# tail\n", "labels:\n- a\n- new\n# tail\n"),
    "flow list": ("labels: [a, 'b' , c]  # mine\n", "labels: [a, c, new]  # mine\n"),
    "last in flow": ("labels: [a, b]\n", "labels: [a, new]\n"),
    "only in flow": ("labels: [ b ]\n", "labels: [new]\n"),
    "flow over lines": ("labels: [\n  a,  # one\n  b\n]\n", "labels: [\n  a, new\n]\n"),
    "commas": ("labels: a, b\n", "labels: [a, new]\n"),
    "one word": ("labels: b\n", "labels: [new]\n"),
    "empty": ("labels:\n", "labels: [new]\n"),
    "empty flow": ("labels: []\n", "labels: [new]\n"),
    "none": ("", "labels: [new]\n"),
}


@pytest.mark.parametrize("name", HEADS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_labels_are_changed_without_touching_another_byte(tmp_path, name, end, bom):
    before, after = HEADS[name]
    frame = bom + "---\n# mine\ntitle:   \"x\"   # title\nowner: {name: 'Ada'}\n%s---\n\n\nBody  \n\n"
    by_hand(tmp_path, (frame % before).replace("\n", end))
    ticket = tracker(tmp_path).change("12", Change(add_labels=("new",), remove_labels=("b",)))
    assert (tmp_path / "0012-by-hand.md").read_bytes().decode() == (frame % after).replace("\n", end)
    assert "new" in ticket.labels
    assert "b" not in ticket.labels


def test_closing_and_reopening_keeps_what_a_person_wrote_in_the_head(tmp_path):
    text = "---\n# mine\nstate: 'open'   # for now\ndue: soon\n---\nBody"
    by_hand(tmp_path, text)
    connector = tracker(tmp_path)
    connector.change("12", Change(state="closed", closed_as="not_planned"))
    added = "state: closed   # for now\nclosed_as: not planned\nclosed: 2026-03-01T09:30:00Z\ndue: soon"
    assert added in only(tmp_path).read_text()
    connector.change("12", Change(state="open"))
    assert only(tmp_path).read_text() == text.replace("'open'", "open")


CLOSED_BY_HAND = {
    "state": ("state: done  # at last\ndue: soon\n", "state: done  # at last\n{}due: soon\n"),
    "status": ("status: closed\nreason: wontfix\n", "status: closed\n{}reason: wontfix\n"),
    "no time given": ("closed:  # when?\nstate: done\n", "closed: 2026-02-01T08:00:00Z  # when?\nstate: done\n"),
    "time of theirs": ("state: done\nclosed: 2026-01-02\n", "state: done\nclosed: 2026-01-02\n"),
    "words": ("state: done\nclosed: yesterday\n", "state: done\nclosed_at: 2026-02-01T08:00:00Z\nclosed: yesterday\n"),
    "open": ("state: open\n", "state: open\n"),
    "not understood": ("state: blocked\n", "state: blocked\n"),
    "braces": ("{state: done}\n", "{state: done}\n"),
}


@pytest.mark.parametrize("name", CLOSED_BY_HAND)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_when_a_person_closed_it_is_written_down_before_the_bots_write_renews_the_files_time(tmp_path, name, end):
    before, after = ("---\n%s---\nBody\n".replace("%s", head).replace("\n", end) for head in CLOSED_BY_HAND[name])
    by_hand(tmp_path, before)
    closed = datetime(2026, 2, 1, 8, 0, 0, 654321, tzinfo=UTC).timestamp()
    os.utime(only(tmp_path), (closed, closed))
    connector = tracker(tmp_path)
    (ticket,) = connector.changed_since("").tickets
    changed = connector.change("12", Change(sightings=words("Seen twice.")))
    text = only(tmp_path).read_bytes().decode()
    assert text.startswith(after.format(f"closed: 2026-02-01T08:00:00Z{end}") if "{}" in after else after)
    assert "Seen twice." in text
    assert changed.updated_at > ticket.updated_at
    assert name == "braces" or changed.closed_at == ticket.closed_at


def test_a_change_that_changes_nothing_writes_no_time_of_closing(tmp_path):
    by_hand(tmp_path, "---\nstate: done\nlabels: [a]\n---\n")
    tracker(tmp_path).change("12", Change(add_labels=("a",), state="closed"))
    assert only(tmp_path).read_text() == "---\nstate: done\nlabels: [a]\n---\n"


def test_reopening_takes_the_time_of_closing_out_again(tmp_path):
    text = "---\nstate: done\nclosed: yesterday\n---\n"
    by_hand(tmp_path, text)
    connector = tracker(tmp_path)
    connector.change("12", Change(add_labels=("a",)))
    after = connector.change("12", Change(state="open", remove_labels=("a",)))
    assert after.closed_at is None
    assert only(tmp_path).read_text() == "---\nstate: open\nlabels: []\n---\n"


def test_an_edit_right_before_the_write_is_told_by_the_version_found(tmp_path):
    connector = tracker(tmp_path)
    ticket = connector.create(draft())
    edited(only(tmp_path), "Said in a talk", "Said twice in a talk")
    (edit,) = connector.changed_since("").tickets
    for _ in range(2):
        after = connector.change(ticket.id, Change(add_labels=("x",)))
        assert after.previous_version == edit.version != ticket.version
        edit = after


def test_an_edit_between_the_look_and_the_write_is_not_written_over_and_told(tmp_path, monkeypatch):
    connector = tracker(tmp_path)
    ticket = connector.create(draft())
    path, real, edits = only(tmp_path), os.fsync, iter(("Said twice in a talk",))

    def save_meanwhile(file):
        for text in edits:
            edited(path, "Said in a talk", text)
        real(file)

    monkeypatch.setattr(os, "fsync", save_meanwhile)
    with pytest.raises(Touched, match=r"0001-export-stops\.md"):
        connector.change(ticket.id, Change(add_labels=("x",), only_if_version=ticket.version))
    assert "Said twice" in path.read_text()
    assert "- x\n" not in path.read_text()
    assert [file.name for file in tmp_path.glob(".loose-ends-*")] == []


def test_a_clone_with_other_line_ends_is_not_taken_for_a_touch(tmp_path):
    connector = tracker(tmp_path)
    ticket = connector.create(draft())
    only(tmp_path).write_bytes(only(tmp_path).read_bytes().replace(b"\n", b"\r\n"))
    after = connector.change(ticket.id, Change(add_labels=("x",), only_if_version=ticket.version))
    assert after.previous_version == ticket.version


def test_a_head_is_added_to_a_file_that_has_none_and_the_rest_stays(tmp_path):
    by_hand(tmp_path, "# The door\r\n\r\nIt squeaks.  ")
    ticket = tracker(tmp_path).change("12", Change(add_labels=("kind: bug",), sightings=words("Seen twice.")))
    text = only(tmp_path).read_bytes().decode()
    assert text.startswith("---\r\nlabels: ['kind: bug']\r\n---\r\n\r\n# The door\r\n\r\nIt squeaks.  \r\n")
    assert text.count("\n") == text.count("\r\n")
    assert (ticket.title, ticket.body) == ("The door", "# The door\n\nIt squeaks.  ")


@pytest.mark.parametrize(
    "head",
    ["{title: x, labels: [a]}", "base: &b [a]\nlabels: *b", "labels: {a: b}", "labels:\n- - a"],
    ids=["braces", "alias", "mapping", "nested"],
)
def test_a_head_that_cannot_be_edited_safely_is_refused_and_kept(tmp_path, head):
    text = f"---\n{head}\n---\n"
    by_hand(tmp_path, text)
    with pytest.raises(Rejected, match=r"0012-by-hand\.md"):
        tracker(tmp_path).change("12", Change(add_labels=("new",)))
    assert only(tmp_path).read_text() == text


@settings(deadline=None)  # a busy disk is no fault
@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_title_and_label_are_read_back_and_are_yaml(tmp_path_factory, title, labels):
    folder = tmp_path_factory.mktemp("tickets")
    connector = tracker(folder)
    ticket = connector.create(draft(title))
    assert connector.changed_since("").tickets == (ticket,)
    changed = connector.change(ticket.id, Change(add_labels=tuple(labels)))
    assert changed.labels >= {" ".join(label.split()) for label in labels if "\x00" not in label} - {""}
    head = YAML(typ="safe").load(only(folder).read_text().split("\n---\n")[0])
    assert head["title"] == ticket.title
    assert set(head["labels"]) == changed.labels


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_file_is_a_ticket_or_a_problem(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("tickets")
    (folder / "0001-x.md").write_bytes(data)
    changes = tracker(folder).changed_since("")
    assert len(changes.tickets) + len([one for one in changes.problems if "mend the file" in one.mend]) == 1


def test_an_edit_within_the_same_tick_and_with_an_old_time_is_seen(tmp_path):
    connector = tracker(tmp_path)
    connector.create(draft())
    path, cursor = only(tmp_path), connector.changed_since("").cursor
    status = path.stat()
    edited(path, "state: open", "state: done")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    changes = connector.changed_since(cursor)
    assert [ticket.state for ticket in changes.tickets] == ["closed"]
    os.utime(path, (1, 1))
    edited(path, "state: done", "state: open")
    os.utime(path, (1, 1))
    assert [ticket.state for ticket in connector.changed_since(changes.cursor).tickets] == ["open"]


def test_only_what_may_have_changed_is_read_again(tmp_path, monkeypatch):
    for number in range(3):
        tracker(tmp_path).create(draft(number=number))
    paths = sorted(tmp_path.glob("*.md"))
    later = {"time_ns": lambda: paths[-1].stat().st_ctime_ns + 10**10}
    cursor = tracker(tmp_path, **later).changed_since("").cursor
    edited(paths[1], "state: open", "state: done")
    opened, real = [], Path.open
    monkeypatch.setattr(Path, "open", lambda path, *mode: opened.append(path) or real(path, *mode))
    assert [ticket.key for ticket in tracker(tmp_path, **later).changed_since(cursor).tickets] == ["#2"]
    assert opened == [paths[1]]


def test_a_clone_that_only_renews_times_and_line_ends_changes_nothing(tmp_path):
    connector = tracker(tmp_path)
    connector.create(draft())
    cursor = connector.changed_since("").cursor
    only(tmp_path).write_bytes(b"\xef\xbb\xbf" + only(tmp_path).read_bytes().replace(b"\n", b"\r\n"))
    assert connector.changed_since(cursor).tickets == ()


def test_a_renamed_file_stays_the_same_ticket(tmp_path):
    connector = tracker(tmp_path)
    ticket = connector.create(draft())
    cursor = connector.changed_since("").cursor
    only(tmp_path).rename(tmp_path / "later.md")
    assert {one.state for one in connector.changed_since(cursor).tickets} <= {"open"}
    assert connector.change(ticket.id, Change(add_labels=("x",))).id == ticket.id


def test_a_copied_file_is_a_ticket_of_its_own(tmp_path):
    connector = tracker(tmp_path)
    ticket = connector.create(draft())
    (tmp_path / "0020-copy.md").write_bytes(only(tmp_path).read_bytes())
    assert [one.id for one in connector.changed_since("").tickets] == [ticket.id, "20"]
    connector.change("20", Change(add_labels=("x",)))
    assert connector.change(ticket.id, Change()) == ticket


COPIES = {
    "a new id": ("0020-copy.md", "id: 1-f55f", "id: 20", "20"),
    "an id made up": ("0020-copy.md", "id: 1-f55f", "id: 20-aaaa", "20-aaaa"),
    "an id of words": ("0020-copy.md", "id: 1-f55f", "id: copy", "copy"),
    "no id": ("0020-copy.md", "id: 1-f55f\n", "", "20"),
    "the same id": ("0020-copy.md", "id: 1-f55f", "id: 1-f55f", "20"),
    "the same id and number": ("0001-export-stops copy.md", "id: 1-f55f", "id: 1-f55f", "1"),
    "the same number and no id": ("0001-another.md", "id: 1-f55f\n", "", "1"),
    "a name without a number": ("copy.md", "id: 1-f55f", "id: 1-f55f", "copy"),
}


@pytest.mark.parametrize("name", COPIES)
def test_a_bots_file_that_a_person_took_as_a_template_is_a_ticket_of_that_person(tmp_path, name):
    file, old, new, ticket_id = COPIES[name]
    connector = tracker(tmp_path)
    ticket = connector.create(draft())
    (tmp_path / file).write_bytes(only(tmp_path).read_bytes())
    edited(tmp_path / file, old, new)
    tickets = {one.id: one.marker for one in connector.changed_since("").tickets}
    assert tickets == {ticket.id: ticket.marker, ticket_id: None}
    assert connector.find(ticket.marker) == ticket
    assert connector.change(ticket_id, Change(add_labels=("x",))).marker is None
    (tmp_path / "0001-export-stops.md").unlink()
    assert (connector.find(ticket.marker) is None) == ("the same id" not in name and name != "a name without a number")


def test_the_bots_file_is_its_own_under_any_name(tmp_path):
    ticket = tracker(tmp_path).create(draft())
    for name in ("later.md", "0020-moved.md", "0001-x.md"):
        only(tmp_path).rename(tmp_path / name)
        assert tracker(tmp_path).find(ticket.marker).id == ticket.id


def test_two_tickets_that_git_merged_under_one_number_stay_two(tmp_path):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    first, second = tracker(ours).create(draft("One", 1)), tracker(theirs).create(draft("Two", 2))
    only(theirs).rename(ours / only(theirs).name)
    (ours / ".last-number").write_text("<<<<<<< HEAD\n1\n=======\n7\n>>>>>>> issue-99\n")
    connector = tracker(ours)
    assert {one.id for one in connector.changed_since("").tickets} == {first.id, second.id}
    assert [problem.fatal for problem in connector.check()] == [False]
    assert connector.find(Marker(fingerprint="v1-7f", action="a2")).id == second.id
    assert connector.create(draft("Three", 3)).key == "#8"


def test_an_empty_mount_point_is_not_taken_for_deleted_tickets(tmp_path):
    connector = tracker(tmp_path)
    connector.create(draft())
    cursor = connector.changed_since("").cursor
    only(tmp_path).unlink()
    assert [one.state for one in connector.changed_since(cursor).tickets] == ["deleted"]
    (tmp_path / ".last-number").unlink()
    with pytest.raises(Unavailable, match="is not there"):
        connector.changed_since(cursor)


@pytest.mark.parametrize("cursor", ["0:abc", "1:", "1:!!!", "1:eJyrrgUAAXUA+Q==x", "nonsense"])
def test_a_strange_cursor_reads_all_anew(tmp_path, cursor):
    ticket = tracker(tmp_path).create(draft())
    assert tracker(tmp_path).changed_since(cursor).tickets == (ticket,)


def test_a_half_written_file_of_a_killed_bot_is_no_ticket_and_goes(tmp_path):
    (tmp_path / ".loose-ends-77.tmp").write_text("---\nid: 1\n")
    connector = tracker(tmp_path)
    assert connector.changed_since("").tickets == ()
    connector.create(draft())
    assert sorted(path.name for path in tmp_path.iterdir()) == [".last-number", "0001-export-stops.md"]


def test_a_disk_that_fails_at_any_point_leaves_one_ticket_in_the_end(tmp_path, monkeypatch):
    marker = Marker(fingerprint="v1-7f", action="a1")
    real = {name: getattr(os, name) for name in ("open", "fsync", "link", "utime")}
    for fails_at in itertools.count(1):
        calls, folder = itertools.count(1), tmp_path / str(fails_at)
        folder.mkdir()
        for name, call in real.items():
            monkeypatch.setattr(os, name, failing(call, calls, fails_at))
        try:
            ticket = tracker(folder).create(draft())
        except Unavailable:
            monkeypatch.undo()
            ticket = tracker(folder).find(marker) or tracker(folder).create(draft())
        monkeypatch.undo()
        assert [one.id for one in tracker(folder).changed_since("").tickets] == [ticket.id]
        if next(calls) <= fails_at:
            break
    assert fails_at > 8


def failing(call, calls, fails_at):
    def wrapped(*args, **options):
        if next(calls) == fails_at:
            raise OSError(errno.EIO, "Input/output error")
        return call(*args, **options)

    return wrapped


FILE_SOME = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from connectors.base import Draft, Marker
from connectors.local import LocalTracker
tracker = LocalTracker(Path(sys.argv[1]), now=lambda: datetime(2026, 3, 1, tzinfo=UTC))
for number in range(8):
    marker = Marker(fingerprint="v1", action=f"a{sys.argv[2]}{number}")
    tracker.create(Draft(title=f"Of {sys.argv[2]}", body=(), labels=(), marker=marker))
"""


def test_two_bots_at_once_give_no_number_twice(tmp_path):
    bots = [subprocess.Popen([sys.executable, "-c", FILE_SOME, str(tmp_path), name]) for name in "xy"]
    assert [bot.wait() for bot in bots] == [0, 0]
    assert sorted(int(path.name[:4]) for path in tmp_path.glob("*.md")) == list(range(1, 17))
    assert len(tracker(tmp_path).changed_since("").tickets) == 16


def test_permissions_of_an_edited_file_stay(tmp_path):
    by_hand(tmp_path, "x")
    only(tmp_path).chmod(0o640)
    tracker(tmp_path).change("12", Change(add_labels=("x",)))
    assert only(tmp_path).stat().st_mode & 0o777 == 0o640


def test_a_folder_that_is_a_file_is_told_and_refused(tmp_path):
    (tmp_path / "file").write_text("")
    connector = tracker(tmp_path / "file" / "tickets")
    assert [problem.fatal for problem in connector.check()] == [True]
    for call in (lambda: connector.create(draft()), lambda: connector.changed_since("")):
        with pytest.raises((Unavailable, Denied)):
            call()


def test_a_ticket_that_never_was_is_gone(tmp_path):
    with pytest.raises(Gone, match="77"):
        tracker(tmp_path).change("77", Change(add_labels=("x",)))
