"""Reader of meeting transcripts as WebVTT or SRT: timed cues, the speaker in a voice tag or before a colon."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

from bot.logs.base import LineSource, Mark, Parsed, Reread, Tally
from bot.logs.chat import digest
from bot.logs.speakers import is_name
from bot.logs.stamps import date_in_name
from bot.model import Conversation, Turn

_TIMES = re.compile(
    r"(?:(?P<hours>\d{1,4}):)?(?P<minutes>[0-5]\d):(?P<seconds>[0-5]\d)[.,]\d{3}[ \t]{1,4}-->[ \t]{1,4}"
    r"(?:(?P<hours2>\d{1,4}):)?(?P<minutes2>[0-5]\d):(?P<seconds2>[0-5]\d)[.,]\d{3}"
)
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,60})?[ \t]{1,4}([^<>\n]{1,120})>")
_TAG = re.compile(
    r"</?(?:[cbiuv]|ruby|rt|lang)(?:[. ][^<>\n]{0,120})?>|<\d{2}:[\d:.]{5,12}>|</?font[^<>\n]{0,60}>|\{\\an?\d\}"
)
_NAMED = re.compile(
    r"(?:>>\s?)?(?P<name>[^\W\d_][\w.'’-]{0,30}(?: [\w.'’()|&,/@#-]{1,30}){0,5}):\s{1,3}(?P<text>\S.*)", re.DOTALL
)
_RECORDING = re.compile(r"GMT(\d{8})-(\d{6})")
_PAUSE = 2.0  # seconds without a word after which one whom nobody names may have become another
_LONGEST = 1500  # characters of a turn of nobody named
_ENDS = re.compile(r"[.!?…。！？][\"'”’)]?$")


@dataclass(slots=True)
class _Said:
    speaker: str
    begin: float
    end: float
    length: int = 0  # characters
    texts: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


class Subtitles:
    """A transcript is one conversation; cues of one speaker in a row are one turn."""

    name = "webvtt"

    def detects(self, head: str, path: Path) -> bool:
        del path
        lines = [line.strip() for line in head[:4000].split("\n") if line.strip()]
        if lines and lines[0].split(" ")[0].split("\t")[0] == "WEBVTT":
            return True
        return len(lines) > 2 and lines[0].isdigit() and bool(_TIMES.match(lines[1]))

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        if resume:
            raise Reread("the transcript has changed")
        texts, _ = lines.read_all()
        if lines.mark.open_line and not settled:
            return Parsed(conversations=(), mark=Mark(), waiting=True)
        tally = Tally()
        turns = tuple(_turns(_cues(texts, _names(texts), tally), began=_began(lines.name)))
        talk = Conversation(
            log=lines.name,
            format=self.name,
            id=digest("\n".join(f"{turn.speaker}|{turn.text[:200]}" for turn in turns[:5])),
            turns=turns,
            started=turns[0].time if turns else None,
        )
        return Parsed(conversations=(talk,), mark=lines.mark, resume="whole", not_understood=tally.result())


def _names(texts: Sequence[str]) -> frozenset[str]:
    """The names that stand before a colon again and again; a single word before a colon may be anything."""
    counts = Counter(found["name"] for line in texts if (found := _NAMED.fullmatch(_plain(line))))
    cues = sum("-->" in line for line in texts)
    often = counts.total() * 2 > cues
    return frozenset(name for name, count in counts.items() if count > 2 or (is_name(name) and (often or count > 1)))


def _cues(texts: Sequence[str], names: frozenset[str], tally: Tally) -> Iterator[_Said]:
    """Each cue, or each part of a cue that somebody else says."""
    for start, block in _blocks(texts):
        at = next((number for number, line in enumerate(block[:2]) if "-->" in line), None)
        if at is None:
            first = block[0].split(" ")[0].rstrip(":")
            if first not in ("WEBVTT", "NOTE", "STYLE", "REGION", "\ufeffWEBVTT") and "-->" not in block[0]:
                tally.add("block that is no cue", start)
            continue
        found = _TIMES.match(block[at].strip())
        if not found:
            tally.add("cue with broken times", start + at)
            continue
        begin, end = _seconds(found, ""), _seconds(found, "2")
        yield from _voices(block[at + 1 :], start + at + 1, _Said(speaker="", begin=begin, end=end), names)


def _voices(texts: Sequence[str], first: int, times: _Said, names: frozenset[str]) -> Iterator[_Said]:
    said: _Said | None = None
    for number, line in enumerate(texts, first):
        voice = _VOICE.search(line)
        plain = _plain(line)
        named = None if voice else _NAMED.fullmatch(plain)
        if named and named["name"] not in names:
            named = None
        if voice:
            speaker, words = unescape(voice[1]).strip(), plain
        elif named:
            speaker, words = named["name"], named["text"]
        else:
            speaker, words = (said.speaker if said else ""), plain
        if said is None or (speaker != said.speaker and speaker):
            if said and said.texts:
                yield said
            said = _Said(speaker=speaker, begin=times.begin, end=times.end)
        if words:
            said.length += len(words)
            said.texts.append(words)
            said.lines.append(number)
    if said and said.texts:
        yield said


def _plain(line: str) -> str:
    return unescape(_TAG.sub("", line)).strip()


def _turns(cues: Iterator[_Said], *, began: datetime | None) -> Iterator[Turn]:
    current: _Said | None = None
    for cue in cues:
        if current and _goes_on(current, cue):
            repeated = cue.texts[0] == current.texts[-1]  # live captions roll: a line stays for another cue
            current.texts += cue.texts[repeated:]
            current.lines += cue.lines[repeated:]
            current.length += cue.length
            current.end = max(current.end, cue.end)
            continue
        if current:
            yield _turn(current, began)
        current = cue
    if current:
        yield _turn(current, began)


def _goes_on(current: _Said, cue: _Said) -> bool:
    if current.speaker or cue.speaker:
        # A cue that names nobody goes on with the one who was named last.
        return cue.speaker in ("", current.speaker)
    if current.length > _LONGEST and _ENDS.search(current.texts[-1]):
        return False
    return cue.begin - current.end < _PAUSE or not _ENDS.search(current.texts[-1])


def _turn(said: _Said, began: datetime | None) -> Turn:
    return Turn(
        role="human",
        text="\n".join(said.texts),
        lines=tuple(said.lines),
        speaker=said.speaker,
        time=began + timedelta(seconds=said.begin) if began else None,
    )


def _blocks(texts: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines between blank ones, each with the number of its first line."""
    block: list[str] = []
    for number, line in enumerate((*texts, ""), 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _seconds(found: re.Match[str], which: str) -> float:
    hours = int(found["hours" + which] or 0)
    return hours * 3600 + int(found["minutes" + which]) * 60 + int(found["seconds" + which])


def _began(name: str) -> datetime | None:
    """When the recording began, as its file name tells."""
    recording = _RECORDING.search(name)
    if recording:
        try:
            return datetime.strptime("".join(recording.groups()), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return None
    day = date_in_name(name)
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
