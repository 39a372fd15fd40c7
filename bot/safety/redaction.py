"""Takes secrets out of text and of conversations, and says of which kind they were.

What is found once is removed wherever it recurs. A text keeps its number of lines, so line numbers stay true, and
redacting twice is the same as once. Best effort, as any redaction: a safety net, not a guarantee.
"""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote

from bot.model import Conversation, Turn
from bot.safety import anchors, commands, headers, shapes
from bot.safety.clues import Clues, Vocabulary
from bot.safety.commands import find_command_passwords
from bot.safety.encoded import find_encoded
from bot.safety.headers import find_header_credentials
from bot.safety.key_blocks import find_key_blocks
from bot.safety.labelled import find_labelled
from bot.safety.shapes import find_shapes
from bot.safety.spans import Span, merge
from bot.safety.tables import find_table_secrets
from bot.safety.urls import find_url_credentials

_PLACEHOLDER = re.compile(r"\[redacted: [a-z0-9.][a-z0-9. -]{1,38}\]")
_MAX_PASSES = 6  # one pass finds nearly all; a further one sees what the first one's marks have laid open
# Passwords everyone has: hidden where they stand, but not hunted through the whole conversation.
_COMMON = frozenset(
    "admin root postgres mysql redis guest user test password secret token default localhost administrator public"
    " minioadmin rabbitmq elastic mongo sa oracle system main master production staging development local demo"
    " welcome 1234 12345 123456 12345678 123456789 qwerty letmein hello world true false none null".split()
)


def redact(text: str) -> str:
    """``text`` with every secret as ``[redacted: kind]``; as many lines as before."""
    return _redact_all([text])[0][0]


def redact_conversation(conversation: Conversation) -> tuple[Conversation, int]:
    """The conversation without the secrets of its turns and title, and how many were removed.

    A secret found in one turn is removed from all. Turns without any are the same objects as before.
    """
    texts = [conversation.title, *(turn.text for turn in conversation.turns)]
    redacted, count = _redact_all(texts)
    if not count:
        return conversation, 0
    turns = tuple(_with_text(turn, text) for turn, text in zip(conversation.turns, redacted[1:], strict=True))
    return replace(conversation, title=redacted[0], turns=turns), count


def _with_text(turn: Turn, text: str) -> Turn:
    return turn if turn.text == text else replace(turn, text=text)


def _redact_all(texts: Sequence[str]) -> tuple[list[str], int]:
    done, total = list(texts), 0
    values: dict[str, str] = {}
    known: dict[str, list[Span]] = {}
    for _ in range(_MAX_PASSES):
        found = [_found(text, known) for text in done]
        if not any(found):
            break
        for text, spans in zip(done, found, strict=True):
            for span in spans:
                values.update((value, span.kind) for value in recurring(text[span.start : span.end]))
        wanted = _by_length(values)
        rounds = [_replace(text, spans, wanted) for text, spans in zip(done, found, strict=True)]
        done = [text for text, _ in rounds]
        total += sum(count for _, count in rounds)
    return done, total


def _found(text: str, known: dict[str, list[Span]]) -> list[Span]:
    """The secrets of a text; ``known`` holds those of earlier passes and turns, for talk repeats itself."""
    if text not in known:
        known[text] = merge(find_secrets(text))
    return known[text]


def find_secrets(text: str, clues: Clues | None = None) -> Iterator[Span]:
    """The secrets of one text as the rules find them, in no order; they may overlap.

    ``clues`` tell which rules need not look; without them they are taken from the text.
    """
    # A placeholder of ours is a wall: no value reaches into it.
    masked = _PLACEHOLDER.sub(lambda match: "\x00" * len(match[0]), text) if "[redacted: " in text else text
    lowered = masked.replace("İ", "I").lower()  # the one letter whose lower case is longer
    for span in _detect(masked, lowered, clues or vocabulary().clues(lowered)):
        if span.end > span.start and "\x00" not in masked[span.start : span.end]:
            yield span


@functools.cache
def vocabulary() -> Vocabulary:
    """The literals of all rules. One for the process, for it gets faster with every text."""
    return Vocabulary([*shapes.WORDS, *headers.WORDS, *commands.WORDS, *anchors.WORDS])


def _detect(text: str, lowered: str, clues: Clues) -> Iterator[Span]:
    yield from find_shapes(text, clues)
    yield from find_key_blocks(text)
    yield from find_url_credentials(text)
    yield from find_header_credentials(text, lowered, clues)
    yield from find_command_passwords(text, clues)
    yield from find_labelled(text, lowered, clues)
    yield from find_table_secrets(text)
    yield from find_encoded(text, _has_secret)


def _has_secret(plain: str) -> bool:
    lowered = plain.lower()
    return any(True for _ in _detect(plain, lowered, vocabulary().clues(lowered)))


def recurring(value: str) -> Iterator[str]:
    """The forms in which a found value may recur: its lines, percent-encoded, in base64."""
    for line in value.split("\n"):
        plain = line.strip(" \t\r\"'`,;>+|")
        # A plain word as a password would take its every use out of the talk, so it must be a long one.
        is_plain = (plain.isdigit() and len(plain) < 6) or (plain.isalpha() and plain[1:].islower() and len(plain) < 8)
        if len(plain) < 5 or is_plain or plain.lower() in _COMMON or "-----" in plain:
            continue
        yield plain
        if (escaped := quote(plain, safe="")) != plain:
            yield escaped
        if len(plain) >= 8:
            yield base64.b64encode(plain.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def _by_length(values: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(values.items(), key=lambda item: (-len(item[0]), item[0]))


def _replace(text: str, spans: list[Span], wanted: Iterable[tuple[str, str]]) -> tuple[str, int]:
    again = (span for value, kind in wanted if value in text for span in _occurrences(text, value, kind))
    marks = [Span(start=m.start(), end=m.end(), kind="") for m in _PLACEHOLDER.finditer(text)]
    spans = (
        [span for span in merge([*spans, *again]) if not _touches(span, marks)] if marks else merge([*spans, *again])
    )
    if not spans:
        return text, 0
    pieces, at = [], 0
    for span in spans:
        breaks = text.count("\n", span.start, span.end)
        pieces += [text[at : span.start], f"[redacted: {span.kind}]", "\n" * breaks]
        at = span.end
    return "".join([*pieces, text[at:]]), len(spans)


def _touches(span: Span, marks: list[Span]) -> bool:
    return any(span.start < mark.end and mark.start < span.end for mark in marks)


def _occurrences(text: str, value: str, kind: str) -> Iterator[Span]:
    """Where a value recurs; a short one only as a whole word."""
    is_short = len(value) < 12
    at = text.find(value)
    while at >= 0:
        end = at + len(value)
        is_inside = is_short and (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum())
        if not is_inside:
            yield Span(start=at, end=end, kind=kind)
        at = text.find(value, end)
