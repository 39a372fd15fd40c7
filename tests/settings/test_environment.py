import pytest

from bot.settings import ConfigError, load_settings

ROUTED = """\
sources: {notes: {path: logs, include: ["*.md"]}}
targets:
  my-inbox: {tracker: local, path: a}
  other: {tracker: github, repo: octo/repo, token_env: LOOSE_ENDS_HUB}
routes:
  - {when: {kind: [bug]}, to: other}
  - {to: my-inbox}
filing: {caps: {per_run: 3, per_day: 9}}
"""

OVERRIDES = [  # (id, variables, what to look at, value)
    ("number", {"FILING__CAPS__PER_RUN": "5"}, lambda s: s.filing.caps.per_run, 5),
    ("fraction", {"FILING__THRESHOLDS__BUG__FILE": "0.9"}, lambda s: s.filing.thresholds.bug.file, 0.9),
    ("switch", {"SCHEDULE__AT_START": "false"}, lambda s: s.schedule.at_start, False),
    ("choice", {"FILING__RECURRENCE": "new"}, lambda s: s.filing.recurrence, "new"),
    ("text that looks like a number", {"LABELS__BASE": "5"}, lambda s: s.labels.base, "5"),
    ("text with braces", {"LABELS__KIND": "{kind}"}, lambda s: s.labels.kind, "{kind}"),
    ("path with ~", {"STATE__PATH": "~/s.db"}, lambda s: str(s.state.path), "/home/ada/s.db"),
    ("hyphen in a name", {"TARGETS__MY_INBOX__PATH": "/t"}, lambda s: str(s.targets["my-inbox"].path), "/t"),
    ("another source", {"SOURCES__CHATS__PATH": "/c"}, lambda s: sorted(s.sources), ["chats", "notes"]),
    ("item of a list", {"ROUTES__0__TO": "none"}, lambda s: [r.to for r in s.routes], ["none", "my-inbox"]),
    ("part of an item", {"ROUTES__0__WHEN__SOURCE": "notes"}, lambda s: s.routes[0].when.kind, ("bug",)),
    (
        "next item of a list",
        {"SOURCES__NOTES__INCLUDE__1": "*.txt"},
        lambda s: s.sources["notes"].include,
        ("*.md", "*.txt"),
    ),
    ("whole list as JSON", {"ROUTES": '[{"to": "my-inbox"}]'}, lambda s: [r.to for r in s.routes], ["my-inbox"]),
    ("list of words as JSON", {"LABELS__EXTRA": '["a", "b"]'}, lambda s: s.labels.extra, ("a", "b")),
    ("lone word for a list", {"LABELS__EXTRA": "bot"}, lambda s: s.labels.extra, ("bot",)),
    ("section as JSON keeps the rest", {"FILING": '{"caps": {"per_run": 7}}'}, lambda s: s.filing.caps.per_day, 9),
    (
        "part wins over whole",
        {"FILING__CAPS": "{per_run: 7}", "FILING__CAPS__PER_RUN": "8"},
        lambda s: s.filing.caps.per_run,
        8,
    ),
    ("list, then its item", {"ROUTES": '[{"to": "other"}]', "ROUTES__0__TO": "none"}, lambda s: s.routes[0].to, "none"),
    ("empty is not set", {"FILING__CAPS__PER_RUN": ""}, lambda s: s.filing.caps.per_run, 3),
    ("small letters in a name", {"filing__caps__per_run": "6"}, lambda s: s.filing.caps.per_run, 6),
]


@pytest.mark.parametrize(("variables", "look", "value"), [r[1:] for r in OVERRIDES], ids=[r[0] for r in OVERRIDES])
def test_a_variable_wins_over_the_file(config, variables, look, value):
    settings = config.load(ROUTED, **{f"LOOSE_ENDS_{name}": text for name, text in variables.items()})
    assert look(settings) == value


