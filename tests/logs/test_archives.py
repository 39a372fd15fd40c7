import gzip
import os
import struct
import sys
import zipfile

import pytest
import zstandard

from bot.logs.base import LogError
from bot.logs.incremental import read_new
from bot.logs.sources import find_logs

TALK = "**User:** The import hangs.\n\n**Claude:** Since when?\n"


@pytest.fixture
def archive(tmp_path):
    return tmp_path / "export.zip"


def pack(archive, members, *, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(archive, "w", method) as out:
        for name, text in members.items():
            info = zipfile.ZipInfo(name, (2026, 3, 1, 10, 0, 0))
            info.compress_type = method
            out.writestr(info, text)


def found(path, **how):
    return list(find_logs(str(path), **how))


def names(path, **how):
    return [log.name.rpartition("/export.zip")[2] for log in found(path, **how) if not log.problem]


def said(reading):
    return [turn.text for talk in reading.conversations for turn in talk.turns]


def read(log, **how):
    return read_new(log.log, name=log.name, **how)


def test_the_members_of_an_archive_are_logs(archive):
    pack(archive, {"talks/b.md": TALK, "a.md": TALK})
    (first, second) = found(archive)
    assert (first.name, second.name) == (f"{archive}!a.md", f"{archive}!talks/b.md")
    assert said(read(second)) == ["The import hangs.", "Since when?"]
    assert read(second).conversations[0].log == f"{archive}!talks/b.md"


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        pytest.param({}, ["!a.md", "!talks/b.jsonl"], id="what can be a log"),
        pytest.param({"include": ["*.jsonl", "*.zip"]}, ["!talks/b.jsonl"], id="include"),
        pytest.param({"include": ["*.png", "*.zip"]}, ["!talks/c.png"], id="include other names"),
        pytest.param({"exclude": ["talks"]}, ["!a.md"], id="exclude a folder in it"),
        pytest.param({"exclude": ["export.zip"]}, [], id="exclude the archive"),
    ],
)
@pytest.mark.parametrize("of_folder", [True, False], ids=["in a folder", "named"])
def test_include_and_exclude_hold_for_members(archive, how, expected, of_folder):
    pack(archive, dict.fromkeys(["a.md", "talks/b.jsonl", "talks/c.png", ".d.md", "__MACOSX/e.md"], TALK))
    assert names(archive.parent if of_folder else archive, **how) == expected


def test_a_member_that_is_the_same_in_a_new_archive_is_unchanged(archive):
    pack(archive, {"a.md": TALK})
    first = read(*found(archive))
    pack(archive, {"a.md": TALK, "b.md": TALK})
    os.utime(archive, (1, 1))
    assert read(found(archive)[0], cursor=first.cursor).change == "unchanged"


def test_a_member_that_grew_is_read_from_where_reading_ended(archive):
    pack(archive, {"a.md": TALK})
    first = read(*found(archive))
    pack(archive, {"a.md": TALK + "\n**User:** Since Monday.\n"})
    second = read(*found(archive), cursor=first.cursor)
    assert (second.change, said(second)) == ("grown", ["Since Monday."])


