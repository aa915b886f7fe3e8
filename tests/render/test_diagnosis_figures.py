"""诊断的图的定律: a picture shows what the table says, its marks say it in words, and nobody is drawn who may not be compared."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from jinpai.diagnosis.effects import effects
from jinpai.diagnosis.factors import factors
from jinpai.diagnosis.gap import gap
from jinpai.diagnosis.ledger import ledger
from jinpai.render import diagnosis_figures
from jinpai.render.charts import theme
from jinpai.render.diagnosis_figures import figures
from jinpai.render.story import Say
from jinpai.simulate.worlds import REASONS, Law, Plant, world
from tests.lacking import lacking
from tests.mutants import kills

ZH = Say("zh")


@pytest.fixture(scope="module")
def found() -> Any:
    """What is drawn of a diagnosis, of a shop in which 客服03 refuses bargains."""
    if not theme.is_installed():
        lacking("charts", "python -m pip install 'jinpai[charts]'")
    plants = (Plant("refused_flat", 2, 0.5, 0.12), Plant("not_asked", None, 0.1, 0.1), Plant("wrong_information", 4, 0.3, 0.1))  # fmt: skip
    rows = world(Law(enquiries=6_000, agents=6, skill=0.2, slow=0.3, handling=0.2, background=0.03, plants=plants), 3).sample  # fmt: skip
    evidence = pa.table({"enquiry_key": rows["enquiry_key"]} | {f"has_{one}": rows[f"has_{one}"] for one in REASONS} | {"was_answered": rows["was_answered"]})  # fmt: skip
    account = ledger(rows, evidence, REASONS)
    return SimpleNamespace(ranks_people=True, gaps=gap(rows), ledger=account, effects=effects(rows), factors=factors(account))  # fmt: skip


@kills("jinpai/render/diagnosis_figures.py", "if found.ranks_people else {}", "")
def test_agents_are_drawn_only_where_they_may_be_compared(found: Any) -> None:
    assert set(figures(found, ZH)) == {"factors", "agents", "gaps", "ledger", "effects"}
    alone = SimpleNamespace(**vars(found) | {"ranks_people": False})
    drawn = figures(alone, ZH)
    assert set(drawn) == {"factors", "ledger", "effects"}
    names = {one.agent for one in found.gaps.gaps}
    assert not [line for one in drawn.values() for line in one.told if any(name in line for name in names)]


@kills("jinpai/render/diagnosis_figures.py", "        at += value\n", "")
@kills("jinpai/render/diagnosis_figures.py", "key=lambda one: one.gap.value)[:SPLIT]", "key=lambda one: -one.gap.value)[:SPLIT]")  # fmt: skip
def test_a_waterfall_ends_where_the_gap_does(found: Any) -> None:
    lowest = min(found.gaps.gaps, key=lambda one: one.gap.value)
    rows = diagnosis_figures._steps(lowest, [*found.gaps.blocks, "rest"], ZH)
    assert rows[-2]["end"] == pytest.approx(rows[-1]["end"]) == pytest.approx(lowest.gap.value * 100)
    assert [row["start"] for row in rows[1:-1]] == [row["end"] for row in rows[:-2]]
    figure = figures(found, ZH)["gaps"]
    assert figure.told[0].startswith(f"{lowest.agent} · 询单构成 ")
    assert len(figure.wide) == len(figure.phone) == 3
    assert all(name in figure.wide[0] for name in ("询单构成", "其余", "原始差距", lowest.agent))


@kills("jinpai/render/diagnosis_figures.py", "or one.recoverable.value <= 0 or", "or")
@kills("jinpai/render/diagnosis_figures.py", "max(one.recoverable.interval[0], 0.0), one", "one.recoverable.interval[0], one")  # fmt: skip
def test_the_ledger_draws_what_would_come_back_with_doors_to_the_buyers(found: Any) -> None:
    told = [one for one in found.ledger.lines if one.recoverable and one.lost and one.reason != "unexplained"]
    assert any(one.recoverable.value <= 0 or one.recoverable.interval[0] < 0 for one in told)
    figure = figures(found, ZH, lambda reason: f"/lost?reason={reason}&x=1")["ledger"]
    shown = sorted((one for one in told if one.recoverable.value > 0), key=lambda one: -one.recoverable.value)
    assert [line.split(" ")[0] for line in figure.told] == [one.words.zh for one in shown]
    assert list(figure.doors.values()) == [f"/lost?reason={one.reason}&x=1" for one in shown]
    assert figure.wide[0].count("<a href=") == len(shown)
    assert "−" not in figure.wide[0], "no axis below nothing"


@kills("jinpai/render/diagnosis_figures.py", '"tone": "" if one.why else', '"tone":')
def test_what_only_goes_together_has_no_colour(found: Any) -> None:
    rows: list[Any] = []
    kept = diagnosis_figures._ranges
    try:
        diagnosis_figures._ranges = lambda given, *_rest: rows.extend(given)  # type: ignore[assignment, func-returns-value]
        diagnosis_figures.effects(found, ZH)
    finally:
        diagnosis_figures._ranges = kept
    why = {one.words.zh: one.why for one in found.effects}
    assert any(why[row["name"]] for row in rows)
    assert all(not row["tone"] for row in rows if why[row["name"]])
    assert any(row["tone"] == "good" for row in rows)


@kills("jinpai/render/diagnosis_figures.py", "value / max(worth) if one.factor.reasons else None", "value / max(worth)")  # fmt: skip
def test_a_factor_that_nobody_looked_at_has_no_point(found: Any) -> None:
    figure = figures(found, ZH, lambda reason: f"/lost?reason={reason}")["factors"]
    assert [line for line in figure.told if line.endswith("还没看")] == ["工作氛围 还没看", "绩效合理度 还没看"]
    assert figure.wide[0].count("<title>") == 3
    assert figure.wide[0].count("<a href=") == len(figure.doors) >= 2
    nothing = SimpleNamespace(**vars(found) | {"factors": []})
    assert "factors" not in figures(nothing, ZH)
