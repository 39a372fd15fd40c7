"""Reader of Copilot Chat in VS Code: the export (JSON), the stored session (JSON), and its log of changes (JSONL)."""

from __future__ import annotations

import re
from pathlib import Path

from bot.logs.base import LineSource, Parsed, Reread, Tally
from bot.logs.json_document import WAIT, Document, at, document_in, fields, items, line_of, parse, parsed, string
from bot.logs.json_lines import record_in, shape
from bot.logs.session import Session, pieced, time_of

_KEYS = ('"responderUsername"', '"requests"')
_CHANGE = re.compile(r'\s{0,9}\{\s?"kind"\s?:\s?[0-3]\s?,\s?"(?:v|k)"\s?:')
_MENTIONED = re.compile(r'"(?:requests|requestId|responderUsername|inputState)"')
# A button that was pressed stands in the log as if it had been typed.
_BUTTON = re.compile(r'@\w{1,40} (?:Continue|Try Again|Pause|Cancel|Allow|Enable): "')
_SET, _PUSH, _DELETE = 1, 2, 3
_TEXTS = (None, "markdownContent", "markdownVuln")
_SILENT = frozenset(
    """
    changesSummary clearToPreviousToolInvocation codeCitation codeblockUri command confirmation disabledClaudeHooks
    elicitation elicitation2 elicitationSerialized extensions externalEdit hook mcpServersStarting
    mcpServersStartingSerialized mcpServersStartingSlow move multiDiffData notebookEdit notebookEditGroup
    prepareToolInvocation progressMessage progressTask progressTaskResult progressTaskSerialized pullRequest reference
    textEdit textEditGroup thinking toolInvocation treeData undoStop usedContext warning workspaceEdit
    """.split()
)


class CopilotVsCode:
    name = "copilot-vscode"
    known_version = "3"

    def detects(self, head: str, path: Path) -> bool:
        del path
        if _CHANGE.match(head[:200]):
            return bool(_MENTIONED.search(head[:20_000]))
        is_object = head[:200].lstrip().startswith("{")
        return is_object and all(key in head for key in _KEYS)

    def read(self, lines: LineSource, *, resume: str, settled: bool) -> Parsed:
        if resume:
            raise Reread("the session has changed")
        tally = Tally()
        document = _document(lines, settled=settled, tally=tally)
        if document is None:
            return WAIT
        value = document.value
        session = Session(log=lines.name, format=self.name)
        names = string(at(value, "requesterUsername")), string(at(value, "responderUsername"))
        for request in items(at(value, "requests")):
            _take(fields(request), names, session, tally)
        first = next(iter(items(at(value, "requests"))), None)
        conversation = session.conversation(
            string(at(value, "sessionId")) or string(at(first, "requestId")),
            title=string(at(value, "customTitle")),
            started=time_of(at(value, "creationDate")),
        )
        return parsed([conversation], lines=lines, document=document, tally=tally, version=at(value, "version"))


def _document(lines: LineSource, *, settled: bool, tally: Tally) -> Document | None:
    raws = list(lines)
    head = record_in(raws[0].strip()) if raws else ""
    if not isinstance(head, dict) or "kind" not in head:
        return document_in(b"\n".join(raws), name=lines.name, settled=settled)
    holder: dict[str, object] = {"": {}}
    for number, raw in enumerate(raws, 1):
        if not raw.strip():
            continue
        change = parse(raw, line=number)
        is_last = number == len(raws) and lines.open_line
        if change.cut or not isinstance(change.value, dict):
            if settled or not is_last:
                tally.add("last line cut short" if is_last else "broken JSON", number)
        elif not _apply(change.value, holder):
            tally.add("change that fits nowhere", number)
    return Document(value=holder[""])


def _apply(change: dict[str, object], holder: dict[str, object]) -> bool:
    """Carry out one change; false where its path leads nowhere."""
    kind, value = change.get("kind"), change.get("v")
    path: list[object] = ["", *items(change.get("k"))]
    place: object = holder
    for key in path[:-1]:
        if isinstance(place, dict) and isinstance(key, str):
            place = place.setdefault(key, {})
        elif isinstance(place, list) and isinstance(key, int) and 0 <= key < len(place):
            place = place[key]
        else:
            return False
    key = path[-1]
    if isinstance(place, dict) and isinstance(key, str):
        return _change_field(place, key, change)
    if isinstance(place, list) and isinstance(key, int) and 0 <= key <= len(place) and kind in (0, _SET):
        place[key : key + 1] = [value]
        return True
    return False


def _change_field(place: dict[str, object], key: str, change: dict[str, object]) -> bool:
    kind, value = change.get("kind"), change.get("v")
    if kind in (0, _SET):
        place[key] = value
    elif kind == _PUSH:
        old = items(place.get(key))
        keep = change.get("i")
        place[key] = [*(old[:keep] if isinstance(keep, int) and keep >= 0 else old), *items(value)]
    elif kind == _DELETE:
        place.pop(key, None)
    else:
        return False
    return True


def _take(request: dict[str, object], names: tuple[str, str], session: Session, tally: Tally) -> None:
    time, name = time_of(request.get("timestamp")), string(request.get("requestId"))
    message = request.get("message")
    text = string(message) or string(at(message, "text"))
    if _BUTTON.match(text):
        session.say("system", text, line=line_of(text), time=time, id=name)
    else:
        session.typed(text, line=line_of(text), time=time, id=name, speaker=names[0])
    pieces: list[str] = []
    for item in [*items(request.get("response")), None]:
        kind = at(item, "kind")
        if isinstance(item, str):
            pieces.append(item)
        elif kind == "inlineReference":
            pieces.append(_name_of(at(item, "inlineReference"), string(at(item, "name"))))
        elif isinstance(item, dict) and kind in _TEXTS:
            pieces.append(string(item.get("value")) or string(at(item, "content", "value")))
        else:
            said, lines = pieced(pieces, line_of)
            session.say("assistant", said, line=lines, time=time, id=_own(name, session), speaker=names[1])
            pieces = []
            _between(fields(item), session, name, tally)


def _between(item: dict[str, object], session: Session, name: str, tally: Tally) -> None:
    """What stands between the texts of an answer: tools at work, and questions to the person."""
    kind = string(item.get("kind"))
    if kind == "toolInvocationSerialized":
        done = item.get("pastTenseMessage") or item.get("invocationMessage")
        text = string(done) or string(at(done, "value"))
        session.say("tool", text, line=line_of(text), id=_own(name, session))
    elif kind == "questionCarousel":
        for answer in fields(item.get("data")).values():
            chosen = [
                answer,
                at(answer, "selectedValue"),
                *items(at(answer, "selectedValues")),
                at(answer, "freeformValue"),
            ]
            for text in map(string, chosen):
                session.say("human", text, line=line_of(text), id=_own(name, session))
    elif kind and kind not in _SILENT:
        tally.add(f"response {shape(kind)}", line_of(kind))


def _own(name: str, session: Session) -> str:
    """The id of the next turn of a request: all its turns share one id in the log."""
    return f"{name}/{len(session.turns)}" if name else ""


def _name_of(reference: object, name: str) -> str:
    path = string(at(reference, "path")) or string(at(reference, "fsPath")) or string(at(reference, "uri", "path"))
    return name or string(at(reference, "name")) or path.rpartition("/")[2]
