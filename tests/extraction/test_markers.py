import pytest

from tests.extraction.talks import found, one

PROSE = {
    "todo": ("TODO: Pin the base image", [("todo", "Pin the base image")]),
    "fixme": ("FIXME: retry the upload on 503", [("todo", "Retry the upload on 503")]),
    "hack": ("HACK: the port is hard-coded in deploy.sh", [("todo", "The port is hard-coded in deploy.sh")]),
    "bug": ("BUG: login loops on Safari", [("bug", "Login loops on Safari")]),
    "owner": ("TODO(mira): Rotate the staging certificate", [("todo", "Rotate the staging certificate")]),
    "bullet": ("- TODO: Split the settings page", [("todo", "Split the settings page")]),
    "open box": ("- [ ] Write the upgrade notes", [("todo", "Write the upgrade notes")]),
    "action item": ("Action item: Ask legal about the fonts", [("todo", "Ask legal about the fonts")]),
    "identifier kept": ("TODO: Rename `get_user_v2` to `get_user`", [("todo", "Rename get_user_v2 to get_user")]),
    "ticked box": ("- [x] Write the upgrade notes", []),
    "note": ("NOTE: The staging cluster sleeps at night", []),
    "mention": ("You can grep for TODO and FIXME in the repo.", []),
    "quoted": ("> TODO: Pin the base image", []),
    "question": ("Is a TODO the right place for that?", []),
}


@pytest.mark.parametrize(("text", "wanted"), PROSE.values(), ids=PROSE)
def test_markers_in_prose(text, wanted):
    assert one(text) == wanted


CODE = {
    "own text": ("x = 1  # TODO: read this limit from settings", "Read this limit from settings"),
    "call": ("rows = load_rows(path)  # TODO: This blocks the event loop", "load_rows blocks the event loop"),
    "stub": ("def merge_carts(a, b):\n    # TODO: Implement this\n    pass", "Implement merge_carts"),
    "above": ("// TODO: optimize\nfunction drawTiles(ctx) {\n}", "Optimize drawTiles"),
    "line comment": ("let n = 3; // FIXME: count the rows of the last page too", "Count the rows of the last page too"),
    "method": ("class Lobby {\n  void join(Player p) {\n    // TODO\n  }\n}", "Finish join"),
}


@pytest.mark.parametrize(("code", "title"), CODE.values(), ids=CODE)
def test_markers_in_pasted_code_name_the_code_they_stand_on(code, title):
    assert one(f"Here is the file:\n\n```\n{code}\n```") == [("todo", title)]


@pytest.mark.parametrize("role", ["assistant", "tool", "system"])
def test_only_people_leave_markers(role):
    assert (
        found(("human", "Show me a retry loop."), (role, "TODO: Add jitter\n\n```py\n# TODO: cap the delay\n```")) == ()
    )


AGAIN = {
    "in short": ("- [ ] Compression", "TODO: Implement compression of the nightly dump"),
    "the thing": ("I'll drop the retry loop.", "TODO: Remove the retry loop around the mailer"),
    "the same setting": ("TODO: Set CACHE_URL back to memcached", "```\nCACHE_URL = x  # HACK: memcached is down\n```"),
}


@pytest.mark.parametrize(("again", "first"), AGAIN.values(), ids=AGAIN)
def test_a_task_said_again_in_other_words_is_one(again, first):
    assert len(found(("human", first), ("assistant", "Noted."), ("human", again))) == 1


OTHERS = {
    "other thing": ("I'll drop the login page.", "TODO: Remove the retry loop around the mailer"),
    "other work": ("TODO: Write tests for the retry loop", "TODO: Rename the retry loop"),
    "same name only": ("TODO: Add tests for CACHE_URL", "```\nCACHE_URL = x  # HACK: memcached is down\n```"),
}


@pytest.mark.parametrize(("again", "first"), OTHERS.values(), ids=OTHERS)
def test_other_work_on_the_same_thing_is_another_task(again, first):
    assert len(found(("human", first), ("assistant", "Noted."), ("human", again))) == 2


def test_a_marker_is_sure():
    assert found(("human", "TODO: Pin the base image"))[0].confidence == 0.95


def test_a_bug_marker_in_the_code_of_a_reported_fault_is_a_mention():
    code = '@app.get("/api/orders")\ndef orders():\n    return all_orders()  # BUG: loads the whole table'
    talk = [
        ("human", "The /api/orders endpoint times out."),
        ("assistant", "Show me."),
        ("human", f"```py\n{code}\n```"),
    ]
    (finding,) = found(*talk)
    assert [e.line_start for e in finding.evidence] == [1, 8]
