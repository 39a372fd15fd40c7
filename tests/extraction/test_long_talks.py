"""Work grows with the length of a talk, not with its square: counted in calls, not in seconds."""

import sys
from itertools import pairwise

import pytest

from bot.extraction import extract
from tests.extraction.talks import talk, told

# Five letters each, no two of them with one stem: a talk of as many different loose ends.
WORDS = [f"{a}{b}{c}o{d}" for a in "bdfg" for b in "aiu" for c in "lmnprt" for d in "kpqxz"]


def in_one_turn(line, count):
    return [("human", "\n".join(line.format(f"{WORDS[n % 360]} {WORDS[n // 360 + n % 7]} {n}") for n in range(count)))]


def in_turns(line, count):
    return [said for turn in in_one_turn(line, count)[0][1].split("\n") for said in [("human", turn), ("tool", "ok")]]


TALKS = {
    "markers": lambda n: in_one_turn("TODO: Rewrite the {}", n),
    "markers in code": lambda n: [("human", f"```python\n{in_one_turn('x()  # TODO: port the {}', n)[0][1]}\n```")],
    "items": lambda n: [("human", f"Features we need:\n{in_one_turn('- import the {}', n)[0][1]}")],
    "turns": lambda n: in_turns("TODO: Rewrite the {}", n),
    "faults and tasks": lambda n: in_turns("The {} page crashes, that is urgent. I'll rewrite that page.", n),
    "one task again": lambda n: [("human", "TODO: fix the login page now")] * n,
    "answers": lambda n: [*in_one_turn("TODO: Rewrite the {}", n), *[("assistant", "I read it.")] * n],
}


def work(said):
    """Calls and generator steps of Python functions that finding the loose ends takes."""
    count = 0

    def step(_frame, event, _arg):
        nonlocal count
        count += event == "call"

    conversation = talk(*said)
    sys.setprofile(step)
    try:
        extract(conversation)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("said", TALKS.values(), ids=TALKS)
def test_twice_the_talk_is_twice_the_work(said):
    extract(talk(*said(10)))  # what is read once, cues and weights, is no work of the talk
    counts = [work(said(size)) for size in (250, 450, 650)]
    first, second = (b - a for a, b in pairwise(counts))
    assert second <= 1.1 * first


@pytest.mark.parametrize("count", [500, 1_000])
def test_each_of_thousands_of_markers_is_found(count):
    found = extract(talk(*in_one_turn("TODO: Rewrite the {}", count)))
    assert len(found) == len({f.title for f in found}) == count
    assert told(found[-1])[1].endswith(str(count - 1))


def test_a_bracket_closed_but_never_opened_is_cut_like_any_text():
    (finding,) = extract(talk(("human", f"TODO: Rewrite the importer a) for {'very ' * 20}large files")))
    assert 0 < len(finding.title) < 80
