"""What routes match with: words, regular expressions and path globs, compiled only when they run in linear time."""

from __future__ import annotations

import re
import warnings

LONGEST_PATTERN = 200  # characters
MOST_REPEATS = 2  # open-ended repeats in one expression; each may cost another pass over the text
_OPEN_ENDED = 50  # a bound above this counts as no bound
_BOUNDED = re.compile(r"\{(\d{0,4})(,?)(\d{0,4})\}")


def text_pattern(text: str) -> re.Pattern[str]:
    """Compiles ``/regex/`` as it stands, anything else as whole words in this order; case does not count.

    Raises ValueError, in words for the one who wrote it, for a pattern that is wrong, too long or
    could take more than linear time.
    """
    if len(text) > LONGEST_PATTERN:
        raise ValueError(f"a pattern may have {LONGEST_PATTERN} characters, this one has {len(text)}")
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        return _regex(text[1:-1])
    words = text.split()
    if not words:
        raise ValueError("expected words or /regex/, got nothing to look for")
    return re.compile(r"(?<!\w)" + r"\s{1,20}".join(map(re.escape, words)) + r"(?!\w)", re.IGNORECASE)


def path_pattern(glob: str) -> re.Pattern[str]:
    """Compiles a glob over forward-slash paths: ``*`` and ``?`` stay within a folder, ``**`` spans folders.

    A glob without a slash is looked for in the file's name alone. Raises ValueError when it is too long.
    """
    if len(glob) > LONGEST_PATTERN or glob.count("*") > 12:
        raise ValueError(f"a glob may have {LONGEST_PATTERN} characters and 12 stars")
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob)
    means = {"**/": r"(?:.*/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    body = "".join(means.get(part) or re.escape(part) for part in parts)
    return re.compile(body + r"\Z" if glob.startswith("/") else r"(?:.*/)?" + body + r"\Z", re.DOTALL)


def _regex(pattern: str) -> re.Pattern[str]:
    _refuse_slow(pattern)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what a later Python may read otherwise
            return re.compile(pattern, re.IGNORECASE)
    except (re.error, OverflowError, Warning) as error:
        raise ValueError(f"not a regular expression: {error}") from error


def _refuse_slow(pattern: str) -> None:
    """Refuses what can backtrack without bound: repeats of groups that repeat or choose, and references back."""
    if pattern.startswith((".*", ".+")):
        raise ValueError("drop the '.*' at its start; the text is searched from any place")
    repeats = 0
    risky = [False]  # per open group: does it repeat or choose inside?
    closed_risky = False
    index = 0
    while index < len(pattern):
        char = pattern[index]
        width, most = _quantifier(pattern, index)
        if width and pattern[index - 1 : index + 1] != "(?":
            if closed_risky and most != 1:
                raise ValueError("a repeated group may not repeat or choose inside; it could run for ever")
            repeats += most is None or most > _OPEN_ENDED
            risky[-1] = True
        elif char == "(":
            risky.append(False)
        elif char == "|":
            risky[-1] = True
        # what follows a group decides whether its inside may repeat
        closed_risky = char == ")" and len(risky) > 1 and risky[-1]
        if char == ")" and len(risky) > 1:
            inner = risky.pop()
            risky[-1] = risky[-1] or inner
        index += width or _width(pattern, index)
    if repeats > MOST_REPEATS:
        raise ValueError(f"more than {MOST_REPEATS} open-ended repeats (*, +); it could take too long")


def _quantifier(pattern: str, index: int) -> tuple[int, int | None]:
    """The width of a quantifier at ``index`` (0 for none) and how often it repeats at most (None: no bound)."""
    char = pattern[index]
    if char in "*+":
        return 1, None
    if char == "?":
        return 1, 1
    match = _BOUNDED.match(pattern, index)
    if not match or match[0] in ("{}", "{,}"):
        return 0, 0
    low, comma, high = match.groups()
    if comma and not high:
        return len(match[0]), None
    return len(match[0]), int(high or low)


def _width(pattern: str, index: int) -> int:
    """How many characters stand for one item: an escape, a character class, or a single character."""
    if pattern[index] == "\\":
        if pattern[index + 1 : index + 2].isdigit() and pattern[index + 1] != "0":
            raise ValueError("references back (\\1) are not allowed; they could run for ever")
        return 2
    if pattern[index] != "[":
        if pattern.startswith(("(?P=", "(?("), index):
            raise ValueError("references back are not allowed; they could run for ever")
        return 3 if pattern.startswith(("(?:", "(?=", "(?!"), index) else 1
    end = index + 1 + pattern.startswith("^", index + 1)
    end += pattern.startswith("]", end)
    while end < len(pattern) and pattern[end] != "]":
        end += 2 if pattern[end] == "\\" else 1
    return end - index + 1
