"""Reader of Markdown transcripts: ``**User:** text``, ``## User``, ``Human: text``, names instead of roles, and kin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from bot.logs import markdown_scan, styles
from bot.logs.base import LineSource, Mark, Parsed, Reread, Tally, UnknownFormat
from bot.logs.decoding import text_of
from bot.logs.markdown_scan import Scan
from bot.logs.markdown_turns import Segment, conversation_id, started_in, time_of_preamble, title_line, turns_of
from bot.logs.markers import Marker
from bot.logs.speakers import core, role_of
from bot.logs.styles import Decision, Style, digest_of
from bot.model import Conversation, Role, Turn

_ANSI = re.compile(r"\x1b\[[0-9;?]{0,20}[A-Za-z]")
_FOREIGN = re.compile(r"^# aider chat started at ", re.MULTILINE)
_JSON = re.compile(r"\s{0,20}(?:\{\s{0,20}[\"}]|\[\s{0,20}[\[{\"\]])")
_FIRST_LOOK = 4096  # characters
_NEAR = 4  # lines behind a label that stands alone within which its text begins
_PREAMBLE = 8  # lines of title, metadata and introduction that may stand before the first speaker
NO_SPEAKERS = "no speakers found: exclude it, or set the source's format if it is a conversation of another kind"


class State(Struct):
    styles: dict[str, Style]
    decision: Decision
    id: str
    speaker: tuple[int, int]  # offset and length of the line that opened the last turn
    title: tuple[int, int] | None = None
    started: str = ""
    open_mark: str = ""
    follows_break: bool = True
    hidden: bool = False  # speakers inside what may be a fence that nobody closed
    recovered: bool = False  # a fence was ignored because nobody closed it
    ruled: int = 0  # turns that a rule parts from the one before
    turns: int = 0


class _Opening(Struct, frozen=True, kw_only=True, gc=False):
    index: int
    marker: Marker
    role: Role


class Markdown:
    name = "markdown"
    appended = True

    def detects(self, head: str, path: Path) -> bool:
        del path
        if _FOREIGN.search(head) or _JSON.match(head):
            return False
        # The first lines nearly always decide; a long first turn needs all of the stretch.
        return any(self._has_speakers(head[:length]) for length in (_FIRST_LOOK, len(head)))

    @staticmethod
    def _has_speakers(head: str) -> bool:
        lines = [_plain(line.removesuffix("\r")) for line in head.split("\n")]
        counts: dict[str, Style] = {}
        _count(counts, markdown_scan.scan(lines), lines=lines, before=0)
        return styles.decide(counts) is not None

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        try:
            state = msgspec.json.decode(resume, type=State) if resume else None
        except msgspec.DecodeError as error:
            raise Reread("the kept state is of another version") from error
        return _Pass(lines, state=state, settled=settled).run()


class _Pass:
    """One pass over the new lines of a log."""

    def __init__(self, lines: LineSource, *, state: State | None, settled: bool) -> None:
        self.source = lines
        self.state = state
        self.settled = settled
        self.tally = Tally()
        self.waiting = False
        self.ignored: set[int] = set()
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.first = lines.line + 1
        self.counts: dict[str, Style] = {}

    def run(self) -> Parsed:
        self._load()
        if self.state and self.state.recovered and self.texts:
            raise Reread("a fence was ignored that may be closed by now")
        found = self._scan()
        if self.state:
            self.counts = msgspec.json.decode(msgspec.json.encode(self.state.styles), type=dict[str, Style])
        _count(self.counts, found, lines=self.texts, before=_PREAMBLE + 1 if self.state else 0)
        decision = styles.decide(self.counts)
        if decision is None and self.state:
            raise Reread("the speakers were told by an older version")
        if decision is None and not self.settled:
            return Parsed(conversations=(), mark=Mark(), waiting=True)
        if decision is None:
            raise UnknownFormat(f"{self.source.name}: {NO_SPEAKERS}")
        if self.state:
            _check(self.state, decision)
        return self._parsed(found, decision)

    def _load(self) -> None:
        texts, self.starts = self.source.read_all()
        self.texts = [_plain(text) for text in texts] if any("\x1b" in text for text in texts) else texts
        self.end = self.source.mark
        if self.end.open_line and not self.settled and self.texts:
            self.waiting = True
            self.end = self._before(len(self.texts) - 1)
            self.texts.pop()

    def _before(self, index: int) -> Mark:
        if index >= len(self.starts):
            return self.end
        return Mark(offset=self.starts[index], line=self.first + index - 1)

    def _scan(self) -> Scan:
        """Scan, taking a fence that hides speakers to the end of a quiet log for one that nobody closed."""
        state = self.state
        while True:
            found = markdown_scan.scan(
                self.texts,
                open_mark=state.open_mark if state else "",
                follows_break=state.follows_break if state else True,
                ignored=self.ignored,
            )
            if found.open_at is None or found.open_at in self.ignored or len(self.ignored) > 50:
                return found
            hidden = markdown_scan.hidden_speakers(self.texts, found.open_at + 1) or bool(state and state.hidden)
            if not hidden:
                return found
            if not self.settled:
                self.waiting = True
                return found
            if found.open_at < 0:
                raise Reread("a fence was never closed")
            self.ignored.add(found.open_at)

    def _parsed(self, found: Scan, decision: Decision) -> Parsed:
        openings = _openings(found, decision)
        stop = self._stop(found, openings)
        segments = self._segments(openings, stop)
        turns = tuple(turn for segment in segments for turn in turns_of(segment, self.texts, found.regions, self.first))
        if not self.settled and len(turns) < 2 and not (self.state and self.state.id):
            # The identity hangs on the first turn: wait until it is complete.
            return Parsed(conversations=(), mark=Mark(), waiting=True)
        state = self._next_state(found, decision, openings, stop, turns)
        title = self._title(state.title)
        conversation = Conversation(
            log=self.source.name,
            format=Markdown.name,
            id=state.id,
            turns=turns,
            title=title,
            started=started_in(state.started),
        )
        return Parsed(
            conversations=(conversation,),
            mark=self._before(stop),
            resume=msgspec.json.encode(state).decode(),
            waiting=self.waiting,
            not_understood=self.tally.result(),
        )

    def _title(self, span: tuple[int, int] | None) -> str:
        return text_of(self.source.at(*span)).lstrip("# \t").rstrip() if span else ""

    def _stop(self, found: Scan, openings: Sequence[_Opening]) -> int:
        """The line before which reading stops: a rule that no turn follows, or a fence with nothing in it yet."""
        last = openings[-1].index if openings else -1
        rules = [rule for rule in found.rules if rule > last]
        if rules and not self._is_talk_behind(rules[0], openings):
            # Where rules part the turns, one inside the last turn is likelier the speaker's own.
            stop = rules[-1] if self._are_turns_ruled(openings) else rules[0]
            behind = [number for number in range(stop + 1, len(self.texts)) if self.texts[number].strip()]
            if behind:
                self.tally.add("line behind the closing rule", self.first + behind[0], len(behind))
            return stop
        at = found.open_at
        if at is not None and at > last and not any(line.strip() for line in self.texts[at + 1 :]):
            return at
        return len(self.texts)

    def _is_talk_behind(self, rule: int, openings: Sequence[_Opening]) -> bool:
        """SpecStory writes rules between rounds only: with text behind it, a rule is the speaker's own."""
        style = openings[-1].marker.style if openings else self.state.decision.style if self.state else ""
        return style.endswith("_**_**") and any(
            line.strip() and not markdown_scan.is_rule(line) for line in self.texts[rule + 1 :]
        )

    def _are_turns_ruled(self, openings: Sequence[_Opening]) -> bool:
        turns = len(openings) + (self.state.turns if self.state else 0)
        return turns > 1 and self._ruled(openings) * 2 >= turns - 1

    def _ruled(self, openings: Sequence[_Opening]) -> int:
        before = self.state.ruled if self.state else 0
        return before + sum(self._follows_rule(opening.index) for opening in openings)

    def _follows_rule(self, index: int) -> bool:
        index -= 1
        while index >= 0 and not self.texts[index].strip():
            index -= 1
        return index >= 0 and markdown_scan.is_rule(self.texts[index])

    def _segments(self, openings: Sequence[_Opening], stop: int) -> list[Segment]:
        ends = [opening.index for opening in openings[1:]] + [stop]
        segments = [
            Segment(
                start=opening.index,
                end=end,
                role=opening.role,
                marker=opening.marker,
                goes_on=False,
                is_last=end == stop,
            )
            for opening, end in zip(openings, ends, strict=False)
        ]
        if self.state:
            marker, role = self._last_speaker(self.state)
            end = openings[0].index if openings else stop
            segments.insert(0, Segment(start=0, end=end, role=role, marker=marker, goes_on=True, is_last=not openings))
        return segments

    def _last_speaker(self, state: State) -> tuple[Marker, Role]:
        from bot.logs.markers import marker_in

        marker = marker_in(_plain(text_of(self.source.at(*state.speaker)).rstrip("\r\n")))
        role = state.decision.roles.get(digest_of(marker.label)) if marker else None
        if marker is None or role is None:
            raise Reread("the last speaker is not where it was")
        return marker, role

    def _next_state(
        self, found: Scan, decision: Decision, openings: Sequence[_Opening], stop: int, turns: tuple[Turn, ...]
    ) -> State:
        old = self.state
        kept, counts = found, self.counts
        if stop < len(self.texts):
            kept, counts = self._scan_until(stop), old.styles if old else {}
            _count(counts, kept, lines=self.texts, before=_PREAMBLE + 1 if old else 0)
        last = openings[-1].index if openings else None
        preamble = self.texts[: openings[0].index] if openings and not old else []
        line = title_line(preamble)
        title = old.title if old else None if line is None else self._span(line)
        return State(
            styles=counts,
            decision=decision,
            id=(old and old.id) or conversation_id(preamble, self._title(title), turns),
            speaker=old.speaker if old and last is None else self._span(last or 0),
            title=title,
            started=old.started if old else _started(turns, preamble),
            open_mark=kept.open_mark,
            follows_break=kept.follows_break,
            hidden=bool(kept.open_mark) and self.waiting,
            recovered=bool(self.ignored),
            ruled=self._ruled(openings),
            turns=len(openings) + (old.turns if old else 0),
        )

    def _scan_until(self, stop: int) -> Scan:
        return markdown_scan.scan(
            self.texts[:stop],
            open_mark=self.state.open_mark if self.state else "",
            follows_break=self.state.follows_break if self.state else True,
            ignored=self.ignored,
        )

    def _span(self, index: int) -> tuple[int, int]:
        return self.starts[index], self._before(index + 1).offset - self.starts[index]


