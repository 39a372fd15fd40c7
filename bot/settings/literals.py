"""Recognises secrets that were written into the config, so that it can be refused without repeating them."""

from __future__ import annotations

import re

REFUSED = "a secret does not belong here; put it in token_env or token_file"
_SECRET_KEYS = frozenset(
    "token accesstoken authtoken privatetoken apitoken oauthtoken bearertoken password passwd passphrase pwd secret"
    " clientsecret secretkey apikey accesskey privatekey credential credentials authorization pat".split()
)
# Prefixes that providers document for their own tokens; lengths are lower bounds.
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"gh[pousr]_[A-Za-z0-9]{20}|github_pat_[A-Za-z0-9_]{20}|gl(?:pat|dt|rt|cbt|ptt|soat|ft)-[A-Za-z0-9_-]{16}"
    r"|ATATT3[A-Za-z0-9_=-]{20}|ATCTT3[A-Za-z0-9_=-]{20}|xox[abeprs]-[A-Za-z0-9-]{10}|sk-[A-Za-z0-9_-]{20}"
    r"|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{30}|npm_[A-Za-z0-9]{30}|pypi-[A-Za-z0-9_-]{30}|hf_[A-Za-z0-9]{30}"
    r"|eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10}"
    r")|-----BEGIN [A-Z ]{0,40}PRIVATE KEY|[Bb]earer [A-Za-z0-9._~+/-]{16}|[Bb]asic [A-Za-z0-9+/]{16}"
    r"|[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{0,200}:[^\s/@]{1,200}@"
)
_WORD = re.compile(r"[A-Za-z0-9+/=]{16,}")
# Wider than providers' shapes: these only decide what a message leaves out.
_HEX = re.compile(r"[0-9a-f]{20,}", re.IGNORECASE)


def is_secret_key(key: str) -> bool:
    """Whether a key of this name would hold the secret itself (``api-key``), not a place to find it (``token_env``)."""
    return re.sub(r"[^a-z]", "", key.lower()) in _SECRET_KEYS


def holds_token(text: str) -> bool:
    """Whether the text contains a token in a provider's own shape, a private key or a URL with a password."""
    return _TOKEN.search(text) is not None


def looks_like_secret(text: str) -> bool:
    """Whether the text is better not repeated: a token's shape, or a long word of letters of both cases and digits."""
    if holds_token(text) or any(_has_digit(run) for run in _HEX.findall(text)):
        return True
    return any(_has_digit(word) and word not in {word.lower(), word.upper()} for word in _WORD.findall(text))


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)
