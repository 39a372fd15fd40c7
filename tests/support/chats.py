"""Reading a chat that a test writes down."""

from bot.logs.incremental import read_new

ROLES = {"human": "h", "assistant": "a", "tool": "t", "system": "s"}


def read(tmp_path, text, *, name="chat.log", log_format="auto", **how):
    """Read ``text`` (or bytes) as the log ``name``; the parts of the name before the last are folders."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text if isinstance(text, bytes) else text.encode()
    if not path.exists() or path.read_bytes() != data:
        path.write_bytes(data)
    return read_new(path, name=name, format=log_format, **how)


def turns(reading):
    return [turn for conversation in reading.conversations for turn in conversation.turns]


def said(reading):
    """Role, speaker and text of every turn."""
    return [(ROLES[turn.role], turn.speaker, turn.text) for turn in turns(reading)]


def times(reading):
    return [turn.time and turn.time.isoformat() for turn in turns(reading)]


def verbatim(reading, text):
    """Whether each line of each turn stands in the line of the log that it names."""
    lines = text.split("\n")
    return all(
        part.strip() in lines[number - 1]
        for turn in turns(reading)
        for part, number in zip(turn.text.split("\n"), turn.lines, strict=True)
    )
