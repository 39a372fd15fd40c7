"""The one ticket in each target that the bot keeps up to date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import Connection, delete, insert, select

from bot.store.tables import dashboards

Standing = Literal["open", "closed", "deleted", "hands_off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDashboard:
    """A dashboard as last seen or written; ``written`` is the digest of its section, "" where nobody knows."""

    target: str
    ticket: str
    key: str
    state: Standing
    version: str
    written: str
    ticked: tuple[str, ...] = ()  # markers of the latest boxes that were seen to, oldest first


def find(db: Connection, target: str) -> KnownDashboard | None:
    row = db.execute(select(dashboards).where(dashboards.c.target == target)).first()
    if row is None:
        return None
    return KnownDashboard(
        target=row.target,
        ticket=row.ticket,
        key=row.key,
        state=cast(Standing, row.state),
        version=row.version,
        written=row.written,
        ticked=tuple(row.ticked),
    )


def save(db: Connection, known: KnownDashboard) -> None:
    """Stores it, in the place of what was known before."""
    forget(db, known.target)
    values: dict[str, object] = {name: getattr(known, name) for name in KnownDashboard.__slots__}
    db.execute(insert(dashboards).values({**values, "ticked": list(known.ticked)}))


def forget(db: Connection, target: str) -> None:
    """As if there had been none: the next one is looked for, or made anew."""
    db.execute(delete(dashboards).where(dashboards.c.target == target))
