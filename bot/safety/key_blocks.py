"""Finds private keys that are written as blocks: PEM, OpenSSH, PGP, PuTTY, OpenVPN.

A block may have lost its end, stand in one line with escaped breaks, or be quoted, indented, numbered or part of
a diff. So its body is walked chunk by chunk for as long as it looks like a body, with or without an END line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.safety.spans import Span

_KIND = "private key"
_BEGIN = re.compile(
    r"-{4,5} ?BEGIN (?:[A-Z0-9]{1,12} ){0,4}(?:PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V1) ?-{4,5}"
    r"|Private-Lines: {0,4}[0-9]{1,4}"
)
_END = re.compile(r"-{4,5} ?END (?:[A-Z0-9]{1,12} ){0,4}(?:PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V1) ?-{4,5}")
# What may stand between two chunks: breaks (also escaped), quote and diff marks, line numbers, string glue.
_GAP = re.compile(r"(?:\\{1,4}[nrt]|[\s>|+\-\"'`,;#*\\│→]|[0-9]{1,6}(?=[ \t]{0,4}[:|│→\t])[ \t]{0,4}[:|│→\t]){0,200}")
_CHUNK = re.compile(r"[A-Za-z0-9+/=_]{1,20000}")
_HEADER = re.compile(r"(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID): ?[^\n\\]{0,200}")
_MAC = re.compile(r"(?:\\{1,4}[nr]|\s){0,8}Private-MAC: ?([0-9a-fA-F]{8,128})")
_ELISION = re.compile(r"(?:\.{3}|…|\[?\.{0,3}(?:truncated|snip|cut)\.{0,3}\]?)")


def find_key_blocks(text: str) -> Iterator[Span]:
    """Every private key block with something of its body; a header that is only mentioned is left."""
    if "PRIVATE KEY" not in text and "Private-Lines" not in text and "OpenVPN Static" not in text:
        return
    done = 0
    for begin in _BEGIN.finditer(text):
        if begin.start() < done:
            continue
        body_end, chunks = _walk(text, begin.end())
        if chunks:
            is_putty = begin[0].startswith("Private")
            yield Span(start=begin.end() if is_putty else begin.start(), end=body_end, kind=_KIND)
            mac = _MAC.match(text, body_end) if is_putty else None
            if mac:
                yield Span(start=mac.start(1), end=mac.end(1), kind=_KIND)
            done = body_end
    yield from _headless(text)


def _walk(text: str, at: int) -> tuple[int, int]:
    """Where the body that starts at ``at`` ends, and how many chunks of key it has."""
    end, chunks = at, 0
    while True:
        gap = _GAP.match(text, at)
        at = gap.end() if gap else at
        closing = _END.match(text, at) or _END.match(text, _back_over_dashes(text, at))
        if closing:
            return closing.end(), chunks
        skipped = _HEADER.match(text, at) or (_ELISION.match(text, at) if chunks else None)
        if skipped:
            at = skipped.end()
            continue
        chunk = _CHUNK.match(text, at)
        if not chunk or not _is_body(text, chunk, chunks):
            return end, chunks
        chunks += 1
        at = end = chunk.end()


def _back_over_dashes(text: str, at: int) -> int:
    """A gap may eat the dashes of the END line, which also serve as diff marks."""
    start = at
    while start > 0 and at - start < 6 and text[start - 1] in "- ":
        start -= 1
    return max(start, at - 5) if text.startswith("END ", at) else at


def _is_body(text: str, chunk: re.Match[str], chunks: int) -> bool:
    run = chunk[0]
    has_noise = bool(re.search("[0-9+/=]", run)) or bool(re.search("[a-z][A-Z]", run))
    if len(run) >= 40 or (len(run) >= 12 and has_noise):
        return True
    if not chunks:
        return len(run) >= 8 and has_noise
    # The last line of a body is short: it counts when padded, or when the block ends after it.
    gap = _GAP.match(text, chunk.end())
    after = gap.end() if gap else chunk.end()
    return run.endswith("=") or run.startswith("=") or text.startswith("END ", after) or text[after : after + 1] == "="


def _headless(text: str) -> Iterator[Span]:
    """The lines of key right above an END whose BEGIN was cut off."""
    for end in _END.finditer(text):
        start = end.start()
        for _ in range(400):
            line_start = text.rfind("\n", 0, max(start - 1, 0)) + 1
            line = text[line_start : max(start - 1, 0)]
            if len(line) > 200 or not re.fullmatch(r"[\s>|+\-]{0,20}[A-Za-z0-9+/=]{16,}\s*", line):
                break
            start = line_start
            if not line_start:
                break
        if start < end.start():
            yield Span(start=start, end=end.start(), kind=_KIND)
