import json
from contextlib import suppress

import pytest
from chats import read, said, times, turns, verbatim
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs.base import LogError
from bot.logs.html_text import text_of_html


def message(number, content, name="Ana", **fields):
    return {"content": content, "id": number, "sender_full_name": name, "timestamp": 1772442000 + number} | fields


TOPIC = [message(7, "<p>the lamp flickers</p>"), message(8, "<p>since noon</p>", "Ben"), message(9, "<p>hm</p>")]


def test_a_topic_is_one_conversation(tmp_path):
    text = json.dumps(TOPIC, indent=4)
    reading = read(tmp_path, text, name="12-lamps/Lamp.20is.20dim.json")
    assert said(reading) == [("h", "Ana", "the lamp flickers"), ("h", "Ben", "since noon"), ("h", "Ana", "hm")]
    talk = reading.conversations[0]
    assert (talk.id, talk.title, talk.turns[0].id) == ("topic-7", "Lamp is dim", "7")
    assert times(reading)[0] == "2026-03-02T09:00:07+00:00"
    assert verbatim(reading, text)


@pytest.mark.parametrize(
    ("name", "email", "role"),
    [
        pytest.param("Ana Bot", "", "t", id="bot by name"),
        pytest.param("Builds", "builds-bot@x.example", "t", id="bot by address"),
        pytest.param("Notification Bot", "", "s", id="notice"),
        pytest.param("Ana Abbot", "ana@x.example", "h", id="person"),
    ],
)
def test_bots_are_told_from_people(tmp_path, name, email, role):
    log = [*TOPIC, message(10, "<p>x</p>", name, sender_email=email)]
    assert said(read(tmp_path, json.dumps(log)))[-1][0] == role


def test_messages_of_many_topics_are_told_apart(tmp_path):
    log = [item | {"display_recipient": "park", "subject": "ab"[item["id"] % 2]} for item in TOPIC]
    talks = read(tmp_path, json.dumps({"result": "success", "messages": log})).conversations
    assert [(talk.title, len(talk.turns)) for talk in talks] == [("park > b", 2), ("park > a", 1)]


def test_records_of_unknown_shape_are_counted(tmp_path):
    reading = read(tmp_path, json.dumps([*TOPIC, {"id": 1}, [2]], indent=1))
    assert [(item.what, item.count, item.line) for item in reading.not_understood] == [
        ("record that is no message", 2, 20)
    ]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param("<p>a &lt; b<br>\nand &amp; c</p>", "a < b\nand & c", id="entities and breaks"),
        pytest.param("<p>one</p>\n<p>two</p>", "one\n\ntwo", id="paragraphs"),
        pytest.param("<p>run <code>x &lt; y</code> now</p>", "run `x < y` now", id="code"),
        pytest.param(
            '<div class="codehilite"><pre><span></span><code><span class="k">def</span> f():\n    x\n</code></pre>'
            "</div>\n<p>ok</p>",
            "```\ndef f():\n    x\n```\nok",
            id="code block",
        ),
        pytest.param(
            "<blockquote>\n<p>said<br>\nbefore</p>\n</blockquote>\n<p>no</p>", "> said\n> before\n\nno", id="quote"
        ),
        pytest.param("<ul>\n<li>one</li>\n<li>two</li>\n</ul>", "- one\n- two", id="list"),
        pytest.param(
            '<p><span class="user-mention">@Ana</span> <img alt=":lamp:" src="x"></p>', "@Ana :lamp:", id="names"
        ),
        pytest.param(
            '<p><span class="katex"><span class="katex-mathml">x^2</span><span class="katex-html"><span>x</span>'
            "2</span></span> big</p>",
            "x^2 big",
            id="formula once",
        ),
        pytest.param("a < b and c > d", "a < b and c > d", id="no HTML"),
        pytest.param("<p>open <b", "open <b", id="broken tag"),
        pytest.param("</p></blockquote></pre>x", "x", id="closed too often"),
    ],
)
def test_html_becomes_what_people_would_type(html, text):
    assert text_of_html(html) == text


@settings(max_examples=100)
@given(
    parts=st.lists(
        st.sampled_from(["<p>", "</pre>", "<pre>", "<blockquote>", "<", "&#0;", "<span "]) | st.text(max_size=5)
    )
)
def test_any_html_becomes_text(parts):
    assert isinstance(text_of_html("".join(parts)), str)


@settings(max_examples=40)
@given(
    values=st.lists(st.dictionaries(st.sampled_from(list(TOPIC[0])), st.none() | st.text(max_size=4) | st.integers()))
)
def test_any_records_are_read_or_refused(tmp_path_factory, values):
    with suppress(LogError):
        reading = read(tmp_path_factory.mktemp("z"), json.dumps(values), log_format="zulip")
        assert len(turns(reading)) <= len(values)
