"""`make prove`: the diagnosis before shops whose causes are known, over many seeds; writes the tables and pictures of docs/proof.md.

What is planted and what counts as right stands on that page and was written before anything was measured. A world is
drawn by `jinpai.simulate.worlds`; SEEDS (200) says how many of each, KINDS=coached,planted which alone are drawn anew.
"""

from __future__ import annotations

import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from bench.prove_page import Found, write
from jinpai.diagnosis.coaching import Plan as CoachingPlan
from jinpai.diagnosis.coaching import coached
from jinpai.diagnosis.compare import compare
from jinpai.diagnosis.drift import drift
from jinpai.diagnosis.effects import effects
from jinpai.diagnosis.gap import gap
from jinpai.diagnosis.ledger import ledger
from jinpai.simulate.worlds import REASONS, Law, Plant, World, world

PAGE = Path(__file__).resolve().parent.parent / "docs" / "proof.md"
UNLIKE = Law(skill=0.2, slow=0.4, handling=0.15)
PLANTED = replace(
    UNLIKE, skill=0.15, slow=0.3, handling=0.1, background=0.02, plants=(Plant("refused_flat", 3, 1 / 3, 0.08),)
)
TOGETHER = replace(PLANTED, plants=(*PLANTED.plants, Plant("wrong_information", 6, 1 / 4, 0.08)))
COACHED = replace(UNLIKE, weeks=8)
TAUGHT = {"coached nothing": 0.0, "coached 8 points": 0.08, "coached small": 0.08}
"""What coaching adds to the chance of the lowest agent's enquiries, by kind."""
TAUGHT_FROM = 20260330
SIZES = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
LAWS: dict[str, Law] = {
    "equal": Law(), "unlike": UNLIKE, "confounded": replace(UNLIKE, slow=0.3, handling=0.1, confounding=1.0),
    "small": Law(enquiries=800, agents=4, weeks=6, skill=0.2), "large": replace(UNLIKE, enquiries=50_000, agents=30),
    "season": Law(season=0.15), "odd week": Law(week=(6, -0.45)), "step": Law(step=(35, -0.35)), "together": TOGETHER,
    "coached nothing": COACHED, "coached 8 points": COACHED, "coached small": replace(COACHED, enquiries=1_200, agents=4),
    **{f"planted {size}": replace(PLANTED, enquiries=size) for size in SIZES},
}  # fmt: skip
FALSELY = 0.01
"""An agent whose true adjusted conversion is not so far below the team's is accused wrongly."""


def judged(task: tuple[str, int]) -> tuple[str, dict[str, list[float]]]:
    """What the diagnosis of one world got right: by measure, a number for each thing that was looked at."""
    name, seed = task
    law = LAWS[name]
    drawn = world(law, seed)
    told: dict[str, list[float]] = defaultdict(list)
    if name in TAUGHT:
        _coaching(drawn, TAUGHT[name], seed, told)
    elif name.startswith(("planted", "together")):
        _money(drawn, law, told)
    else:
        _people(drawn, told)
        _weeks(drawn, law, told)
        _behaviour(drawn, told)
    return name, dict(told)


def _people(drawn: World, told: dict[str, list[float]]) -> None:
    """Agents: do intervals hold the truth, who is flagged, who stands last."""
    found = gap(drawn.sample).gaps
    at = np.array([int(one.agent[2:]) - 1 for one in found])
    team, truth = float(drawn.chance.mean()), drawn.adjusted[at]
    mix = np.array([one.parts["mix"].value + one.parts["load"].value for one in found])
    told["mix error"].extend(np.abs(mix - drawn.mix[at]).tolist())
    raw = compare([one.agent for one in found], [one.enquiries for one in found], [one.paid for one in found])
    names = drawn.sample["agent"].to_numpy(zero_copy_only=False)
    for place, (one, beside) in enumerate(zip(found, raw, strict=True)):
        told["adjusted holds"].append(_holds(one.adjusted.interval, truth[place]))
        told["difference holds"].append(_holds(one.difference.interval, truth[place] - team))
        told["drawn holds"].append(_holds(one.likely_interval, truth[place] - team))
        told["counted holds"].append(_holds(beside.interval, float(drawn.chance[names == one.agent].mean())))
        told["flagged"].append(one.verdict == "below")
        told["flagged by count"].append(beside.verdict == "below")
        guilty = truth[place] < team - FALSELY
        told["accused wrongly"].append(one.verdict == "below" and not guilty)
        told["accused wrongly by count"].append(beside.verdict == "below" and not guilty)
        told["found" if guilty else "innocent"].append(one.verdict == "below")
    last = int(np.argmin(truth))
    if float(np.ptp(truth)) < FALSELY:
        return  # nobody is last among equals
    told["last is last"].append(int(np.argmin([one.likely for one in found])) == last)
    told["last is last by count"].append(int(np.argmin([one.rate for one in raw])) == last)
    told["adjusted error"].extend(np.abs(np.array([one.adjusted.value for one in found]) - truth).tolist())
    told["counted error"].extend(np.abs(np.array([one.rate for one in raw]) - truth).tolist())


