"""A log that grows between runs: what was said before still counts for what is said now."""

from bot.store import findings

CRASH = "The login page crashes whenever the name field is empty."


def dispositions(project):
    with project.desk() as desk, desk.engine.begin() as db:
        return findings.count_by(db, "disposition")


def test_a_later_success_resolves_what_was_held(project):
    project.config("filing: {thresholds: {bug: {file: 1.0, hold: 0.2}}}\n")
    project.log("monday.md", CRASH)
    project.run()
    assert dispositions(project) == {"held": 1}
    project.wait(hours=2)
    project.more("monday.md", "The login page works now, thanks! That fixed it.")
    project.run()
    assert dispositions(project) == {"dropped": 1}


def test_what_was_filed_is_not_filed_again_when_the_talk_goes_on(project):
    project.log("monday.md", CRASH)
    project.run()
    for day in range(3):
        project.wait(days=1)
        project.more("monday.md", f"Unrelated: I looked at the release notes of day {day}.")
        project.run()
    assert len(project.tickets()) == 1


def test_lines_are_those_of_the_whole_log(project):
    project.log("monday.md", "Hello there")
    project.run()
    project.wait(hours=2)
    project.more("monday.md", "TODO: rotate the signing keys of the gateway")
    project.run()
    assert "notes/monday.md` line 7" in project.tickets()[0].body


def test_a_rewritten_log_is_read_whole_and_files_nothing_twice(project):
    project.log("monday.md", CRASH)
    project.run()
    project.wait(hours=2)
    project.log("monday.md", "A few words on top, which move the lines.", CRASH)
    summary = project.run()
    assert summary.taken.read == 1
    assert len(project.tickets()) == 1


def test_a_cursor_of_another_version_is_read_over_and_files_nothing_twice(project):
    from sqlalchemy import text

    project.log("monday.md", CRASH)
    project.run()
    with project.desk() as desk, desk.engine.begin() as db:
        db.execute(text("UPDATE logs SET cursor = '{\"version\": 0}'"))
    summary = project.run()
    assert (summary.errors, summary.taken.read, len(project.tickets())) == ([], 1, 1)


def test_a_quote_is_kept_with_what_stands_around_it_redacted(project):
    secret = "ghp_" + "a1B2c3D4" * 4 + "e5F6"
    project.log("monday.md", f"The gateway answers {secret} now.", "TODO: rotate the signing keys of the gateway")
    project.run()
    project.more("monday.md", "That is for the auditors.")
    project.run()
    with project.desk() as desk, desk.engine.begin() as db:
        (known,) = findings.with_disposition(db, "filed")
        (quote,) = findings.sightings(db, known.id)
    assert quote.evidence.before == "Claude: I see."
    assert quote.evidence.after == "Claude: I see."
    assert secret not in (project.folder / ".loose-ends" / "state.db").read_bytes().decode(errors="replace")