REFUSED = "a secret does not belong here; put it in token_env or token_file"
WRONG = [  # (id, variable, value, message)
    ("typing error", "FILNG__CAPS__PER_RUN", "5", "unknown variable; did you mean LOOSE_ENDS_FILING__CAPS__PER_RUN?"),
    ("one underscore", "STATE_PATH", "x", "unknown variable; did you mean LOOSE_ENDS_STATE__PATH?"),
    ("too deep", "STATE__PATH__X", "x", "unknown variable; did you mean LOOSE_ENDS_STATE__PATH?"),
    ("nothing near", "Q", "x", "unknown variable; no setting has that name; see the config reference"),
    ("near a service", "PORT_HTTP", "x", "unknown variable; no setting has that name; see the config reference"),
    ("gap in a list", "ROUTES__5__TO", "none", "unknown variable; did you mean LOOSE_ENDS_ROUTES__2__TO?"),
    ("no number", "ROUTES__FIRST__TO", "none", "unknown variable; did you mean LOOSE_ENDS_ROUTES__2__TO?"),
    ("wrong type", "FILING__CAPS__PER_RUN", "five", "expected a whole number, got the text 'five'"),
    ("text for section", "FILING__CAPS", "5", "expected a mapping (key: value), got the number 5"),
    ("broken JSON", "ROUTES", "[{", "not YAML: expected the node content, but found '<stream end>'"),
    ("key twice in JSON", "FILING", '{"caps": {}, "caps": {}}', "a key is set twice"),
    ("unknown key in JSON", "FILING", '{"cap": {}}', "filing.cap: unknown key; did you mean 'caps'?"),
    ("unknown target", "ROUTES__1__TO", "my-inbx", "no such target; did you mean 'my-inbox'?"),
    ("unknown target in JSON", "ROUTES", "[{to: x}]", "routes[0].to: no such target; known: my-inbox, other, none"),
    ("broken bytes", "LABELS__BASE", "caf\udce9", "not UTF-8 text"),
    ("token", "TARGETS__OTHER__TOKEN", "x", REFUSED),
    ("token as a value", "LABELS__BASE", "glp" + "at-" + "a1" * 12, REFUSED),
]


@pytest.mark.parametrize(("name", "value", "message"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_variable_is_named(config, name, value, message):
    assert config.problems(ROUTED, **{f"LOOSE_ENDS_{name}": value}) == [f"LOOSE_ENDS_{name}: {message}"]


@pytest.mark.parametrize(
    "name", ["LOOSE_ENDS_EVAL", "LOOSE_ENDS_TEST_DATABASE", "LOOSE_ENDS_CONFIG", "LOOSE_ENDS_HUB", "LOOSE_END", "HOME2"]
)
def test_other_variables_are_left_alone(config, name):
    assert config.load(ROUTED, **{name: "x"}) == config.load(ROUTED)


@pytest.mark.parametrize("name", ["SERVICE_HOST", "SERVICE_PORT_HTTP", "PORT", "PORT_8080_TCP", "PORT_8080_TCP_ADDR"])
def test_what_kubernetes_tells_of_a_service_of_that_name_is_left_alone(config, name):
    assert config.load(ROUTED, **{f"LOOSE_ENDS_{name}": "10.0.0.7"}) == config.load(ROUTED)


def test_a_variable_can_mend_what_the_file_has_wrong(config):
    settings = config.load(ROUTED.replace("per_run: 3", "per_run: many"), LOOSE_ENDS_FILING__CAPS__PER_RUN="3")
    assert settings.filing.caps.per_run == 3


def test_a_variable_names_the_config_file(config):
    config.load()
    environ = {"LOOSE_ENDS_CONFIG": str(config.file), "HOME": "/home/ada"}
    assert load_settings(None, environ) == config.load()


def test_without_a_name_the_config_lies_in_the_working_folder(config, monkeypatch):
    config.load()
    monkeypatch.chdir(config.folder)
    assert load_settings(None, {"HOME": "/home/ada"}) == config.load()
    with pytest.raises(ConfigError, match=r"^absent\.yaml: no such file"):
        load_settings(None, {"LOOSE_ENDS_CONFIG": "absent.yaml"})


def test_the_file_wins_over_the_variable_that_names_another(config):
    config.load()
    assert load_settings(config.file, {"LOOSE_ENDS_CONFIG": "/absent.yaml"}).sources
