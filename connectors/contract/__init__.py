"""The cases that every connector must pass, for use with pytest in any package.

A connector is tested with one class, which says how to get a tracker with nothing in it::

    class TestMyTracker(ConnectorContract):
        def make(self, tmp_path):
            return MyBench(tmp_path)

``make`` returns a :class:`Bench`: the tracker, or something that stands in for it, and a :class:`Person` who works
there with other means than the connector. A bench that is also a :class:`LosesReplies`, :class:`LimitsRate` or
:class:`ShowsMarkup` is put to further tests; without, those are skipped.
"""

from connectors.contract.bench import Bench, LimitsRate, LosesReplies, Person, ShowsMarkup
from connectors.contract.everyday_cases import EverydayCases
from connectors.contract.hostile import HOSTILE
from connectors.contract.markdown_parts import live_parts, visible_words
from connectors.contract.rough_cases import RoughCases
from connectors.contract.section_cases import SectionCases
from connectors.contract.title_cases import TitleCases

__all__ = [
    "HOSTILE",
    "Bench",
    "ConnectorContract",
    "LimitsRate",
    "LosesReplies",
    "Person",
    "ShowsMarkup",
    "live_parts",
    "visible_words",
]


class ConnectorContract(EverydayCases, RoughCases, SectionCases, TitleCases):
    """All cases: derive a class named ``Test...`` from it and give that ``make``."""
