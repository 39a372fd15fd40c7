import pytest

HEAD = "sources:\n  notes: {path: logs}\ntargets:\n"
GITHUB = HEAD + "  gh: {tracker: github, repo: octo/repo, token_env: GH}\n"
REFUSED = "a secret does not belong here; put it in token_env or token_file"
FAKE = "gh" + "p_" + "x1" * 18

ONE_TOKEN = "one of token_env and token_file to say where the token is"
A_VARIABLE = "the name of an environment variable, such as GITHUB_TOKEN"
AN_ADDRESS = "an address such as https://git.example.org, without user, password or query"
TRACKER = "missing; name of the tracker: local, github, gitlab, jira, or one that another package brings"

SECTIONS = "sources, targets, routes, extraction, filing, matching, labels, learning, schedule, retries, state"

AFTER_GOOD = [  # (id, lines 5 and on, problems without the file's name)
    ("unknown section", "fling: {}", ["5: fling: unknown key; did you mean 'filing'?"]),
    (
        "unknown key with nothing near",
        "state: {colour: red}",
        ["5: state.colour: unknown key; known here: path"],
    ),
    ("deep key", "filing:\n  caps:\n    per_rum: 5", ["7: filing.caps.per_rum: unknown key; did you mean 'per_run'?"]),
    (
        "hyphen for underscore",
        "filing: {caps: {per-run: 5}}",
        ["5: filing.caps.per-run: unknown key; did you mean 'per_run'?"],
    ),
    (
        "options of the settings library are no keys",
        "_env_file: secrets.env",
        [
            "5: _env_file: unknown key; known here: " + SECTIONS,
        ],
    ),
    (
        "text for number",
        "filing: {caps: {per_run: many}}",
        ["5: filing.caps.per_run: expected a whole number, got the text 'many'"],
    ),
    (
        "quoted number",
        "filing: {caps: {per_run: '5'}}",
        ["5: filing.caps.per_run: expected a whole number, got the text '5'"],
    ),
    (
        "switch for number",
        "filing: {caps: {per_run: true}}",
        ["5: filing.caps.per_run: expected a whole number, got true"],
    ),
    (
        "fraction for whole",
        "filing: {caps: {per_run: 1.5}}",
        ["5: filing.caps.per_run: expected a whole number, got the number 1.5"],
    ),
    (
        "below the range",
        "filing: {caps: {per_run: -1}}",
        ["5: filing.caps.per_run: expected at least 0, got the number -1"],
    ),
    (
        "above the range",
        "filing: {thresholds: {bug: {file: 75}}}",
        ["5: filing.thresholds.bug.file: expected at most 1.0, got the number 75"],
    ),
    ("list for text", "schedule: {cron: [a]}", ["5: schedule.cron: expected text, got a list"]),
    ("number for text", "labels: {base: 5}", ["5: labels.base: expected text, got the number 5"]),
    ("number for section", "filing: 3", ["5: filing: expected a mapping (key: value), got the number 3"]),
    ("mapping for list", "routes: {to: my-inbox}", ["5: routes: expected a list, got a mapping"]),
    (
        "word for switch",
        "schedule: {at_start: yes}",
        ["5: schedule.at_start: expected true or false, got the text 'yes'"],
    ),
    (
        "wrong choice",
        "filing: {recurrence: reopn}",
        ["5: filing.recurrence: expected reopen, comment, new or ignore, got 'reopn'; did you mean 'reopen'?"],
    ),
    (
        "wrong kind alone",
        "routes:\n  - {when: {kind: bugs}, to: my-inbox}",
        ["6: routes[0].when.kind: expected bug, todo or feature, got 'bugs'; did you mean 'bug'?"],
    ),
    (
        "wrong kind in a list",
        "routes:\n  - to: my-inbox\n    when:\n      kind:\n        - bug\n        - todoo",
        ["10: routes[0].when.kind[1]: expected bug, todo or feature, got 'todoo'; did you mean 'todo'?"],
    ),
    (
        "route without target",
        "routes:\n  - when: {kind: bug}",
        ["6: routes[0].to: missing; name of a target, or none to drop the finding"],
    ),
    ("unknown target", "routes:\n  - to: my-inbx", ["6: routes[0].to: no such target; did you mean 'my-inbox'?"]),
    (
        "unknown target, nothing near",
        "routes:\n  - to: zzz",
        ["6: routes[0].to: no such target; known: my-inbox, none"],
    ),
    (
        "unknown source",
        "routes:\n  - {when: {source: note}, to: my-inbox}",
        ["6: routes[0].when.source: no such source; did you mean 'notes'?"],
    ),
    (
        "route never reached",
        "routes:\n  - to: none\n  - {to: my-inbox}",
        ["7: routes[1]: never reached; routes[0] takes everything"],
    ),
    (
        "confidence range upside down",
        "routes:\n  - {to: none, when: {min_confidence: 0.9, max_confidence: 0.5}}",
        ["6: routes[0].when: min_confidence 0.9 is above max_confidence 0.5; nothing would fit"],
    ),
    (
        "thresholds out of order",
        "filing:\n  thresholds:\n    bug: {file: 0.3}",
        ["7: filing.thresholds.bug: hold 0.4 is above file 0.3; set hold at or below file"],
    ),
    (
        "cron",
        "schedule: {cron: '0 25 * * *'}",
        ["5: schedule.cron: hour: expected '*', a list, a range or a step of 0 to 23, such as 1,15 or */5"],
    ),
    (
        "time zone",
        "schedule: {time_zone: Europe/Berln}",
        ["5: schedule.time_zone: expected a known time zone; did you mean 'Europe/Berlin'?"],
    ),
    (
        "slow pattern",
        "routes: [{to: none, when: {text: '/(a+)+$/'}}]",
        ["5: routes[0].when.text: a repeated group may not repeat or choose inside; it could run for ever"],
    ),
    (
        "label without its slot",
        "labels: {kind: sort}",
        ["5: labels.kind: expected {kind} once and no other braces, such as 'kind: {kind}'"],
    ),
    (
        "one label for two things",
        "labels: {rejected: Accepted}",
        ["5: labels: 'Accepted' stands for two things; the bot could not tell them apart"],
    ),
    ("empty path", "state: {path: ''}", ["5: state.path: expected a file or folder on this machine"]),
    (
        "key with control characters",
        r'"a\n\e[2J": 1',
        [r"5: a\n\x1b[2J: unknown key; known here: " + SECTIONS],
    ),
    ("set twice", "state: {}\nfiling: {}\nstate: {}", ["7: state: set twice, first on line 5"]),
    ("token in a comment", f"# once {FAKE}", [f"5: {REFUSED}"]),
    ("password as a key", "state: {password: x}", [f"5: state.password: {REFUSED}"]),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in AFTER_GOOD], ids=[row[0] for row in AFTER_GOOD])
