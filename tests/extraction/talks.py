"""Builds small conversations: each turn is a pair of role and text, lines counted from 1 with a blank between turns."""

from __future__ import annotations

from bot.extraction import extract
from bot.model import Conversation, Finding, Role, Turn


def talk(*said: tuple[Role, str]) -> Conversation:
    turns, line = [], 1
    for role, text in said:
        count = text.count("\n") + 1
        turns.append(Turn(role=role, text=text, lines=list(range(line, line + count))))
        line += count + 1
    return Conversation(log="talk.md", format="markdown", id="talk", turns=tuple(turns))


def found(*said: tuple[Role, str]) -> tuple[Finding, ...]:
    """What a conversation leaves open, doubtful findings left out."""
    return tuple(f for f in extract(talk(*said)) if f.status != "resolved" and f.confidence >= 0.4)


def told(finding: Finding) -> tuple[str, str]:
    return finding.kind, finding.title


def one(text: str) -> list[tuple[str, str]]:
    """Kind and title of what a single human turn leaves open."""
    return [told(finding) for finding in found(("human", text))]
