"""The lines around a quote, as they are kept for whoever judges it."""

import pytest

from tests.extraction.talks import found

TODO = "TODO: rotate the signing keys of the gateway"


def around(*said):
    (finding,) = found(*said)
    return finding.evidence[0].before, finding.evidence[0].after


@pytest.mark.parametrize(
    ("said", "before", "after"),
    [
        pytest.param([("human", TODO)], "", "", id="nothing around it"),
        pytest.param(
            [("assistant", "The audit is over."), ("human", TODO), ("assistant", "Noted.")],
            "assistant: The audit is over.",
            "assistant: Noted.",
            id="the turns beside it",
        ),
        pytest.param(
            [("human", f"The audit is over.\n\n{TODO}\n\nSee you.")],
            "The audit is over.",
            "See you.",
            id="its own turn",
        ),
        pytest.param(
            [("human", f"a.\nb.\n \nc.\n\n{TODO}\n\nd.\ne.\nf.")],
            "...\nb.\nc.",
            "d.\ne.\n...",
            id="what is cut is marked",
        ),
        pytest.param(
            [("assistant", "One.\nTwo.\nThree."), ("human", TODO), ("assistant", "Four.\nFive.\nSix.")],
            "assistant: ... Two.\nThree.",
            "assistant: Four.\nFive.\n...",
            id="a cut turn still names its speaker",
        ),
        pytest.param(
            [("assistant", "Well."), ("tool", "200 OK"), ("human", TODO), ("system", "x"), ("human", "Bye.")],
            "assistant: Well.",
            "human: Bye.",
            id="no tool output",
        ),
        pytest.param(
            [("human", "The week was long. The importer crashes when the file is empty. Thanks a lot.")],
            "The week was long.",
            "Thanks a lot.",
            id="sentences of the same line",
        ),
        pytest.param([("human", f"Then:\n\n- {TODO}")], "Then:", "", id="a bullet is no words"),
    ],
)
def test_what_stands_around_a_quote(said, before, after):
    assert around(*said) == (before, after)


def test_long_lines_are_cut_between_words():
    before, after = around(("assistant", "word " * 500), ("human", TODO), ("assistant", "word " * 500))
    assert all(150 < len(side) < 230 for side in (before, after))
    assert before.startswith("assistant: ... word")
    assert after.endswith("word ...")
