"""Described faults: a thing that cannot, does not, keeps failing, is broken, or shows what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.extraction.candidates import Candidate
from bot.extraction.cues import alternatives, load
from bot.extraction.grammar import forms, identifiers, phrase
from bot.extraction.transcript import Passage, Transcript

# A clause begins after these; the subject of a fault is looked for between here and the cue.
_BOUNDARY = re.compile(
    r"(?:^|[,;:(!?]|\.(?=\s)|\s-{1,2}(?=\s)|\.\.\.|\b(?:but|because|since|and|so|that|where|when|which|while|though|although|however|except|whenever|whether|like|as|or|if|unless|after|before|than)\b)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"^(?:it|they|this|that|he|she|these|those|everything|which|the thing|that thing|there)?$", re.IGNORECASE
)
_HELD = re.compile(
    r"\b(?:if|unless|whether|in case|suppose|assuming|otherwise|would|could|might|may|should|in theory|so (?:that )?(?:it|they|we|the|users)|make sure|ensure|prevent\w*|avoid\w*|without|instead of|rather than|worried|afraid)\b[^,;]{0,80}$",
    re.IGNORECASE,
)
_FIRST = re.compile(r"^(?:and |but |so |also )?(?:i|i'm|i've|you|you're|let's)\b", re.IGNORECASE)
_POINTING = re.compile(
    r"\b(?:this|that|the same|these|those) (?:\w{2,20} )?(?:endpoint|page|screen|function|method|query|route|component|file|test|job|script|view|call|service|button|form|one|happens|thing|table|module|class|api|code|command|request|line|part|step|build|deploy|worker|task|process)\b",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"\b(?:used to|no longer (?:crash|fail|happen)\w*|not anymore|we had|there was|(?:last|back) (?:year|month|when)|(?:was|were) (?:fixed|solved)|(?:is|are|it's|been|got|was|were|now) (?:fixed|solved|resolved|gone)|(?:ago)\b|yesterday i fixed|not (?:a|an) (?:bug|issue|problem)|no (?:bugs?|issues?|errors?|problems?|longer))\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """(cue, strength, pattern), the first that matches a sentence wins; the match starts at the predicate."""
    cues = load()
    words = cues.words
    fails = alternatives(tuple(re.escape(f) for verb in words["fail"] for f in (forms(verb)[1], forms(verb)[0])))
    failing = alternatives(tuple(re.escape(forms(verb)[4]) for verb in (*words["fail"], *words["lose"])))
    failed = alternatives(tuple(re.escape(f) for verb in words["fail"] for f in forms(verb)[2:4]))
    loses = alternatives(tuple(re.escape(f) for verb in words["lose"] for f in (forms(verb)[1], forms(verb)[0])))
    broken = alternatives(words["broken"])
    mental = alternatives(words["mental"])
    care = alternatives(tuple(re.escape(f) for verb in words["care"] for f in (forms(verb)[0], forms(verb)[4])))
    adverb = r"(?:(?:really|just|still|sometimes|always|often|randomly|constantly|occasionally|simply|also|definitely|suddenly|keeps?|now|completely|totally|silently|intermittently|apparently|probably|clearly|never|currently|basically|actually|kind of|sort of|consistently|regularly|periodically) ){0,3}"
    rows = (
        ("cannot", "plain", rf"\b(?:can't|cannot|can not|couldn't|unable to|aren't able to|isn't able to|not able to|are not able to|is not able to|won't|will not) {adverb}(?!{mental}\b)[a-z]{{2,20}}"),
        ("negated", "plain", rf"\b(?:doesn't|does not|don't|do not|didn't|did not|isn't|is not|aren't|are not|wasn't|hasn't|haven't|never|no longer|(?<=not )(?=\w{{3,20}}ing\b)) {adverb}(?!{mental}\b|(?:a|an|the|so|too|that|very|in|on|for|my|your|our|about|only|necessarily|urgent|ready|sure|bad|worth|yet|as|supposed|allowed|meant|going|planning|enough|really|just|even|much|many|any|it|to|critical|blocking|important|familiar|perfect|ideal|great|hard|possible|available|all|done|finished|implemented|tested|documented|gonna|there|here|like|happy|aware|new|part|with|interested|using|asking|looking|trying|thinking|saying|talking|worried|complaining|getting why|one|now|right|part|considering|included|related|got|this|these|those|at all)\b)[a-z]{{3,20}}"),
        ("keeps", "plain", rf"\b(?:keeps?|kept|keeps on|keep on) (?:on )?(?:\w{{2,12}}ly )?(?:{failing}|getting \w{{3,20}}|giving (?:me|us) \w{{3,20}}|throwing \w{{3,20}}|returning \w{{3,20}}|showing \w{{3,20}}|happening|coming back)"),
        ("stopped", "plain", r"\b(?:stopped|stops|quit) (?:\w{2,12}ly )?[a-z]{3,20}ing\b"),
        ("fails to", "plain", r"\b(?:fails?|failed|refuses?|refused|forgets?|neglects?) to [a-z]{2,20}"),
        ("gets error", "plain", r"\b(?:is |are |'s |'re |'m |am )?(?:getting|gets?|seeing|see|sees|hitting|hits?|throws?|throwing|returns?|returning|returned|gives?|giving|shows?|showing|logs?|raises?|spits? out|running into|runs? into|met with|greeted (?:with|by)|experiencing|reports?|reporting)(?: me| us| them| back)?(?: \S{1,25}){0,4}? (?:an? |the )?(?:\S{2,25} ){0,2}?<error>\b"),
        ("fault verb", "plain", rf"(?<!to )(?<!will )(?<!would )(?<!could )(?<!might )\b(?:(?:is|are|'s|'re|been|has been|have been) (?:\w{{2,12}}ly )?(?:{failing})|(?:{fails}))\b(?! (?:down|up) (?:the|this|it|into)\b)"),
        ("loses", "plain", rf"(?<!to )(?<!can )(?<!i )(?<!we )(?<!you )\b(?:{loses})(?= (?:the|their|its|all|every|my|our|some|any|data|messages?|events?|records?|rows?|connections?|to \d|packets?|frames?|randomly|itself|twice|when|after|on|duplicates?|up)\b)"),
        ("broken", "plain", rf"\b(?:is|are|'s|'re|looks?|looking|seems?|appears?|feels?|goes|gets?|getting|being|comes up|comes back|ends? up|stays?|remains?|was|were|been|renders?) {adverb}(?:(?:so|super|very|too|extremely|painfully|unbearably|way too|incredibly|pretty|quite|totally|ridiculously|terribly|horribly|all) ){{0,2}}{broken}\b(?! (?:it|that|this|about|with the idea|to me|down to)\b)"),
        ("slow", "plain", r"\b(?:takes?|taking|took|needs?) (?:\w{2,12} ){0,2}(?:forever|ages|too long|so long|(?:at least |over |about |around |almost |nearly |up to |like |more than |a good )?(?:\d{1,4}\+?|several|ten|twenty|thirty|a few|two|five|many) ?(?:-\d{1,4} ?)?(?:s|sec|seconds?|mins?|minutes?|hours?)(?: to [a-z]{2,20}| or more)?)\b"),
        ("wrong value", "plain", r"\b(?:shows?|showing|displays?|displaying|returns?|returning|gives?|calculates?|computes?|sends?|sending|uses|prints?|renders?|picks?|gets?|receives?|reports?|has|have|contains?|produces?|outputs?|loads?|saves?|serves?|serving|points? to) (?:\w{1,12} ){0,2}?(?:wrong|incorrect|stale|outdated|duplicate[sd]?|negative|old|garbage|blank|empty|nonsense|broken|double|bogus|someone else's|other people's|other users')(?: \w{2,20}|\b)"),
        ("nothing happens", "plain", r"\b(?:nothing (?:happens|shows up|appears|changes|gets saved|is saved|comes back|loads|works)|no effect|does nothing|no response|without any (?:error|feedback))\b"),
        ("duplicates", "plain", r"\b(?:appears?|shows? up|gets? (?:sent|created|charged|called|fired|saved|processed|triggered|executed|rendered|inserted|counted|imported|posted|billed)|fires?|runs?|loads?|charged|sent|renders?|being (?:charged|sent|created|called|counted)|is (?:charged|sent|called|created|counted)|are (?:charged|sent|called|created|counted)|submits?) (?:\w{2,12} )?(?:twice|two times|multiple times|several times|three times|double|in the wrong \w{2,15})"),
        ("insecure", "plain", r"\b(?:(?:stored|sent|logged|saved|kept|committed|passed|written|storing|sending|logging|saving|keeping)(?: \w{2,20}){0,4} in (?:plain ?-?text|clear ?text|the clear|git|the repo)|anyone can (?!use it|learn|join)\w{2,20}|vulnerab(?:le to|ility)|sql injection|xss|csrf (?:hole|issue|problem)|hard-?coded (?:\w{2,12} )?(?:passwords?|secrets?|keys?|credentials?|tokens?|api keys?)|leak(?:s|ing) (?:user|personal|private|customer|password|token|credential)\w{0,3})\b"),
        ("out of sync", "plain", r"\b(?:out of sync|off by one|not in sync|data loss|losing (?:\w{2,15} ){0,2}(?:data|messages|events|progress|changes|orders|records|updates|packets|work|entries)|memory leak|race condition|infinite loop|deadlock)\b"),
    )  # fmt: skip
    return tuple((name, strength, cues.compile(pattern)) for name, strength, pattern in rows)


@lru_cache(maxsize=1)
def _frames() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """(cue, strength, pattern) of frames that introduce a fault; what follows the match describes it."""
    cues = load()
    rows = (
        ("there is a bug", "plain", r"\b(?:there(?:'s| is| are|'re| seems to be| appears to be)|we(?:'ve| have| still have|'ve got| got)|i(?:'ve| have|'ve got| just)?(?: just| also)? ?(?:found|noticed|discovered|hit|spotted|ran into|see|got|have)|got|found|noticed|spotted|ran into|another|a|one more|the) (?:(?:also|still|this|an?|another|one|some|the|just|weird|strange|nasty|known|annoying|small|minor|major|serious|critical|ugly|subtle|really|super|little|big|new|old|potential|possible|few|couple|of|random|bad|pretty|huge|actual|real|visual|ui|security|performance|memory|concurrency|layout|rendering|timezone|nasty|longstanding|long-standing|intermittent) ){0,5}(?:bugs?|issues?|problems?|glitch(?:es)?|regressions?|defects?|memory leaks?|race conditions?|typos?|vulnerabilit(?:y|ies)|leaks?|security holes?|off-by-one(?: errors?)?|deadlocks?|edge cases?)(?: (?:report(?:s|ed)?|that i (?:noticed|found)|we (?:noticed|found)|open))? ?(?:where(?:by)?|in which|with|in|when|:|that|on|after|-|is)(?: that)? """),
        ("people report", "plain", r"\b(?:<people>|\w{2,15} of (?:our|the|my) <people>)(?:'ve| have| has| are| is|'re|'s| were)? (?:also |still |all |now |just |constantly )?(?:been |keep |started |start )?(?:reporting|reported|reports?|complain(?:ing|ed|s)?(?: to (?:me|us))?|saying|telling (?:me|us)|seeing|noticing|noticed|hitting|experiencing|getting|emailing (?:me|us)|running into)(?: about| of| that| issues with| problems with| trouble with)* """),
        ("reports of", "plain", r"\b(?:(?:getting|got|seeing|received|receiving|have|had|lots of|several|many|a few|more|some|bug|multiple|two|three) ){1,3}(?:support tickets?|reports?|complaints?|tickets?|emails?|alerts?|pings|calls|angry emails|messages) (?:about|of|that|from (?:<people>) (?:that|about|saying)|for|saying)(?: the fact)?(?: that)? """),
        ("problem is", "plain", r"^(?:(?:and|but|so|oh|ok|well|also|yeah)[, ]{1,2}){0,2}(?:the|my|our|one|another|main|biggest|only|first|second|other) (?:(?:main|biggest|real|other|only|current|first|second|next|thing|weird|strange) ){0,2}(?:problem|issue|bug|trouble|symptom)(?: (?:now|here|today|i'm (?:having|seeing)|we're (?:having|seeing)|we have|i have))? ?(?:is|:|-)(?: that)? """),
    )  # fmt: skip
    return tuple((name, strength, cues.compile(pattern)) for name, strength, pattern in rows)


