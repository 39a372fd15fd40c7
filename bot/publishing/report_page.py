"""A report as one self-contained HTML page; every text from logs is escaped."""

from __future__ import annotations

from html import escape

from bot.publishing.report import Report
from bot.publishing.report_tables import Table, heading, tables

_STYLE = """
:root { color-scheme: light dark }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
table { border-collapse: collapse; margin: .5rem 0 2rem; width: 100% }
th, td { padding: .3rem .7rem; text-align: left; vertical-align: top; border-top: 1px solid #8886 }
th { border-top: 0 } .n { text-align: right; font-variant-numeric: tabular-nums } p { opacity: .7 }
"""


def page(report: Report) -> str:
    """The page; it loads nothing and runs nothing."""
    title = escape(heading(report))
    body = "\n".join(f"<h2>{escape(table.title)}</h2>\n{_table(table)}" for table in tables(report))
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body>\n<h1>{title}</h1>\n{body}\n</body></html>\n"
    )


def _table(table: Table) -> str:
    if not table.rows:
        return f"<p>{escape(table.empty)}</p>"
    numbers = [all(isinstance(row[index], (int, float)) for row in table.rows) for index in range(len(table.columns))]
    head = "".join(_cell("th", name, number) for name, number in zip(table.columns, numbers, strict=True))
    lines = [
        "".join(_cell("td", value, number) for value, number in zip(row, numbers, strict=True)) for row in table.rows
    ]
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _cell(tag: str, value: object, number: bool) -> str:
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    kind = ' class="n"' if number else ""
    return f"<{tag}{kind}>{escape(text)}</{tag}>"
