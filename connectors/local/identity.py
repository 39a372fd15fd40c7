"""Which ticket a file is: people copy files, rename them, and merge two that got the same number."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from connectors.local.folder import number_in


def identities(declared: Mapping[str, str]) -> dict[str, str]:
    """File names to ticket ids, from the ids that the files declare ('' for none). Same files, same ids.

    Where two files claim an id, the one whose name carries its number keeps it (a copy got a new name), then the
    shorter name; the other is known by its own number or name.
    """
    claims = {name: given or _from_name(name) for name, given in declared.items()}
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(claims, key=lambda name: (*_rank(name, claims[name]), len(name), name)):
        choices = (claims[name], _from_name(name), name.rpartition(".")[0], name)
        ids[name] = next((choice for choice in choices if choice not in taken), name)
        taken.add(ids[name])
    return dict(sorted(ids.items()))


def new_id(number: int, action: str) -> str:
    """The id of a ticket that the bot files.

    Two branches may both give a number; with the action behind it, the id is still one ticket's.
    """
    return f"{number}-{hashlib.sha256(action.encode()).hexdigest()[:4]}"


def is_of_action(ticket_id: str, action: str) -> bool:
    """Whether this id was given to the ticket that the action filed; a copy has another, or none."""
    number = number_in(ticket_id)
    return number is not None and ticket_id == new_id(number, action)


def resolve(written: str, ids: Iterable[str]) -> str:
    """The id that a person means by an id or by the number of a ticket; as written when it is not clear."""
    known = sorted(ids)
    if not written or written in known:
        return written
    meant = [given for given in known if written.isdecimal() and number_in(given) == int(written)]
    return meant[0] if len(meant) == 1 else written


def _from_name(name: str) -> str:
    number = number_in(name)
    return name.rpartition(".")[0] if number is None else str(number)


def _rank(name: str, claim: str) -> tuple[bool]:
    return (number_in(name) != number_in(claim),)
