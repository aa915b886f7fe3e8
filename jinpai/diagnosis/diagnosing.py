"""转化诊断 diagnosing: everything that the diagnosis has to say of a shop's days, as one answer.

Under the shop's least share of matched buyers nothing ranks people: the answer then has no agents, no shares of agents in
the ledger and of concessions, no agents beside an action, and says which file would raise it. 异常行为提醒 is looked at
only where it is asked for (`watches`): it is for the page of a supervisor and in no file. Source: the diagnosis contract; the metrics contract, §6.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinpai import flow
from jinpai.computing import Progress, horizon_of, no_progress
from jinpai.diagnosis.actions import Action, actions
from jinpai.diagnosis.compare import Standing, compare
from jinpai.diagnosis.concessions import concession_quotes, concessions
from jinpai.diagnosis.dearest import Lost, dearest
from jinpai.diagnosis.drift import Drift, drift
from jinpai.diagnosis.effects import Effect, effects
from jinpai.diagnosis.factors import Weight, factors
from jinpai.diagnosis.gaming import watch
from jinpai.diagnosis.gap import Gaps, gap
from jinpai.diagnosis.ledger import Ledger, ledger
from jinpai.diagnosis.occasions import watched
from jinpai.diagnosis.reasons import judge
from jinpai.diagnosis.sample import sample
from jinpai.errors import JinpaiError, Words
from jinpai.period import FIRST_DAY, LAST_DAY, Days, Window, add_days, days_asked, format_day, format_instant
from jinpai.sourcing import stale
from jinpai.standing import identity, titles
from jinpai.topics.pages import followed

if TYPE_CHECKING:
    from jinpai.engine import Engine
    from jinpai.workspace import Settings, Workspace

STEPS = (
    Words("取询单", "Reading enquiries"), Words("找流失原因", "Looking for reasons"), Words("比客服", "Comparing agents"),
    Words("记流失账", "Adding up what was lost"), Words("看走势和做法", "Looking at weeks and behaviours"),
)  # fmt: skip
LEAST_QUOTES, MOST_QUOTES, ALL_QUOTES = 5, 20, 1_000
"""So many of an agent's wishes and concessions of a kind are read with their words: the fewer, the more agents there are."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """转化诊断 of a shop over the days from `first` to `last` (yyyymmdd, None: nothing there), both included.

    `offers` are the latest wishes and concessions with their words; `watched` is None where nobody asked for it.
    `pages` are the changes of product pages that people told of, each with before and after.
    """

    shop: str
    first: int | None
    last: int | None
    window: str
    as_of: str
    identity: dict[str, Any]
    inspected: bool
    looked_at: tuple[str, ...]
    products: dict[str, str]
    standings: list[Standing]
    gaps: Gaps
    drift: Drift
    effects: list[Effect]
    ledger: Ledger
    factors: list[Weight]
    actions: list[Action]
    dearest: dict[str, list[Lost]]
    concessions: dict[str, Any]
    offers: list[dict[str, Any]]
    watched: dict[str, Any] | None
    pages: list[dict[str, Any]]

    @property
    def ranks_people(self) -> bool:
        """Whether enough buyers are matched to say anything of agents."""
        return bool(self.identity["ranked"])


def diagnose(
    workspace: Workspace, shop: str | None = None, *, start: str | None = None, end: str | None = None, window: str | None = None,
    progress: Progress = no_progress, builds: bool = True, watches: bool = False,
) -> Diagnosis:  # fmt: skip
    """转化诊断 of the days asked for, both included (None: all), under the shop's window unless another is named.

    `watches`: 异常行为提醒 is looked at too. Where there is no mature enquiry in these days, JinpaiError.
    """
    key = workspace.shop(shop)
    first, last = days_asked(start, end)
    settings = workspace.settings(key)
    chosen = Window.parse(window or settings.window)
    if builds and stale(workspace):
        flow.build(workspace, progress)
    threadpool_limits = installed()
    # many small fits: threads that wait for one another cost more than they bring
    with threadpool_limits(1), flow.opened(workspace, key) as engine:
        return _diagnosed(engine, settings, chosen, first, last, progress, watches)


def installed() -> Any:
    """诊断的库 what holds the threads of the libraries that a diagnosis needs; a JinpaiError where they are not there."""
    try:
        import ruptures  # noqa: F401
        import sklearn  # noqa: F401
        from threadpoolctl import threadpool_limits
    except ImportError:
        raise JinpaiError(
            "诊断要用 scikit-learn 和 ruptures，这台电脑没有装。请运行 pip install 'jinpai[diagnosis]'。",
            "The diagnosis needs scikit-learn and ruptures, which are not installed. Run pip install 'jinpai[diagnosis]'.",
        ) from None
    return threadpool_limits


def _diagnosed(
    engine: Engine, settings: Settings, window: Window, first: int, last: int, progress: Progress, watches: bool
) -> Diagnosis:
    def step(at: int) -> None:
        progress(STEPS[at], at, len(STEPS))

    step(0)
    rows = sample(engine, Days(first, add_days(last, 1) if last < LAST_DAY else LAST_DAY), window)
    if not len(rows):
        raise JinpaiError(
            "这段时间没有已满统计期的询单，还诊断不了。换个日子，或者先导入聊天和订单。",
            "No enquiry of these days is mature yet, so there is nothing to diagnose. Choose other days, or import chats and orders first.",
        )
    step(1)
    days = rows["day"].to_numpy()
    told = judge(engine, settings, window, first=first, last=last)
    evidence = engine.arrow(f"select * from {told.table}")
    values = {"from": int(days.min()), "to": add_days(int(days.max()), 1)}
    known = identity(engine, values, settings)
    # the engine takes all cores as it is: beside the fits it would cost twice its time
    conceded, offers, noticed = _seen(engine, settings, window, first, last, bool(known["ranked"]), watches)
    with ThreadPoolExecutor(max_workers=2) as beside:
        behaving, moving = beside.submit(effects, rows), beside.submit(drift, rows)
        step(2)
        gaps = gap(rows)
        standings = compare(
            [one.agent for one in gaps.gaps], [one.enquiries for one in gaps.gaps], [one.paid for one in gaps.gaps]
        )
        step(3)
        account = ledger(rows, evidence, told.looked_at)
        step(4)
        behaviours, weeks = behaving.result(), moving.result()
    return Diagnosis(
        settings.shop, int(days.min()), int(days.max()), window.name, format_instant(horizon_of(engine), settings.zone), known,
        engine.has("settled"), told.looked_at, titles(engine), standings, gaps, weeks, behaviours, account, factors(account), actions(account, behaviours), dearest(engine, account), conceded, offers, noticed,
        followed(engine, settings) if engine.has("topic") else [],
    )  # fmt: skip


def _seen(
    engine: Engine, settings: Settings, window: Window, first: int, last: int, ranks: bool, watches: bool
) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any] | None]:
    """让利账本 with its words, and 异常行为提醒: what only reads."""
    # the reasons have made `matured` of the same days
    conceded = concessions(engine, window, first=first, last=last, matures=False)
    most = max(LEAST_QUOTES, min(MOST_QUOTES, ALL_QUOTES // max(len(conceded["agents"]), 1)))
    offers = concession_quotes(engine, most) if conceded["looked_at"] else []
    if not ranks:
        # what was won stands beside each name, and that is a ranking
        conceded["agents"] = []
        offers = [one | {"agent": None} for one in offers]
    return conceded, offers, _noticed(engine, settings, first, last, ranks) if watches else None


def _noticed(engine: Engine, settings: Settings, first: int, last: int, ranks: bool) -> dict[str, Any]:
    """Each pattern with `evidence`: the occasions of who stands out, else a few of anybody's that show what it is.

    With few matched buyers it still names people where it rests on what was said: a talk is there or not, whoever paid.
    What rests on orders is then not looked at.
    """
    found = watch(engine, settings, first=first, last=last, matches=ranks)
    out = {
        one["name"]: {row["agent"] for row in one["agents"] if row["stands_out"]}
        for one in found["patterns"]
        if one["looked_at"]
    }
    hits = watched(engine, out)
    for one in found["patterns"]:
        one["evidence"] = hits.get(one["name"], [])
    return found


def plain(found: Diagnosis) -> dict[str, Any]:
    """JSON 的样子 the answer as plain numbers and texts: shares of 1, money in fen a month or over the days, intervals as two ends."""
    ranks = found.ranks_people
    return {
        "meta": {
            "shop": found.shop, "from": format_day(found.first or FIRST_DAY), "to": format_day(found.last or FIRST_DAY), "window": found.window, "as_of": found.as_of,
            "enquiries": found.ledger.enquiries, "lost": found.ledger.lost, "identity": found.identity, "inspected": found.inspected,
            "looked_at": list(found.looked_at), "unadjusted": [one.zh for one in found.gaps.unadjusted], "blocks": found.gaps.blocks,
        },
        "agents": [_agent(one, beside) for one, beside in zip(found.gaps.gaps, found.standings, strict=True)] if ranks else [],
        "weeks": [{"week": one.week, "enquiries": one.enquiries, "paid": one.paid, "difference": _estimate(one.difference), "verdict": one.verdict, "change": one.change} for one in found.drift.weeks],
        "levels": [{"from": format_day(one.first), "to": format_day(one.last), "enquiries": one.enquiries, "difference": _estimate(one.difference)} for one in found.drift.levels],
        "marks": [{"kind": one.kind, "name": one.name, "enquiries": one.enquiries, "effect": _estimate(one.effect)} for one in found.drift.marks],
        "ledger": [{"reason": one.reason, "zh": one.words.zh, "side": one.side, "lost": one.lost, "at_stake": one.at_stake, "recoverable": _estimate(one.recoverable), "looked_at": one.is_looked_at} for one in found.ledger.lines],
        "shares": [{"agent": one.agent, "reason": one.reason, "lost": one.lost, "at_stake": one.at_stake, "recoverable": one.recoverable} for one in found.ledger.shares] if ranks else [],
        "effects": [{
            "behaviour": one.behaviour, "zh": one.words.zh, "occasions": one.occasions, "done": one.done, "effect": _estimate(one.effect),
            "orders_a_month": _estimate(one.monthly), "amount_a_month": _estimate(one.amount), "overlap": one.overlap, "association": one.is_association, "why": list(one.why),
        } for one in found.effects],
        "factors": [{"factor": one.factor.name, "zh": one.factor.words.zh, "lost": one.lost, "monthly": _estimate(one.monthly)} for one in found.factors],
        "pages": found.pages,
        "actions": [{"kind": one.kind, "name": one.name, "zh": one.words.zh, "side": one.side, "monthly": _estimate(one.monthly), "sure": one.is_sure, "agents": list(one.agents) if ranks else []} for one in found.actions],
        "concessions": found.concessions | {"notes": [one.zh for one in found.concessions["notes"]]},
    }  # fmt: skip


def _agent(one: Any, beside: Standing) -> dict[str, Any]:
    return {
        "agent": one.agent, "enquiries": one.enquiries, "paid": one.paid, "rate": round(one.paid / one.enquiries, 6), "interval": list(beside.interval),
        "adjusted": _estimate(one.adjusted), "likely_difference": one.likely, "likely_interval": list(one.likely_interval), "below": one.below,
        "verdict": one.verdict, "needed": one.needed, "gap": _estimate(one.gap), "parts": {name: _estimate(part) for name, part in one.parts.items()},
        "counted_verdict": beside.verdict,
    }  # fmt: skip


def _estimate(one: Any) -> dict[str, Any] | None:
    return None if one is None else {"value": one.value, "interval": list(one.interval)}
