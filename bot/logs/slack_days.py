"""The other days of a channel in a Slack export: what a thread of one day's file says before and after that day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from functools import cache

from bot.logs.base import LineSource
from bot.logs.json_document import at, fields, items, line_of, parse, string
from bot.logs.slack_messages import Message
from bot.logs.stamps import date_in_name, epoch_of

_MOST_DAYS = 20  # of which a file looks up the threads


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A message in another file of the channel; ``log`` is that file's name."""

    value: Message
    log: str

    def line_of(self, text: str) -> int:
        return line_of(text)


class OtherDays:
    """Loads the files of other days that lie beside a log, each once."""

    def __init__(self, lines: LineSource) -> None:
        self._lines = lines
        self._folder = lines.name[: -len(lines.name.replace("!", "/").rsplit("/", 1)[-1])]
        self._today = date_in_name(lines.name)
        self._days: dict[date, list[Elsewhere]] = {}

    def of_threads(self, messages: Iterable[Message]) -> Iterator[Elsewhere]:
        """The messages of other days that belong to the threads of ``messages``."""
        if self._today is None:
            return
        here = list(messages)
        threads = {thread for message in here if (thread := string(message.get("thread_ts")))}
        parents = {ts for message in here if (ts := string(message.get("ts"))) in threads}
        found = {string(m.value.get("ts")): m for ts in sorted(threads - parents) for m in self._on_days_of([ts])}
        begun = [*here, *(found[ts].value for ts in sorted(threads - parents) if ts in found)]
        replies = sorted({ts for message in begun for ts in _replies(message)})
        found |= {string(m.value.get("ts")): m for m in self._on_days_of(replies)}
        yield from (m for m in found.values() if string(m.value.get("thread_ts")) in threads)

    def _on_days_of(self, stamps: Iterable[str]) -> Iterator[Elsewhere]:
        times = [time for ts in stamps if (time := epoch_of(ts))]
        for day in sorted({time.astimezone(zone).date() for time in times for zone in _zones()}):
            yield from self._day(day)

    def _day(self, day: date) -> list[Elsewhere]:
        if day == self._today or (day not in self._days and len(self._days) >= _MOST_DAYS):
            return []
        if day not in self._days:
            name = f"{day.isoformat()}.json"
            data = self._lines.beside(name)
            listed = items(parse(data).value) if data else []
            self._days[day] = [Elsewhere(fields(message), self._folder + name) for message in listed]
        return self._days[day]


@cache
def _zones() -> tuple[tzinfo, ...]:
    from zoneinfo import ZoneInfo

    # Slack cuts the days of an export at midnight there; a copy by other programs may cut them in UTC.
    return ZoneInfo("America/Los_Angeles"), UTC


def _replies(message: Message) -> Iterator[str]:
    """When a thread was replied to, as the message that began it tells."""
    for reply in items(message.get("replies")):
        yield string(at(reply, "ts"))
    yield string(message.get("latest_reply"))
