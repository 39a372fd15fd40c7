import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs.json_document import at, line_of, parse

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def strings_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings_in(inner)


@given(value=values.map(lambda value: [value]), indent=st.sampled_from([None, 0, 2, "\t"]))
def test_a_document_is_read_as_json_reads_it(value, indent):
    document = parse(json.dumps(value, indent=indent, ensure_ascii=False).encode("utf-8", "replace"))
    assert document.cut == 0
    assert document.value == json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


@given(value=st.lists(st.text(max_size=8), max_size=9))
def test_each_string_knows_its_line(value):
    written = json.dumps([value], indent=1)
    for text in strings_in(parse(written.encode()).value):
        assert json.dumps(text) in written.split("\n")[line_of(text) - 1]


@given(value=values.map(lambda value: {"a": [value, "end"]}), part=st.floats(0, 1))
def test_a_document_that_breaks_off_gives_what_stands_before(value, part):
    written = json.dumps(value, indent=1)
    length = int(len(written) * part)
    document = parse(written[:length].encode())
    assert bool(document.cut) == (length < len(written))
    kept = list(strings_in(document.value))
    assert kept == list(strings_in(value))[: len(kept)]


@pytest.mark.parametrize(
    ("data", "value", "cut"),
    [
        pytest.param(b'{"a":\n["x", ]}', {"a": ["x"]}, 0, id="comma too many"),
        pytest.param(b'{"a":\n"x\ny"}', {"a": "x\ny"}, 0, id="raw newline in a string"),
        pytest.param(b'{"a": "\\ud83d"}', {"a": "\ud83d"}, 0, id="lone surrogate"),
        pytest.param(b'{"a": "\xff"}', {"a": "\ufffd"}, 0, id="broken UTF-8"),
        pytest.param(b'{"a": NaN, "b": 1}', None, 0, id="not a number"),
        pytest.param(b"[" + b"9" * 5000 + b", 1]", [None, 1], 0, id="huge integer"),
        pytest.param(b'{"a": 1}\n{"b": 2}', {"a": 1}, 2, id="another document behind it"),
        pytest.param(b'{"a": 1]\n', {"a": 1}, 1, id="wrong bracket"),
        pytest.param(b"words", None, 1, id="no JSON"),
        pytest.param(b"", None, 1, id="empty"),
        pytest.param(b"[" * 100_000, ..., 1, id="deep"),
    ],
)
def test_odd_documents(data, value, cut):
    document = parse(data)
    assert document.cut == cut
    if value is None and document.value is not None:
        assert at(document.value, "b") == 1
    elif value is not ...:
        assert document.value == value