def _started(turns: Sequence[Turn], preamble: Sequence[str]) -> str:
    time = next((turn.time for turn in turns if turn.time), None) or time_of_preamble(preamble)
    return time.isoformat() if time else ""


def _plain(line: str) -> str:
    return _ANSI.sub("", line) if "\x1b" in line else line


def _count(counts: dict[str, Style], found: Scan, *, lines: Sequence[str], before: int) -> None:
    """Count the candidates; ``before`` is how many lines of text came before them in earlier reads."""
    seen, at = before, 0
    for candidate in found.candidates:
        if seen <= _PREAMBLE:
            seen += sum(bool(line.strip()) for line in lines[at : candidate.index])
            at = candidate.index
        opens = seen <= _PREAMBLE
        said = candidate.marker.rest or _next_text(lines, candidate.index + 1)
        styles.count(counts, candidate.marker, said=said, opens=opens, follows_break=candidate.follows_break)


def _next_text(lines: Sequence[str], index: int) -> str:
    """The first line that is not blank among the next few."""
    return next((line for line in lines[index : index + _NEAR] if line.strip()), "")


def _check(state: State, decision: Decision) -> None:
    """Raises Reread when the new lines change what the old ones meant."""
    old = state.decision
    for key in state.styles[old.style].labels if decision.style == old.style else ():
        if old.roles.get(key) != decision.roles.get(key):
            raise Reread("a label turned out to be a speaker, or none")
    if decision.style != old.style:
        raise Reread("another style of labels turned out to be the speakers'")


def _openings(found: Scan, decision: Decision) -> list[_Opening]:
    beside = decision.style.replace("**:**", "****")
    openings = []
    for candidate in found.candidates:
        index, marker = candidate.index, candidate.marker
        role = decision.roles.get(digest_of(marker.label))
        tool_beside = marker.style == beside and role_of(core(marker.label)) == "tool"
        if role and (marker.style == decision.style or tool_beside):
            openings.append(_Opening(index=index, marker=marker, role=role))
    return openings
