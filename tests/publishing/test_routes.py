"""The first route whose conditions all hold takes a finding."""

import pytest

from bot.model import Evidence, Finding
from bot.publishing.routes import route
from bot.settings import load_settings

QUOTE = Evidence(
    log="notes/team/monday.md",
    conversation="a",
    line_start=1,
    line_end=1,
    role="human",
    speaker="",
    quote="The login page crashes",
)
FINDING = Finding(
    kind="bug",
    title="Login page crashes",
    confidence=0.9,
    priority="high",
    status="open",
    evidence=(QUOTE,),
    detectors=("symptom",),
    why=(),
)
ROWS = [
    ("{kind: bug}", True),
    ("{kind: [todo, feature]}", False),
    ("{priority: high}", True),
    ("{priority: low}", False),
    ("{min_confidence: 0.9}", True),
    ("{min_confidence: 0.91}", False),
    ("{max_confidence: 0.5}", False),
    ("{source: notes}", True),
    ("{source: sessions}", False),
    ('{path: "notes/team/*.md"}', True),
    ('{path: "notes/*.md"}', False),
    ('{path: "**/monday.md"}', True),
    ("{text: LOGIN}", True),
    ("{text: logout}", False),
    ('{text: "/log(in|out) page/"}', True),
    ('{text: "/^page/"}', False),
    ("{kind: bug, text: logout}", False),
]


def settings(tmp_path, when):
    file = tmp_path / "loose-ends.yaml"
    file.write_text(
        "sources: {notes: {path: logs}, sessions: {path: more}}\n"
        "targets: {a: {tracker: local, path: a}, b: {tracker: local, path: b}}\n"
        f"routes: [{{when: {when}, to: a}}, {{to: b}}]\n"
    )
    return load_settings(file, {})


@pytest.mark.parametrize(("when", "fits"), ROWS)
def test_a_route_takes_what_fits_all_its_conditions(tmp_path, when, fits):
    assert route(FINDING, ["notes"], settings(tmp_path, when)) == ("a" if fits else "b")


def test_the_only_target_needs_no_route(tmp_path):
    file = tmp_path / "loose-ends.yaml"
    file.write_text("sources: {notes: {path: logs}}\ntargets: {a: {tracker: local}}\n")
    assert route(FINDING, ["notes"], load_settings(file, {})) == "a"


def test_what_no_route_takes_is_held_and_what_goes_nowhere_is_dropped(project):
    project.log("monday.md", "TODO: rotate the signing keys of the gateway")
    project.config("routes: [{when: {kind: bug}, to: inbox}]\n")
    (action,) = project.plan().actions
    assert (action.kind, action.reason) == ("held", "no route fits it")
    project.config("routes: [{when: {kind: bug}, to: inbox}, {to: none}]\n")
    (action,) = project.plan().actions
    assert (action.kind, action.reason) == ("dropped", "a route says: nowhere")
