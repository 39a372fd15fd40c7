import re

from bot.extraction import extract
from bot.extraction.own_cues import OwnCue
from tests.extraction.talks import talk, told

PARKED = OwnCue(name="parked", kind="todo", pattern=re.compile(r"^parked:", re.IGNORECASE))
SMELLS = OwnCue(name="smell", kind="bug", pattern=re.compile(r"smells", re.IGNORECASE), strength="vague")


def test_a_cue_of_ones_own_founds_a_finding():
    (finding,) = extract(talk(("human", "Parked: teach the importer about semicolons")), own=[PARKED])
    assert told(finding) == ("todo", "Teach the importer about semicolons")
    assert finding.detectors == ("own",)
    assert 'own: "parked"' in finding.why


def test_its_strength_is_what_the_user_says():
    (finding,) = extract(talk(("human", "The layout of the invoice smells")), own=[SMELLS])
    assert (finding.kind, finding.confidence) == ("bug", 0.55)


def test_without_it_nothing_is_found():
    assert extract(talk(("human", "Parked: teach the importer about semicolons"))) == ()


def test_what_the_assistant_or_a_quotation_says_founds_nothing():
    said = talk(("assistant", "Parked: teach the importer"), ("human", 'They call it "smells".'))
    assert extract(said, own=[PARKED, SMELLS]) == ()
