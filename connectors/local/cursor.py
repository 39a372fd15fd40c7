"""The cursor of the local tracker: what each file was when it was last read, in one opaque string.

It grows with the number of tickets (about 50 bytes each), because the folder itself keeps no history: without it
neither a deletion nor an edit with an old time stamp could be told.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

_VERSION = "1:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A file as last read: the id it gave itself, its stamp ('' to read it again) and its version."""

    id: str
    stamp: str
    version: str


def write_cursor(seen: Mapping[str, Seen]) -> str:
    """The cursor of these files, by name."""
    rows = {name: [file.id, file.stamp, file.version] for name, file in sorted(seen.items())}
    packed = zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 6)
    return _VERSION + base64.b64encode(packed).decode()


def read_cursor(cursor: str) -> dict[str, Seen]:
    """The files of a cursor; none for "" and for one that another version of the bot wrote: all is read anew."""
    if not cursor.startswith(_VERSION):
        return {}
    try:
        rows = json.loads(zlib.decompress(base64.b64decode(cursor.removeprefix(_VERSION), validate=True)))
        return {name: Seen(id=given, stamp=stamp, version=version) for name, (given, stamp, version) in rows.items()}
    except (binascii.Error, zlib.error, ValueError, TypeError, AttributeError):
        return {}
