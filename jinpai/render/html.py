"""网页报告 HTML render: one self-contained page that opens offline, without scripts or requests.

`page` asks for the reports it needs; `draw` turns them into the page. The template is escaped
throughout; pictures are made here and are the only markup that goes in as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinpai import terms
from jinpai.errors import Words
from jinpai.render import columns, figures, story, tables
from jinpai.render.story import Say

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

TEMPLATES = Path(__file__).parent / "templates"
Result = Mapping[str, Any]


def page(
    workspace: Workspace,
    *,
    shop: str | None = None,
    start: str | None = None,
    end: str | None = None,
    lang: str = "zh",
    **asked: Any,
) -> str:
    """整页报告 the page for a shop and days; `asked` as for `report`: window, rule, as_of, overrides, …"""
    from jinpai.report import histogram, report

    period: dict[str, Any] = {"shop": shop, "start": start, "end": end}
    totals, agents, days, hours = (
        report(workspace, by=by, **period, **asked) for by in (("shop",), ("agent",), ("day",), ("hour", "weekday"))
    )
    seconds = histogram(
        workspace, totals["meta"]["shop"], start=start, end=end, clock=columns.clock_of(totals),
        as_of=asked.get("as_of"), overrides=asked.get("overrides"),
    )  # fmt: skip
    return draw(totals, agents, days, hours, seconds, lang)


def draw(
    totals: Result,
    agents: Result,
    days: Result,
    hours: Result,
    seconds: Sequence[tuple[int, int]],
    lang: str = "zh",
) -> str:
    """画成网页 the page from reports by shop, agent, day, hour and weekday, and the response histogram."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    say = Say(lang)
    house = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    inside = _inside(totals, agents, days, hours, seconds, say) if totals["rows"] else {}
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    return house.get_template("report.html").render(
        say=say, lang=lang, style=style, meta=totals["meta"], empty=not totals["rows"], head=_head(totals["meta"], say),
        warnings=tables.sentences(totals["meta"], say), **inside,
    )  # fmt: skip


def _head(meta: Result, say: Say) -> dict[str, Any]:
    rule = str(meta["rule"])
    known = str(meta.get("as_of") or meta.get("horizon") or "")
    return {
        "days": f"{meta['from']} – {meta['to']}", "zone": str(meta["time_zone"]),
        "known": known[:16].replace("T", " "),
        "pills": [say.words(terms.window_label(str(meta["window"]))), say.words(terms.RULES.get(rule, Words(rule, rule)))],
    }  # fmt: skip


def _inside(
    totals: Result, agents: Result, days: Result, hours: Result, seconds: Sequence[tuple[int, int]], say: Say
) -> dict[str, Any]:
    meta = totals["meta"]
    conversion, sales = figures.days(days, totals, say)
    ranked = (meta.get("identity") or {}).get("ranked") is not False
    people = sorted(agents["rows"], key=lambda row: str(row["agent"]))
    if ranked:
        people.sort(key=lambda row: -float(row.get("attributed_amount") or 0))
    return {
        "cards": story.cards(totals, days, say), "conversion": conversion, "sales": sales, "funnel": story.funnel(totals, say),
        "funnel_how": story.how(["consulted_buyers", "received_buyers", "enquiries"], totals["rows"][0], meta, "conversion", say),
        "responses": figures.responses(seconds, totals, say), "compared": figures.agents(agents, totals, say),
        "hours": figures.hours(hours, len(people), say), "ranked": ranked, "clock_said": say("；首次响应按营业时间算", "; first response in opening hours") if columns.clock_of(totals) else "",
        "agent_grid": tables.grid(agents, "agent", say, people), "day_grid": tables.grid(days, "day", say, sorted(days["rows"], key=lambda row: str(row["day"]), reverse=True)),
        "passport": tables.passport(meta, _defined(totals), say),
    }  # fmt: skip


def _defined(totals: Result) -> list[str]:
    """The metrics whose definition the page gives: of the windowed ones, in the window it shows."""
    window = totals["meta"]["window"]
    return [name for name in columns.metrics_of(totals) if columns.column(name).window in (None, window)]
