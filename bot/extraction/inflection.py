"""Forms of English verbs by rule, with the irregular ones that the cue lists need."""

from __future__ import annotations

_VOWELS = "aeiou"
_IRREGULAR = {
    "break": ("broke", "broken"),
    "freeze": ("froze", "frozen"),
    "hang": ("hung", "hung"),
    "lose": ("lost", "lost"),
    "die": ("died", "died"),
    "write": ("wrote", "written"),
    "rewrite": ("rewrote", "rewritten"),
    "build": ("built", "built"),
    "rebuild": ("rebuilt", "rebuilt"),
    "make": ("made", "made"),
    "set": ("set", "set"),
    "reset": ("reset", "reset"),
    "cut": ("cut", "cut"),
    "get": ("got", "gotten"),
    "go": ("went", "gone"),
    "run": ("ran", "run"),
    "send": ("sent", "sent"),
    "split": ("split", "split"),
    "forget": ("forgot", "forgotten"),
    "give": ("gave", "given"),
    "show": ("showed", "shown"),
    "let": ("let", "let"),
    "bring": ("brought", "brought"),
    "redo": ("redid", "redone"),
    "blow": ("blew", "blown"),
    "fall": ("fell", "fallen"),
    "overwrite": ("overwrote", "overwritten"),
    "hide": ("hid", "hidden"),
    "speed": ("sped", "sped"),
    "drive": ("drove", "driven"),
    "deal": ("dealt", "dealt"),
    "take": ("took", "taken"),
    "swing": ("swung", "swung"),
    "feed": ("fed", "fed"),
    "think": ("thought", "thought"),
    "teach": ("taught", "taught"),
    "do": ("did", "done"),
    "see": ("saw", "seen"),
    "put": ("put", "put"),
    "find": ("found", "found"),
    "keep": ("kept", "kept"),
    "say": ("said", "said"),
    "tell": ("told", "told"),
}
_DOUBLING = frozenset(
    "drop plan skip ship tag bug debug log stop set reset cut split run get swap trim wrap map pin ban "
    "dim lag clip jam rip forget submit commit let put dig rub plug ".split()
)


def forms(verb: str) -> tuple[str, str, str, str, str]:
    """Base, -s, past, participle and -ing form of a verb, of the first word where it has several."""
    first, _, rest = verb.partition(" ")
    tail = f" {rest}" if rest else ""
    if first.endswith(("s", "x", "z", "ch", "sh")) or first in ("go", "do"):
        third = first + "es"
    elif first.endswith("y") and first[-2:-1] not in _VOWELS:
        third = first[:-1] + "ies"
    else:
        third = first + "s"
    if first.endswith("ie"):
        past, ing = first + "d", first[:-2] + "ying"
    elif first.endswith("e") and not first.endswith(("ee", "oe", "ye")):
        past, ing = first + "d", first[:-1] + "ing"
    elif first.endswith("y") and first[-2:-1] not in _VOWELS:
        past, ing = first[:-1] + "ied", first + "ing"
    elif first in _DOUBLING:
        past, ing = first + first[-1] + "ed", first + first[-1] + "ing"
    else:
        past, ing = first + "ed", first + "ing"
    simple, participle = _IRREGULAR.get(first, (past, past))
    return first + tail, third + tail, simple + tail, participle + tail, ing + tail
