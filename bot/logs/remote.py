"""Logs in object stores and wherever else fsspec reaches: ``s3://bucket/prefix``, ``gs://``, ``az://``, ``sftp://``."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader, RawIOBase
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from bot.logs.files import BESIDE_BYTES, Stamp

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{0,30}://\S.{0,2000}")
_BLOCK = 1024 * 1024
_TIMES = ("LastModified", "last_modified", "mtime", "updated", "modified", "created")
_VERSIONS = ("ETag", "etag", "md5Hash", "content_md5")


class Store(Protocol):
    """The little of a file system of fsspec that is used here."""

    def info(self, path: str) -> Mapping[str, object]: ...
    def open(self, path: str, mode: str, *, block_size: int) -> object: ...
    def find(self, path: str, *, detail: bool) -> Mapping[str, Mapping[str, object]]: ...
    def invalidate_cache(self) -> None: ...
    def unstrip_protocol(self, name: str) -> str: ...
    def cat_file(self, path: str) -> bytes: ...


class Unreachable(OSError):
    """A store that cannot be reached, or lacks its package; the message says which."""


def is_remote(address: str) -> bool:
    """Whether an address names a store instead of a place on this machine."""
    return bool(_ADDRESS.fullmatch(address))


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file in a store, with what the listing said of it."""

    store: Store
    name: str
    info: Mapping[str, object]

    @property
    def path(self) -> Path:
        return Path(PurePosixPath(self.name).name)

    def stamp(self) -> Stamp:
        time = _time_ns(self.info)
        return Stamp(size=_size(self.info), mtime_ns=time, inode=_version(self.info), device=0, written_ns=time)

    def open(self) -> BinaryIO:
        """Only the blocks that are read are fetched."""
        try:
            stream = cast(BinaryIO, self.store.open(self.name, "rb", block_size=_BLOCK))
        except Exception as error:
            raise Unreachable(told(error)) from error
        return BufferedReader(_Stream(stream), _BLOCK)

    def beside(self, relative: str) -> bytes | None:
        name = posixpath.normpath(posixpath.join(posixpath.dirname(self.name), relative))
        try:
            if _size(self.store.info(name)) > BESIDE_BYTES:
                return None
            return self.store.cat_file(name)
        except Exception:  # noqa: BLE001 - every store has errors of its own, and what is beside a log is never needed
            return None


class _Stream(RawIOBase):
    """A stream of a store whose errors, of whatever kind, are OSError here."""

    def __init__(self, inner: BinaryIO) -> None:
        super().__init__()
        self._inner = inner

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._inner.seek(offset, whence)

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        space = memoryview(buffer)
        try:
            data = self._inner.read(len(space))
        except Exception as error:
            raise Unreachable(told(error)) from error
        space[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()


def remote_files(address: str) -> Iterator[tuple[str, RemoteFile]]:
    """Every file below an address, by name, with its path below the address. Raises Unreachable."""
    store, root = _connect(address)
    try:
        store.invalidate_cache()
        found = store.find(root, detail=True)
    except Exception as error:
        raise Unreachable(told(error)) from error
    if not found:
        raise Unreachable("nothing is there: correct the path")
    for name in sorted(found):
        relative = name.removeprefix(root).lstrip("/")
        if found[name].get("type", "file") == "file":
            yield relative or PurePosixPath(name).name, RemoteFile(store, name, found[name])


def told(error: Exception) -> str:
    """An error of a store in one short line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:300] if text else type(error).__name__


def _connect(address: str) -> tuple[Store, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise Unreachable("needs fsspec: pip install 'loose-ends[remote]'") from error
    try:
        store, root = url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise Unreachable(f"{told(error)} (pip install 'loose-ends[remote]' brings S3)") from error
    except Exception as error:
        raise Unreachable(told(error)) from error
    return cast(Store, store), str(root).rstrip("/")


def _size(info: Mapping[str, object]) -> int:
    size = info.get("size")
    return size if isinstance(size, int) else 0


def _version(info: Mapping[str, object]) -> int:
    """The store's own mark of a version as a number; 0 where it gives none."""
    text = next((str(info[key]) for key in _VERSIONS if info.get(key)), "")
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big") if text else 0


def _time_ns(info: Mapping[str, object]) -> int:
    time = next((info[key] for key in _TIMES if info.get(key)), None)
    if isinstance(time, datetime):
        return int((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1e6) * 1000
    if isinstance(time, int | float):
        return int(time * 1e9)
    try:
        return _time_ns({"mtime": datetime.fromisoformat(str(time))}) if time else 0
    except ValueError:
        return 0
