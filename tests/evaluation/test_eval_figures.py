import json
from dataclasses import replace

import pytest

from bot.evaluation.calibration import calibrate, expected_error, reliability
from bot.evaluation.evaluation import ablate, evaluate
from bot.evaluation.figures import total
from bot.evaluation.gold import GoldError, folds, load
from bot.evaluation.judging import filed, judge, read
from bot.evaluation.logistic import Example, fit, platt, sigmoid
from bot.evaluation.page import page, plot

TALK = """**User:**

The upload page crashes on large files.

**Assistant:**

I see.

**User:**

TODO: Add a retry to the mailer

It would be nice to have a dark theme some day.
"""


def label(kind, title, line, **more):
    return {"kind": kind, "title": title, "lines": [[line, line]], **more}


CRASH = label("bug", "Upload page crashes on large files", 3)
RETRY = label("todo", "Add a retry to the mailer", 11)
MISSING = label("todo", "Something nobody says", 7)


@pytest.fixture
def gold(tmp_path):
    def write(*rows):
        (tmp_path / "talk.md").write_text(TALK, encoding="utf-8")
        file = tmp_path / "gold.jsonl"
        file.write_text("\n".join(json.dumps({"file": "talk.md", "findings": list(row)}) for row in rows), "utf-8")
        return [judge(log) for log in read(load(file), [])]

    return write


def test_hits_misses_and_spurious_findings_are_counted(gold):
    figures = total(gold([CRASH, RETRY, MISSING]))
    assert (figures.wanted, figures.hit, figures.claimed, figures.right) == (3, 2, 3, 2)
    assert (round(figures.recall, 2), round(figures.precision, 2)) == (0.67, 0.67)
    assert (figures.kinds, figures.statuses, figures.titles) == (2, 2, 2)


def test_optional_labels_are_neither_missed_nor_wrong(gold):
    optional = [{**CRASH, "optional": True}, {**MISSING, "optional": True}]
    figures = total(gold([*optional, RETRY]))
    assert (figures.wanted, figures.hit, figures.right) == (1, 1, 2)


def test_a_claim_on_a_resolved_label_is_wrong(gold):
    figures = total(gold([{**CRASH, "status": "resolved"}, RETRY]))
    assert (figures.wanted, figures.right, figures.resolved) == (1, 1, 1)


def test_filed_leaves_out_what_is_held(gold):
    (judged,) = gold([CRASH, RETRY])
    assert [claim.ruling for claim in filed(judged).claims] == ["file", "file"]
    assert len(judged.claims) == 3


def test_an_evaluation_names_what_went_wrong(gold):
    evaluation = evaluate(gold([CRASH, MISSING]))
    assert evaluation.missed == ["talk.md:7: todo Something nobody says"]
    assert evaluation.spurious[0].startswith("talk.md:11: 0.9")
    assert evaluation.confusion["bug"] == {"bug": 1, "todo": 0, "feature": 0}
    assert json.loads(json.dumps(evaluation.data()))["total"]["hit"] == 1


def test_the_page_escapes_what_logs_say(gold):
    text = page(evaluate(gold([{**CRASH, "title": "<script>x</script>", "lines": [[7, 7]]}])))
    assert "<script>" not in text
    assert "&lt;script&gt;x&lt;/script&gt;" in text
    assert text.count("<svg") == 1


def test_the_plot_has_a_circle_for_each_bin():
    bins = reliability([(0.91, True), (0.93, False), (0.45, True)])
    assert [(b.count, b.right) for b in bins] == [(1, 1.0), (2, 0.5)]
    assert plot(bins).count("<circle") == 2


def test_the_calibration_error_weighs_bins_by_size():
    assert expected_error([(0.9, True)] * 9 + [(0.9, False)]) == pytest.approx(0)
    assert expected_error([(0.9, False)]) == pytest.approx(0.9)
    assert expected_error([]) == 0


def test_ablation_tells_what_a_detector_gives(tmp_path, gold):
    gold([CRASH, RETRY])
    losses = ablate(list(read(load(tmp_path / "gold.jsonl"), [])), ["symptom", "marker", "no such cue"])
    assert [(loss.right, loss.wrong, loss.sources) for loss in losses] == [(1, 0, 1), (1, 0, 1), (0, 0, 0)]


def test_calibration_learns_from_what_was_judged(tmp_path, gold):
    gold([CRASH, RETRY])
    learned = calibrate(list(read(load(tmp_path / "gold.jsonl"), [])))
    data = json.loads(learned.text)
    assert data["learned_from"] == {"examples": 3, "right": 2, "sources": 1}
    assert set(data["scales"]) == {"advice", "agent", "minutes", "notes", "people"}


def examples(count):
    rights = [(n % 4 != 0, n) for n in range(count)]
    return [
        Example(features={"bias": 1.0, "good" if r else "bad": 1.0}, right=r, weight=1.0, source=str(n % 5))
        for r, n in rights
    ]


def test_weights_tell_good_signs_from_bad_ones():
    weights = fit(examples(100), penalty=1.0, least=3)
    assert weights["good"] > 0.5 > -0.5 > weights["bad"]
    assert weights == fit(examples(100), penalty=1.0, least=3)


def test_what_one_source_alone_has_is_not_learned():
    rows = [replace(row, source="one") for row in examples(40)]
    assert set(fit(rows, penalty=1.0, least=2)) == {"bias"}


def test_a_scale_pulls_odds_that_promise_too_much():
    points = [(3.0, n % 2 == 0, 1.0) for n in range(200)]
    shift, factor = platt(points)
    assert sigmoid(shift + factor * 3.0) == pytest.approx(0.5, abs=0.1)
    assert platt([]) == (0.0, 1.0)


def test_sources_are_never_split_between_folds():
    sources = ["a"] * 5 + ["b"] * 3 + ["c"] * 2 + ["d"]
    fold = folds(sources, 2)
    assert len({(s, f) for s, f in zip(sources, fold, strict=True)}) == 4
    assert sorted(fold).count(0) in (5, 6)


BROKEN = {
    "no JSON": ("{", "gold.jsonl:1: not a labelled log"),
    "no findings": ('{"file": "talk.md"}', "gold.jsonl:1: not a labelled log"),
    "no lines": ('{"file": "talk.md", "findings": [{"kind": "bug", "title": "x", "lines": []}]}', "not a labelled log"),
    "no log": ('{"file": "other.md", "findings": []}', "other.md: no such log"),
}


@pytest.mark.parametrize(("row", "message"), BROKEN.values(), ids=BROKEN)
def test_a_bad_gold_file_is_told_with_its_line(tmp_path, row, message):
    (tmp_path / "gold.jsonl").write_text(row, encoding="utf-8")
    with pytest.raises(GoldError, match=message):
        load(tmp_path / "gold.jsonl")


def test_a_log_that_cannot_be_read_is_told_and_counts_as_missed(tmp_path):
    (tmp_path / "talk.md").write_text("no speakers here", encoding="utf-8")
    row = {"file": "talk.md", "findings": [CRASH]}
    (tmp_path / "gold.jsonl").write_text(json.dumps(row), encoding="utf-8")
    problems = []
    (log,) = read(load(tmp_path / "gold.jsonl"), problems)
    assert len(problems) == 1
    assert total([judge(log)]).wanted == 1
