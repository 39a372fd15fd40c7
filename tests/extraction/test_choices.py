import pytest

from tests.extraction.talks import found, told

LIST = "Two ways to do it:\n\n1. Add a token bucket to the gateway\n2. Cache the answers of the price service\n3. Wait"
CHOSEN = {
    "number": ("Let's do number 2.", ("feature", "Cache the answers of the price service")),
    "option": ("Go with option 1 please", ("feature", "Add a token bucket to the gateway")),
    "by name": ("Go with the token bucket.", ("feature", "Add a token bucket to the gateway")),
    "yes": ("Token bucket, yes.", ("feature", "Add a token bucket to the gateway")),
}
NOT_CHOSEN = {
    "question": "Let's do number 2?",
    "no number": "Let's do number 7.",
    "not offered": "Go with the flow.",
    "answer to something else": "I have 2 cats.",
}


def titles(text):
    return [
        told(f)
        for f in found(("human", "How do I keep the load of `GET /prices` down?"), ("assistant", LIST), ("human", text))
    ]


@pytest.mark.parametrize(("text", "expected"), CHOSEN.values(), ids=CHOSEN)
def test_a_chosen_proposal_is_work(text, expected):
    (title,) = [title for _, title in titles(text)]
    assert title == expected[1]


@pytest.mark.parametrize("text", NOT_CHOSEN.values(), ids=NOT_CHOSEN)
def test_what_chooses_nothing_founds_nothing(text):
    assert titles(text) == []
