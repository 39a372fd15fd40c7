"""Which style of speaker labels a Markdown log uses, and which of its labels are speakers.

Every candidate line is counted by style and label. Decisions rest on the counts alone, so they
can be kept between two reads of a growing log, and taken again when the counts have grown.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from msgspec import Struct, field

from bot.logs.markers import Marker
from bot.logs.speakers import OUTPUT, PAIR, core, is_addressed, is_name, role_of
from bot.model import Role

_HEARD = 40  # mentions of a label that are looked at for how people talk
_MOST_LABELS = 200  # a style with more different labels than this is no style of speakers


class Label(Struct):
    """How often a label was seen; ``role`` is "" for a name."""

    role: str = ""
    count: int = 0
    before_assistant: int = 0  # followed directly by a known assistant
    after_human: int = 0  # preceded directly by a known human
    words: int = 0  # behind the label on its line
    heard: int = 0  # of the first ones, looked at for how people talk
    addressed: int = 0  # of those, with words as people say them to each other
    breaks: int = 0  # with no text directly above


class Style(Struct):
    labels: dict[str, Label] = field(default_factory=dict)  # by a digest of the label, which is log text
    last: str = ""
    opens: bool = False  # its first label stands before any text but title and preamble
    switches: int = 0  # labels that differ from the one before them


class Decision(Struct):
    """The style in use and the role of each label digest that is a speaker of it."""

    style: str
    roles: dict[str, Role]


@lru_cache(maxsize=4096)
def digest_of(label: str) -> str:
    return hashlib.blake2b(core(label).encode("utf-8", "replace"), digest_size=5).hexdigest()


def is_candidate(marker: Marker) -> bool:
    """Whether a label is worth counting: a known role or a possible name."""
    name = core(marker.label)
    return name in OUTPUT or name in PAIR or bool(role_of(name)) or is_name(marker.label)


def count(styles: dict[str, Style], marker: Marker, *, said: str, opens: bool, follows_break: bool) -> None:
    """Add one candidate to the counts.

    ``said`` is the first line behind the label; ``opens`` when no text but title and preamble stands before it.
    """
    style = styles.get(marker.style)
    if style is None:
        style = styles[marker.style] = Style(opens=opens)
    key, name = digest_of(marker.label), core(marker.label)
    label = style.labels.get(key)
    if label is None:
        if len(style.labels) >= _MOST_LABELS:
            return
        role = "output" if name in OUTPUT else name if name in PAIR else role_of(name) or ""
        label = style.labels[key] = Label(role=role)
    before = style.labels.get(style.last)
    if before is not None:
        style.switches += style.last != key
        before.before_assistant += label.role == "assistant"
        label.after_human += before.role == "human"
    label.count += 1
    label.breaks += follows_break
    if label.heard < _HEARD:
        label.heard += 1
        label.addressed += is_addressed(said)
    label.words += marker.rest.count(" ") + 1 if marker.rest else 0
    style.last = key


def decide(styles: dict[str, Style]) -> Decision | None:
    """The style that the counts speak for, None when no style has speakers."""
    best: Decision | None = None
    rank: tuple[int, int] = (0, 0)
    for name, style in styles.items():
        roles = _speakers(name, style)
        total = sum(style.labels[key].count for key in roles)
        # Few labels in the house style of a header must not beat the turns below it; else the first style seen wins.
        own = (_strength(name, style, roles), min(total, 4))
        if own[0] and own > rank:
            best, rank = Decision(style=name, roles=roles), own
    return best and _with_tools(best, styles)


def _strength(name: str, style: Style, roles: dict[str, Role]) -> int:
    labels = [style.labels[key] for key in roles]
    known = {PAIR.get(label.role, label.role) for label in labels} & {"human", "assistant"}
    if len(known) == 2:
        return 3
    if not known:
        return 1 if roles and style.opens else 0
    again = any(label.count > 1 for label in labels)
    spoken = any(label.addressed for label in labels)
    if name.endswith("plain"):
        # A key of a config or a form, and the topic of a change, are words before a colon too.
        is_rare = sum(label.count for label in labels) * 3 < sum(label.count for label in style.labels.values())
        return (2 if len(roles) > 1 else int(style.opens and again)) if spoken and not is_rare else 0
    if len(roles) > 1:
        return 2 if again or spoken or "#" not in name else 0
    # A heading with the name of a product is a chapter about it; a label with words behind it is a speaker's.
    return int(again or (spoken and known == {"human"}) or bool("#" not in name and labels[0].words))


def _speakers(name: str, style: Style) -> dict[str, Role]:
    known = {label.role for label in style.labels.values()}
    if known & {"human", "assistant"}:
        accepted = _known_and_names(style, known)
    elif set(PAIR) <= known and style.opens:
        accepted = {key for key, label in style.labels.items() if label.role in PAIR}
    elif _is_talk(name, style):
        accepted = {key for key, label in style.labels.items() if not label.role and label.count > 1 and label.breaks}
    else:
        return {}
    return {key: _role(label) for key, label in style.labels.items() if key in accepted}


def _known_and_names(style: Style, known: set[str]) -> set[str]:
    labels = style.labels
    accepted = {key for key, label in labels.items() if label.role in ("human", "assistant")}
    first = next(iter(labels))
    if "tool" in known:
        accepted |= {key for key, label in labels.items() if label.role in ("tool", "output")}
    accepted |= {key for key, label in labels.items() if label.role == "system" and (label.count > 1 or key == first)}
    # A name that stands only inside paragraphs is a word of them.
    names = {key: label for key, label in labels.items() if not label.role and label.breaks}
    if "assistant" in known:
        heard = {key for key, label in names.items() if 0 < label.before_assistant * 2 >= label.count}
    else:
        heard = {key for key, label in names.items() if label.after_human * 2 >= label.count}
    recurring = {key for key in heard if names[key].count > 1}
    once = set() if recurring or {"human", "assistant"} <= known else heard
    return accepted | recurring | once


def _is_talk(name: str, style: Style) -> bool:
    """Names only: at least two that recur, take turns and say something to each other."""
    labels = style.labels.values()
    total = sum(label.count for label in labels)
    recurring = [label for label in labels if not label.role and label.count > 1 and label.breaks]
    if len(recurring) < 2 or not style.opens or style.switches * 4 < total:
        return False
    if sum(label.count for label in recurring) * 3 < total * 2:
        return False
    # Lists of changes, licences and metadata repeat their keys, and address nobody.
    if sum(label.addressed for label in recurring) * 6 < sum(label.heard for label in labels):
        return False
    return not name.endswith("plain") or sum(label.words for label in recurring) >= total * 2


def _role(label: Label) -> Role:
    if label.role == "assistant":
        return "assistant"
    if label.role == "system":
        return "system"
    if label.role in PAIR:
        return PAIR[label.role]
    return "tool" if label.role in ("tool", "output") else "human"


def _with_tools(decision: Decision, styles: dict[str, Style]) -> Decision:
    """Tool labels may stand in the bold style without colon: ``**Tool: Bash**`` beside ``**User:**``."""
    beside = decision.style.replace("**:**", "****")
    if beside == decision.style or beside not in styles:
        return decision
    tools: dict[str, Role] = {key: "tool" for key, label in styles[beside].labels.items() if label.role == "tool"}
    outputs: dict[str, Role] = {}
    if tools:
        outputs = {key: "tool" for key, label in styles[decision.style].labels.items() if label.role == "output"}
    return Decision(style=decision.style, roles={**decision.roles, **outputs, **tools})
