"""State and tracker part ways - cut calls, people at work meanwhile, moved folders - and come together again."""

import os
import shutil
from datetime import timedelta

import pytest

from bot import pipeline
from bot.publishing import held as by_hand
from bot.store import tickets
from connectors.base import Unavailable
from connectors.local import LocalTracker

POOLING = "TODO: configure connection pooling for the importer"
KEYS = "TODO: rotate the signing keys of the gateway"
RETRIES = "TODO: add retries to the uploader"
TWO_TARGETS = """
sources: {{notes: {{path: logs}}}}
targets: {{a: {{tracker: local, path: a}}, b: {{tracker: local, path: b}}}}
routes: [{{when: {{source: notes}}, to: {to}}}]
"""


class Watched(LocalTracker):
    """A local tracker to whose calls something happens: ``before`` and ``after`` map the name of a call to that."""

    def __init__(self, project, path="tickets", *, before=None, after=None):
        super().__init__(project.folder / path, now=project.now)
        self.before, self.after = before or {}, after or {}

    def around(self, name, *given, **also):
        self.before.get(name, lambda: None)()
        result = getattr(super(), name)(*given, **also)
        self.after.get(name, lambda: None)()
        return result

    def find(self, marker, *, since=None):
        return self.around("find", marker, since=since)

    def changed_since(self, cursor):
        return self.around("changed_since", cursor)

    def create(self, draft):
        return self.around("create", draft)

    def change(self, ticket_id, change):
        return self.around("change", ticket_id, change)


def cut():
    raise Unavailable("the connection was cut")


def kill():
    raise KeyboardInterrupt


def work_with(project, connector, work=pipeline.run, target="inbox"):
    with project.desk() as desk:
        desk.targets.by_name[target].connector = connector
        return work(desk)


def undo(project, run, connector=None):
    return work_with(project, connector or project.tracker(), lambda desk: pipeline.undo(desk, run)[0])


def text_of(project, number=1):
    return next((project.folder / "tickets").glob(f"{number:04}-*")).read_text(encoding="utf-8")


def config(project, text):
    (project.folder / "loose-ends.yaml").write_text(text, encoding="utf-8")


def filed(project, *said):
    project.log("monday.md", *said)
    run = project.run().run
    project.wait(days=1)
    return run


def said(project, name, *, days_ago):
    """A log that turns up now, of a talk that long ago."""
    then = (project.time - timedelta(days=days_ago)).timestamp()
    os.utime(project.log(name, POOLING), (then, then))


def test_a_mention_during_an_outage_is_told_later(project):
    project.log("monday.md", POOLING)
    work_with(project, Watched(project, after={"create": cut}))
    project.wait(days=1)
    project.log("later.md", POOLING)
    work_with(project, Watched(project, before={"find": cut}))
    for _ in range(2):
        project.wait(days=1)
        project.run()
    assert text_of(project).count("notes/later.md") == 1
    assert len(project.tickets()) == 1


def test_nothing_is_created_elsewhere_while_a_create_is_pending(project):
    config(project, TWO_TARGETS.format(to="a"))
    project.log("monday.md", POOLING)
    work_with(project, Watched(project, "a", after={"create": cut}), target="a")
    config(project, TWO_TARGETS.format(to="b"))
    work_with(project, Watched(project, "a", before={"find": cut, "changed_since": cut}), target="a")
    project.run()
    assert [len(list((project.folder / name).glob("0*.md"))) for name in "ab"] == [1, 0]


@pytest.mark.parametrize(("what", "error"), [(kill, KeyboardInterrupt), (cut, None)], ids=["killed", "cut"])
def test_an_undo_that_was_interrupted_is_no_rejection(project, what, error):
    run = filed(project, POOLING)
    interrupted = Watched(project, after={"change": what})
    if error:
        with pytest.raises(error):
            undo(project, run, interrupted)
    else:
        undo(project, run, interrupted)
    undo(project, run)
    project.run()
    with project.desk() as desk, desk.engine.begin() as db:
        assert tickets.count_by_verdict(db) == {"undone": 1}
        assert len(by_hand.held(db)) == 1


