"""Finding logs: a file, a folder with everything below it, or a glob; in a fixed order, problems reported."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import Pattern, escape
from re import compile as compiled
from re import error as PatternError  # noqa: N812 - its name from Python 3.13 on

INCLUDE = ("**/*.md", "**/*.markdown", "**/*.jsonl", "**/*.txt")

_TOKEN = compiled(r"\*\*/|\*\*|\*|\?|\[!?\]?[^\]/]{0,100}\]|.")
_WILD = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A log, or why there is none where one was expected; ``name`` is the path as given, with forward slashes."""

    path: Path
    name: str
    problem: str = ""


def find_logs(path: str, *, include: Sequence[str] = INCLUDE, exclude: Sequence[str] = ()) -> Iterator[Found]:
    """The logs that ``path`` stands for, sorted by name.

    A file named outright is taken whatever its name; ``include`` and ``exclude`` are globs for the
    files found in folders, relative to the folder (``**`` crosses folders, a pattern without slash
    fits in any folder). Hidden files and folders are left out unless ``path`` names them.
    """
    given = os.path.expanduser(path)  # noqa: PTH111 - Path would drop "./", which the user wrote
    if os.path.lexists(given):
        roots = [given]
    elif glob.has_magic(given):
        roots = sorted(glob.glob(given, recursive=True))  # noqa: PTH207 - names keep the form that was given
    else:
        roots = []
    if not roots:
        yield Found(path=Path(given), name=_name(given), problem=f"{_name(given)}: nothing is there: correct the path")
    seen: set[str] = set()
    for root in roots:
        if Path(root).is_dir():
            found = sorted(_walk(Path(root), include=include, exclude=exclude), key=lambda log: log.name)
        else:
            found = [Found(path=Path(root), name=_name(root), problem=_dangling(Path(root)))]
        for log in found:
            if log.name not in seen and not _is_excluded_file(log, root, exclude):
                seen.add(log.name)
                yield log


def _walk(root: Path, *, include: Sequence[str], exclude: Sequence[str]) -> Iterator[Found]:
    visited: set[tuple[int, int]] = set()
    pending = [root]
    while pending:
        folder = pending.pop()
        try:
            status = folder.stat()
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield _unreadable(folder, error)
            continue
        if (status.st_dev, status.st_ino) in visited:
            continue
        visited.add((status.st_dev, status.st_ino))
        for entry in entries:
            path = folder / entry.name
            relative = path.relative_to(root).as_posix()
            if entry.name.startswith(".") or _fits(relative, exclude):
                continue
            if _is_folder(entry):
                pending.append(path)
                if _fits(relative, include):
                    yield Found(path=path, name=_name(str(path)), problem=f"{_name(str(path))}: a directory, not a log")
            elif _fits(relative, include):
                yield Found(path=path, name=_name(str(path)), problem=_dangling(path))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a loop of links: reported as a file that cannot be read
        return False


def _is_excluded_file(log: Found, root: str, exclude: Sequence[str]) -> bool:
    return str(log.path) == root and _fits(log.path.name, exclude)


def _fits(relative: str, patterns: Sequence[str]) -> bool:
    return any(_pattern(pattern).fullmatch(relative) for pattern in patterns)


@cache
def _pattern(pattern: str) -> Pattern[str]:
    """A glob as a regular expression: ``**/`` is any number of folders, ``*`` stays inside one."""
    rest = pattern.lstrip("/") if "/" in pattern.rstrip("/") else f"**/{pattern}"
    try:
        return compiled("".join(map(_piece, _TOKEN.findall(rest.rstrip("/")))))
    except PatternError:  # a set like [z-a]: then the characters stand for themselves
        return compiled(escape(rest))


def _piece(token: str) -> str:
    if token.startswith("[") and len(token) > 1:
        body = token[1:-1].replace("\\", r"\\").replace("[", r"\[")
        return f"[^{body[1:]}]" if body.startswith("!") else f"[{body}]"
    return _WILD.get(token) or escape(token)


def _dangling(path: Path) -> str:
    try:
        path.stat()
    except OSError as error:
        return f"{_name(str(path))}: cannot be read: {error.strerror or error}"
    return ""


def _unreadable(folder: Path, error: OSError) -> Found:
    name = _name(str(folder))
    return Found(path=folder, name=name, problem=f"{name}: the folder cannot be read: {error.strerror or error}")


def _name(path: str) -> str:
    return path.replace(os.sep, "/")