_CONDITION = re.compile(
    r"^(?:(?:so|and|but|also|oh|well)[, ]{1,2}){0,2}(?P<when>(?:when|whenever|if|after|once|every time|each time|as soon as) (?P<rest>[^,]{3,60})),",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"\bwhy (?:does|do|did|is|are|am|was|isn't|aren't|doesn't|don't|won't|can't|would|the|our|my|this|it|some|that|i|we)\b",
    re.IGNORECASE,
)
_WHY_INVERTED = re.compile(
    r"\bwhy (?P<aux>does|do|did|is|are|am|isn't|aren't|doesn't|don't|won't|can't) (?P<subject>(?:(?:the|our|my|this|that|these|some|all) )?(?:[\w/`.-]{1,40} ){1,4}?)(?P<predicate>(?:keeps?|so \w{3,15}|not \w{3,20}|take|taking|fail|always|sometimes|randomly|still|suddenly|get|getting|throw|throwing|return|returning|show|showing|crash|crashing|die|dying|break|breaking|hang|hanging|work|working|load|loading|update|updating|render|rendering|never|stop|stopping|lose|losing|drop|dropping|freeze|freezing|time|timing|leak|leaking|refus\w{1,4}|eat\w{0,3}|using|use|broken|slow|empty|missing|null|undefined|blank|red|wrong|down|being)\b.{0,160})",
    re.IGNORECASE,
)


