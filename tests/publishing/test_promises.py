"""Promises that were once broken: what is read, what counts as new, what people decided, what is held."""

import errno
import os
from collections import Counter
from pathlib import Path

import pytest

from bot import pipeline
from bot.publishing import held as by_hand
from bot.store import tickets

POOLING = "TODO: configure connection pooling for the importer"
KEYS = "TODO: rotate the signing keys of the gateway"
RETRIES = "TODO: add retries to the uploader"
POOLING_DONE = "I have configured connection pooling for the importer now, it works."
HOLD_ALL = "filing: {thresholds: {todo: {file: 1.0, hold: 0.2}}}\n"


def held(project):
    with project.desk() as desk, desk.engine.begin() as db:
        return by_hand.held(db)


def verdicts(project):
    with project.desk() as desk, desk.engine.begin() as db:
        return tickets.count_by_verdict(db)


def planned(project):
    return [(action.kind, action.ticket_key) for action in project.plan().actions]


def file(project, *said):
    """Files a ticket for each and lets a day pass; the result names them in the order in which they were said."""
    project.log("monday.md", *said)
    project.run()
    project.wait(days=1)
    titles = {ticket.title.lower(): ticket.key for ticket in project.tickets()}
    return [titles[text.removeprefix("TODO: ")] for text in said]


def close(project, *keys, state="done"):
    for key in keys:
        project.edit(key, "state: open", f"state: {state}")
    project.run()
    project.wait(days=1)


def rewrite(project, name, old, new):
    """What an exporter or an editor does; the talk stays the same one."""
    log = project.folder / "logs" / name
    text = log.read_text(encoding="utf-8")
    assert old in text
    log.write_text(text.replace(old, new, 1), encoding="utf-8")
    project.touch(log)


def test_a_log_deleted_while_logs_are_listed_stops_nothing(project):
    project.log("monday.md", POOLING)
    gone = project.log("tuesday.md", KEYS)
    with project.desk() as desk:
        summary = pipeline.run(desk, lambda _stage, _done, _every: gone.unlink(missing_ok=True))
    assert ["tuesday.md" in error for error in summary.errors] == [True]
    assert len(project.tickets()) == 1


