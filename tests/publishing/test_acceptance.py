"""People's verdicts are counted by who found what, and raise the threshold of a detector that they reject."""

import pytest

from bot.publishing.acceptance import acceptance, rise_for, rises, wilson_lower
from bot.store.verdicts import judged

THINGS = (
    "billing page", "invoice export", "login form", "search index", "avatar upload", "audit log", "session cache",
    "webhook queue", "font loader", "cookie banner", "map widget", "tax table",
)  # fmt: skip
LEARNING = "learning: {reviews: 4}\nfiling: {caps: {per_run: 90, per_day: 900}, thresholds: {todo: {file: 0.9}}}\n"


def tasks(project, count, first=0):
    """Files so many tasks that a marker tells; returns their keys in the order of the things."""
    project.config(LEARNING)
    for thing in THINGS[first : first + count]:
        project.log(f"{thing.replace(' ', '-')}.md", f"TODO: rework the {thing}")
    project.run()
    titles = {ticket.title.lower(): ticket.key for ticket in project.tickets()}
    return [titles[f"rework the {thing}"] for thing in THINGS[first : first + count]]


def judge(project, keys, label):
    for key in keys:
        project.edit(key, "- needs-review", f"- {label}")
    return project.run()


def risen(project):
    with project.desk() as desk, desk.engine.begin() as db:
        return [(rise.detector, rise.kind, rise.by) for rise in rises(db, desk.settings, desk.now())]


def shares(project):
    with project.desk() as desk, desk.engine.begin() as db:
        found = acceptance(judged(db))
    return {f"{what} {name}": (share.accepted, share.rejected) for what, name, share in found.groups()}


@pytest.mark.parametrize(
    ("hits", "count", "lower"),
    [(0, 0, 0.0), (0, 10, 0.0), (10, 10, 0.722), (5, 10, 0.237), (50, 100, 0.404), (1, 1, 0.207)],
)
def test_the_lower_bound_is_wilson_s(hits, count, lower):
    assert wilson_lower(hits, count) == pytest.approx(lower, abs=0.001)


def test_verdicts_count_by_detector_kind_source_and_band(project):
    keys = tasks(project, 4)
    judge(project, keys[:2], "accepted")
    judge(project, keys[2:3], "rejected")
    project.edit(keys[3], "state: open", "state: done")
    project.run()
    assert shares(project) == dict.fromkeys(["detector marker", "kind todo", "source notes", "confidence high"], (3, 1))


@pytest.mark.parametrize("edit", [("- needs-review", "- hands-off"), ("state: open", "state: duplicate of 2")])
def test_neither_yes_nor_no_is_not_counted(project, edit):
    keys = tasks(project, 2)
    project.edit(keys[0], *edit)
    project.run()
    assert shares(project) == {}


@pytest.mark.parametrize("verdict", ["rejected", "accepted"])
def test_a_verdict_taken_back_is_not_counted(project, verdict):
    keys = tasks(project, 1)
    judge(project, keys, verdict)
    project.edit(keys[0], f"- {verdict}", "- needs-review")
    project.run()
    assert shares(project) == {}


@pytest.mark.parametrize(
    ("accepted", "rejected", "expected"),
    [(0, 3, []), (0, 4, [("marker", "todo", 0.25)]), (3, 1, [("marker", "todo", 0.1)]), (4, 0, [])],
    ids=["too few", "all rejected", "a quarter rejected", "all accepted"],
)
def test_the_threshold_rises_with_the_rejected_share_within_bounds(project, accepted, rejected, expected):
    keys = tasks(project, accepted + rejected)
    judge(project, keys[:accepted], "accepted")
    judge(project, keys[accepted:], "rejected")
    assert [(detector, kind, round(by, 2)) for detector, kind, by in risen(project)] == expected


def test_a_risen_threshold_holds_what_was_filed_before_and_says_so(project):
    summary = judge(project, tasks(project, 4), "rejected")
    project.log("next.md", f"TODO: rework the {THINGS[4]}")
    (action,) = project.plan().actions
    (line,) = summary.learned
    assert action.kind == "held"
    assert "is under 1.00 for a todo, raised from 0.90" in action.reason
    assert line.startswith("todo found by marker: filed from 1.00 on instead of 0.90, since people accepted 0 of 4")


def test_switched_off_nothing_rises(project):
    judge(project, tasks(project, 4), "rejected")
    project.config(LEARNING.replace("reviews: 4", "reviews: 4, enabled: false"))
    project.log("next.md", f"TODO: rework the {THINGS[4]}")
    assert [action.kind for action in project.plan().actions] == ["create"]


def test_old_verdicts_are_forgotten_and_what_was_held_is_filed(project):
    judge(project, tasks(project, 4), "rejected")
    project.log("next.md", f"TODO: rework the {THINGS[4]}")
    project.run()
    project.wait(days=91)
    assert risen(project) == []
    assert [action.kind for action in project.plan().actions] == ["create"]


def test_acceptance_that_recovers_brings_the_threshold_back(project):
    judge(project, tasks(project, 3), "rejected")
    keys = tasks(project, 9, first=3)
    judge(project, keys, "accepted")
    assert risen(project) == []


def test_the_most_trusted_detector_vouches(project):
    judge(project, tasks(project, 4), "rejected")
    with project.desk() as desk, desk.engine.begin() as db:
        found = rises(db, desk.settings, desk.now())
    assert rise_for(found, "todo", ("marker",)) == found[0]
    assert rise_for(found, "todo", ("marker", "commitment")) is None
    assert rise_for(found, "bug", ("marker",)) is None


def test_the_bot_s_own_labels_and_closings_are_nobody_s_verdict(project):
    project.config("filing: {resolved: close, sightings: {raise_after: 1}}\n")
    project.log("monday.md", "TODO: configure connection pooling for the importer")
    project.run()
    for name in ("tuesday.md", "wednesday.md"):
        project.wait(days=1)
        project.log(name, "TODO: configure connection pooling for the importer")
        project.run()
    project.more("wednesday.md", "I have configured connection pooling for the importer now, it works.")
    project.run()
    assert shares(project) == {}