def test_a_name_that_leads_out_of_the_archive_is_only_a_name(archive, tmp_path):
    outside = tmp_path / "outside.md"
    outside.write_text("**User:** secret\n\n**Claude:** ok\n")
    pack(archive, {"../outside.md": TALK, str(outside): TALK})
    logs = found(archive, include=["**"])
    assert [said(read(log)) for log in logs if "outside" in log.name][-1] == ["The import hangs.", "Since when?"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export.zip", "outside.md"]


def test_an_archive_in_an_archive_is_not_opened(archive):
    pack(archive.parent / "inner.zip", {"a.md": TALK})
    inner = (archive.parent / "inner.zip").read_bytes()
    pack(archive, {"inner.zip": inner})
    with pytest.raises(LogError, match="not text"):
        read(*found(archive))


def test_what_unpacks_to_far_more_than_it_holds_is_refused(archive):
    pack(archive, {"a.md": b"\0" * 20_000_000})
    with pytest.raises(LogError, match="unpacks to 20000000 bytes, more than the limit"):
        read(*found(archive))


def test_a_size_that_lies_is_found_out(archive):
    pack(archive, {"a.md": b"x" * 20_000_000})
    raw = archive.read_bytes().replace(struct.pack("<I", 20_000_000), struct.pack("<I", 1_000))
    archive.write_bytes(raw)
    with pytest.raises(LogError, match=r"cannot be (unpacked|read)|limit"):
        read(*found(archive))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        pytest.param(lambda raw: raw[: len(raw) // 2], "not a zip archive", id="cut short"),
        pytest.param(lambda _: b"", "not a zip archive", id="empty"),
        pytest.param(lambda _: b"**User:** hi", "not a zip archive", id="text"),
    ],
)
def test_a_broken_archive_is_one_line(archive, spoil, message):
    pack(archive, {"a.md": TALK})
    archive.write_bytes(spoil(archive.read_bytes()))
    (log,) = found(archive.parent)
    assert message in log.problem
    assert "\n" not in log.problem


def test_a_member_with_spoiled_bytes_is_one_line(archive):
    pack(archive, {"a.md": TALK * 50}, method=zipfile.ZIP_STORED)
    raw = bytearray(archive.read_bytes())
    raw[100] ^= 1
    archive.write_bytes(raw)
    with pytest.raises(LogError, match="cannot be unpacked"):
        read(*found(archive))


def test_a_file_beside_a_member_can_be_read(archive):
    pack(archive, {"general/a.md": TALK, "users.json": "[]"})
    log = next(log for log in found(archive) if log.name.endswith("a.md"))
    assert log.log.beside("../users.json") == b"[]"
    assert log.log.beside("../../etc/passwd") is None


PACKERS = {".gz": gzip.compress, ".zst": zstandard.compress}


@pytest.mark.parametrize(("suffix", "pack_one"), PACKERS.items(), ids=PACKERS)
def test_a_compressed_log_is_read_and_found_unchanged(tmp_path, suffix, pack_one):
    packed = tmp_path / f"talk.md{suffix}"
    packed.write_bytes(pack_one(TALK.encode()))
    (log,) = found(tmp_path)
    first = read(log)
    assert (log.name, said(first)) == (str(packed), ["The import hangs.", "Since when?"])
    assert read(log, cursor=first.cursor).change == "unchanged"


@pytest.mark.parametrize(("suffix", "pack_one"), PACKERS.items(), ids=PACKERS)
@pytest.mark.parametrize("spoil", [lambda _: b"no", lambda raw: raw[:40] + b"xx" + raw[42:]], ids=["other", "spoiled"])
def test_a_compressed_log_that_is_spoiled_is_one_line(tmp_path, suffix, pack_one, spoil):
    text = "".join(f"**User:** line {number}\n\n**Claude:** {number * 7919}\n\n" for number in range(200))
    (tmp_path / f"talk.md{suffix}").write_bytes(spoil(pack_one(text.encode())))
    with pytest.raises(LogError, match=r"cannot be (unpacked|read)") as caught:
        read(*found(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_compressed_log_that_unpacks_to_far_more_is_refused(tmp_path):
    (tmp_path / "talk.md.zst").write_bytes(zstandard.compress(b"\0" * 20_000_000))
    with pytest.raises(LogError, match="unpacks to more than the limit"):
        read(*found(tmp_path))


def test_without_its_package_the_way_to_read_zstandard_is_told(tmp_path, monkeypatch):
    (tmp_path / "talk.md.zst").write_bytes(zstandard.compress(TALK.encode()))
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(LogError, match=r"pip install 'loose-ends\[zstd\]'"):
        read(*found(tmp_path))
