import os

import pytest

from bot.logs.sources import find_logs


@pytest.fixture
def tree(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("logs/b.md", "logs/a.jsonl", "logs/deep/er/c.md", "logs/.hidden/d.md", "logs/x.png", "logs/.e.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    return tmp_path


def names(path, **how):
    return [found.name for found in find_logs(path, **how) if not found.problem]


def problems(path, **how):
    return [found.problem for found in find_logs(path, **how) if found.problem]


@pytest.mark.parametrize(
    ("path", "how", "expected"),
    [
        pytest.param("logs", {}, ["logs/a.jsonl", "logs/b.md", "logs/deep/er/c.md"], id="folder"),
        pytest.param("./logs/deep", {}, ["logs/deep/er/c.md"], id="folder with a dot"),
        pytest.param("logs/b.md", {}, ["logs/b.md"], id="file"),
        pytest.param("logs/x.png", {}, ["logs/x.png"], id="file that include does not name"),
        pytest.param("logs/.hidden", {}, ["logs/.hidden/d.md"], id="hidden folder named outright"),
        pytest.param("logs/*.md", {}, ["logs/b.md"], id="glob"),
        pytest.param("logs/**/*.md", {}, ["logs/b.md", "logs/deep/er/c.md"], id="glob across folders"),
        pytest.param("log*", {}, ["logs/a.jsonl", "logs/b.md", "logs/deep/er/c.md"], id="glob of folders"),
        pytest.param("logs", {"include": ["*.md"]}, ["logs/b.md", "logs/deep/er/c.md"], id="include anywhere"),
        pytest.param("logs", {"include": ["deep/**"]}, ["logs/deep/er/c.md"], id="include below a folder"),
        pytest.param("logs", {"include": ["/*.md"]}, ["logs/b.md"], id="include at the top"),
        pytest.param("logs", {"include": ["**/*.png"]}, ["logs/x.png"], id="include other names"),
        pytest.param("logs", {"exclude": ["deep"]}, ["logs/a.jsonl", "logs/b.md"], id="exclude a folder"),
        pytest.param("logs", {"exclude": ["deep/**/*.md"]}, ["logs/a.jsonl", "logs/b.md"], id="exclude below"),
        pytest.param("logs", {"exclude": ["[ab].*"]}, ["logs/deep/er/c.md"], id="exclude by set"),
        pytest.param("logs/*", {"exclude": ["b.md"]}, ["logs/a.jsonl", "logs/deep/er/c.md", "logs/x.png"], id="both"),
    ],
)
@pytest.mark.usefixtures("tree")
def test_logs_are_found_in_order(path, how, expected):
    assert names(path, **how) == expected


def test_the_home_folder_may_be_written_with_a_tilde(tree, monkeypatch):
    monkeypatch.setenv("HOME", str(tree))
    assert names("~/logs/*.md") == [f"{tree.as_posix()}/logs/b.md"]


def test_links_that_lead_in_circles_are_followed_once(tree):
    (tree / "logs/deep/up").symlink_to(tree / "logs")
    (tree / "logs/self.md").symlink_to("self.md")
    assert names("logs") == ["logs/a.jsonl", "logs/b.md", "logs/deep/er/c.md"]
    assert len(problems("logs")) == 1
    assert "logs/self.md: cannot be read" in problems("logs")[0]


def test_a_folder_with_the_name_of_a_log_is_reported_and_searched(tree):
    (tree / "logs/old.md").mkdir()
    (tree / "logs/old.md/f.md").write_text("x")
    assert "logs/old.md/f.md" in names("logs")
    assert problems("logs") == ["logs/old.md: a directory, not a log"]


def test_a_link_to_nothing_is_reported(tree):
    (tree / "logs/gone.md").symlink_to("nowhere")
    assert problems("logs") == ["logs/gone.md: cannot be read: No such file or directory"]


@pytest.mark.usefixtures("tree")
def test_an_unreadable_folder_is_reported_and_the_rest_is_found(monkeypatch):
    scan = os.scandir
    locked = PermissionError(13, "Permission denied")
    monkeypatch.setattr(os, "scandir", lambda path: scan(path) if "deep" not in str(path) else throw(locked))
    assert names("logs") == ["logs/a.jsonl", "logs/b.md"]
    assert problems("logs") == ["logs/deep: the folder cannot be read: Permission denied"]


def throw(error):
    raise error


@pytest.mark.parametrize("path", ["nowhere", "logs/*.html", "logs/nowhere/*.md"])
@pytest.mark.usefixtures("tree")
def test_a_path_that_finds_nothing_is_reported(path):
    assert problems(path) == [f"{path}: nothing is there: correct the path"]
