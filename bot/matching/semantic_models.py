"""The two sorts of sentence models: a network in an ONNX file, and a table of vectors, one for each token."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.matching.semantic import SemanticError, Vector

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    Floats = NDArray[np.floating[Any]]

_LONGEST = 128  # tokens of a text that a network looks at: its time grows with them
_MASK, _TYPES = "attention_mask", "token_type_ids"


class OnnxModel:
    """A network that gives a vector for each token; the text's is their mean, or the first token's.

    Texts go through it one by one: padding, and the scale of quantized numbers, would let one text of a batch change
    the vector of another.
    """

    def __init__(self, model: Path, tokenizer: Path, *, name: str, pooling: str = "mean", prefix: str = "") -> None:
        import onnxruntime

        self._tokenizer = _open_tokenizer(tokenizer)
        self._tokenizer.enable_truncation(_LONGEST)
        self._pooling, self._prefix = pooling, prefix
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise SemanticError(f"{model}: cannot be used as an ONNX model: {str(error)[:200]}") from error
        self._inputs = {given.name for given in self._session.get_inputs()}
        self.name = f"{name} {digest(model, tokenizer)}"
        self.dimension = len(self.encode(["a"])[0])

    def encode(self, texts: Sequence[str]) -> list[Vector]:
        return [to_bytes(self._vector(self._prefix + text)) for text in texts]

    def _vector(self, text: str) -> Floats:
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        given = {"input_ids": ids, _MASK: np.ones_like(ids), _TYPES: np.zeros_like(ids)}
        found: Floats = self._session.run(None, {name: given[name] for name in self._inputs})[0][0]
        if found.ndim == 1:
            return found
        pooled: Floats = found[0] if self._pooling == "cls" else found.mean(axis=0)
        return pooled


class StaticModel:
    """A table with a vector for each token; the text's is the mean of its tokens'."""

    def __init__(self, model: Path, tokenizer: Path, *, name: str) -> None:
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        self._tokenizer = _open_tokenizer(tokenizer)
        try:
            tensors = load_file(model)
        except (OSError, SafetensorError) as error:
            raise SemanticError(f"{model}: cannot be read: {error}") from error
        table = next((tensors[name] for name in ("embeddings", "embedding.weight") if name in tensors), None)
        if table is None:
            raise SemanticError(f"{model}: holds no table of vectors; export the model to ONNX (onnx/model.onnx)")
        self._table = table
        self._weights, self._rows = tensors.get("weights"), tensors.get("mapping")
        self.name = f"{name} {digest(model, tokenizer)}"
        self.dimension = int(table.shape[1])

    def encode(self, texts: Sequence[str]) -> list[Vector]:
        return [to_bytes(self._vector(text)) for text in texts]

    def _vector(self, text: str) -> Floats:
        ids = np.array(self._tokenizer.encode(text, add_special_tokens=False).ids, dtype=np.int64)
        rows = self._rows[ids] if self._rows is not None else ids
        vectors = self._table[rows].astype(np.float32)
        if self._weights is not None:
            vectors = vectors * self._weights[ids].astype(np.float32)[:, None]
        found: Floats = vectors.sum(axis=0)
        return found


def to_bytes(vector: Floats) -> Vector:
    """The direction of a vector, each number in a signed byte. A cosine errs by less than 0.01 for that."""
    most = float(np.abs(vector).max(initial=0.0))
    if not most or not np.isfinite(most):
        return bytes(len(vector))
    rounded: Vector = np.rint(vector * (127 / most)).astype(np.int8).tobytes()
    return rounded


def digest(*files: Path) -> str:
    """What files hold, in short."""
    found = hashlib.sha256()
    for file in files:
        found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()[:12]


def _open_tokenizer(file: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        found: Tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:
        raise SemanticError(f"{file}: cannot be used as a tokenizer: {str(error)[:200]}") from error
    found.no_padding()
    return found
