"""回合的定律 a round of a buyer who was never handed over is told the same as it is walked and by the joins of hand-overs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.tables import tables
from jinpai.workspace.settings import Settings, settle
from tests.mutants import kills

from .reckoning import contents, counted, file, same, settings, wide
from .shop import SHOP, Drawn, shops

pytestmark = pytest.mark.slow

OPEN = {"hours.toml": {"weekly": {"every_day": ["09:00-12:00", "13:30-23:30"]}}}
SETTINGS = st.sampled_from([settings(), settle(SHOP, {"rules.toml": {"assist_counts": True}} | OPEN, Path())])
NEVER = "buyer_key not in (select buyer_key from message where handed)"


@kills("jinpai/tables/asked.py", "clock.worked(answered) - clock.worked(started)", "answered - started")
@kills("jinpai/tables/asked.py", "np.where(answer == NONE, first_addressed, answer)", "answer")
@kills("jinpai/tables/asked.py", "(talk * len(agent.dictionary) + whose)[known]", "whose[known]")
@kills("jinpai/tables/round.sql", "where for_shop and not handed", "where not handed")
@wide(20)
@given(shops(), SETTINGS)
def test_both_ways_tell_the_rounds_of_buyers_never_handed_over_alike(shop: Drawn, chosen: Settings) -> None:
    with counted([file(shop.rows)], chosen, wanted=["round", "platform_round"]) as (engine, values):
        told = {}
        for name in ("round", "platform_round"):
            by_joins = (tables()[f"handed_{name}"].sql or "").replace(
                "handed_asked", "(select * from asked where not handed)"
            )
            engine.make(f"{name}_by_joins", by_joins, values)
            engine.make(f"{name}_walked", f"select * from {name} where {NEVER}")
            told[name] = contents(engine, [f"{name}_by_joins", f"{name}_walked"])
    for name, found in told.items():
        same({name: found[f"{name}_by_joins"]}, {name: found[f"{name}_walked"]})