def test_an_edit_between_look_and_mention_counts_as_a_person_s(project):
    run = filed(project, POOLING)
    project.log("later.md", POOLING)
    edit = {"change": lambda: project.edit("#1", "A task", "My own words. A task")}
    assert work_with(project, Watched(project, before=edit)).outcome.done["sighting"] == 1
    project.wait(days=1)
    (result,) = undo(project, run)
    assert (result.closed, result.reason) == (False, "a person has touched it")


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ("  - needs-review\n", "", "accepted"),
        ("- needs-review", "- rejected", "rejected"),
        ("state: open", "state: wontfix", "rejected"),
    ],
)
def test_a_verdict_between_look_and_mention_is_read_by_the_next_run(project, old, new, verdict):
    filed(project, POOLING)
    project.log("later.md", POOLING)
    work_with(project, Watched(project, before={"change": lambda: project.edit("#1", old, new)}))
    project.wait(days=1)
    project.run()
    with project.desk() as desk, desk.engine.begin() as db:
        assert tickets.count_by_verdict(db) == {verdict: 1}


def test_an_edit_while_undo_is_at_work_counts_as_a_person_s(project):
    run = filed(project, POOLING)
    edit = {"change": lambda: project.edit("#1", "A task", "My own words. A task")}
    (result,) = undo(project, run, Watched(project, before=edit))
    assert not result.closed
    assert project.tickets()[0].state == "open"


def test_one_broken_ticket_does_not_stop_undo(project):
    run = filed(project, POOLING, KEYS, RETRIES)
    project.edit("#2", "title: ", "title: a: b: ")
    assert sorted(result.key for result in undo(project, run) if result.closed) == ["#1", "#3"]


def test_a_target_that_left_the_config_is_told_once(project):
    filed(project, POOLING)
    config(project, "sources: {notes: {path: logs}}\ntargets: {box: {tracker: local, path: other}}\n")
    project.log("later.md", POOLING)
    (action,) = project.run().plan.actions
    assert (action.kind, action.reason) == ("none", "#1 lies in inbox, which is not configured any more")
    again = project.run()
    assert (again.plan.actions, again.outcome.left) == ((), 0)


def test_a_local_target_moved_to_another_folder_starts_afresh(project):
    filed(project, POOLING)
    project.run()
    config(project, "sources: {notes: {path: logs}}\ntargets: {inbox: {tracker: local, path: fresh}}\n")
    project.log("later.md", KEYS)
    assert [project.run().errors for _ in range(2)] == [[], []]
    (ticket,) = LocalTracker(project.folder / "fresh", now=project.now).changed_since("").tickets
    assert ticket.title.lower() == KEYS.removeprefix("TODO: ")


def test_a_lost_state_and_fresh_checkouts_reopen_nothing(project):
    filed(project, POOLING)
    project.edit("#1", "state: open", "state: done")
    project.run()
    project.wait(days=1)
    shutil.rmtree(project.folder / ".loose-ends")
    project.touch(project.folder / "logs" / "monday.md")
    summary = project.run()
    assert (summary.errors, summary.outcome.done["reopen"]) == ([], 0)
    assert project.tickets()[0].state == "closed"


def test_a_closing_keeps_its_time_when_the_bot_writes_to_the_ticket(project):
    filed(project, POOLING)
    project.edit("#1", "state: open", "state: done")
    project.run()
    project.wait(days=5)
    # Said before the closing, found after it: the bot writes to the closed ticket.
    said(project, "old.md", days_ago=6)
    assert project.run().outcome.done["sighting"] == 1
    project.wait(days=1)
    said(project, "new.md", days_ago=3)
    assert project.run().outcome.done["reopen"] == 1
