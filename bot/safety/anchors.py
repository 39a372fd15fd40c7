"""Finds the beginnings of names that may say that a secret follows them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.safety.clues import Clues, places_of

_INSIDE = (
    "pass pwd psw secret token key cred auth kennwort mnemonic phrase psk sess jwt signature bearer dockerconfig senha"
    " clave contrase wachtwoord haslo heslo jelsz salasana losenord adgangskode parola sifre geheimnis chave fernet"
    " chiave login zugangsdaten identifiants"
).split()
_AT_END = "pw pin otp code sig sas pat".split()  # these only where a word ends
_OTHER_SCRIPTS = (
    "hasło|парол|ключ|токен|секрет|lösenord|şifre|schlüssel|clé"
    "|密|口令|令牌|パスワード|비밀번호|암호|トークン|토큰|暗証"
)
WORDS = (*_INSIDE, *_AT_END)

_ENDING = {word: re.compile(rf"{word}\b") for word in _AT_END}
_OTHER = re.compile(_OTHER_SCRIPTS)
ANCHOR = re.compile("|".join([*_INSIDE, *(rf"{word}\b" for word in _AT_END), _OTHER_SCRIPTS]))


def anchors(lowered: str, clues: Clues) -> Iterator[tuple[int, int]]:
    """Start and end of each, in order and without overlap. ``lowered`` is a text in lower case."""
    places = set(places_of((word for word in _INSIDE if word in clues.words), lowered))
    for word in _AT_END:
        if word in clues.words:
            places.update(match.start() for match in _ENDING[word].finditer(lowered))
    if not lowered.isascii():
        places.update(match.start() for match in _OTHER.finditer(lowered))
    done = 0
    for at in sorted(places):
        match = ANCHOR.match(lowered, at) if at >= done else None
        if match:
            done = match.end()
            yield at, done
