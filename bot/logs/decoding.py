"""From bytes to text without moving a line: encodings, broken bytes, mojibake, stray surrogates."""

from __future__ import annotations

import re
from collections.abc import Iterable

UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_SAMPLE = 16_384  # bytes of lines by which an old encoding is told
# Old encodings that keep the bytes of ASCII, so that lines end where they end in UTF-8. Of those for Latin letters
# cp1252 is by far the commonest.
_OLD = ("cp1252", "cp1251", "koi8_r", "cp1253", "cp437", "mac_roman", "cp932", "gb18030", "euc_kr", "big5")
_COMMONEST = "cp1252"

# Further bytes of UTF-8 sequences as cp1252 and Latin-1 show them.
_CONTINUATION = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
# A lead byte shown as a letter and as many further ones as it announces, so that "café’s" is none;
# then the first two bytes of quotes and dashes as Mac Roman, CP437 and CP1251 show them.
_TELLTALE = re.compile(f"[\xc2-\xdf][{_CONTINUATION}]|[\xe0-\xf4][{_CONTINUATION}]{{2}}|‚Ä|ΓÇ|вЂ")
# The same in the bytes of UTF-8, where a search is many times faster; it may take more, never less.
_CONTINUED = rb"(?:\xc2[\x80-\xbf]|[\xc5\xc6\xcb][\x80-\xbf]|\xe2[\x80-\x84][\x80-\xbf])"
_TELLTALE_BYTES = re.compile(rb"\xc3(?:[\x82-\x9f]%b|[\xa0-\xb4]%b{2})" % (_CONTINUED, _CONTINUED))
_TELLTALE_PAIRS = tuple(pair.encode() for pair in ("‚Ä", "ΓÇ", "вЂ"))
_HIGH = bytes(range(128, 256))
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\v\b\x1b"))


def encoding_of(head: bytes) -> str | None:
    """How a file that begins with ``head`` is encoded, None when it is not text.

    ``utf-8``, ``utf-16-le``, ``utf-16-be``, or an old encoding such as ``cp1252``, which then is that of the lines
    that are not UTF-8.
    """
    if head[:2] in _UTF16_BOMS:
        return _UTF16_BOMS[head[:2]]
    start = head[:4096]
    if wide := _wide(start):
        return wide
    controls = len(start) - len(start.translate(None, _CONTROL))
    if controls > len(start) * 0.1:
        return None
    if head.isascii() or _decodes(head, "utf-8"):
        return "utf-8"
    old = [line for line in head.split(b"\n")[:-1] or [head] if not line.isascii() and _is_old(line)]
    return _old_encoding(old) if old else "utf-8"


def _wide(start: bytes) -> str | None:
    """UTF-16 without its mark, told by the zeros beside ASCII, or by line ends where letters are of another script."""
    half = len(start) // 2
    if half < 2:
        return None
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.05:
        return "utf-16-be"
    if even + odd <= half * 0.05:
        return None
    for encoding, newline, space in (("utf-16-le", b"\n\0", b" \0"), ("utf-16-be", b"\0\n", b"\0 ")):
        pairs = [start[at : at + 2] for at in range(0, half * 2, 2)]
        if (
            pairs.count(newline)
            and pairs.count(newline) + pairs.count(space) > half * 0.05
            and even + odd > half * 0.05
        ):
            return encoding if not _decodes(start, "utf-8") or b"\0" in start else None
    return None


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_old(line: bytes) -> bool:
    """Whether the bytes of a line are of an encoding older than UTF-8, and not UTF-8 that was broken."""
    try:
        line.decode()
    except UnicodeDecodeError as error:
        # A sequence that a program cut speaks for UTF-8, and so does it when most of the letters are whole ones.
        if "end of data" in error.reason or line[error.start] >= 0xFE:
            return False
        ascii_count = len(line.translate(None, _HIGH))
        whole = len(line.decode("utf-8", "ignore").encode()) - ascii_count
        return 2 * whole < len(line) - ascii_count
    return False


def _old_encoding(lines: Iterable[bytes]) -> str:
    from charset_normalizer import from_bytes

    sample = b"\n".join(lines)[:_SAMPLE]
    found = list(from_bytes(sample, cp_isolation=list(_OLD)))
    if not found or found[0].chaos > 0.2:
        return _COMMONEST
    best = found[0]
    common = next((match for match in found if _COMMONEST in match.could_be_from_charset), None)
    return _COMMONEST if common and common.chaos <= best.chaos + 0.02 else best.encoding


def utf8_of(raw: bytes, encoding: str) -> bytes:
    """A line as UTF-8: what is UTF-8 already stays, what is of an old encoding is turned, the rest has U+FFFD."""
    if raw.isascii() or _decodes(raw, "utf-8"):
        return raw
    if _is_old(raw):
        return raw.decode(_COMMONEST if encoding == "utf-8" else encoding, "replace").encode()
    return raw.decode("utf-8", "replace").encode()


def text_of(raw: bytes) -> str:
    """The text of UTF-8 bytes: broken bytes and NULs become U+FFFD, mojibake is repaired."""
    text = raw.decode("utf-8", "replace")
    return text if text.isascii() and "\x00" not in text else repaired(text)


def repaired(text: str, raw: bytes | None = None) -> str:
    """The same text with mojibake undone line by line, NULs and lone surrogates replaced; as many lines as before.

    ``raw`` is the text in UTF-8 where that is at hand.
    """
    if "\x00" in text:
        text, raw = text.replace("\x00", "\ufffd"), None
    if text.isascii():
        return text
    try:
        raw = text.encode() if raw is None else raw
    except UnicodeEncodeError:  # lone surrogates
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        raw = text.encode()
    if not _TELLTALE_BYTES.search(raw) and not any(pair in raw for pair in _TELLTALE_PAIRS):
        return text
    return "\n".join(map(_repaired_line, text.split("\n")))


def _repaired_line(line: str) -> str:
    if line.isascii() or not _TELLTALE.search(line):
        return line
    from ftfy import fix_encoding

    fixed = fix_encoding(line)
    return line if "\n" in fixed or "\r" in fixed else fixed
