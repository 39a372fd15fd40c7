"""One line of an IRC log in any of the usual styles: when, who, and whether words, an action or an event."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from bot.logs.chat import is_program
from bot.logs.stamps import hour_of

What = Literal["said", "event", "notice", "day"]

# irssi 10:00, ZNC [10:00:00], Limnoria 2026-03-02T10:00:00, HexChat Mar 02 10:00:00, Konversation, The Lounge ..
_STAMP = re.compile(
    r"(?:\[(?P<long>[^\[\]\n]{8,40})\] (?=\[))?[\[(]?"
    r"(?:(?P<date>\d{4}[-/.]\d{2}[-/.]\d{2})[T ]{1,2}|(?P<month>[A-Z][a-z]{2}) {1,2}(?P<day>\d{1,2}) )?"
    r"(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?::(?P<second>[0-6]\d)(?:[.,]\d{1,9})?)?"
    r"(?: ?(?P<half>[AaPp][Mm])\b)?(?: ?(?P<zone>Z|[+-]\d{2}:?\d{2}))?(?: [A-Z]{3,5}(?=\]))?"
    r"[\])]?(?P<gap>\t| {1,4})"
)
# What most lines are, for speed: [10:00:00] <nick> text.
_PLAIN = re.compile(
    r"\[?([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?\]? <[@+%&~!* ]?([^<>\s\x00-\x1f@+%&~!*]{1,63})> (\S.*)", re.DOTALL
)
_SAID = re.compile(r"<[@+%&~!* ]{0,2}([^<>\s][^<>\n]{0,62})>(?: ?\t|:? ?)(.*)", re.DOTALL)
_NOTICE = re.compile(r"-([^\s-][^\s:]{0,62})(?:[:/][^\s-]{1,62})?-:? (.*)", re.DOTALL)
_ACTION = re.compile(r"\*(?: {1,2}|\t)([^\s*]{1,63}) (.+)", re.DOTALL)
_EVENT = re.compile(
    r"(?:\*\*\*|-!-|-->|<--|--|---|==|=!=|<->|>--|!!!|[→←↔]"
    r"|\*\s{1,2}(?:Now talking (?:in|on)|Topic for)(?= [#&]))(?:[\s-]|$)"
)
_EVENT_WORDS = re.compile(
    r"(?:\([^)\n]{0,200}\) |\[[^\]\n]{0,200}\] )?(?:has |have )?"
    r"(?:joined|join(?:s|ed)?:? |quit|quits|left|leaves|parted|parts|is now known as|changed nick|nick changed"
    r"|was kicked|kicked by|sets? (?:mode|topic|the (?:channel )?topic)|gives? (?:channel )?(?:operator|voice)"
    r"|removes? channel|chang(?:ed|es) (?:the )?topic|topic (?:is|set)|disconnected|is away|is back)(?![\w'])",
    re.IGNORECASE,
)
# What some programs tell without a time.
_UNSTAMPED = re.compile(r"(?:===|\*\*\*|-!-) \S{1,63} (?=\S)")
_COMES_OR_GOES = re.compile(r"\b(?:join(?:s|ed)?|quits?|part(?:s|ed)?|left|has left|known as|mode)\b", re.IGNORECASE)
_OPENED = re.compile(
    r"--- (?:Log opened|Log closed|Day changed) |\*{3,4} ?(?:BEGIN|ENDING) LOGGING AT "
    r"|Session (?:Start|Close|Time|Ident): ?|--- [A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} \d{4}",
    re.IGNORECASE,
)
# Eggdrop puts no sign before what it tells.
_UNSIGNED = re.compile(
    r"(?:\S{1,63} \([^()\s]{1,200}@[^()\s]{1,200}\) (?:joined|left|got (?:netsplit|lost))\b|Nick change: \S"
    r"|Topic (?:changed )?on [#&]|[#&]\S{1,60}: mode change )"
)
_DEED = re.compile(r"Action: (\S{1,63}) (.+)", re.DOTALL)
_CODES = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04[0-9a-fA-F]{0,6}|[\x02\x0f\x11\x16\x1d\x1e\x1f]")
_BRIDGED = re.compile(r"(?:<([^<>\s][^<>\n]{0,40})>|\[([^\[\]\s][^\[\]\n]{0,40})\]) (?=\S)")


class Stamp(Struct, frozen=True, kw_only=True):
    """When a line was written as far as it says: ``date`` or ``month`` with ``day``, seconds since midnight, zone."""

    date: str = ""
    month: str = ""
    day: int = 0
    seconds: int
    zone: str = ""


class IrcLine(Struct, frozen=True, kw_only=True):
    """``text`` is what was said, or the whole event; ``program`` when the nick is one of a bot or a service."""

    what: What
    text: str
    nick: str = ""
    stamp: Stamp | None = None
    program: bool = False


def irc_line(text: str, *, stamped: bool = True) -> IrcLine | None:
    """What a line of an IRC log says, None where it is none; ``stamped`` when lines have to begin with a time."""
    if text < " ":  # mIRC colours whole lines
        text = plain(text)
    usual = _PLAIN.match(text)
    if usual:
        hour, minute, second, nick, words = usual.groups()
        seconds = int(hour) * 3600 + int(minute) * 60 + (int(second) if second else 0)
        return _said(nick, words, Stamp(seconds=seconds))
    found = _STAMP.match(text)
    if not found:
        if _OPENED.match(text):
            return IrcLine(what="day", text=text)
        if stamped and _UNSTAMPED.match(text) and _COMES_OR_GOES.search(text):
            return IrcLine(what="event", text=plain(text))
        return None if stamped else _body(text, None)
    rest = text[found.end() :]
    stamp = _stamp_of(found[0])
    if rest.startswith("--- ") and _OPENED.match(rest):
        return IrcLine(what="day", text=rest, stamp=stamp)
    if found["gap"] == "\t":
        return _columns(rest, stamp)
    return _body(rest, stamp)


@lru_cache(maxsize=1024)
def _stamp_of(text: str) -> Stamp:
    found = _STAMP.match(text)
    if not found:
        raise ValueError(f"no time: {text!r}")
    hour = hour_of(int(found["hour"]), found["half"] or "")
    seconds = hour * 3600 + int(found["minute"]) * 60 + int(found["second"] or 0)
    if not (found["date"] or found["long"] or found["month"] or found["zone"]):
        return Stamp(seconds=seconds)
    return Stamp(
        date=found["date"] or found["long"] or "",
        month=found["month"] or "",
        day=int(found["day"] or 0),
        seconds=seconds,
        zone=found["zone"] or "",
    )


def _body(rest: str, stamp: Stamp | None) -> IrcLine | None:
    """The part behind the time."""
    bare = rest.lstrip(" ")
    if bare.startswith("<") and (said := _SAID.match(bare)):
        return _said(plain(said[1]).strip(), said[2], stamp)
    if stamp is None:
        return None
    if _EVENT.match(bare):
        return IrcLine(what="event", text=plain(bare), stamp=stamp)
    if bare.startswith("*") and (action := _ACTION.match(bare)):
        if _EVENT_WORDS.match(action[2]):
            return IrcLine(what="event", text=plain(bare), stamp=stamp)
        return _said(action[1], action[2], stamp)
    if bare.startswith("-") and (notice := _NOTICE.match(bare)):
        return IrcLine(what="notice", nick=notice[1], text=plain(notice[2]), stamp=stamp, program=True)
    if _UNSIGNED.match(bare):
        return IrcLine(what="event", text=plain(bare), stamp=stamp)
    deed = _DEED.match(bare)
    return _said(deed[1], deed[2], stamp) if deed else None


def _columns(rest: str, stamp: Stamp) -> IrcLine | None:
    """WeeChat: time, nick or sign, text, parted by tabs."""
    sign, tab, text = rest.partition("\t")
    nick = sign.strip()
    if not tab:
        return _body(rest, stamp)
    if nick in ("-->", "<--", "--", "=!=", "", "⚡", "→", "←"):
        return IrcLine(what="event", text=plain(f"{nick} {text}".strip()), stamp=stamp)
    if nick == "*":
        who, _, deed = text.partition(" ")
        if _EVENT_WORDS.match(deed):
            return IrcLine(what="event", text=plain(text), stamp=stamp)
        return _said(who, deed, stamp)
    if nick.startswith("<"):
        return _body(f"{nick} {text}", stamp)
    return None if " " in nick else _said(nick.lstrip("@+%&~!"), text, stamp)


def _said(nick: str, text: str, stamp: Stamp | None) -> IrcLine:
    words = plain(text)
    program = is_program(nick)
    if program and (bridged := _BRIDGED.match(words)):
        # A bridge repeats what people say elsewhere.
        who = bridged[1] or bridged[2]
        if bridged[1] and not is_program(who):
            return IrcLine(what="said", nick=who, text=words[bridged.end() :], stamp=stamp)
    return IrcLine(what="said", nick=nick, text=words, stamp=stamp, program=program)


def is_coming_or_going(line: IrcLine) -> bool:
    """Whether a line tells what only a chat tells: who came, left, or changed the nick."""
    return line.what == "day" or (line.what == "event" and bool(_COMES_OR_GOES.search(line.text)))


def plain(text: str) -> str:
    """A text without the control codes of colours and fonts."""
    return text if text.isprintable() else _CODES.sub("", text)
