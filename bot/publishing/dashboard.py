"""The ticket that the bot keeps up to date in a target: read back for ticks, written when something changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from bot.publishing import held
from bot.publishing.dashboard_page import FILE, NEVER, intro, page
from bot.publishing.desk import Desk
from bot.publishing.label_names import has
from bot.publishing.targets import Target
from bot.settings import Settings
from bot.store import dashboards, findings
from bot.store.dashboards import KnownDashboard, Standing
from bot.store.revision import bump
from connectors.base import (
    Change,
    Connector,
    ConnectorError,
    Draft,
    Gone,
    KeepsSection,
    Marker,
    Rejected,
    Ticket,
    Touched,
    Unavailable,
)
from connectors.section import ticked

FINGERPRINT = "dashboard"
TITLE = "Loose Ends: what waits for you"
_TICKS_SHOWN = 10


def read_back(desk: Desk, db: Connection, target: str, seen: Sequence[Ticket]) -> list[Ticket]:
    """Sees to what people ticked in the dashboard of a target; returns the tickets that are no dashboards."""
    known = dashboards.find(db, target)
    others = []
    for ticket in seen:
        is_known = known is not None and ticket.id == known.ticket
        if is_known or (ticket.marker == _marker(target)):
            if desk.settings.targets[target].dashboard:
                known = _read_back_one(desk, db, target, ticket, known)
        elif ticket.marker is None or ticket.marker.fingerprint != FINGERPRINT:
            others.append(ticket)
    return others


def keep(desk: Desk, target: Target, connector: Connector) -> None:
    """Makes the dashboard, or brings its section up to date; what stands in the way is a note on the target."""
    if not desk.settings.targets[target.name].dashboard:
        with desk.engine.begin() as db:
            dashboards.forget(db, target.name)
        return
    if not (isinstance(connector, KeepsSection) and connector.keeps_section):
        target.notes.append("dashboard: the connector of this tracker cannot keep one; set dashboard: false")
        return
    try:
        _keep(desk, target, connector)
    except Touched:
        return  # a person is at it: what they ticked is read first, by the next run
    except Gone:
        with desk.engine.begin() as db:
            if known := dashboards.find(db, target.name):
                dashboards.save(db, replace(known, state="deleted"))
    except Rejected as error:
        target.notes.append(f"dashboard: {error}")
    except Unavailable as error:
        target.failed(error, desk.targets.give_up_after)
        target.notes.append(f"dashboard: {error}; the next run looks again")
    except ConnectorError as error:
        target.stop(error)


def _keep(desk: Desk, target: Target, connector: Connector) -> None:
    with desk.engine.begin() as db:
        known = dashboards.find(db, target.name)
        section = page(db, desk.settings, target.name, desk.now(), known.ticked if known else ())
    digest = hashlib.sha256(repr(section).encode(errors="replace")).hexdigest()[:32]
    if known is None:
        # Asked before each create: what became of one whose answer was lost, only the tracker knows.
        marker = _marker(target.name)
        ticket = connector.find(marker) or connector.create(
            Draft(
                title=TITLE,
                body=intro(desk.settings.labels),
                labels=(desk.settings.labels.base,),
                marker=marker,
                own_section=section,
            )
        )
        known = _as_known(target.name, ticket, desk.settings, None)
        if known.state == "open":
            ticket = connector.change(ticket.id, Change(own_section=section))
    elif known.state != "open":
        if known.state != "hands_off":
            mend = "open it again" if known.state == "closed" else "for a new one, run once without it"
            target.notes.append(f"dashboard: {known.key} was {known.state}; {mend}, or set dashboard: false")
        return
    elif known.written == digest:
        return
    else:
        # Labels that people gave as answers go with them: left there, they would count once more.
        change = Change(own_section=section, remove_labels=known.ticked, only_if_version=known.version)
        ticket = connector.change(known.ticket, change)
    with desk.engine.begin() as db:
        dashboards.save(db, replace(known, version=ticket.version, written=digest))


def _read_back_one(
    desk: Desk, db: Connection, target: str, ticket: Ticket, known: KnownDashboard | None
) -> KnownDashboard:
    seen = _as_known(target, ticket, desk.settings, known)
    if known is not None and seen.version == known.version and seen.state == known.state:
        return known
    wanted = ticked(ticket.body) | {label for label in ticket.labels if label.startswith((FILE, NEVER))}
    done = [marker for marker in sorted(wanted) if _see_to(desk, db, marker, wanted)]
    if done:
        bump(db)
    seen = replace(seen, ticked=(*seen.ticked, *done)[-_TICKS_SHOWN:])
    dashboards.save(db, seen)
    return seen


def _see_to(desk: Desk, db: Connection, marker: str, wanted: frozenset[str]) -> bool:
    """Files or drops what a box stands for, if that still waits. Who ticks both, wants it never."""
    name = marker.removeprefix(FILE).removeprefix(NEVER)
    found = findings.by_id(db, name) if name else []
    if len(found) != 1 or found[0].id != name or found[0].disposition != "held":
        return False
    if marker.startswith(NEVER):
        held.refuse(db, found[0], desk.now(), who="tracker")
    elif NEVER + name in wanted:
        return False
    else:
        held.approve(db, found[0], desk.now(), who="tracker")
    return True


def _as_known(target: str, ticket: Ticket, settings: Settings, known: KnownDashboard | None) -> KnownDashboard:
    state: Standing = "hands_off" if has(tuple(ticket.labels), settings.labels.hands_off) else ticket.state
    return KnownDashboard(
        target=target,
        ticket=ticket.id,
        key=ticket.key,
        state=state,
        version=ticket.version,
        # Somebody wrote there, or our own answer was lost: what stands there is compared again.
        written="",
        ticked=known.ticked if known else (),
    )


def _marker(target: str) -> Marker:
    return Marker(fingerprint=FINGERPRINT, action=f"{FINGERPRINT}-{target}")
