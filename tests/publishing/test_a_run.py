"""A run from logs to tickets: what is filed, held and dropped, and that nothing is done twice."""

from collections import Counter

import pytest

POOLING = "TODO: configure connection pooling for the importer"
RETRIES = "TODO: add retries to the uploader"


def kinds(plan):
    return Counter(action.kind for action in plan.actions)


def test_a_marked_task_becomes_a_ticket_with_labels_and_quote(project):
    project.log("monday.md", POOLING)
    summary = project.run()
    (ticket,) = project.tickets()
    assert summary.as_json()["actions"]["create"] == 1
    assert "onfigure connection pooling" in ticket.title
    assert {"loose-ends", "needs-review", "kind: todo"} <= ticket.labels
    assert "notes/monday.md" in ticket.body
    assert ticket.marker is not None


def test_a_second_run_reads_nothing_and_does_nothing(project):
    project.log("monday.md", POOLING, "and lunch was good")
    project.run()
    before = project.tickets()
    second = project.run().as_json()
    assert second["logs"] == {"read": 0, "unchanged": 1, "failed": 0, "skipped": 0}
    assert sum(second["actions"].values()) == 0
    assert project.tickets() == before


def test_the_same_plan_is_made_twice_to_the_byte(project):
    project.log("monday.md", POOLING, RETRIES)
    assert project.plan() == project.plan()


def test_planning_touches_no_ticket(project):
    project.log("monday.md", POOLING)
    assert kinds(project.plan()) == {"create": 1}
    assert project.tickets() == []


def test_the_same_loose_end_in_two_logs_is_one_ticket_with_both_quotes(project):
    project.log("monday.md", POOLING)
    project.log("tuesday.md", "TODO: Configure connection pooling for the importer!")
    project.run()
    (ticket,) = project.tickets()
    assert "notes/monday.md" in ticket.body
    assert "notes/tuesday.md" in ticket.body


def test_a_grown_log_is_read_from_where_it_ended(project):
    first = project.log("monday.md", POOLING).stat().st_size
    project.run()
    project.wait(days=1)
    project.more("monday.md", RETRIES)
    summary = project.run()
    assert summary.taken.bytes_read < first + 20
    assert [ticket.key for ticket in project.tickets()] == ["#1", "#2"]


def test_a_renamed_log_files_nothing_anew(project):
    file = project.log("monday.md", POOLING)
    project.run()
    file.rename(file.with_name("renamed.md"))
    plan = project.plan()
    assert kinds(plan) == Counter()


@pytest.mark.parametrize(("caps", "filed"), [("per_run: 1", 1), ("per_day: 2", 2), ("per_run: 0", 0)])
def test_what_is_over_a_cap_is_held_with_the_reason(project, caps, filed):
    project.config(f"filing: {{caps: {{{caps}}}}}\n")
    project.log("monday.md", POOLING, RETRIES, "TODO: rotate the signing keys of the gateway")
    project.run()
    assert len(project.tickets()) == filed
    with project.desk() as desk, desk.engine.begin() as db:
        from bot.publishing.held import held

        reasons = {known.reason for known in held(db)}
        assert len(held(db)) == 3 - filed
    assert all("over the cap of" in reason for reason in reasons)
    assert kinds(project.plan()) == Counter()


def test_what_is_over_the_daily_cap_can_go_out_the_next_day(project):
    project.config("filing: {caps: {per_day: 1, over: next_run}}\n")
    project.log("monday.md", POOLING, RETRIES)
    project.run()
    project.run()
    assert len(project.tickets()) == 1
    project.wait(days=1)
    project.run()
    assert len(project.tickets()) == 2


def test_thresholds_hold_and_drop(project):
    project.config("filing: {thresholds: {todo: {file: 1.0, hold: 0.5}}}\n")
    project.log("monday.md", POOLING)
    assert kinds(project.plan()) == {"held": 1}
    project.config("filing: {thresholds: {todo: {file: 1.0, hold: 1.0}}}\n")
    assert kinds(project.plan()) == {"dropped": 1}


def test_a_lost_state_files_nothing_twice(project):
    project.log("monday.md", POOLING, RETRIES)
    project.run()
    before = project.tickets()
    for file in (project.folder / ".loose-ends").glob("state.db*"):
        file.unlink()
    project.run()
    assert project.tickets() == before


def test_a_person_s_ticket_of_the_same_words_is_known_and_left_alone(project):
    folder = project.folder / "tickets"
    folder.mkdir()
    (folder / "0007-pooling.md").write_text("---\ntitle: Configure connection pooling for the importer\n---\nWhen?\n")
    before = (folder / "0007-pooling.md").read_text()
    project.log("monday.md", POOLING)
    (action,) = project.plan().actions
    project.run()
    assert (action.kind, action.ticket_key) == ("none", "#7")
    assert [file.read_text() for file in folder.iterdir()] == [before]


def test_one_bad_log_never_stops_the_others(project):
    project.log("monday.md", POOLING)
    (project.folder / "logs" / "broken.md").symlink_to("nowhere")
    summary = project.run()
    assert len(project.tickets()) == 1
    assert len([line for line in summary.errors if "broken.md" in line]) == 1