def propose(transcript: Transcript) -> Iterator[Candidate]:
    """One candidate for each sentence of a human that reports a fault, with the words that describe it."""
    for passage in transcript.human():
        if passage.block.kind in ("prose", "item") and (found := _report(passage)):
            yield found


def _report(passage: Passage) -> Candidate | None:
    text = passage.text
    if len(text) > 1500 or _OVER.search(text):
        return None
    if question := _WHY_INVERTED.search(text):
        return _candidate(passage, "why", "plain", _uninverted(question))
    asks = text.rstrip(" )*\"'").endswith("?") and not _WHY.search(text)
    for name, strength, pattern in _frames():
        if (frame := pattern.search(text)) and not asks and not _HELD.search(text[: frame.start()]):
            rest = phrase(text[frame.end() :])
            if len(rest.split()) >= 2 or identifiers(rest):
                return _candidate(passage, name, strength, rest)
    if neglected := _neglect(text):
        return _candidate(passage, "not taken care of", "plain", neglected)
    for name, strength, pattern in _patterns():
        for match in pattern.finditer(text):
            if found := _clause(passage, match, asks):
                return _candidate(passage, name, strength, found)
    return None


def _clause(passage: Passage, match: re.Match[str], asks: bool) -> str:
    """Subject, predicate and complement of the reported fault; "" where the clause reports none."""
    text = passage.text
    before = text[: match.start()]
    starts = [b.end() for b in _BOUNDARY.finditer(before)]
    start = starts[-1] if starts else 0
    subject = before[start:].strip()
    if (
        asks
        or _HELD.search(before[max(0, start - 30) :])
        or (_FIRST.match(subject) and not _suffers(subject, match.group()))
    ):
        return ""
    wording = f"{subject} {phrase(text[match.start() :])}".strip()
    condition = _CONDITION.match(text)
    if condition and condition.end() <= match.start() and len(wording) < 60:
        return f"{wording} {condition.group('when')}"
    return wording