def test_a_wrong_key_is_told_in_one_line(config, good, text, expected):
    assert config.problems(good + text + "\n") == [f"loose-ends.yaml:{line}" for line in expected]


TARGETS = [
    ("no tracker", "  t: {path: x}", f"4: targets.t.tracker: {TRACKER}"),
    ("text for target", "  t: x", "4: targets.t: expected a mapping (key: value), got 'x'"),
    ("unknown key", "  t: {tracker: local, pth: x}", "4: targets.t.pth: unknown key; did you mean 'path'?"),
    ("no repo", "  t: {tracker: github, token_env: X}", "4: targets.t.repo: missing; repository as owner/name"),
    (
        "repo without owner",
        "  t: {tracker: github, repo: web, token_env: X}",
        "4: targets.t.repo: expected owner/name, such as octo-org/octo-repo",
    ),
    ("no token", "  t: {tracker: github, repo: a/b}", f"4: targets.t: expected {ONE_TOKEN}"),
    ("two tokens", "  t: {tracker: acme, token_env: X, token_file: y}", f"4: targets.t: expected {ONE_TOKEN}"),
    (
        "bad address",
        "  t: {tracker: jira, base_url: example.org, project: A, token_env: X}",
        f"4: targets.t.base_url: expected {AN_ADDRESS}",
    ),
    ("bad variable", "  t: {tracker: acme, token_env: 'my token'}", f"4: targets.t.token_env: expected {A_VARIABLE}"),
    (
        "reserved name",
        "  none: {tracker: local}",
        "4: targets.none: 'none' cannot name a target; in routes it means nowhere",
    ),
    (
        "odd name",
        "  a b: {tracker: local}",
        "4: targets.a b: a name has letters, digits, '-' and single '_', at most 64",
    ),
    ("literal token", f"  t: {{tracker: github, repo: a/b, token: {FAKE}}}", f"4: targets.t.token: {REFUSED}"),
    ("weak literal token", "  t: {tracker: acme, api-key: hunter}", f"4: targets.t.api-key: {REFUSED}"),
    ("token under another key", f"  t: {{tracker: acme, note: {FAKE}}}", f"4: targets.t.note: {REFUSED}"),
    ("token for its variable", f"  t: {{tracker: acme, token_env: {FAKE}}}", f"4: targets.t.token_env: {REFUSED}"),
    (
        "token of no known shape for its variable",
        "  t: {tracker: acme, token_env: deadbeef0123deadbeef0123}",
        f"4: targets.t.token_env: expected {A_VARIABLE}",
    ),
    (
        "password in an address",
        "  t: {tracker: acme, url: 'https://me:pw@example.org'}",
        f"4: targets.t.url: {REFUSED}",
    ),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in TARGETS], ids=[row[0] for row in TARGETS])
