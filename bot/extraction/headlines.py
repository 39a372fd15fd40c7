"""Wording of titles, by text alone: filler and asides off, orders for work, cut where a clause ends."""

from __future__ import annotations

import re

from bot.extraction.cues import load, pattern
from bot.extraction.grammar import leading_verb, stems, verbs

LIMIT = 80  # titles are shorter than this many characters
_LEAST = 45  # characters that a title keeps when it is cut at a clause
_LOUD = re.compile("!{2,}|[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200d]")
_INNER = re.compile(r"^(\w+(?: up| out| off)?) ([A-Z][a-z-]+)\b")  # it began the sentence, now it follows a verb
_LINK = re.compile(r"\\?\[(?!redacted:)(?P<text>[^\[\]]{1,200})\](?:\([^()\s]{0,300}\)|\[[^\[\]]{0,40}\])?(?!\w)")
_SPACES = re.compile(r"\s+")
_ARTICLE = re.compile(r"(?:an?|the|some|more|another) ", re.IGNORECASE)
_NOUN = re.compile(r"[a-z]{3}(?:[ts]ion|ment|ness|ity|ance|ence|ship)s?$|[a-z]{3}(?:[^siu]s|ed)$")
_OF = re.compile(r"\S+ of ")  # "map of the lobby" orders nothing
_OBJECT = re.compile(r"\S+ (?:an?|the|all|every|my|our|their|its|this|that) ", re.IGNORECASE)  # "undo a delete"
_PAIRS = (("(", ")"), ("[", "]"))


def stripped(text: str, *, trail: str = "title_trail") -> str:
    """Without what leads in and what trails off: "so, X at some point" is X."""
    text = pattern("title_filler").sub("", text.strip())
    previous = ""
    while previous != text:
        previous = text
        text = pattern(trail).sub("", text).rstrip(" .,;:-!")
    return text


def order(text: str, *, names_work: bool) -> str:
    """The work as an order; with ``names_work`` a bare noun is a thing to add ("offline mode")."""
    owed = pattern("title_owed").match(text)
    text = text[owed.end() :] if owed and _is_verb(text[owed.end() :]) else text
    if (mended := pattern("title_mended").match(text)) and _is_verb(mended.group("verb")):
        text = f"{mended.group('verb')} {mended.group('thing')} {mended.group('rest')}"
    reason = pattern("title_reason").search(text)
    if reason and len(stems(text[: reason.start()])) >= 2:
        text = stripped(text[: reason.start()])
    text = pattern("title_aside_word").sub("", pattern("title_hedged_thing").sub("add ", text))
    if able := pattern("title_able").match(text):
        return f"let {able.group('who') or 'users'} {able.group('what')}"
    text = pattern("title_seen").sub("show ", pattern("title_thing").sub(r"\g<name>", text))
    text = pattern("title_let").sub("let users ", text)
    if names_work and is_nominal(text):
        return f"add {_lowered(text)}"
    return _INNER.sub(lambda m: f"{m.group(1)} {_lowered(m.group(2))}", text)


def _is_verb(text: str) -> bool:
    found = leading_verb(text, listed=True)
    is_base = found is not None and f"{text.lower()} ".startswith(
        f"{found[0]} "
    )  # "scheduled publishing" orders nothing
    return found is not None and is_base and found[1] != "talk" and not _OF.match(text)


def is_nominal(text: str) -> bool:
    """Whether the words only name a thing: no order, no statement, no fault, and a first word that is no verb."""
    first = text.split(" ", 1)[0]
    if _OBJECT.match(text) or not (_is_common(first) or _ARTICLE.match(text) or _is_noun(first)):
        return False
    head = pattern("title_subordinate").split(text, maxsplit=1)[0]
    is_statement = bool(pattern("title_statement").search(head))
    return bool(stems(text)) and not is_statement and not _is_verb(text) and len(head.split()) <= 9


def _lowered(text: str) -> str:
    """A sentence's first word as it stands inside a sentence, where it is surely no name."""
    first = text.split(" ", 1)[0]
    known = _is_common(first) or bool(_ARTICLE.match(text)) or _is_noun(first)
    return text[0].lower() + text[1:] if known and first[1:].islower() else text


def _is_common(word: str) -> bool:
    return word.lower() in load().words["common"] or "-" in word


def _is_noun(word: str) -> bool:
    """By its ending; a plural that is no form of a verb."""
    known = verbs().get(word.lower())
    return bool(_NOUN.search(word)) and (known is None or (word.lower().endswith("ed") and known[0] != word.lower()))


def owner_dropped(text: str) -> str:
    """An action item without the person who has it: "Ann adds a test" and "Ann to add a test" are adding a test."""
    found = re.match(r"@?[A-Z][a-z]{1,15}(?: will| to| should|:)? (?P<verb>[a-z]{2,15})\b(?P<rest>.+)", text)
    known = verbs().get(found.group("verb")) if found else None
    if known is None and (labelled := re.match(r"@?(?P<name>[A-Z][a-z]{1,15}): (?=\w)", text)):
        return text if pattern("software_word").search(labelled["name"]) else text[labelled.end() :]
    return f"{known[0]}{found.group('rest')}" if found and known and known[1] != "talk" else text


def short(text: str) -> str:
    """Capitalised, without code ticks and links, cut at a clause or else at a word below the limit."""
    text = _LINK.sub(r"\g<text>", text)
    text = _unwrapped(_SPACES.sub(" ", _LOUD.sub("", text.replace("`", ""))).strip(" .,;:-!"))
    if len(text) >= LIMIT:
        text = _cut(text)
    text = pattern("title_open_end").sub("", text)
    head = text.split(" ", 1)[0].rstrip(":,")
    plain = head.islower() and head.replace("-", "").replace("'", "").isalpha()
    return text[:1].upper() + text[1:] if plain else text


def _unwrapped(text: str) -> str:
    """Without quotes around the whole, without marks that lost their partner."""
    if len(text) > 2 and text[0] == text[-1] and text[0] in "\"'" and text.count(text[0]) == 2:
        text = text[1:-1]
    if text.count('"') == 1:
        text = text.strip('"') if text[:1] == '"' or text[-1:] == '"' else text + '"'
    for opening, closing in _PAIRS:
        if text.count(opening) < text.count(closing):
            text = text.rstrip(closing)
    return text.strip(" .,;:-!")


def _cut(text: str) -> str:
    ends = [m.start() for m in pattern("title_cut").finditer(text) if _LEAST <= m.start() < LIMIT]
    if ends:
        text = pattern("title_stub").sub("", text[: ends[-1]])
    else:
        cut = text[: LIMIT - 1]
        text = cut.rsplit(" ", 1)[0] if " " in cut[20:] else cut
        joints = [m.start() for m in pattern("title_joint").finditer(text) if m.start() >= _LEAST]
        text = text[: joints[-1]] if joints else text
    text = pattern("title_dangling").sub("", text.rstrip(" ,;:-("))
    text = text if "(" not in text or text.count("(") == text.count(")") else text[: text.rindex("(")].rstrip()
    return text if text.count('"') % 2 == 0 else text.replace('"', "")
