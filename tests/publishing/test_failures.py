"""A tracker that fails: nothing is lost, nothing is filed twice, and the other targets go on."""

from datetime import timedelta

import pytest

from bot import pipeline
from bot.publishing import held as by_hand
from bot.store import runs
from connectors.base import Denied, RateLimited, Rejected, Unavailable
from connectors.local import LocalTracker

POOLING = "TODO: configure connection pooling for the importer"
KEYS = "TODO: rotate the signing keys of the gateway"


class Failing(LocalTracker):
    """A local tracker whose next create fails, before or after the ticket is there."""

    def __init__(self, project, error, *, after=False):
        super().__init__(project.folder / "tickets", now=project.now)
        self.error = error
        self.after = after

    def create(self, draft):
        error, self.error = self.error, None
        if error is None:
            return super().create(draft)
        if self.after:
            super().create(draft)
        raise error


def run_with(project, connector):
    with project.desk() as desk:
        desk.targets.by_name["inbox"].connector = connector
        return pipeline.run(desk)


def test_an_unknown_outcome_is_left_pending_and_settled_by_the_next_run(project):
    project.log("monday.md", POOLING)
    first = run_with(project, Failing(project, Unavailable("the connection was cut")))
    assert (first.outcome.left, len(first.errors)) == (1, 1)
    assert "what came of it is unknown" in first.errors[0]
    with project.desk() as desk, desk.engine.begin() as db:
        assert len(runs.pending(db)) == 1
    second = project.run()
    assert second.errors == []
    assert len(project.tickets()) == 1
    assert project.run().outcome.done.total() == 0


def test_a_ticket_that_is_there_in_spite_of_a_lost_answer_is_settled_at_once(project):
    project.log("monday.md", POOLING)
    first = run_with(project, Failing(project, Unavailable("the connection was cut"), after=True))
    assert (first.outcome.done["create"], first.outcome.left, first.errors) == (1, 0, [])
    assert len(project.tickets()) == 1
    assert project.run().outcome.done.total() == 0


def test_one_lost_answer_does_not_stop_the_target_but_several_in_a_row_do(project):
    project.log("monday.md", POOLING, KEYS)
    first = run_with(project, Failing(project, Unavailable("502")))
    assert (first.outcome.left, first.outcome.done["create"]) == (1, 1)
    assert not first.stopped
    project.log("tuesday.md", "TODO: rename the old staging bucket", "TODO: document the retry policy of the feed")
    project.config("retries: {give_up_after: 1}\n")
    second = run_with(project, Failing(project, Unavailable("502")))
    assert second.outcome.left == 3
    assert "given up after failures in a row (1): 502" in second.stopped["inbox"]


def test_a_killed_process_leaves_a_pending_action_that_the_next_run_settles(project):
    project.log("monday.md", POOLING)
    # KeyboardInterrupt is no Exception: nothing of ours catches it, as nothing catches a kill.
    with pytest.raises(KeyboardInterrupt):
        run_with(project, Failing(project, KeyboardInterrupt(), after=True))
    project.run()
    assert len(project.tickets()) == 1


@pytest.mark.parametrize("kind", [RateLimited, Denied])
def test_a_target_that_is_stopped_leaves_the_rest_for_the_next_run(project, kind):
    project.log("monday.md", POOLING, KEYS)
    error = Denied("no") if kind is Denied else RateLimited("later", retry_at=project.now() + timedelta(hours=1))
    first = run_with(project, Failing(project, error))
    assert (first.outcome.left, project.tickets()) == (2, [])
    project.run()
    assert len(project.tickets()) == 2


def test_what_the_tracker_refuses_is_held_with_its_words_and_the_rest_goes_on(project):
    project.log("monday.md", POOLING, KEYS)
    summary = run_with(project, Failing(project, Rejected("the title is bad")))
    with project.desk() as desk, desk.engine.begin() as db:
        (known,) = by_hand.held(db)
    assert known.reason == "inbox refused it: the title is bad"
    assert len(project.tickets()) == 1
    assert len(summary.errors) == 1
    assert project.run().outcome.done.total() == 0


def test_a_target_that_cannot_be_read_back_gets_nothing_and_the_others_go_on(project):
    project.config()
    (project.folder / "loose-ends.yaml").write_text(
        "sources: {notes: {path: logs}}\n"
        "targets: {inbox: {tracker: local, path: tickets}, other: {tracker: local, path: others}}\n"
        "routes: [{when: {text: pooling}, to: inbox}, {to: other}]\n"
    )
    project.log("monday.md", POOLING, KEYS)
    project.run()
    project.run()
    # As if a drive were not mounted: the tickets are not deleted, they are out of reach.
    (project.folder / "others").rename(project.folder / "away")
    project.wait(days=1)
    project.log(
        "tuesday.md", "TODO: warm up the pooling cache of the importer", "TODO: archive the audit logs of the gateway"
    )
    summary = project.run()
    assert [line.split(":")[0] for line in summary.errors] == ["target other"]
    assert len(project.tickets()) == 2
    assert not (project.folder / "others").exists()
    (project.folder / "away").rename(project.folder / "others")
    assert project.run().outcome.done["create"] == 1