def test_a_log_that_could_not_be_read_is_tried_again_though_unchanged(project, monkeypatch):
    log = project.log("monday.md", POOLING)
    real = Path.open

    def too_many(path, *args, **options):
        if path.name == log.name:
            raise OSError(errno.EMFILE, "Too many open files")
        return real(path, *args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", too_many)
        assert len(project.run().errors) == 1
    project.wait(days=1)
    assert project.run().errors == []
    assert len(project.tickets()) == 1


def test_a_log_whose_name_is_not_utf_8_is_read_once_and_named(project):
    log = project.log("monday.md", POOLING)
    log.rename(log.parent / os.fsdecode(b"caf\xe9.md"))
    assert project.run().errors == []
    (ticket,) = project.tickets()
    assert "notes/caf\\xe9.md" in ticket.body
    assert project.run().taken.unchanged == 1


def test_the_bot_s_own_tickets_and_state_are_no_logs(project):
    config = project.config("state: {path: logs/state.db}\n")
    config.write_text(config.read_text().replace("path: tickets", "path: logs/tickets"))
    project.log("monday.md", POOLING)
    project.run()
    project.wait(days=1)
    (project.folder / "logs" / "tickets" / "0002-mine.md").write_text(f"---\ntitle: mine\n---\n{KEYS}\n")
    again = project.run()
    assert (again.taken.read, again.taken.unchanged, again.outcome.done.total()) == (0, 1, 0)


@pytest.mark.parametrize(
    ("old", "new"),
    [("# monday.md", "# A talk on Monday"), ("I see.", "I see that."), ("# monday.md", "\n\n# monday.md"), ("", "")],
    ids=["another heading", "another reply", "empty lines", "touched only"],
)
def test_a_log_rewritten_round_its_quotes_repeats_no_mention(project, old, new):
    (key,) = file(project, POOLING)
    close(project, key)
    rewrite(project, "monday.md", old, new)
    assert planned(project) == []


def test_two_talks_that_begin_alike_in_two_logs_keep_apart(project):
    for name, said in {"monday.md": [POOLING], "tuesday.md": [KEYS]}.items():
        project.log(name, "Hello there", *said)
        rewrite(project, name, f"# {name}", "# Talk")
    project.config(HOLD_ALL)
    project.run()
    project.wait(days=1)
    project.more("monday.md", POOLING_DONE)
    project.run()
    assert [known.title.lower() for known in held(project)] == [KEYS.removeprefix("TODO: ")]


def test_what_was_dropped_comes_back_when_thresholds_are_lowered(project):
    project.config("filing: {thresholds: {todo: {file: 1.0, hold: 1.0}}}\n")
    project.log("monday.md", POOLING)
    assert project.run().outcome.done == Counter(dropped=1)
    project.config()
    assert [kind for kind, _ in planned(project)] == ["create"]


def test_a_person_s_done_ticket_of_the_same_title_swallows_no_new_mention(project):
    (project.folder / "tickets").mkdir()
    text = "---\ntitle: Configure connection pooling for the importer\nstate: done\nclosed: 2020-01-01T00:00:00Z\n---\n"
    (project.folder / "tickets" / "0007-pooling.md").write_text(text)
    project.log("monday.md", POOLING)
    project.run()
    assert [ticket.state for ticket in project.tickets()].count("open") == 1


@pytest.mark.parametrize("cap", ["per_run", "per_day"])
def test_a_recurrence_over_the_cap_is_held_once(project, cap):
    close(project, *file(project, POOLING))
    project.config(f"filing: {{recurrence: new, caps: {{{cap}: 0}}}}\n")
    project.log("later.md", POOLING)
    project.run()
    (first,) = held(project)
    assert planned(project) == []
    project.run()
    assert held(project) == [first]


@pytest.mark.parametrize(("cap", "reopened"), [(0, 0), (1, 1), (9, 3)])
def test_caps_bound_what_is_opened_again(project, cap, reopened):
    said = [POOLING, KEYS, RETRIES]
    close(project, *file(project, *said))
    project.config(f"filing: {{caps: {{per_run: {cap}}}}}\n")
    project.log("later.md", *said)
    assert project.run().outcome.done["reopen"] == reopened


def test_a_recurrence_that_was_taken_back_stays_held(project):
    project.config("filing: {recurrence: new}\n")
    close(project, *file(project, POOLING))
    project.log("later.md", POOLING)
    run = project.run().run
    with project.desk() as desk:
        pipeline.undo(desk, run)
    for _ in range(2):
        assert len(held(project)) == 1
        assert project.run().outcome.done.total() == 0


def test_one_rejected_ticket_speaks_for_all_of_the_same_thing(project):
    project.config("filing: {recurrence: new}\n")
    close(project, *file(project, POOLING))
    project.log("tuesday.md", POOLING)
    project.run()
    project.wait(days=1)
    project.edit("#1", "state: done", "state: wontfix")
    close(project, "#2")
    project.log("later.md", POOLING)
    assert [kind for kind, _ in planned(project)] == ["none"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["from its end", "from its start"])
def test_a_mention_goes_to_the_last_of_a_chain_of_duplicates(project, order):
    keys = file(project, POOLING, KEYS, RETRIES)
    for index in order:
        close(project, keys[index], state=f"duplicate of {keys[index + 1][1:]}")
    project.log("later.md", POOLING)
    assert planned(project) == [("sighting", keys[2])]


def test_a_circle_of_duplicates_ends(project):
    first, second = file(project, POOLING, KEYS)
    project.edit(first, "state: open", f"state: duplicate of {second[1:]}")
    close(project, second, state=f"duplicate of {first[1:]}")
    project.log("later.md", POOLING)
    summary = project.run()
    assert (summary.errors, len(project.tickets())) == ([], 2)


@pytest.mark.parametrize("label", ["rejected", "Rejected", "REJECTED"])
def test_labels_are_known_in_any_case(project, label):
    file(project, POOLING)
    project.edit("#1", "- needs-review", f"- needs-review\n  - {label}")
    project.log("later.md", POOLING)
    assert [kind for kind, _ in planned(project)] == ["none"]


def test_a_label_renamed_in_the_config_is_no_review(project):
    file(project, POOLING)
    project.config("labels: {needs_review: triage}\n")
    project.log("later.md", POOLING)
    project.run()
    project.run()
    assert verdicts(project) == {"untouched": 1}
