"""Tells what wiki markup does on a page of Jira: the judge of the renderer, written apart from it."""

import re

_OWN_BLOCK = re.compile(r"\{noformat\}\n(.*?)\n\{noformat\}(?=\n|$)", re.DOTALL | re.IGNORECASE)
_OWN_LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\]|\\\n])+)\|https?://[^\s|\]{}!^\\]+\]")
_BARE_LINK = re.compile(r"(?<!\\)\[(https?://[^\s|\]{}!^\\]+)\]")
_OWN_CODE = re.compile(r"(?<!\\)\{\{((?:\\.|[^{}\\\n])+)\}\}")
_OWN_STRONG = re.compile(r"(?<![^\s(\u200b])\*((?!\s)(?:\\.|[^*\\\n])+?)\*(?=[\s.,:;)\u200b]|$)")
_ESCAPED = re.compile(r"\\([-#*_+?^~|%{}\[\]()!@])")
_LIVE = {
    "markup": re.compile(r"[-#*_+?^~|%{}\[\]()!@]"),
    "line break": re.compile(r"\\\\"),
    "entity": re.compile(r"&(?:#|[A-Za-z])"),
    "address": re.compile(r"[a-z]:/|//|www\.\w|mailto:\w", re.IGNORECASE),
    "smiley": re.compile(r"[:;][()]|:[DPdp](?![A-Za-z])|</?3"),
    "line start": re.compile(r"^(?:h[1-6]|bq)\.", re.IGNORECASE | re.MULTILINE),
    "unseen character": re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"),
}


def live_wiki_parts(wiki):
    """Macros, mentions, links, images and other markup that the bot did not make, each described."""
    text = _OWN_BLOCK.sub("", wiki)
    if "noformat}" in text.lower():
        return ["a block that ends early"]
    text = _without_own_markup(_BARE_LINK.sub("", text))
    text = _ESCAPED.sub("\ue002", text)
    return [f"{name}: {match[0]!r}" for name, pattern in _LIVE.items() if (match := pattern.search(text))]


def visible_wiki(wiki):
    """The text that a reader sees, without blanks and characters of no width."""
    kept = []

    def keep(match):
        kept.append(match[1])
        return f"\ue000{len(kept) - 1}\ue001"

    text = _without_own_markup(_OWN_BLOCK.sub(keep, wiki))
    text = _ESCAPED.sub(r"\1", text)
    text = re.sub("\ue000(\\d+)\ue001", lambda match: kept[int(match[1])], text)
    return re.sub(r"[\s\u200b]+", "", text)


def _without_own_markup(text):
    text = re.sub(r"^(?:h3\. |\* )", "", text, flags=re.MULTILINE)
    # code and bold are taken apart first, for a link's label holds neither
    for pattern in (_OWN_LINK, _BARE_LINK, _OWN_CODE, _OWN_STRONG):
        text = pattern.sub(r"\1", text)
    return text
