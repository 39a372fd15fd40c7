"""What is left of a title when everything of no consequence is taken off: the ground of a fingerprint.

Changing anything here changes fingerprints: bump ``bot.matching.fingerprint.VERSION`` with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Articles, pronouns, auxiliaries, hedges and courtesies. No negation, no direction, no condition ("without",
# "from", "before", "unless", "only"): they carry meaning.
_FILLER = frozenset(
    """a an the this that these those there here it its my our your their his her some any all each every
    i we you they he she us them me someone somebody people
    is are was were be been being am do does did done has have had having
    will would shall should could can may might must
    need needs needed want wants wanted got get gets let lets going gonna
    to of for in on at by with as and or so also too then than just please kindly really actually basically simply maybe
    perhaps probably possibly definitely still currently now very quite somehow again already always sometimes often
    seem seems seemed like
    kind sort thing stuff bit lot about into onto via nice great hey ok okay well yeah yes oh ah hmm um etc eg ie vs
    todo fixme xxx hack bug feature request task issue note""".split()
)
_NEGATION = frozenset("not no never none nothing nobody nowhere cannot without".split())
_CONTRACTED_NOT = re.compile(
    r"\b(?:ca|wo|sha|do|does|did|is|are|was|were|has|have|had|could|would|should|must|need)n['’]?t\b"
)
_AFTER_APOSTROPHE = re.compile(r"['’](?:s|re|ve|ll|d|m)\b")
_URL = re.compile(r"\bhttps?://[^\s<>()]{1,2000}")
_HOME = re.compile(r"(?:/(?:home|users)/[^/\s]{1,64}|\b[a-z]:\\users\\[^\\\s]{1,64}|~)(?=[/\\])")
# The folders before a file name differ from machine to machine; a name that many folders have keeps its folder.
_PATH = re.compile(r"(?:[a-z]:)?(?:[\w.@+~-]{0,64}[/\\]){1,30}[\w@+-]{1,64}(?:\.[\w+-]{1,16}){1,4}(?![\w/\\])")
_COMMON_NAMES = frozenset(
    """index main __init__ __main__ mod lib util utils helper helpers common base core types model models view views url
    urls test tests config settings readme makefile dockerfile package app constants schema api route routes handler
    handlers page layout style styles setup client server""".split()
)
_LEADING_MARKER = re.compile(r"^\W*(?:todo|fixme|xxx|hack)\s?\([^)\n]{1,40}\)")
_VERSIONED = re.compile(
    r"\b(windows|macos|ios|ipados|android|ubuntu|debian|fedora|rhel|centos|python|node|nodejs|java|jdk|php|ruby|rails|perl"
    r"|postgres|postgresql|mysql|mariadb|redis|elasticsearch|oauth|http|tls|angular|vue|react|svelte|next|django|flask"
    r"|laravel|spring|kubernetes|docker|chrome|firefox|safari|edge|bootstrap|webpack|vite|swift|xcode|qt|gtk|gcc|clang"
    r"|unity|unreal|godot|numpy|pandas|pydantic|typescript|es|level|phase|stage|tier)(?:\s{1,3}|/)v?(\d{1,4})\b"
)
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_HASH = re.compile(r"\b(?=[0-9a-f]{0,63}[0-9])(?=[0-9a-f]{0,63}[a-f])[0-9a-f]{6,64}\b|\b0x[0-9a-f]{1,16}\b")
_NOT_A_TRACKER = r"(?:UTF|SHA|ISO|RFC|MD|CP|AES|RSA|TLS|IPV|BASE|ES|ECMA|KOI|HTTP)"
_TICKET_KEY = re.compile(rf"(?<![\w/])#\d{{1,12}}\b|\b(?!{_NOT_A_TRACKER}-)[A-Z]{{2,10}}-\d{{1,6}}\b(?!\.\d)")
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}(?:[t ]\d{2}:\d{2}(?::\d{2})?z?)?\b|\b\d{1,2}[:/]\d{2}(?:[:/]\d{2,4})?\b")
_STATUS_WORD = r"(?:http|status|errors?|codes?|responses?|pages?)"
_GIVES = (
    r"(?:gets?|gives?|returns?|throws?|raises?|shows?|sees?|answers?|responds?|fails?|replies|with)"
    r"(?:\s{1,3}with)?(?:\s{1,3}an?)?"
)
_UNIT = (
    r"(?:%|x|k|ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|weeks?|months?|years?"
    r"|times|px|[kmgt]i?b)(?!\w)"
)
_HTTP_STATUS = re.compile(
    rf"\b(?:{_STATUS_WORD}|{_GIVES})\s{{1,3}}([45]\d\d)s?\b(?!\s?{_UNIT})|\b([45]\d\d)s?(?=\s{{1,3}}{_STATUS_WORD}\b)"
    rf"|\b{_GIVES}\s{{1,3}}([23]\d\d)(?=\s{{1,3}}(?:for|when|on|instead|if|after|even|but)\b|\W{{0,3}}$)"
)
# Whole numbers are quantities; a number with dots is one only with a unit behind it, else it is a version.
_MEASURE = re.compile(rf"(?<![\w.-])\d+(?:[.,]\d+)?\s?{_UNIT}")
_NUMBER = re.compile(r"(?<![\w.-])(?:\d{1,3}(?:,\d{3})+(?!\w)|\d+(?![\w-]|[.,]\d))")
_WORD = re.compile(r"v?\d+(?:\.\d+)+|[^\W_]+|(?<=\w)[+#]{1,2}(?!\w)")
_BARE_VERSION = re.compile(r"v(?=\d)")
_CONVERSION = frozenset("convert translate rename map transform turn".split())
_VOWEL = re.compile(r"[aeiouy]")
_DOUBLED = re.compile(r"(?<=([bdgmnprt]))\1$")


def words(title: str) -> tuple[str, ...]:
    """The words of consequence of a title: folded, singular, sorted, each once.

    Case, punctuation, filler, quantities, dates, ids, hashes and the folders before a file name are gone; versions,
    HTTP statuses, identifiers (snake case and dots split), negation and direction stay. When next to nothing would
    remain, ids and numbers stay too, since then they are the meaning.
    """
    plain = unicodedata.normalize("NFKC", title)
    kept = tuple(sorted(set(_content(_fold(plain, mask=True)))))
    if len([word for word in kept if word not in _NEGATION]) >= 2:
        return kept
    return tuple(sorted(set(_content(_fold(plain, mask=False)))))


def _fold(title: str, *, mask: bool) -> str:
    text = _TICKET_KEY.sub(" ", title) if mask else title
    text = _LEADING_MARKER.sub(" ", text.casefold())
    text = _CONTRACTED_NOT.sub(" not ", text)
    text = _AFTER_APOSTROPHE.sub(" ", text)
    text = _URL.sub(lambda m: m[0].partition("?")[0].partition("#")[0], text)
    text = _PATH.sub(_file_name, _HOME.sub(" ", text))
    text = _VERSIONED.sub(r"\1 v\2", text)
    if mask:
        text = _UUID.sub(" ", text)
        text = _DATE.sub(" ", text)
        text = _HTTP_STATUS.sub(lambda m: f" http{m[1] or m[2] or m[3]} ", text)
        text = _NUMBER.sub(" ", _HASH.sub(" ", _MEASURE.sub(" ", text)))
    return _MEASURE.sub(" ", text)


def _file_name(path: re.Match[str]) -> str:
    parts = re.split(r"[/\\]", path[0])
    stem = parts[-1].partition(".")[0]
    return f" {'/'.join(parts[-2:] if stem in _COMMON_NAMES else parts[-1:])} "


def _content(text: str) -> Iterator[str]:
    found = _WORD.findall(text)
    converts = not _CONVERSION.isdisjoint(found)
    direction = ""
    for word in found:
        if word in _NEGATION:
            yield "without" if word == "without" else "not"
        elif word == "from" or (word == "to" and converts):
            direction = f"{word}:"
        elif word not in _FILLER:
            # "from A to B" is not "from B to A", though the words are the same.
            yield direction + _stem(word)
            direction = ""


def _stem(word: str) -> str:
    """Number and tense taken off: of no consequence in a title. Not a linguist's stem, only ever the same one."""
    if word[0] == "v":
        word = _BARE_VERSION.sub("", word, count=1)
    word = singular(word)
    for ending, shortest in (("ing", 6), ("ed", 5), ("e", 4)):
        if word.endswith(ending) and len(word) >= shortest and _VOWEL.search(word[: -len(ending)]):
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == "y" and not _VOWEL.match(word[-2]):
        return word[:-1] + "i"  # "retry" and "retries", "cookie" and "cookies"
    return _DOUBLED.sub("", word) if len(word) > 3 else word


def singular(word: str) -> str:
    """The singular of a regular English plural (Harman's S-stemmer, with the sibilant endings added)."""
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("shes", "ches", "xes", "sses", "zzes")):
        return word[:-2]
    return word[:-1]
