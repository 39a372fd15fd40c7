import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import lines
from bot.logs.json_stream import Elements
from bot.logs.lines import Lines

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)

tricky = st.text(st.sampled_from('ab"\\{}[]:,é漢\n'), max_size=6)


def lines_of(text, *, mark=None):
    data = text.encode("utf-8", "replace")
    return Lines(io.BytesIO(data), name="log", size=len(data), encoding="utf-8", mark=mark)


def walk(text, *keys):
    elements = Elements(lines_of(text), keys=keys)
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


@given(data=st.data(), value=st.lists(st.dictionaries(tricky, tricky | st.lists(tricky), max_size=3), max_size=4))
def test_where_blocks_end_makes_no_difference(data, value):
    text = json.dumps({'name\\"': "x", "list": value}, ensure_ascii=data.draw(st.booleans()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_STRETCH", data.draw(st.integers(1, 9)))
        found, elements = walk(text, "list")
    assert ([item for item, _ in found], elements.frame) == (value, {'name\\"': "x", "list": []})


@pytest.mark.parametrize("indent", [None, 1])
@given(value=st.lists(st.dictionaries(tricky, tricky, min_size=1), min_size=2, max_size=5), data=st.data())
def test_a_walk_goes_on_where_another_one_stopped(indent, value, data):
    text = json.dumps({"of": 1, "list": value, "end": 2}, indent=indent)
    first, kept, stop = Elements(lines_of(text), keys=["list"]), [], data.draw(st.integers(1, len(value)))
    for element in first:
        kept.append(element)
        if len(kept) == stop:
            break
    rest = list(Elements(lines_of(text, mark=first.place), keys=["list"], depth=first.depth))
    whole = walk(text, "list")[0]
    assert [(element.value, element.line) for element in [*kept, *rest]] == whole


def test_a_log_of_backslashes_takes_linear_time():
    text = '[{"a": "' + "\\" * 3_000_000 + '"}]'
    assert len(walk(text)[0][0][0]["a"]) == 1_500_000


def test_elements_and_their_strings_know_their_lines():
    text = json.dumps([{"a": "one", "b": ["two"]}, {"a": "three"}], indent=1)
    for element in Elements(lines_of(text)):
        word = element.value["a"]
        assert word in text.split("\n")[element.line_of(word) - 1]


@pytest.mark.parametrize("lengths", [(70_000, 3, 3), (3, 70_000, 3), (40_000, 40_000, 40_000), (3, 3, 200_000)])
@pytest.mark.parametrize("indent", [None, 1])
def test_long_lines_and_short_ones_are_counted_alike(lengths, indent):
    text = json.dumps([{"a": sign * length} for sign, length in zip("xyz", lengths, strict=True)], indent=indent)
    found = list(Elements(lines_of(text)))
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
