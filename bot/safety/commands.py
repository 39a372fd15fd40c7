"""Finds passwords given to commands that have their own way of taking them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.safety.clues import Clues, word_of
from bot.safety.placeholders import is_placeholder
from bot.safety.spans import Span

_Q = r"\\?[\"']?"
_VALUE = r"[^\s\"'`;|&<>\\]{2,256}"
# Between the command's name and its flag on the same line; long command lines are cut.
_ARGS = r"[^\n]{0,600}?[ \t]"

_REACH = 600
_PORTS = re.compile(r"[0-9]{1,5}(?::[0-9]{1,5})?")  # docker's -p

_CURL = rf"(?<![\w-])curl\b{_ARGS}(?:-[a-zA-Z]{{0,6}}u|--user|--proxy-user|-U)[ =]{{0,2}}"
_PAIR = r"[\w.@+-]{1,64}(?: ?[/:] ?| and )`?(?=\S{0,40}[0-9])([^\s\"'`]{4,128}[^\s\"'`.,;)])"
_FIRST = r"[\w.$]{0,40}[\"']?[^\"'\n,]{0,128}[\"']?"
_QUOTED = r"[\"']([^\"'\n]{2,256})[\"']"
_ECHO = rf"(?:echo|printf)[ ]+(?:-[ne][ ]+)?{_Q}"
_REGISTRY = "(?:docker|podman|helm|az|oc|nerdctl|skopeo|buildah|crane|oras|registry)"
_IDENTIFIED = r"(?i)identified[ ]+(?:with[ ]+\S{1,60}[ ]+)?(?:by|as)[ ]+(?:password[ ]+)?[\"']([^\"'\n]{1,256})[\"']"

# (a literal that must occur, the pattern; its group is the secret)
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (gate, re.compile(pattern))
    for gate, pattern in (
        ("curl", rf"{_CURL}{_Q}[^\s:\"'$]{{0,128}}:([^\s\"'\\]{{1,256}})"),
        ("curl", rf"{_CURL}\\?([\"'])[^\s:\"'$]{{0,128}}:([^\"'\n\\]{{1,256}})\1"),
        ("http ", rf"(?<![\w-])http[ ]{_ARGS}?(?:-a|--auth)[ =]{_Q}[^\s:\"'$]{{1,128}}:({_VALUE})"),
        ("mysql", rf"(?<![\w-])mysql(?:dump|admin|import|show|check|sh)?\b{_ARGS}-p{_Q}({_VALUE})"),
        ("mariadb", rf"(?<![\w-])mariadb(?:-dump|-admin)?\b{_ARGS}-p{_Q}({_VALUE})"),
        ("sshpass", rf"sshpass[ \t]{{1,4}}-p[ ]?{_Q}({_VALUE})"),
        ("redis-cli", rf"redis-cli\b{_ARGS}-a[ ]{_Q}({_VALUE})"),
        ("login", rf"{_REGISTRY}[ ]+login\b{_ARGS}-p[ =]?{_Q}({_VALUE})"),
        ("vault", rf"\bvault[ ]+login[ ]+(?:-[\w=-]+[ ]+){{0,4}}{_Q}([\w.-]{{16,256}})"),
        ("mongo", rf"\bmongo(?:sh|dump|restore|export|import)?[ ]{_ARGS}?-p[ ]?{_Q}({_VALUE})"),
        ("htpasswd", rf"htpasswd[ ]+-[a-zA-Z]{{0,5}}b[a-zA-Z]{{0,5}}[ ]+\S{{1,128}}[ ]+\S{{1,128}}[ ]+{_Q}({_VALUE})"),
        ("-pass", rf"-pass(?:in|out)?[ ]+{_Q}pass:({_VALUE})"),
        ("zip", rf"\b(?:un)?zip[ ]{_ARGS}?(?:-P|--password)[ ]?{_Q}({_VALUE})"),
        ("7z", rf"\b7z[ar]?[ ]{_ARGS}-p{_Q}({_VALUE})"),
        ("rar", rf"\b(?:un)?rar[ ]{_ARGS}-(?:hp|p){_Q}({_VALUE})"),
        ("sqlcmd", rf"\b(?:sqlcmd|bcp)\b{_ARGS}-P[ ]?{_Q}({_VALUE})"),
        ("ldap", rf"\bldap(?:search|modify|add|delete|whoami|passwd)\b{_ARGS}-w[ ]?{_Q}({_VALUE})"),
        ("smbclient", rf"\b(?:smbclient|rpcclient|net)\b{_ARGS}-U[ ]?{_Q}[^\s%\"']{{1,128}}%({_VALUE})"),
        ("sudo -S", rf"{_ECHO}({_VALUE}){_Q}[ ]*\|[ ]*sudo[ ]+-S"),
        ("-stdin", rf"{_ECHO}({_VALUE}){_Q}[ ]*\|[^\n]{{0,80}}--(?:password|token)?-?stdin"),
        ("--with-token", rf"{_ECHO}({_VALUE}){_Q}[ ]*\|[^\n]{{0,80}}--with-token"),
        ("chpasswd", rf"{_ECHO}[\w.-]{{1,64}}:({_VALUE}){_Q}[ ]*\|[ ]*(?:sudo[ ]+)?chpasswd"),
        ("net user", rf"net user[ ]+\S{{1,64}}[ ]+({_VALUE})[ ]+/"),
        ("-u ", rf"(?:^|(?<=\s))-u[ ]{_Q}[\w.@-]{{1,64}}:(?=\S{{0,60}}[0-9])({_VALUE})"),
        ("uth(", rf"(?:[bB]asic_?[aA]uth|SetBasicAuth)\({_FIRST},[ ]?{_QUOTED}"),
        ("ogin(", rf"login\({_FIRST},[ ]?{_QUOTED}"),
        ("onnect(", rf"(?:mysqli?_|pg_|ibm_db\.|psycopg2\.)connect\({_FIRST},[ ]?{_FIRST},[ ]?{_QUOTED}"),
        ("mysqli(", rf"mysqli\({_FIRST},[ ]?{_FIRST},[ ]?{_QUOTED}"),
        ("PDO(", rf"PDO\({_FIRST},[ ]?{_FIRST},[ ]?{_QUOTED}"),
        ("onnection(", rf"onnection\({_FIRST},[ ]?{_FIRST},[ ]?{_QUOTED}"),
        ("secret set", rf"secret set[ ]+\S{{1,80}}[ ][^\n]{{0,80}}?(?:--body|-b)[ =]{_Q}({_VALUE})"),
        ("user-secrets set", rf"user-secrets set[ ]+\S{{1,80}}[ ]+{_Q}({_VALUE})"),
        ("add-generic-password", rf"add-generic-password\b{_ARGS}-w[ ]{_Q}({_VALUE})"),
        ("net use", rf"net use[ ]\S{{1,8}}[ ]+\S{{1,128}}[ ]+({_VALUE})[ ]+/user:"),
        ("SecureString", r"ConvertTo-SecureString[ ](?:-String[ ])?[\"']([^\"'\n]{1,256})[\"']"),
        ("log in", rf"log in (?:with|as|using) {_PAIR}"),
        ("login with", rf"login with {_PAIR}"),
        ("net use", rf"net use[ ][^\n]{{0,200}}?/user:\S{{1,128}}[ ]+{_Q}({_VALUE})"),
        ("cmdkey", rf"(?i)cmdkey[ ][^\n]{{0,200}}?/pass:{_Q}({_VALUE})"),
        ("wget", rf"\bwget\b{_ARGS}--(?:http-|ftp-|proxy-)?password[ =]{_Q}({_VALUE})"),
        ("ssh-keygen", rf"ssh-keygen\b{_ARGS}-[NP][ ]{_Q}({_VALUE})"),
        ("keytool", rf"(?:keytool|jarsigner)\b{_ARGS}-(?:store|key)pass[ ]{_Q}({_VALUE})"),
        ("keytool", rf"(?:keytool|jarsigner)\b{_ARGS}-keypass[ ]{_Q}({_VALUE})"),
        ("gpg", rf"\bgpg2?\b{_ARGS}--passphrase[ =]{_Q}({_VALUE})"),
        ("snmp", rf"\bsnmp(?:walk|get|set|bulkwalk)\b{_ARGS}-[cAX][ ]{_Q}({_VALUE})"),
        ("ipmitool", rf"\bipmitool\b{_ARGS}-P[ ]{_Q}({_VALUE})"),
        ("freerdp", rf"\b[wx]freerdp3?\b{_ARGS}/p:{_Q}({_VALUE})"),
        ("psql", rf"\bpsql[ ]{_ARGS}?password=({_VALUE})"),
        ("influx", rf"\binflux\b{_ARGS}-(?:t|p|password)[ ]{_Q}({_VALUE})"),
        ("ngrok", rf"\bngrok[ ]+(?:config[ ]+add-authtoken|authtoken)[ ]+({_VALUE})"),
        ("cloudflared", rf"\bcloudflared\b{_ARGS}(?:run|install)[ ]+(?:--token[ ]+)?(eyJ[\w=-]{{40,}})"),
        ("configure set", rf"configure[ ]+set[ ]+[\w.]{{0,60}}(?:access_key|_token)[ ]+{_Q}({_VALUE})"),
        ("auth=", r"\bauth=\([ ]?[\"'][^\"'\n]{0,128}[\"'],[ ]?[\"']([^\"'\n]{1,256})[\"']"),
        ("IDENTIFIED", _IDENTIFIED),
        ("identified", _IDENTIFIED),
        (":5432:", r"(?m)^[\w.*-]{1,128}:5432:[\w.*-]{1,64}:[\w.*-]{1,64}:(\S{1,256})"),
        ("_authToken", rf"_authToken[ =]{{1,3}}{_Q}({_VALUE})"),
    )
)  # fmt: skip


# The numbers of the rules by the word that is among the clues where a rule's gate occurs.
_BY_WORD: dict[str, list[int]] = {}
for _number, (_literal, _) in enumerate(_RULES):
    _BY_WORD.setdefault(word_of(_literal), []).append(_number)
WORDS = tuple(_BY_WORD)


def find_command_passwords(text: str, clues: Clues) -> Iterator[Span]:
    """Passwords in the arguments of curl, mysql, sshpass, docker login and the like, on one line each."""
    for number in sorted(number for word in clues.words & _BY_WORD.keys() for number in _BY_WORD[word]):
        gate, pattern = _RULES[number]
        for start, end in _lines_with(gate, text):
            for match in pattern.finditer(text, start, end):
                group = pattern.groups
                value = match[group]
                if not is_placeholder(value) and not value.startswith("-") and not _PORTS.fullmatch(value):
                    yield Span(start=match.start(group), end=match.end(group), kind="password")


def _lines_with(literal: str, text: str) -> Iterator[tuple[int, int]]:
    """The lines that hold the literal, each cut to what the patterns can reach."""
    at = text.find(literal)
    while at >= 0:
        start = max(text.rfind("\n", 0, at) + 1, at - _REACH)
        line_end = text.find("\n", at, at + 2 * _REACH)
        end = line_end if line_end >= 0 else min(len(text), at + 2 * _REACH)
        yield start, end
        at = text.find(literal, max(end - len(literal), at + 1) if end < len(text) and line_end < 0 else end)
