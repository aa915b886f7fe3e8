"""The tables and pictures of docs/proof.md, from what `make prove` found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from jinpai.metrics.values import wilson
from jinpai.simulate.worlds import Law

Found = dict[str, dict[str, list[float]]]
PEOPLE = {
    "equal": "agents alike", "unlike": "agents unlike", "confounded": "best agents get the hardest buyers", "small": "800 enquiries, 4 agents",
    "large": "50,000 enquiries, 30 agents", "season": "weeks unlike",
}  # fmt: skip
COACHED = {
    "coached nothing": "coaching that does nothing", "coached 8 points": "coaching worth 8 points", "coached small": "the same, 1,200 enquiries, 4 agents",
}  # fmt: skip
BEGIN, END = "<!-- {} -->", "<!-- /{} -->"


def write(page: Path, found: Found, laws: Mapping[str, Law], seeds: int) -> str:
    """Puts the tables where the page keeps them, draws the pictures beside it, and returns the tables."""
    tables = {
        "people": _people(found), "weeks": _weeks(found), "money": _money(found, laws), "coaching": _coaching(found),
        "seeds": f"{seeds} shops of each kind, seeds 0 to {seeds - 1}.",
    }  # fmt: skip
    # kinds that were not drawn this time keep what stands there
    tables = {name: table for name, table in tables.items() if table}
    text = page.read_text(encoding="utf-8")
    for name, table in tables.items():
        first, last = BEGIN.format(name), END.format(name)
        text = re.sub(f"{first}.*?{last}", lambda _, t=table, f=first, e=last: f"{f}\n{t}\n{e}", text, flags=re.DOTALL)  # type: ignore[misc]
    page.write_text(text, encoding="utf-8", newline="\n")
    if any(name.startswith("planted") for name in found):
        _draw(page.parent / "pictures", found, laws)
    return "\n\n".join(tables.values())


def _share(values: list[float] | None) -> str:
    """A share with its own interval: seeds are a sample too."""
    if not values:
        return "–"
    low, high = wilson(int(sum(values)), len(values)) or (0.0, 1.0)
    return f"{np.mean(values):.1%} ({low:.1%}–{high:.1%})"


def _table(head: list[str], rows: list[list[str]]) -> str:
    if not rows:
        return ""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _people(found: Found) -> str:
    head = [
        "", "adjusted conversion in its interval", "drawn difference in its interval", "counted conversion in its interval",
        "effect of asking in its interval", "agents flagged below", "of these wrongly (share of all agents)", "the same by plain count",
        "truly lowest stands last", "the same by plain count",
    ]  # fmt: skip
    measures = (
        "adjusted holds", "drawn holds", "counted holds", "effect holds", "flagged", "accused wrongly", "accused wrongly by count",
        "last is last", "last is last by count",
    )  # fmt: skip
    rows = [
        [title, *(_share(found[name].get(one)) for one in measures)] for name, title in PEOPLE.items() if name in found
    ]
    return _table(head, rows)


def _weeks(found: Found) -> str:
    rows = [
        ("weeks in which nothing happened, flagged (agents alike)", "equal", "week flagged"),
        ("the same, where agents are unlike", "unlike", "week flagged"),
        ("a change of level where there is none, by shop", "equal", "level flagged"),
        ("a week of 11 points less, found", "odd week", "odd week found"),
        ("other weeks beside it, flagged", "odd week", "week flagged"),
        ("a lasting step of 8 points, found within a week of its day", "step", "step found"),
        ("shops whose weeks truly differ by 3.5 points, any week flagged", "season", "weeks really differ, flagged"),
    ]
    return _table(["", "share"], [[title, _share(found[name].get(one))] for title, name, one in rows if name in found])


def _money(found: Found, laws: Mapping[str, Law]) -> str:
    names = [name for name in found if name.startswith("planted") or name == "together"]
    rows = []
    for name in names:
        told = found[name]
        error, total = np.array(told.get("money error", [])), np.array(told.get("total error", []))
        rows.append([
            "two causes, 5,000" if name == "together" else f"{laws[name].enquiries:,}", _share(told.get("planted first")), _share(told.get("money holds")),
            *(f"{error.mean():+.0%}, {np.median(np.abs(error)):.0%}" if len(error) else "–",), *(f"{total.mean():+.0%}, {np.median(np.abs(total)):.0%}" if len(total) else "–",),
        ])  # fmt: skip
    head = [
        "enquiries", "planted cause ranked first", "money in its interval", "money of the planted cause: mean error, typical error",
        "money of all causes: mean error, typical error",
    ]  # fmt: skip
    return _table(head, rows)


def _coaching(found: Found) -> str:
    rows = []
    for name, title in COACHED.items():
        if name in found:
            told = found[name]
            rows.append([
                title, _share(told.get("coaching holds")), _share(told.get("coaching said to work")),
                *(f"{np.mean(told[one]) * 100:+.1f}, {np.median(np.abs(told[one])) * 100:.1f}" for one in ("coaching error", "before and after error")),
            ])  # fmt: skip
    head = [
        "", "effect in its interval", "said to work", "error in points: mean, typical", "the same by before and after alone",
    ]  # fmt: skip
    return _table(head, rows)


def _draw(folder: Path, found: Found, laws: Mapping[str, Law]) -> None:
    """How soon a planted cause stands first and its money is near, by how many enquiries there are."""
    import altair as alt
    import vl_convert

    rows: list[dict[str, Any]] = []
    for name, told in found.items():
        if not name.startswith("planted"):
            continue
        size = laws[name].enquiries
        first = told["planted first"]
        low, high = wilson(int(sum(first)), len(first)) or (0.0, 1.0)
        rows.append({"enquiries": size, "share": float(np.mean(first)), "low": low, "high": high})
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("enquiries:Q", scale=alt.Scale(type="log"), title="enquiries")
    )
    picture = (
        base.mark_errorband(opacity=0.25).encode(y=alt.Y("low:Q", title="planted cause ranked first", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])), y2="high:Q")
        + base.mark_line(point=True).encode(y="share:Q")
        + alt.Chart(alt.Data(values=[{"y": 0.9}])).mark_rule(strokeDash=[4, 4]).encode(y="y:Q")
    ).properties(width=560, height=260)  # fmt: skip
    drawn = vl_convert.vegalite_to_svg(picture.to_json())
    (folder / "proof-first.svg").write_text(drawn, encoding="utf-8", newline="\n")
