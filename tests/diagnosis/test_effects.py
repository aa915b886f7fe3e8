"""做法的作用的测试 what asking for the order brings is told, with an interval that holds it, and what cannot be told is not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from jinpai.diagnosis.effects import effects
from jinpai.simulate.worlds import Law, world
from tests.mutants import kills

UNLIKE = Law(enquiries=4_000, agents=6, weeks=6, skill=0.3, handling=0.2, confounding=0.8)


@kills(
    "jinpai/diagnosis/effects.py",
    "lacked = ~done * (with_it - converted) + done * (1 - doing) / doing * (converted - with_it)",
    "lacked = ~done * (with_it - converted) * 0.5",
)
@kills(
    "jinpai/diagnosis/effects.py",
    "np.where(kept, lacked - ~done * per, 0)",
    "np.where(kept, 0.3 * (lacked - ~done * per), 0)",
)
def test_what_asking_brings_lies_in_its_interval() -> None:
    """Forty shops in which better agents ask more often and get harder buyers."""
    holds, values = [], []
    for seed in range(40):
        drawn = world(UNLIKE, seed)
        asking = next(one for one in effects(drawn.sample) if one.behaviour == "E1")
        lacked = asking.occasions - asking.done
        low, high = asking.gain.interval
        holds.append(low / lacked <= drawn.asking <= high / lacked)
        values.append(asking.gain.value / lacked - drawn.asking)
    assert np.mean(holds) >= 0.85
    assert abs(np.mean(values)) < 0.01


@kills("jinpai/diagnosis/effects.py", "+ done * (converted - with_it) / doing - ~done", "- ~done")
def test_the_estimate_is_that_of_another_library() -> None:
    """statsmodels' augmented weighting on the same confounders, fitted without folds: near to ours, within a fifth of its error."""
    from statsmodels.api import OLS, Logit, add_constant
    from statsmodels.treatment.treatment_effects import TreatmentEffect

    rows = world(Law(enquiries=6_000, agents=2, weeks=2, handling=0.2), 4).sample
    ours = next(one for one in effects(rows) if one.behaviour == "E1")
    products = np.array(rows["product"].to_pylist())
    late = np.array(rows["agent"].to_pylist()) == "客服02"
    common = np.column_stack([late, *(products == one for one in np.unique(products)[1:])]).astype(float)
    design, done = add_constant(common), rows["did_E1"].to_numpy(zero_copy_only=False).astype(float)
    converted = rows["converted"].to_numpy(zero_copy_only=False).astype(float)
    theirs = TreatmentEffect(OLS(converted, design), done, results_select=Logit(done, design).fit(disp=0)).aipw()
    assert ours.effect.value == pytest.approx(
        float(np.atleast_1d(theirs.effect)[0]), abs=0.2 * ours.effect.error + 0.003
    )
    assert ours.effect.error == pytest.approx(float(theirs.results_gmm.bse[0]), rel=0.1)


def test_what_hardly_anybody_leaves_out_has_no_effect_to_tell() -> None:
    rows = world(UNLIKE, 1).sample
    nearly = np.ones(len(rows), bool)
    nearly[:60] = False
    changed = rows.set_column(rows.schema.get_field_index("did_E1"), "did_E1", pa.array(nearly))
    assert "E1" not in [one.behaviour for one in effects(changed)]


@kills("jinpai/diagnosis/effects.py", '*(("overlap",) if told.overlap < OVERLAP else ()),', "")
def test_what_some_agents_always_do_is_an_association() -> None:
    """Two agents always do it, the others in every other talk: of the two nothing is known without it."""
    rows = world(UNLIKE, 1).sample
    names = np.array(rows["agent"].to_pylist())
    alone = np.isin(names, ("客服01", "客服02")) | (np.arange(len(rows)) % 2 == 0)
    changed = rows.set_column(rows.schema.get_field_index("did_G1"), "did_G1", pa.array(alone))
    told = next(one for one in effects(changed) if one.behaviour == "G1")
    assert "overlap" in told.why
    assert told.is_association


@kills("jinpai/diagnosis/effects.py", "if min((kept & done).sum(), (kept & ~done).sum()) < LEAST:", "if False:")
def test_what_only_one_agent_ever_does_has_no_effect_to_tell() -> None:
    """All of one agent's talks and none of anybody else's: nothing can be compared."""
    rows = world(UNLIKE, 1).sample
    alone = np.array(rows["agent"].to_pylist()) == "客服01"
    changed = rows.set_column(rows.schema.get_field_index("did_G1"), "did_G1", pa.array(alone))
    assert "G1" not in [one.behaviour for one in effects(changed)]


@kills("jinpai/diagnosis/effects.py", '*(("prompted",) if one.prompted else ()),', "")
def test_what_the_buyer_may_have_called_forth_is_an_association() -> None:
    told = {one.behaviour: one for one in effects(world(UNLIKE, 2).sample)}
    assert "prompted" in told["E1"].why
    assert "prompted" not in told["G1"].why


def test_the_same_rows_give_the_same_effects() -> None:
    rows = world(UNLIKE, 3).sample
    assert effects(rows) == effects(rows)