def _neglect(text: str) -> str:
    """A duty that the speaker's own software leaves out, in the passive: "we're not closing files" is about the files."""
    match = _neglects().search(text)
    if match is None or text.endswith("?") or _HELD.search(text[: match.start()]):
        return ""
    verb, thing, rest = (
        (match.group("verb") or match.group("verb2")).lower(),
        match.group("thing"),
        phrase(match.group("rest")),
    )
    participle = next(forms(base)[3] for base in load().words["care"] if verb in forms(base))
    thing = re.sub(r"^(?:the|our|any|any of the|all|all the|those|these) ", "", thing.strip())
    be = "are" if re.search(r"[^s]s$", thing.split(" ")[-1]) else "is"
    return f"{thing} {be} not {participle} {rest}".strip()


@lru_cache(maxsize=1)
def _neglects() -> re.Pattern[str]:
    verbs = load().words["care"]
    ing = alternatives(tuple(forms(v)[4] for v in verbs))
    base = alternatives(tuple(forms(v)[0] for v in verbs))
    adverbs = load().parts["adverbs"]
    pattern = (
        rf"\b(?:we|i)(?:(?:'re|'m| are| am| were) {adverbs}not {adverbs}(?P<ing>{ing})|(?: {adverbs}(?:don't|do not|never|didn't) {adverbs})(?P<base>{base})) "
        r"(?P<thing>(?:[\w'`./()-]{1,40} ){0,3}?[\w'`./()-]{2,40})(?P<rest>(?: (?:properly|correctly|at all|anywhere|in|on|at|for|when|before|after|from|between|anymore|yet|and|or|to|until|if)\b.{0,120})|[.,;!:]?(?:\s.{0,200})?)$"
    )
    return re.compile(pattern.replace("(?P<ing>", "(?P<verb>", 1).replace("(?P<base>", "(?P<verb2>", 1), re.IGNORECASE)


