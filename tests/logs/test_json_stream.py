import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs.json_stream import Elements

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


class Numbered:
    """The lines of a text with their numbers, as a log gives them."""

    def __init__(self, text):
        self.texts = text.encode("utf-8", "replace").split(b"\n")
        self.line = 0

    def __iter__(self):
        for text in self.texts:
            self.line += 1
            yield text


def walk(text, *keys):
    elements = Elements(Numbered(text), keys=keys)
    return [(element.value, element.line) for element in elements], elements


@given(value=st.lists(values, max_size=5), indent=st.sampled_from([None, 1, "\t"]))
def test_an_array_gives_what_json_gives(value, indent):
    value = [item for item in value if isinstance(item, dict | list)]
    found, elements = walk(json.dumps(value, indent=indent))
    assert [item for item, _ in found] == value
    assert not elements.is_cut


@given(value=st.lists(st.dictionaries(st.text(max_size=3), values), max_size=4), indent=st.sampled_from([None, 2]))
def test_an_array_under_a_key_and_what_stands_around_it(value, indent):
    document = {"name": {"of": ["it"]}, "list": value, "end": [{"x": 1}]}
    found, elements = walk(json.dumps(document, indent=indent), "list")
    assert [item for item, _ in found] == value
    assert elements.frame == document | {"list": []}


def test_elements_and_their_strings_know_their_lines():
    text = json.dumps([{"a": "one", "b": ["two"]}, {"a": "three"}], indent=1)
    for element in Elements(Numbered(text)):
        word = element.value["a"]
        assert word in text.split("\n")[element.line_of(word) - 1]


@pytest.mark.parametrize("lengths", [(70_000, 3, 3), (3, 70_000, 3), (40_000, 40_000, 40_000), (3, 3, 200_000)])
@pytest.mark.parametrize("indent", [None, 1])
def test_long_lines_and_short_ones_are_counted_alike(lengths, indent):
    text = json.dumps([{"a": sign * length} for sign, length in zip("xyz", lengths, strict=True)], indent=indent)
    found = list(Elements(Numbered(text)))
    assert [len(element.value["a"]) for element in found] == list(lengths)
    lines = text.split("\n")
    assert all(element.value["a"] in lines[element.line_of(element.value["a"]) - 1] for element in found)


@pytest.mark.parametrize(
    ("text", "expected", "is_cut"),
    [
        pytest.param('[{"a": "}]"}, {"b": "\\"]"}]', [{"a": "}]"}, {"b": '"]'}], False, id="brackets in strings"),
        pytest.param('[{"a": "x\ny]"}]', [{"a": "x\ny]"}], False, id="raw newline in a string"),
        pytest.param('[{"a": 1}, {"b": ', [{"a": 1}, {}], True, id="breaks off"),
        pytest.param('[{"a": 1}, {"b": "unfin', [{"a": 1}, {}], True, id="breaks off in a string"),
        pytest.param('{"list": 1}', [], False, id="no array"),
        pytest.param('{"x": {"list": [{"a": 1}]}}', [], False, id="an array deeper down"),
        pytest.param("no JSON", [], False, id="no JSON"),
        pytest.param('[{"a": tru}, {"b": 2}]', [{}, {"b": 2}], False, id="broken element"),
    ],
)
def test_odd_documents_give_what_they_can(text, expected, is_cut):
    found, elements = walk(text, "list")
    assert ([item for item, _ in found], elements.is_cut) == (expected, is_cut)
