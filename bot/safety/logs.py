"""Keeps secrets out of the bot's own log lines."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterable
from urllib.parse import quote

_FORMATTER = logging.Formatter()
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class RedactingFilter(logging.Filter):
    """Rewrites each record so that no formatter can print a secret: message, arguments, exception, stack, extras.

    ``tokens`` are the configured secrets; they are masked literally, percent-encoded and in base64 at any alignment,
    whether or not they look like secrets. To be put on every handler: a logger's filter misses its children's records.
    """

    def __init__(self, tokens: Iterable[str] = ()) -> None:
        super().__init__()
        self._masked: list[str] = []
        self.mask(tokens)

    def mask(self, tokens: Iterable[str]) -> None:
        """Adds secrets that came to be known later."""
        forms = {form for token in tokens if token for form in _forms(token)} | set(self._masked)
        self._masked = sorted(forms, key=lambda form: (-len(form), form))

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; the record is changed in place."""
        record.msg = self._clean(_message(record))
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = _FORMATTER.formatException(record.exc_info)
        record.exc_info = None
        record.exc_text = self._clean(record.exc_text) if record.exc_text else None
        record.stack_info = self._clean(record.stack_info) if record.stack_info else None
        for name, value in vars(record).items():
            if name not in _STANDARD and not isinstance(value, (bool, int, float, type(None))):
                setattr(record, name, self._clean(str(value)))
        return True

    def _clean(self, text: str) -> str:
        for form in self._masked:
            text = text.replace(form, "[redacted: token]")
        # The rules take a tenth of a second to compile, and most runs log nothing.
        from bot.safety.redaction import redact

        return redact(text)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        # A wrong format string: logging would print the raw arguments to stderr.
        return f"{record.msg} {record.args!r}"


def _forms(token: str) -> Iterable[str]:
    yield token
    yield quote(token, safe="")
    raw = token.encode()
    if len(raw) < 6:
        return
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw)
        # The characters that do not depend on what stands before and after the token.
        first = (shift * 8 + 5) // 6
        last = (shift + len(raw)) * 8 // 6
        yield encoded.decode()[first:last]
        yield base64.urlsafe_b64encode(b"\0" * shift + raw).decode()[first:last]