_SUFFERS = re.compile(
    r"\b(?:getting|get|seeing|see|hitting|running into|keep(?:s)? getting|can't|cannot|unable)\b", re.IGNORECASE
)


def _suffers(subject: str, predicate: str) -> bool:
    """First person reports a fault only as the one who meets it ("I keep getting a 403", "we can't log in")."""
    return bool(_SUFFERS.search(predicate)) and not subject.lower().startswith(("you", "let"))


def _uninverted(question: re.Match[str]) -> str:
    aux, subject, predicate = (
        question.group("aux").lower(),
        question.group("subject").strip(),
        question.group("predicate"),
    )
    predicate = phrase(predicate.split("?")[0])
    if aux in ("does", "do"):
        return f"{subject} {predicate}"
    return f"{subject} {aux} {predicate}"


def _candidate(passage: Passage, cue: str, strength: str, wording: str) -> Candidate:
    first = re.split(r" (?:is|are|can't|doesn't|don't|keeps?|won't|isn't|spikes?)\b", wording, maxsplit=1)[0]
    bare = cue == "nothing happens" and wording.lower() in (
        "nothing happens",
        "no response",
        "does nothing",
        "no effect",
    )
    refers = bare or bool(_PRONOUN.match(first.strip())) or bool(_POINTING.search(passage.text))
    return Candidate(
        kind="bug",
        detector="symptom",
        cue=cue,
        passage=passage,
        strength=strength,
        phrase=wording,
        refers=refers,
        names=identifiers(passage.text),
    )