def test_a_wrong_target_is_told_in_one_line(config, text, expected):
    assert config.problems(f"{HEAD}{text}\n") == [f"loose-ends.yaml:{expected}"]


def test_a_folder_of_time_zones_is_no_time_zone(config, good):
    (line,) = config.problems(good + "schedule: {time_zone: Europe}\n")
    assert line.startswith("loose-ends.yaml:5: schedule.time_zone: expected a known time zone; did you mean '")


NO_SECRETS = [
    "token_env: CI_TOKEN_2026_PRODUCTION",
    "token_file: /run/secrets/token",
    "tokens: 5",
    "secretary: me",
    "passwords_page: x",
]


@pytest.mark.parametrize("text", NO_SECRETS)
def test_what_only_resembles_a_secret_is_read(config, text):
    assert config.load(f"{HEAD}  t: {{tracker: acme, {text}}}\n").targets["t"].tracker == "acme"


def test_a_source_may_be_called_token(config):
    assert config.load("sources: {token: {path: a}}\ntargets: {secret: {tracker: local}}\n").sources["token"]


def test_two_targets_need_routes(config):
    assert config.problems(HEAD + "  a: {tracker: local}\n  b: {tracker: local}\n") == [
        "loose-ends.yaml:1: routes: missing; with 2 targets it says what goes where"
    ]


def test_names_that_the_environment_cannot_tell_apart_are_refused(config):
    text = HEAD + "  my-box: {tracker: local}\n  My_Box: {tracker: local}\nroutes: [{to: my-box}]\n"
    assert config.problems(text) == [
        "loose-ends.yaml:5: targets.My_Box: too like 'my-box'; only case, '-' or '_' differ"
    ]


def test_all_problems_come_at_once_in_order_of_line(config):
    text = "state: {path: 5}\nsources: {n: {pth: x}}\ntargets: {t: {tracker: local}}\nroutes: [{to: u}]\nextra: 1\n"
    lines = config.problems(text, LOOSE_ENDS_FLING="1", LOOSE_ENDS_FILING__CAPS__PER_DAY="x")
    places = [line.split(": ")[0].removeprefix("loose-ends.yaml:") for line in lines]
    assert places == ["1", "2", "4", "5", "LOOSE_ENDS_FILING__CAPS__PER_DAY", "LOOSE_ENDS_FLING"]


SECRETS = [
    f"{HEAD}  t: {{tracker: github, repo: {FAKE}, token: {FAKE}}}\n",
    f"{HEAD}  t: {{tracker: local}}\n{FAKE}: 1\n",
    f"{HEAD}  t: {{tracker: local}}\nfiling: {{caps: {{per_run: {FAKE}}}}}\n",
    f"{HEAD}  t: {{tracker: local}}\nfiling: {{password: [{FAKE}}}\n",
    f"{HEAD}  t: {{tracker: local}}\nroutes: [{{to: {FAKE}}}]\n",
    f"{HEAD}  t: {{tracker: {FAKE}}}\nx: *{FAKE}\n",
]


@pytest.mark.parametrize("text", SECRETS)
def test_no_message_repeats_a_secret(config, text):
    lines = config.problems(text, LOOSE_ENDS_STATE__PATH=FAKE, **{f"LOOSE_ENDS_{FAKE}": FAKE})
    assert FAKE not in "\n".join(lines)
    assert all("\n" not in line for line in lines)


def test_settings_hold_no_token(config):
    assert FAKE not in repr(config.load(GITHUB, GH=FAKE))
