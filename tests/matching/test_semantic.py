"""Sentence models: the one that comes with the extra, models in folders, and what meaning adds to the words."""

import json
import random
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from bot.matching.decision import match
from bot.matching.defaults import MENTIONS
from bot.matching.embedders import check, load
from bot.matching.entry import make_entry
from bot.matching.memory import MemoryIndex
from bot.matching.model import learned
from bot.matching.nearest import MemoryMeaning, Vectors
from bot.matching.semantic import SemanticError

TICKETS = {
    "Export to CSV drops the last row": "The CSV export leaves out the final row of the report table.",
    "Login page hangs after a wrong password": "After a wrong password the spinner of the login page never stops.",
    "Thumbnails of portrait photos are rotated": "Photos taken upright show up sideways in the gallery thumbnails.",
    "Webhook retries ignore the Retry-After header": "WebhookSender.retry does not honour Retry-After from the server.",
    "Document the backup procedure": "Nobody knows how to restore a backup; write it down in the handbook.",
}


@pytest.fixture(scope="module")
def builtin():
    return load("builtin")


@pytest.fixture
def static(tmp_path):
    """A folder with a tiny static model: one axis for each of three fields."""
    words = {word: number for number, word in enumerate("cat dog kitten puppy crash boom ?".split())}
    tokenizer = Tokenizer(WordLevel(words, unk_token="?"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    table = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0.1], [0, 1, 0.1], [0, 0, 1], [0, 0.1, 1], [0, 0, 0]], np.float32)
    save_file({"embeddings": table}, tmp_path / "model.safetensors")
    return tmp_path


def cosine(one, other):
    return Vectors(len(one), [(0, other)]).cosines(one, [0])[0]


def test_the_builtin_model_knows_other_words_for_a_thing(builtin):
    asked, alike, other = builtin.encode(["sign-in never finishes", "login page hangs", "thumbnails are rotated"])
    assert cosine(asked, alike) > cosine(asked, other) + 0.2


def test_a_text_has_one_vector_whatever_is_encoded_beside_it(builtin):
    texts = ["a", "the export drops the last row " * 40, "", "café ☕"]
    assert builtin.encode(texts) == [builtin.encode([text])[0] for text in texts]
    assert {len(vector) for vector in builtin.encode(texts)} == {builtin.dimension}


def asked(title, quote, embedder):
    index, meaning = MemoryIndex(), MemoryMeaning(embedder)
    for number, (head, body) in enumerate(TICKETS.items()):
        entry = make_entry(str(number), head, body)
        index.add(entry)
        meaning.add(entry)
    query = make_entry("q", title, quote)
    return match(index, query, learned("mention", semantic=True), MENTIONS, meaning)


@pytest.mark.parametrize(
    ("title", "quote", "ticket"),
    [
        ("Sign-in spins forever", "sign-in spins forever when I mistype my credentials", "1"),
        ("Preview pictures lie on their side", "preview pictures lie on their side when shot vertically", "2"),
    ],
)
def test_what_shares_no_word_of_consequence_with_a_ticket_is_known_by_its_meaning(builtin, title, quote, ticket):
    found = asked(title, quote, builtin)
    assert found.decision != "new"
    assert found.candidates[0].id == ticket
    assert found.why.endswith("the meaning")


@pytest.mark.parametrize("title", ["Water the plants", "Order more coffee for the kitchen"])
def test_what_has_nothing_to_do_with_a_ticket_is_new(builtin, title):
    assert asked(title, "", builtin).decision == "new"


@pytest.mark.parametrize("layout", ["model2vec", "sentence-transformers"])
def test_static_embeddings_of_a_folder_are_used(static, layout):
    if layout == "sentence-transformers":
        inner = static / "0_StaticEmbedding"
        inner.mkdir()
        (static / "model.safetensors").rename(inner / "model.safetensors")
        (static / "tokenizer.json").rename(inner / "tokenizer.json")
    model = load(str(static))
    cat, kitten, dog, nothing = model.encode(["cat", "a kitten", "dog crash", "unheard of"])
    assert (cosine(cat, kitten) > 0.9, cosine(cat, dog) < 0.1) == (True, True)
    assert (model.dimension, model.name.split()[0], cosine(cat, nothing)) == (3, static.name, 0.0)


def test_another_table_is_another_model(static):
    first = load(str(static)).name
    load.cache_clear()
    save_file({"embeddings": np.ones((7, 3), np.float32)}, static / "model.safetensors")
    assert load(str(static)).name != first


def broken(folder, name, content):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda f: (f / "model.safetensors").unlink(), "holds no model"),
        (lambda f: (f / "tokenizer.json").unlink(), "holds no tokenizer.json"),
        (lambda f: broken(f, "tokenizer.json", b"{}"), "cannot be used as a tokenizer"),
        (lambda f: broken(f, "model.safetensors", b"no"), "cannot be read"),
        (lambda f: save_file({"layer.0": np.ones((2, 2))}, f / "model.safetensors"), "holds no table of vectors"),
        (lambda f: broken(f, "onnx/model.onnx", b"no"), "cannot be used as an ONNX model"),
    ],
    ids=["no model", "no tokenizer", "bad tokenizer", "bad table", "another network", "bad network"],
)
def test_a_folder_without_a_usable_model_is_told_in_one_line(static, spoil, told):
    spoil(static)
    load.cache_clear()
    with pytest.raises(SemanticError, match=told) as found:
        load(str(static))
    assert "\n" not in str(found.value)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SemanticError, match="no such folder"):
        check(str(tmp_path / "nowhere"))


def test_without_the_extra_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(SemanticError, match=r"needs onnxruntime: pip install 'loose-ends\[semantic\]'"):
        check("builtin")


def test_nothing_of_the_extra_is_imported_without_it():
    code = "import sys, bot.cli.match, bot.pipeline; print(json.dumps([m for m in WANTED if m in sys.modules]))"
    wanted = ["numpy", "onnxruntime", "tokenizers", "safetensors"]
    done = subprocess.run(
        [sys.executable, "-c", f"import json; WANTED = {wanted}; {code}"], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == []


@given(st.integers(1, 40), st.integers(1, 8), st.integers(1, 12), st.integers())
def test_the_nearest_are_those_with_the_highest_cosines(rows, dimension, count, seed):
    chance = random.Random(seed)
    made = [bytes(chance.choices(range(256), k=dimension)) for _ in range(rows)]
    vectors = Vectors(dimension, ((10 * number, vector) for number, vector in enumerate(made)))
    query = chance.choice(made)
    cosines = dict(zip(range(0, 10 * rows, 10), vectors.cosines(query, range(0, 10 * rows, 10)), strict=True))
    wanted = sorted(cosines, key=lambda number: (-cosines[number], number))[:count]
    assert vectors.nearest(query, count) == wanted


def test_an_entry_without_a_vector_is_neither_near_nor_far():
    vectors = Vectors(2, [(1, b"\x01\x00"), (2, b"\x00\x01"), (3, b"longer")])
    assert vectors.cosines(b"\x01\x00", [1, 2, 3]) == [1.0, 0.0, 0.5]
