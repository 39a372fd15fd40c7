"""Reader of minutes of meetings in Markdown: a section is a turn, and so is what minutes let a person say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from bot.logs.base import LineSource, Mark, Parsed, Reread
from bot.logs.chat import digest
from bot.logs.markdown import Markdown
from bot.logs.speakers import is_name
from bot.logs.stamps import date_in_name, date_in_text
from bot.model import Conversation, Turn

_TITLE = re.compile(r"#{1,3}\s{1,4}(\S.{0,200})")
_UNDERLINE = re.compile(r"(?:={3,}|-{3,})\s*$")
_MEETING = re.compile(
    r"\b(?:meetings?|minutes|stand-?up|retrospective|retro|sync(?:-?up)?|all[ -]hands|office hours|town hall|kick-?off"
    r"|protokoll\w{0,3}|besprechung\w{0,3}|sitzung\w{0,3}|treffens?|niederschrift|compte[ -]rendu|réunion"
    r"|procès-verbal|reunión|acta|minuta|riunione|verbale|ata da reunião|reunião|notulen|vergadering|protokół"
    r"|spotkani[ae]|møde\w{0,7}|referat|mötes?\w{0,9})\b|会议|議事録|회의록|протокол|встреч",
    re.IGNORECASE,
)
# Other gatherings, when the hours stand below the title.
_GATHERING = re.compile(
    r"\b(?:review|session|call|hackathon|workshop|planning|triage|steering|committee|board|working group|wg|notes)\b",
    re.IGNORECASE,
)
_HOURS = re.compile(r"\d{1,2}[:.]\d{2}\s?(?:[ap]m)?\s?(?:[-–]|to|bis)\s?\d{1,2}[:.]\d{2}", re.IGNORECASE)
# What a meeting has and other documents about meetings have not.
_PARTS = re.compile(
    r"(?:#{1,6}\s{1,4}|\*{1,2}|[-*]\s{1,4})?(?:\d{1,2}\.\s)?"
    r"(?:present|here:|on call\b|attend(?:ees|ance|ing)|participants|apologies|absent|agenda|action items?"
    r"|next (?:meeting|call)"
    r"|previous meeting|scribe|chair|topics?|main topics|discussion|decisions|anwesend\w{0,3}|teilnehmer\w{0,5}"
    r"|tagesordnung|présents|ordre du jour|asistentes|orden del día|presenti|ordine del giorno|aanwezig|obecni"
    r"|deltagere|närvarande)\b",
    re.IGNORECASE,
)
# - Ana: text, **Ana:** text
_SAYS = re.compile(
    r"\s{0,12}(?:[-*+•]\s{1,4})?(?:\*\*)?(?P<name>@?[^\W\d_][^:*\n]{0,40}?)(?:\*\*)?:(?:\*\*)?\s{1,4}(?=\S)"
)
_HEADING = re.compile(r"#{1,6}\s{1,4}\S")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_LOOK = 60  # lines


class Minutes:
    """Minutes are edited for days after the meeting, so they are read whole. They are of people, and told by people."""

    name = "minutes"

    def detects(self, head: str, path: Path) -> bool:
        lines = [line.rstrip("\r") for line in head.split("\n")[:_LOOK]]
        return _is_meeting(lines, path) and not Markdown().detects(head, path)

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        if resume:
            raise Reread("the minutes were edited")
        texts, _ = lines.read_all()
        if lines.mark.open_line and not settled:
            return Parsed(conversations=(), mark=Mark(), waiting=True)
        day = date_in_name(lines.name) or next((d for line in texts[:12] if (d := date_in_text(line))), None)
        title = _title(texts[:_LOOK])
        talk = Conversation(
            log=lines.name,
            format=self.name,
            id=digest(f"{title}|{day}"),
            turns=tuple(_turns(texts, day)),
            title=title,
            started=_midnight(day),
        )
        return Parsed(conversations=(talk,), mark=lines.mark, resume="whole")


def _title(lines: Sequence[str]) -> str:
    """The title in the front matter, else the first heading."""
    body = _front_matter(lines)
    for line in lines[:body]:
        if line.startswith("title:"):
            return line.removeprefix("title:").strip().strip("\"'").strip()
    before = ""
    for line in lines[body:]:
        if found := _TITLE.match(line):
            return found[1].strip("# ")
        if _UNDERLINE.match(line) and before.strip("- "):
            return before.strip()
        before = line
    return ""


def _is_meeting(lines: Sequence[str], path: Path) -> bool:
    title = _title(lines)
    dated = date_in_name(path.as_posix()) or any(date_in_text(line) for line in lines[:12])
    if _GATHERING.search(title) and dated and any(map(_HOURS.search, lines[:8])):
        return True
    parts = sum(bool(_PARTS.match(line)) for line in lines)
    sections = sum(bool(_HEADING.match(line) or _UNDERLINE.match(line)) for line in lines)
    if _GATHERING.search(title) and dated and parts > 1 and sections > parts:
        return True
    return bool(_MEETING.search(title)) and (parts > 1 or bool(dated and (parts or sections > 1)))


def _turns(texts: Sequence[str], day: date | None) -> Iterator[Turn]:
    names = _names(texts)
    begin, speaker, skipped = _front_matter(texts), "", 0
    in_code = False
    for number in range(begin, len(texts)):
        line = texts[number]
        in_code ^= bool(_FENCE.match(line))
        says = None if in_code else _SAYS.match(line)
        who = says["name"].strip() if says and says["name"].strip() in names else ""
        is_new = bool(who) or (not in_code and bool(_HEADING.match(line)))
        if is_new or (speaker and line.strip() and not line.startswith(" ")):
            yield from _turn(texts, begin, number, speaker, skipped, day)
            begin, speaker, skipped = number, who, says.end() if who and says else 0
    yield from _turn(texts, begin, len(texts), speaker, skipped, day)


def _turn(texts: Sequence[str], begin: int, end: int, speaker: str, skipped: int, day: date | None) -> Iterator[Turn]:
    while end > begin and not texts[end - 1].strip():
        end -= 1
    while begin < end and not texts[begin].strip():
        begin += 1
    if begin < end:
        text = "\n".join([texts[begin][skipped:], *texts[begin + 1 : end]])
        yield Turn(role="human", text=text, lines=range(begin + 1, end + 1), speaker=speaker, time=_midnight(day))


def _names(texts: Sequence[str]) -> frozenset[str]:
    """The names that minutes let speak: those of persons that come at least twice before a colon."""
    counts = Counter(found["name"].strip() for line in texts if (found := _SAYS.match(line)))
    return frozenset(name for name, count in counts.items() if count > 1 and is_name(name))


def _front_matter(texts: Sequence[str]) -> int:
    if not texts or texts[0].rstrip() != "---":
        return 0
    return next((number + 1 for number in range(1, min(len(texts), 60)) if texts[number].rstrip() == "---"), 0)


def _midnight(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
