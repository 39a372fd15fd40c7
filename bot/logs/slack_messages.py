"""What Slack's exports and event logs have in common: who wrote a message, its words, the names in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from bot.logs.base import LineSource
from bot.logs.decoding import repaired
from bot.logs.json_document import at, fields, items, parse, string
from bot.model import Role

_PEOPLE = ("../users.json", "users.json", "../org_users.json", "org_users.json")
_SPOKEN = frozenset({"", "thread_broadcast", "me_message", "file_share", "file_comment", "reply_broadcast"})
_PROGRAMS = frozenset({"bot_message", "slackbot_response"})
# <@U1>, <#C1|name>, <!here>, <https://x|label>
_MARK = re.compile(r"<([@#!]?)([^<>|\n]{1,2000})(?:\|([^<>\n]{0,2000}))?>")
_DEEPEST = 12
Message = dict[str, object]


@dataclass(frozen=True, slots=True)
class People:
    """``names`` by user id; ``programs`` are the ids of bot users."""

    names: dict[str, str]
    programs: frozenset[str]


def people_beside(lines: LineSource) -> People:
    """The people named in a ``users.json`` that lies beside a log or its folder."""
    for place in _PEOPLE:
        data = lines.beside(place)
        if data:
            users = [fields(user) for user in items(parse(data).value)]
            names = {string(user.get("id")): repaired(_name(user)) for user in users}
            programs = frozenset(string(user.get("id")) for user in users if user.get("is_bot") is True)
            return People(names, programs)
    return People({}, frozenset())


def speaker_of(message: Message, people: People) -> str:
    """The name of who wrote a message, the id where nothing tells the name."""
    user = string(message.get("user"))
    known = people.names.get(user) or repaired(_name({"profile": message.get("user_profile")}))
    return known or repaired(_name({"profile": message.get("bot_profile")}) or string(message.get("username"))) or user


def role_of(message: Message, people: People) -> Role:
    """People are human; bots and applications are tools; what Slack tells itself is system."""
    kind = string(message.get("subtype"))
    if kind in _PROGRAMS:
        return "tool"
    if kind not in _SPOKEN:
        return "system"
    # Bots often lack a subtype.
    user = string(message.get("user"))
    return "tool" if message.get("bot_id") or user == "USLACKBOT" or user in people.programs else "human"


def text_of(message: Message, people: People) -> tuple[str, str]:
    """The words of a message, and the string of the log that they stand in."""
    source = string(message.get("text"))
    if not source.strip():
        source = next((s for s in _elsewhere(message) if s.strip()), source)
    return decoded(repaired(source), people), source


def decoded(text: str, people: People) -> str:
    """A text with names in place of ids, links as they are shown, and signs unescaped."""
    if "<" not in text:
        return unescape(text) if "&" in text else text
    return unescape(_MARK.sub(lambda found: _shown(found, people), text))


def _shown(found: re.Match[str], people: People) -> str:
    sign, target, label = found[1], found[2], found[3] or ""
    if sign == "@":
        return f"@{people.names.get(target) or label.removeprefix('@') or target}"
    if sign == "#":
        return f"#{label or target}"
    if sign == "!":
        return label or f"@{target.partition('^')[0]}"
    address = target.removeprefix("mailto:")
    if not label or label in address:
        return label or address
    return f"{label} ({address})"


def _elsewhere(message: Message) -> Iterator[str]:
    """Where the words are when ``text`` is empty: blocks, attachments, the comment on a file."""
    for block in items(message.get("blocks")):
        yield "".join(_strings(block, _DEEPEST))
    for attachment in items(message.get("attachments")):
        yield string(at(attachment, "text")) or string(at(attachment, "fallback"))
    yield string(at(message, "file", "initial_comment", "comment"))


def _strings(value: object, depth: int) -> Iterator[str]:
    if depth and isinstance(value, list):
        for item in value:
            yield from _strings(item, depth - 1)
    elif depth and isinstance(value, dict):
        text = value.get("text")
        if isinstance(text, str):
            yield text
        elif value.get("type") == "user":
            yield f"<@{string(value.get('user_id'))}>"
        else:
            yield string(value.get("url"))
            yield from _strings([text, value.get("elements"), value.get("fields")], depth - 1)


def _name(user: Message) -> str:
    profile = fields(user.get("profile"))
    for source, key in (
        (profile, "display_name"),
        (profile, "real_name"),
        (user, "real_name"),
        (user, "name"),
        (profile, "name"),
    ):
        if name := string(source.get(key)).strip():
            return name
    return ""
