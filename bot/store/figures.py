"""Counts of what was not filed, by the reason."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from bot.store.tables import findings

_NAMES = {
    ("held", "threshold"): "held, not sure enough",
    ("held", "cap"): "held, over a cap on new tickets",
    ("held", "route"): "held, no route fits",
    ("held", "match"): "held, possibly a ticket already",
    ("held", "tracker"): "held, refused by the tracker",
    ("held", "undone"): "held, taken back by undo",
    ("dropped", "threshold"): "dropped, too unsure",
    ("dropped", "route"): "dropped, a route says so",
    ("dropped", ""): "dropped, settled in its conversation",
    ("refused", ""): "never to be filed, as people said",
}


def kept_back(db: Connection) -> dict[str, int]:
    """How many findings are held, dropped or refused, by a reason in words; in a fixed order, none that is 0."""
    both = (findings.c.disposition, findings.c.cause)
    where = findings.c.disposition.in_(("held", "dropped", "refused"))
    rows = db.execute(select(*both, func.count()).where(where).group_by(*both))
    found = {(row[0], row[1]): int(row[2]) for row in rows}
    named = {name: found.pop(key) for key, name in _NAMES.items() if key in found}
    for (disposition, cause), count in sorted(found.items()):
        name = f"{disposition}, {cause}" if cause else disposition
        named[name] = named.get(name, 0) + count
    return named
