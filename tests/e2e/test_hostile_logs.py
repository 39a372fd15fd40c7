"""Every kind of bad input gets one clear line; the good logs beside it are read, and nothing is lost."""

import json
import os

import pytest

TODO = "TODO: rotate the signing keys of the gateway"
TALK = f"**User:** {TODO}\n\n**Claude:** I see.\n"
RECORD = {
    "type": "user",
    "uuid": "5f0c",
    "sessionId": "s-1",
    "timestamp": "2026-02-03T10:00:00Z",
    "message": {"role": "user", "content": "TODO: renew the certificate of the mail relay"},
}
LINE = json.dumps(RECORD)


def directory(path):
    path.mkdir()


def unreadable(path):
    path.write_text(TALK)
    path.chmod(0)


def loop(path):
    path.symlink_to(path.name)


def dangling(path):
    path.symlink_to("nowhere")


BAD = {
    "truncated.jsonl": LINE[:60].encode(),
    "binary.jsonl": bytes(range(256)) * 40,
    "noise.jsonl": b"\x00\xff\x00\xfe" * 100,
    "nul.md": b"\0" * 5000,
    "prose.md": b"# Shopping\n\nMilk and bread.\n",
    "other.jsonl": b'{"some": "other format"}\n' * 3,
    "directory.md": directory,
    "loop.md": loop,
    "dangling.md": dangling,
}
READ = {
    "empty.md": (b"", 0),
    "latin1.md": (TALK.replace("gateway", "passerelle d'\xe9t\xe9").encode("latin-1"), 1),
    "utf16.md": (TALK.replace("gateway", "proxy").encode("utf-16"), 1),
    "bom.md": (b"\xef\xbb\xbf" + TALK.replace("gateway", "relay").encode(), 1),
    "nuls.md": (TALK.replace("gateway", "cache \0 server").encode(), 1),
    "long.jsonl": ((LINE + "\n" + json.dumps({**RECORD, "uuid": "2", "x": "y" * 5_000_000}) + "\n").encode(), 1),
    "deep.jsonl": ((LINE.replace("mail", "deep") + "\n" + "[" * 100_000 + "\n").encode(), 1),
    "half.jsonl": ((LINE.replace("mail", "half") + "\n" + LINE[:50]).encode(), 1),
}


def put(project, name, content):
    path = project.folder / "logs" / name
    if callable(content):
        content(path)
        return
    path.write_bytes(content)
    project.touch(path)


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_one_line_and_the_rest_is_read(project, name):
    content = BAD[name]
    project.log("good.md", TODO)
    put(project, name, content)
    summary = project.run()
    about = [line for line in [*summary.errors, *summary.taken.notes] if name in line]
    assert len(about) == 1
    assert "\n" not in about[0]
    assert len(project.tickets()) == 1


@pytest.mark.parametrize("name", READ)
def test_what_is_odd_is_read_all_the_same(project, name):
    content, count = READ[name]
    project.log("good.md", "TODO: water the plants of the office in May")
    put(project, name, content)
    summary = project.run()
    assert summary.errors == []
    assert len(project.tickets()) == 1 + count
    assert summary.taken.read == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_one_line(project):
    unreadable(project.folder / "logs" / "secret.md")
    assert [line for line in project.run().errors if "secret.md" in line]


def test_every_file_is_accounted_for_in_status(project):
    from bot.store import logs

    for name, content in BAD.items():
        put(project, name, content)
    for name, (content, _) in READ.items():
        put(project, name, content)
    project.run()
    with project.desk() as desk, desk.engine.begin() as db:
        known = {log.path.rsplit("/", 1)[-1]: log for log in logs.every(db)}
    assert set(known) == {*BAD, *READ}
    assert all(known[name].outcome == "read" for name in READ)


def test_bad_logs_are_told_again_but_not_read_again(project):
    for name in ("prose.md", "dangling.md", "directory.md"):
        put(project, name, BAD[name])
    first, second = project.run(), project.run()
    assert first.errors == second.errors
    assert (second.taken.failed, second.taken.skipped, second.taken.bytes_read) == (2, 1, 0)
    assert (len(first.taken.notes), second.taken.notes) == (1, [])
