"""An evaluation as one self-contained HTML page: tables, what went wrong, and the reliability plot as SVG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from bot.evaluation.calibration import Bin
from bot.evaluation.evaluation import Evaluation
from bot.evaluation.figures import Figures

_SIDE, _EDGE = 320, 40  # of the plot, in pixels
_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; color: #1c2024 }
table { border-collapse: collapse; margin: .5rem 0 1.5rem } th, td { padding: .2rem .7rem; text-align: right }
th:first-child, td:first-child { text-align: left } tr + tr { border-top: 1px solid #d8dde3 }
li { margin: .15rem 0 } svg text { font-size: 11px; fill: #555 }
"""
_COLUMNS = ("wanted", "hit", "claimed", "right", "resolved", "recall", "precision", "kind", "status", "title")


def page(evaluation: Evaluation) -> str:
    """The page; every text from logs is escaped."""
    groups: list[tuple[str, Mapping[str, Figures]]] = [
        ("In all", {"printed": evaluation.total, "filed": evaluation.filed}),
        ("By kind", evaluation.kinds),
        ("By format", evaluation.formats),
        ("By source", evaluation.sources),
        ("By detector", evaluation.detectors),
    ]
    parts = [f"<h2>{title}</h2>{_table(rows)}" for title, rows in groups]
    parts += [
        "<h2>Kinds: labelled (rows) and claimed (columns)</h2>",
        _confusion(evaluation.confusion),
        f"<h2>Calibration: expected error {evaluation.error:.3f}</h2>",
        "<p>Each circle is a tenth of confidence, its area the number of claims; on the line all is well.</p>",
        plot(evaluation.bins),
        f"<h2>Worst misses</h2>{_list(evaluation.missed)}",
        f"<h2>Worst spurious findings</h2>{_list(evaluation.spurious)}",
    ]
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Evaluation of extraction</title>'
        f"<style>{_STYLE}</style></head><body>\n<h1>Evaluation of extraction</h1>\n{body}\n</body></html>\n"
    )


def plot(bins: Sequence[Bin]) -> str:
    """Share of right claims over confidence, as SVG."""
    most = max((b.count for b in bins), default=1)
    circles = "".join(
        f'<circle cx="{_x(b.confidence):.1f}" cy="{_y(b.right):.1f}" r="{3 + 12 * (b.count / most) ** 0.5:.1f}" '
        f'fill="#3b7dd8" fill-opacity=".6"><title>{b.count} claims, confidence {b.confidence:.2f}, '
        f"right {b.right:.2f}</title></circle>"
        for b in bins
    )
    ticks = "".join(
        f'<text x="{_x(t):.0f}" y="{_y(0) + 16:.0f}" text-anchor="middle">{t:.1f}</text>'
        f'<text x="{_EDGE - 6}" y="{_y(t) + 4:.0f}" text-anchor="end">{t:.1f}</text>'
        for t in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    )
    size = _SIDE + 2 * _EDGE
    frame = f'<rect x="{_EDGE}" y="{_EDGE}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#b8c0c8"/>'
    line = f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#b8c0c8" stroke-dasharray="4"/>'
    names = f'<text x="{size / 2}" y="{size - 6}" text-anchor="middle">confidence</text>'
    return (
        f'<svg width="{size}" height="{size}" role="img" aria-label="Reliability plot">'
        f"{frame}{line}{ticks}{names}{circles}</svg>"
    )


def _x(share: float) -> float:
    return _EDGE + share * _SIDE


def _y(share: float) -> float:
    return _EDGE + (1 - share) * _SIDE


def _table(rows: Mapping[str, Figures]) -> str:
    head = "".join(f"<th>{column}</th>" for column in ("", *_COLUMNS))
    lines = "".join(
        f"<tr><td>{escape(name)}</td>{''.join(f'<td>{_cell(f.row()[column])}</td>' for column in _COLUMNS)}</tr>"
        for name, f in rows.items()
    )
    return f"<table><tr>{head}</tr>{lines}</table>"


def _cell(value: float | int) -> str:  # noqa: PYI041 - counts are shown as they are, shares with two digits
    return str(value) if isinstance(value, int) else f"{value:.2f}"


def _confusion(table: Mapping[str, Mapping[str, int]]) -> str:
    head = "".join(f"<th>{kind}</th>" for kind in ("", *table))
    lines = "".join(
        f"<tr><td>{kind}</td>{''.join(f'<td>{count}</td>' for count in row.values())}</tr>"
        for kind, row in table.items()
    )
    return f"<table><tr>{head}</tr>{lines}</table>"


def _list(places: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(place)}</li>" for place in places) + "</ul>"