def _weeks(drawn: World, law: Law, told: dict[str, list[float]]) -> None:
    """Weeks and levels: what is said of those in which nothing happened, and of the one in which something did."""
    found = drift(drawn.sample)
    odd = law.week[0] if law.week else None
    for number, week in enumerate(found.weeks):
        said = week.verdict in ("below", "above") or (week.change is not None and odd not in (number, number - 1))
        if number == odd:
            told["odd week found"].append(week.verdict == "below")
        elif law.step is None and not law.season:
            told["week flagged"].append(said)
    cut = len(found.levels) > 1
    if law.step is not None:
        told["step found"].append(cut and any(abs(_number(one.first) - law.step[0]) <= 7 for one in found.levels[1:]))
    elif odd is None and not law.season:
        told["level flagged"].append(cut)
    else:
        told["weeks really differ, flagged"].append(any(week.verdict in ("below", "above") for week in found.weeks))


def _number(day: int) -> int:
    """How many days after the first of a world."""
    from jinpai.period import to_date
    from jinpai.simulate.worlds import FIRST_DAY

    return (to_date(day) - FIRST_DAY).days


def _behaviour(drawn: World, told: dict[str, list[float]]) -> None:
    """Asking for the order: is what it would have brought inside the interval."""
    for one in effects(drawn.sample):
        if one.behaviour == "E1":
            lacked = one.occasions - one.done
            low, high = one.gain.interval
            told["effect holds"].append(_holds((low / lacked, high / lacked), drawn.asking))
            told["effect error"].append(abs(one.gain.value / lacked - drawn.asking))


def _coaching(drawn: World, effect: float, seed: int, told: dict[str, list[float]]) -> None:
    """The agent who stands lowest after four weeks is coached for the next four: what is said of it, and what before and after alone say."""
    rows = drawn.sample
    agent, after = rows["agent"].to_numpy(zero_copy_only=False), rows["day"].to_numpy() >= TAUGHT_FROM
    paid = rows["converted"].to_numpy(zero_copy_only=False)
    lowest = min(sorted(set(agent)), key=lambda name: paid[(agent == name) & ~after].mean())
    mine = agent == lowest
    again = np.random.default_rng([seed, 7]).random(len(rows)) < np.minimum(drawn.chance + effect, 0.99)
    paid = np.where(mine & after, again, paid)
    rows = rows.set_column(rows.schema.get_field_index("converted"), "converted", pa.array(paid))
    found = coached(rows, rows, (), [CoachingPlan(1, lowest, "behaviour", "E1", TAUGHT_FROM)])[0].conversion
    if found.change is None:
        return
    told["coaching holds"].append(_holds(found.change.interval, effect))
    told["coaching said to work"].append(found.verdict == "better")
    told["coaching error"].append(found.change.value - effect)
    told["before and after error"].append(paid[mine & after].mean() - paid[mine & ~after].mean() - effect)


def _money(drawn: World, law: Law, told: dict[str, list[float]]) -> None:
    """The ledger: is the planted cause first, and how near is its money."""
    rows = drawn.sample
    evidence = pa.table(
        {"enquiry_key": rows["enquiry_key"]}
        | {f"has_{one}": rows[f"has_{one}"] for one in REASONS}
        | {"was_answered": rows["was_answered"]}
    )
    found = ledger(rows, evidence, REASONS)
    worst = [(f"客服{one.agent + 1:02d}", one.reason) for one in law.plants if one.agent is not None]
    ranked = sorted(((one.recoverable, one.agent, one.reason) for one in found.shares if one.recoverable and one.reason in REASONS), reverse=True)  # fmt: skip
    told["planted first"].append({(agent, reason) for _, agent, reason in ranked[: len(worst)]} == set(worst))
    total = [0.0, 0.0]
    for line in found.lines:
        if line.recoverable is None or line.reason not in REASONS:
            continue
        truth = drawn.cost[line.reason]
        told["money holds"].append(_holds(line.recoverable.interval, truth))
        total = [total[0] + line.recoverable.value, total[1] + truth]
        if line.reason == law.plants[0].reason:
            told["money error"].append(line.recoverable.value / truth - 1)
    if total[1]:
        told["total error"].append(total[0] / total[1] - 1)


def _holds(interval: tuple[float, float], truth: float) -> bool:
    return bool(interval[0] <= truth <= interval[1])


def proved(seeds: int, names: Iterable[str] = LAWS) -> Found:
    """By law and measure, what was found over the seeds 0 to `seeds` - 1; says on standard error how far it is."""
    tasks = [(name, seed) for name in names for seed in range(seeds)]
    found: Found = {name: defaultdict(list) for name in names}
    started = time.monotonic()
    with ProcessPoolExecutor() as pool:
        for done, (name, told) in enumerate(pool.map(judged, tasks, chunksize=4), start=1):
            for measure, values in told.items():
                found[name][measure].extend(values)
            if done % 50 == 0 or done == len(tasks):
                print(
                    f"\r{done}/{len(tasks)} worlds, {time.monotonic() - started:.0f} s",
                    end="",
                    file=sys.stderr,
                    flush=True,
                )
    print(file=sys.stderr)
    return found


def main() -> None:
    """Judges every world and writes what came out."""
    # the linear algebra of one world is small: two worlds side by side are quicker than one on two threads
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    seeds = int(os.environ.get("SEEDS", "200"))
    kinds = tuple(one for one in os.environ.get("KINDS", "").split(",") if one)
    names = [name for name in LAWS if not kinds or name.startswith(kinds)]
    print(write(PAGE, proved(seeds, names), LAWS, seeds))


if __name__ == "__main__":
    main()
