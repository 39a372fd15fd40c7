import pytest

from bot.extraction import extract
from tests.extraction.talks import found, talk, told

FAULT = ("human", "The upload page crashes on large files.")
ADVICE = ("assistant", "Stream the body instead of reading it at once.")

CLOSINGS = [
    "Works now, thanks!",
    "That fixed it.",
    "It's working now.",
    "Great, that did the trick.",
    "That was exactly it.",
    "Fixed in 2.3.1, deployed everywhere.",
    "Never mind, the file was broken.",
]


@pytest.mark.parametrize("closing", CLOSINGS)
def test_a_closing_word_resolves_and_cites_its_line(closing):
    (finding,) = extract(talk(FAULT, ADVICE, ("human", closing)))
    assert finding.status == "resolved"
    assert finding.why[-1].endswith("(line 5)")


@pytest.mark.parametrize(
    "reply",
    ["Thanks!", "Let me try that.", "Does it work now?", "I hope that fixed it.", "It works now but only for PDFs."],
)
def test_other_replies_leave_it_open(reply):
    assert [f.status for f in extract(talk(FAULT, ADVICE, ("human", reply))) if f.kind == "bug"] == ["open"]


def test_a_complaint_after_the_closing_reopens():
    late = ("human", "The upload page still crashes on large files.")
    (finding,) = extract(talk(FAULT, ADVICE, ("human", "Works now."), ("assistant", "Good."), late))
    assert finding.status == "open"


@pytest.mark.parametrize(
    "words", ["Not right now, but it's on my list.", "Maybe later.", "Let's leave that for now.", "That can wait."]
)
def test_what_is_put_off_is_deferred(words):
    offer = ("assistant", "Want help setting that up?")
    (finding,) = extract(talk(("human", "We should add keyboard shortcuts."), offer, ("human", words)))
    assert finding.status == "deferred"


def test_a_success_told_after_another_matter_does_not_resolve_what_was_put_off():
    talk_ = [
        FAULT,
        ADVICE,
        ("human", "Let's leave it for now. Something else: the invoice mail went out in the wrong font."),
        ("assistant", "Set the font in `invoice.css`."),
        ("human", "Changed it. Works now, thanks!"),
    ]
    assert [f.status for f in extract(talk(*talk_)) if "pload" in f.title] != ["resolved"]


EDIT = ("tool", "File created successfully at: tests/test_quota.py")
WISH = ("human", "Our editors would like to compare two drafts side by side.")


@pytest.mark.parametrize(
    ("following", "open_"),
    [("Can you write a test for the quota rule?", True), ("Yes, go ahead.", False), ("Put both drafts in it.", False)],
)
def test_work_on_something_else_does_not_resolve_a_wish(following, open_):
    answer = ("assistant", "It needs a second pane.")
    talk_ = [WISH, answer, ("human", following), EDIT, ("assistant", "There it is."), ("human", "Which licence is it?")]
    statuses = [f.status for f in extract(talk(*talk_)) if "drafts side" in f.title]
    assert ("open" in statuses) == open_


def test_an_agent_that_reports_the_work_done_resolves_it():
    done = ("assistant", "I've fixed the upload handler; all tests pass.")
    (finding,) = extract(talk(FAULT, ("tool", "edit upload.py"), done, ("human", "Next: what is the license?")))
    assert finding.status == "resolved"


def test_advice_is_no_work():
    assert [f.status for f in found(FAULT, ADVICE, ("human", "What is the license?"))] == ["open"]


def test_a_fault_that_outlives_three_repairs_stays_open():
    done = ("assistant", "I've fixed it, it should work now.")
    again = ("human", "The upload page still crashes on large files.")
    (finding,) = extract(talk(FAULT, done, again, done, again, done))
    assert finding.status == "open"


def test_an_agent_reports_what_it_left():
    work = [("human", "Add the CSV export."), ("tool", "edit export.py")]
    report = ("assistant", "I've added the CSV export.\n\nI did not implement streaming for large tables.")
    assert told(found(*work, report)[-1]) == ("todo", "Implement streaming for large tables")


def test_a_request_that_nobody_answers_is_held():
    (finding,) = found(("human", "Hi!"), ("assistant", "Hello."), ("human", "Please add a retry to the upload client."))
    assert told(finding) == ("todo", "Add a retry to the upload client")
    assert 0.4 <= finding.confidence < 0.75


def test_a_request_with_an_answer_is_nothing():
    assert found(("human", "Please add a retry to the upload client."), ("assistant", "Here: `retry(3)`.")) == ()


def test_an_adviser_is_no_agent():
    advice = ("assistant", "Check that the plugin is installed. ✅ This should work:\n\n```sh\nmake\n```")
    talk_ = [FAULT, advice, ("human", "OK, let me see."), advice, ("human", "What is the license?")]
    assert [f.status for f in found(*talk_)] == ["open"]
