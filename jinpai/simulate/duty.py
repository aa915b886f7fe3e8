"""排班 who sits there when: two shifts a day, two days off a week, everybody on the promotion day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from jinpai.simulate.shop import CLOSES, EARLY_ENDS, LATE_BEGINS, Shop

CHANGE = 16 * 3600 + 900
"""Second of the day from which new buyers go to the late shift, 16:15."""


@dataclass(frozen=True, slots=True)
class Duty:
    """当班 `works[day, agent]`; `lists[day * 2 + late]` the pre-sales agents on duty, `counts` how many."""

    works: np.ndarray
    lists: np.ndarray
    counts: np.ndarray
    late: np.ndarray

    def pick(self, day: np.ndarray, second: np.ndarray, luck: np.ndarray) -> np.ndarray:
        """轮流分配 an agent on duty for each arrival; `luck` in [0, 1) decides among equals."""
        slot = day * 2 + (second >= CHANGE)
        return np.asarray(self.lists[slot, (luck * self.counts[slot]).astype(np.int64)])


def duty(shop: Shop) -> Duty:
    """排班 the roster of the whole simulation; the same for every seed."""
    works = np.zeros((shop.days, len(shop.agents)), dtype=bool)
    rank = {"early": 0, "late": 0}
    busy = {shop.day_number(day.first) for day in shop.promotions if day.kind == "promotion"}
    for number, agent in enumerate(shop.agents):
        place = rank[agent.shift]
        rank[agent.shift] += 1
        for day in range(shop.days):
            date = shop.first_day + timedelta(days=day)
            employed = agent.joined <= date and (agent.left is None or date < agent.left)
            off = (day + place * 2) % 7 < 2 and day not in busy
            works[day, number] = employed and not off
    late = np.array([agent.shift == "late" for agent in shop.agents])
    presales = np.array([agent.team != "aftersales" for agent in shop.agents])
    lists = np.zeros((shop.days * 2, len(shop.agents)), dtype=np.int64)
    counts = np.zeros(shop.days * 2, dtype=np.int64)
    for slot in range(shop.days * 2):
        on = np.flatnonzero(works[slot // 2] & presales & (late == bool(slot % 2)))
        if not len(on):
            raise ValueError(f"nobody is on duty on day {slot // 2} of the simulation")
        lists[slot, : len(on)] = on
        counts[slot] = len(on)
    return Duty(works, lists, counts, late)


def spans(shop: Shop, roster: Duty) -> list[tuple[int, int, int]]:
    """班次 (agent, starts, ends) in local seconds, one a shift worked."""
    found = []
    opening = shop.opening()
    for day, agent in np.argwhere(roster.works):
        midnight = shop.begins + int(day) * 86400
        first, end = (LATE_BEGINS, CLOSES) if roster.late[agent] else (int(opening[day]), EARLY_ENDS)
        found.append((int(agent), midnight + first, midnight + end))
    return found
