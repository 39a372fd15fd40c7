"""English forms without a tagger: verbs and their forms, clauses, what belongs to a phrase, stems of content words."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.extraction.cues import load, pattern
from bot.extraction.inflection import forms


@lru_cache(maxsize=1)
def verbs() -> dict[str, tuple[str, str]]:
    """Every known form to (base, class); the class is create, maintain or talk, the first one listed wins."""
    table: dict[str, tuple[str, str]] = {}
    words = load().words
    for kind in ("create", "maintain", "talk"):
        for base in words[kind]:
            for form in forms(base):
                table.setdefault(form, (base, kind))
    return table


_WORD = re.compile(r"[A-Za-z][A-Za-z'/-]{0,30}")
_NO_VERB = frozenset(
    (
        "later the a an this that these those it them my our your his her their i we you he she they not no "
        "some any and or but of in on at to for with as also just really very too still more less all both "
        "there here what how why when where which who is are was were "
    ).split()
)


def leading_verb(text: str, *, listed: bool = False) -> tuple[str, str, str] | None:
    """The verb at the start of ``text``: (base form, class, rest). The class is "" for a verb that no list has.

    With ``listed`` only verbs of the lists count.
    """
    words = text.split(" ", 3)
    table = verbs()
    for size in (3, 2, 1):
        head = " ".join(words[:size]).lower().rstrip(",.:;!?")
        if size <= len(words) and head in table:
            base, kind = table[head]
            return base, kind, " ".join(text.split(" ")[size:])
    match = None if listed else _WORD.match(text)
    if match is None or match.group().lower() in _NO_VERB or match.group().lower().endswith("ly"):
        return None
    return match.group().lower(), "", text[match.end() :].strip()


def base_form(gerund: str) -> str:
    """The base of an -ing form: from the lists where known, else by spelling."""
    known = verbs().get(gerund.lower())
    if known:
        return known[0].split(" ")[0]
    stem = gerund[:-3]
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
        return stem[:-1]
    return (
        stem + "e" if re.search(r"(?:[^aeiou][aiou][cgsvz]|at|iz|is|ur|ut|id|od|ak|ik|ok|bl|pl|dl|tl)$", stem) else stem
    )


_SPAN = re.compile(r"`[^`]{1,200}`|\"[^\"]{1,120}\"")


def phrase(text: str) -> str:
    """``text`` up to where the clause ends: a stop, a dash, or a word that starts another thought."""
    text = pattern("clause_aside").sub("", text.strip())
    kept = [(m.start(), m.end()) for m in _SPAN.finditer(text)]
    for end in pattern("clause_end").finditer(text):
        if end.start() > 0 and not any(a <= end.start() < b for a, b in kept):
            text = text[: end.start()]
            break
    return text.strip(" ,:;-.!")


def is_quoted(text: str, at: int) -> bool:
    """Whether the position lies inside double quotes or a code span: words that are mentioned, not said."""
    return any(m.start() <= at < m.end() for m in _SPAN.finditer(text))


_STOP = frozenset(
    (
        "a an the this that these those it its i we you they he she my our your their his her me us them is are "
        "was were be been being am do does did done have has had having will would should could can may might must "
        "shall not no nor never to of in on at for from with by as into onto over under about after before when "
        "while where which who what why how if then than so and or but also just really very too still more most "
        "some any all each every both there here now only own same such up out off down again get gets got getting "
        "make makes made need needs needed want wants todo fixme bug hack xxx keep keeps keeping let use add added "
        "adding implement implementing implemented proper properly actually probably maybe thing things stuff way "
        "finish ok issue issues problem problems fix fixed fixing set can't don't doesn't isn't won't etc via per like "
        "one new please support nothing happens user users people customer customers page pages app whenever"
    ).split()
)
_TOKEN = re.compile(r"[A-Za-z][a-z]+|[A-Z]{2,}(?![a-z])|[A-Za-z]+|\d{2,}")


@lru_cache(maxsize=1)
def _stemmer() -> object:
    import Stemmer

    return Stemmer.Stemmer("english")


def stems(text: str) -> frozenset[str]:
    """Stems of the content words, identifiers taken apart (delete_account, deleteAccount: delet, account)."""
    words = [w.lower() for w in _TOKEN.findall(text.replace("'", ""))]
    content = [w for w in words if len(w) > 1 and w not in _STOP]
    return frozenset(_stemmer().stemWords(content))  # type: ignore[attr-defined]


_IDENTIFIER = re.compile(
    r"`([^`\n]{2,80})`|(?<![\w/])(/[a-z0-9_{}:-]{2,40}(?:/[\w{}:-]{1,40}){0,6})|\b([A-Za-z]\w{0,40}(?:_[A-Za-z0-9]{1,40}){1,6}(?:\(\))?)|\b([a-z]{2,20}(?:[A-Z][a-z0-9]{1,20}){1,5}(?:\(\))?)"
    r"|\b([\w-]{1,40}\.(?:py|js|jsx|ts|tsx|go|rs|java|rb|cpp|c|h|cs|kt|swift|php|vue|css|scss|html|json|ya?ml|toml|sql|sh|md|tf))\b|(#\d{1,6})\b"
)


def identifiers(text: str) -> tuple[str, ...]:
    """Code spans, paths, snake_case and camelCase names, file names and issue numbers, in order."""
    found = (next(g for g in m.groups() if g) for m in _IDENTIFIER.finditer(text))
    return tuple(dict.fromkeys(name.rstrip("()").strip("'\"") for name in found))
