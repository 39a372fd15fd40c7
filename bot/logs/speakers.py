"""Names of speakers: which labels are known roles, and which words can be a person's name."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.model import Role

_HUMAN = frozenset(
    """
    user human you me benutzer nutzer utilisateur usuario usuário utente gebruiker användare пользователь
    用户 用戶 使用者 ユーザー 사용자
    """.split()
) | {"human user", "user prompt"}
_ASSISTANT = frozenset(
    """
    ai agent assistant bot chatbot copilot cursor llm model assistent asistente assistente ассистент помощник
    助手 助理 アシスタント 어시스턴트
    """.split()
) | {"ai assistant", "ai agent"}
_BRAND = re.compile(
    r"(?:github |microsoft |google |openai |anthropic )?"
    r"(?:aider|bard|bing|cascade|chatgpt|claude|cline|codex|copilot|deepseek|devin|gemini|gpt|grok|haiku|kimi|llama"
    r"|mistral|mixtral|opus|perplexity|qwen|sonnet|windsurf)"
    r"(?:[ -]?(?:[a-z]{0,3}\d[a-z0-9.]{0,8}|agent|ai|assistant|chat|code|flash|haiku|instant|max|mini|opus|plus|pro"
    r"|reasoner|sonnet|thinking|turbo|ultra)){0,4}"
    r"|o[134](?:[ -](?:mini|pro|preview))?"
)
_TOOL = re.compile(r"(?:tool|function)(?: (?:call|calls|output|outputs|result|results|use|response))?(?:: ?.{1,60})?")
# Speakers where both stand in one style and nobody else does; in a talk of others they are words of it.
PAIR: dict[str, Role] = {"prompt": "human", "response": "assistant"}
OUTPUT = frozenset({"output", "result", "results"})  # of a tool, where labels of tools are about
_SUB_AGENT = " - sidechain"
_SAID = re.compile(r" (?:said|says|wrote|asked|replied|responded)$")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_WORD = re.compile(r"@?[^\W_][\w.'’-]{0,29}")
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]{0,300}[)\]]\s*$")

# Bold lead-ins, headings and keys that look like names of speakers.
_LEAD_INS = frozenset(
    """
    a action actions actual advantages after agenda alternative alternatives answer api approach assumptions attendees
    author backend background before behavior behaviour benefits best bonus branch browser bug bugs build cause caution
    caveat caveats cc change changed changes classifier client code command commands commit commits conclusion config
    configuration cons context copyright cost created danger data database date deadline decision decisions default
    dependencies description design details diagnosis difficulty disadvantages due duration edit effort env environment
    error errors estimate example examples expected explanation exported extra feature features feedback file files
    final fix fixed fixes flow found from frontend fyi goal goals hint how id idea impact implementation important info
    input issue issues key language learned legend level licence license link links location logs method mode motivation
    name next note notes observation observations option options os outcome output overview owner p.s part participants
    path performance phase plan platform pro problem problems pros ps purpose q question questions re reason reasoning
    recap recommendation recommendations reference references repo repository reproduction request requirement
    requirements response result results risk risks root rule rules scenario scope security server session setup
    severity solution solutions source start status step steps structure subject suggestion suggestions summary symptom
    symptoms tag tags task tasks test testing tests ticket time timeline tip tips title tl;dr to todo todos topic topics
    total trade-offs tradeoffs type update updated updates url usage value verdict version warning what when where who
    why workaround
    """.split()
)


# What people say to each other and documents hardly ever do, in the languages of most talks; in others a letter
# that English lacks counts as much, since lists of changes and licences are in English.
_ADDRESSED = re.compile(
    r"[?？¿]|(?:我|你|您|吗|です|ます|か。|요[.\s]|니다)"
    r"|\b(?:i|i'm|i’m|i'll|i’ll|i'd|i’d|i've|you|your|u|we|we're|we’re|we'll|let's|let’s|me|my|us|yes|yeah|yep|no|nope"
    r"|ok|okay|sure|thanks|thx|please|hi|hey|hello|sorry|lol|hmm|oh|morning|bye"
    r"|ich|du|wir|ihr|mir|ja|nein|danke|bitte|hallo|je|tu|vous|nous|oui|non|merci|bonjour|yo|tú|sí|gracias|hola"
    r"|io|noi|sì|grazie|ciao|eu|você|nós|sim|não|obrigado|obrigada|ik|jij|wij|nee|hoi|jag|vi|nej|tack|hej"
    r"|я|ты|вы|мы|да|нет|спасибо|привет)\b|[^\W\d_a-zA-Z]\w{0,40}\W[^\n]{0,80}?[^\W\d_a-zA-Z]",
    re.IGNORECASE,
)
_ADDRESS_LENGTH = 300  # characters within which somebody is addressed


def is_addressed(text: str) -> bool:
    """Whether a line holds words that are said to somebody."""
    return bool(_ADDRESSED.search(text[:_ADDRESS_LENGTH]))


@lru_cache(maxsize=4096)
def core(label: str) -> str:
    """A label without emoji, asides in brackets and "said", in lower case."""
    bare = _ASIDE.sub("", label.strip().rstrip(":："))
    return _SAID.sub("", " ".join(_EDGES.sub("", bare).casefold().split()))


@lru_cache(maxsize=4096)
def role_of(name: str) -> Role | None:
    """The role that a ``core`` name stands for everywhere, None for any other name."""
    if name in _HUMAN:
        return "human"
    if name in _ASSISTANT or _BRAND.fullmatch(name):
        return "assistant"
    if name in ("system", "system prompt", "system message"):
        return "system"
    return "tool" if _TOOL.fullmatch(name) or name.endswith(_SUB_AGENT) else None


def shown(label: str) -> str:
    """A label as a reader would say it: without emoji, asides and "said", its case kept."""
    bare = _EDGES.sub("", _ASIDE.sub("", label.strip().rstrip(":：")))
    return _SAID.sub("", bare)


@lru_cache(maxsize=4096)
def is_name(label: str) -> bool:
    """Whether a label can be a person's name: up to three words that no lead-in starts with."""
    words = shown(label).split()
    if not 1 <= len(words) <= 3 or words[0].endswith("-by") or _EDGES.sub("", words[0]).casefold() in _LEAD_INS:
        return False
    return all(map(_WORD.fullmatch, words)) and (len(words) == 1 or not any(word[0].islower() for word in words))
