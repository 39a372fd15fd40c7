"""The command line as a user has it: real processes, real files."""

import json
import os
import subprocess
import sys

import pytest

POOLING = "TODO: configure connection pooling for the importer"
KEYS = "TODO: rotate the signing keys of the gateway"
# Title of a ticket: its text, the same in other words, and another loose end beside it.
WORDINGS = {
    "Statement PDF cuts off long payee names": (
        "The payee column of the monthly statement is too narrow: long names are cut off in the PDF.",
        "There is a bug: long payee names are truncated in the PDF of the monthly statement",
        "There is a bug: payee names in the CSV of the monthly statement have the wrong encoding",
    ),
    "Nightly ledger export times out": (
        "LedgerExport.run hits the statement timeout when the month has more than 50k bookings.",
        "The nightly export of the ledger runs into a timeout when there are many bookings, that's a bug",
        "There is a bug: the nightly ledger import skips the last booking",
    ),
    "Support SEPA instant payments": (
        "Customers want to send SEPA instant transfers from the app.",
        "Users keep asking for instant SEPA transfers in the app",
        "Users keep asking for scheduled payments in the app",
    ),
}


@pytest.fixture
def loose_ends(project):
    def call(*words, stdin=None, env=None):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LOOSE_ENDS_")}
        command = [sys.executable, "-m", "bot", *map(str, words)]
        return subprocess.run(
            command,
            check=False,
            cwd=project.folder,
            input=stdin,
            capture_output=True,
            timeout=60,
            env={**clean, **(env or {})},
            text=True,
        )

    return call


def test_run_twice_and_status(project, loose_ends):
    project.log("monday.md", POOLING, KEYS)
    first = json.loads(loose_ends("run", "--format", "json").stdout)
    second = json.loads(loose_ends("run", "--format", "json").stdout)
    status = json.loads(loose_ends("status", "--format", "json").stdout)
    assert (first["actions"]["create"], second["actions"]["create"]) == (2, 0)
    assert (first["logs"]["read"], second["logs"]["unchanged"]) == (1, 1)
    assert [log["outcome"] for log in status["logs"]] == ["read"]
    assert len(status["filed"]) == 2


def test_a_plan_is_carried_out_exactly_and_only_once(project, loose_ends):
    project.log("monday.md", POOLING, KEYS)
    planned = loose_ends("plan", "--out", "plan.json")
    assert planned.returncode == 0
    assert "onfigure connection pooling" in planned.stdout
    assert loose_ends("apply", "plan.json").returncode == 0
    assert len(project.tickets()) == 2
    again = loose_ends("apply", "plan.json")
    assert again.returncode == 1
    assert "stale" in again.stderr
    assert len(project.tickets()) == 2


def test_a_plan_is_stale_when_a_person_was_at_work_since(project, loose_ends):
    project.log("monday.md", POOLING)
    loose_ends("run")
    project.log("tuesday.md", KEYS)
    loose_ends("plan", "--out", "plan.json")
    project.edit("#1", "state: open", "state: wontfix")
    assert loose_ends("apply", "plan.json").returncode == 1


@pytest.mark.parametrize("content", [None, "", "{", "[1]", '{"format": "loose-ends plan 1", "base": 3, "actions": []}'])
def test_what_is_no_plan_is_refused_in_one_line(project, loose_ends, content):
    if content is not None:
        (project.folder / "plan.json").write_text(content)
    result = loose_ends("apply", "plan.json")
    assert result.returncode == 2
    assert result.stderr.startswith("plan.json: ")
    assert result.stderr.count("\n") == 1


def test_held_can_be_listed_filed_and_dropped(project, loose_ends):
    project.config("filing: {caps: {per_run: 0}}\n")
    project.log("monday.md", POOLING, KEYS)
    loose_ends("run")
    rows = [json.loads(line) for line in loose_ends("held", "--format", "jsonl").stdout.splitlines()]
    first, second = (row["id"] for row in rows)
    assert loose_ends("held", "file", first).returncode == 0
    assert loose_ends("held", "drop", second[:6]).returncode == 0
    assert loose_ends("held").stdout == "Nothing is held.\n"
    assert len(project.tickets()) == 1


def test_undo_by_the_name_that_run_gives(project, loose_ends):
    project.log("monday.md", POOLING)
    run = json.loads(loose_ends("run", "--format", "json").stdout)["run"]
    undone = json.loads(loose_ends("undo", run, "--format", "json").stdout)
    assert [ticket["closed"] for ticket in undone["tickets"]] == [True]
    assert loose_ends("undo", "20010101-000000").returncode == 2


def test_a_wrong_config_is_one_line_with_place_and_remedy(project, loose_ends):
    project.config("filing: {capps: {per_run: 1}}\n")
    result = loose_ends("run")
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "loose-ends.yaml:4: filing.capps: " in result.stderr
    assert "caps" in result.stderr


def test_environment_overrides_the_file(project, loose_ends):
    project.log("monday.md", POOLING)
    result = loose_ends("run", "--format", "json", env={"LOOSE_ENDS_FILING__CAPS__PER_RUN": "0"})
    assert json.loads(result.stdout)["actions"]["held"] == 1


def test_init_writes_a_config_that_check_takes(project, loose_ends):
    (project.folder / "loose-ends.yaml").unlink()
    assert loose_ends("init").returncode == 0
    assert loose_ends("init").returncode == 2
    assert loose_ends("check").returncode in (0, 1)
    assert "config" in loose_ends("check").stdout


