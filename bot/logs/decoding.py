"""From bytes to text without moving a line: encodings, broken bytes, mojibake, stray surrogates."""

from __future__ import annotations

import re

UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}

# Further bytes of UTF-8 sequences as cp1252 and Latin-1 show them.
_CONTINUATION = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
# A lead byte shown as a letter and as many further ones as it announces, so that "café’s" is none;
# then the first two bytes of quotes and dashes as Mac Roman, CP437 and CP1251 show them.
_TELLTALE = re.compile(f"[\xc2-\xdf][{_CONTINUATION}]|[\xe0-\xf4][{_CONTINUATION}]{{2}}|‚Ä|ΓÇ|вЂ")
# What the first character of a telltale is in UTF-8: a search for bytes is many times faster than the pattern.
_LEADS = (b"\xc3", "‚".encode(), "Γ".encode(), "в".encode())
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\v\b\x1b"))


def encoding_of(head: bytes) -> str | None:
    """``utf-8``, ``utf-16-le`` or ``utf-16-be`` for a file that begins with ``head``, None when it is not text."""
    if head[:2] in _UTF16_BOMS:
        return _UTF16_BOMS[head[:2]]
    if len(head) >= 4:
        half = len(head) // 2
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if odd > half * 0.4 and even < half * 0.05:
            return "utf-16-le"
        if even > half * 0.4 and odd < half * 0.05:
            return "utf-16-be"
    controls = len(head) - len(head.translate(None, _CONTROL))
    return None if controls > len(head) * 0.1 else "utf-8"


def text_of(raw: bytes) -> str:
    """The text of UTF-8 bytes: broken bytes and NULs become U+FFFD, mojibake is repaired."""
    text = raw.decode("utf-8", "replace")
    return text if text.isascii() and "\x00" not in text else repaired(text)


def repaired(text: str) -> str:
    """The same text with mojibake undone line by line, NULs and lone surrogates replaced; as many lines as before."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    if text.isascii():
        return text
    try:
        raw = text.encode()
    except UnicodeEncodeError:  # lone surrogates
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        raw = text.encode()
    if not any(lead in raw for lead in _LEADS):
        return text
    return "\n".join(map(_repaired_line, text.split("\n")))


def _repaired_line(line: str) -> str:
    if line.isascii() or not _TELLTALE.search(line):
        return line
    from ftfy import fix_encoding

    fixed = fix_encoding(line)
    return line if "\n" in fixed or "\r" in fixed else fixed