def test_extract_needs_no_config_and_reports_what_it_cannot_read(project, loose_ends):
    log = project.log("monday.md", POOLING)
    result = loose_ends("extract", log, "missing.md", "--format", "jsonl")
    (finding,) = map(json.loads, result.stdout.splitlines())
    assert result.returncode == 3
    assert result.stderr.startswith("missing.md: ")
    assert (finding["kind"], finding["action"], finding["evidence"][0]["line_start"]) == ("todo", "file", 3)
    assert loose_ends("extract", "missing.md").returncode == 1


def test_extract_shows_what_is_dropped_only_when_asked(project, loose_ends):
    log = project.log(
        "monday.md", "The login page crashes when the name is empty.", "Works now, thanks! That fixed it."
    )
    assert loose_ends("extract", log, "--format", "jsonl").stdout == ""
    dropped = json.loads(loose_ends("extract", log, "--format", "jsonl", "--all").stdout)
    assert (dropped["action"], dropped["status"]) == ("drop", "resolved")


def test_redact_is_a_filter_that_keeps_lines(loose_ends):
    secret = "ghp_" + "a1B2c3D4e" * 4
    result = loose_ends("redact", stdin=f"one\ntoken: {secret}\nthree\n")
    assert secret not in result.stdout
    assert [line[:5] for line in result.stdout.splitlines()] == ["one", "token", "three"]


def test_a_secret_in_a_log_reaches_neither_ticket_nor_state_nor_output(project, loose_ends):
    secret = "ghp_" + "Z9y8X7w6v" * 4
    project.log("monday.md", f"TODO: rotate the deploy token {secret} of the gateway")
    outputs = [
        loose_ends(command, "-v").stdout + loose_ends(command, "-v").stderr for command in ("plan", "run", "status")
    ]
    files = [file.read_bytes() for file in project.folder.rglob("*") if file.is_file() and file.suffix != ".md"]
    files += [file.read_bytes() for file in (project.folder / "tickets").iterdir()]
    assert len(project.tickets()) == 1
    assert all(secret not in output for output in outputs)
    assert all(secret.encode() not in content for content in files)


def test_terminal_commands_in_log_text_are_not_printed(project, loose_ends):
    project.log("monday.md", "TODO: paint the \x1b[31mred\x1b[0m button of the editor")
    assert "\x1b" not in loose_ends("plan").stdout


def test_a_damaged_state_is_told_in_one_line(project, loose_ends):
    (project.folder / ".loose-ends").mkdir()
    (project.folder / ".loose-ends" / "state.db").write_bytes(b"no database at all" * 100)
    result = loose_ends("run")
    assert result.returncode == 1
    assert "state.db: cannot use the state" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_demo_files_tickets_and_its_second_run_nothing(tmp_path, loose_ends):
    result = loose_ends("demo", "--into", tmp_path / "demo")
    assert result.returncode == 0
    tickets = sorted((tmp_path / "demo" / "tickets").glob("*.md"))
    assert f"{len(tickets)} filed" in result.stdout
    assert len(tickets) >= 5
    assert "0 filed, 0 held, 0 dropped" in result.stdout
    assert result.stdout.endswith(f"the state in {tmp_path / 'demo' / 'state.db'}.\n")


def test_progress_is_shown_on_a_terminal_only(project, loose_ends):
    import pty

    project.log("monday.md", POOLING)
    assert loose_ends("run").stderr == ""
    project.log("tuesday.md", KEYS)
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], cwd=project.folder, stderr=child, stdout=subprocess.DEVNULL
    )
    process.wait(timeout=60)
    os.close(child)
    assert b"logs" in os.read(parent, 100_000)
    os.close(parent)


def test_a_plan_that_cannot_be_written_is_one_line(loose_ends):
    result = loose_ends("plan", "--out", "no/such/folder/plan.json")
    assert (result.returncode, result.stderr) == (1, "no/such/folder/plan.json: No such file or directory\n")


def test_check_shows_no_token_whoever_logs_it(project):
    target = "{tracker: github, repo: acme/shop, token_env: WORDS, base_url: 'http://127.0.0.1:9'}"
    project.config().write_text(
        f"sources: {{notes: {{path: logs}}}}\ntargets: {{hub: {target}}}\nretries: {{attempts: 1}}\n"
    )
    script = (
        "import contextlib, logging, sys; from bot.cli import main; sys.argv[1:] = ['check', '--verbose']\n"
        "with contextlib.suppress(SystemExit): main()\n"
        "logging.getLogger('some.library').debug('sent %s', 'correct-horse-battery')"
    )
    environ = {**os.environ, "WORDS": "correct-horse-battery"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=project.folder, capture_output=True, text=True, env=environ, check=False
    )
    assert "target hub" in done.stdout
    assert "DEBUG some.library: sent [redacted: token]" in done.stderr
    assert "correct-horse" not in done.stderr + done.stdout


def test_what_is_a_ticket_in_other_words_is_not_filed_and_near_misses_are_with_links(project, loose_ends):
    (project.folder / "tickets").mkdir()
    for number, (title, (body, *_)) in enumerate(WORDINGS.items(), 1):
        (project.folder / "tickets" / f"{number:04}-x.md").write_text(f"---\ntitle: {title}\n---\n{body}\n")
    for number, (_, reworded, near) in enumerate(WORDINGS.values()):
        project.log(f"{number}-same.md", reworded)
        project.log(f"{number}-near.md", near)
    project.config("filing: {thresholds: {bug: {file: 0.5}, todo: {file: 0.5}, feature: {file: 0.5}}}\n")
    done = json.loads(loose_ends("run", "--format", "json").stdout)["actions"]
    assert (done["none"], done["create"]) == (len(WORDINGS), len(WORDINGS))
    filed = [ticket for ticket in project.tickets() if ticket.marker]
    assert sum("### Possibly the same as" in ticket.body for ticket in filed) == len(WORDINGS)
