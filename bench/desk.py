"""`python -m bench.desk`: how long pages of the desk take at MESSAGES messages while USERS people click at once.

An invented shop is imported, inspected and served by `jinpai serve`; each of the people signs in, then opens a page, reads
it for READING seconds on average and opens another, for SECONDS. Agents, metrics, searches and conversations are drawn; of
days the latest half of the time, any of the last sixty otherwise, so that many questions are asked for the first time.
Beside the times, of the same run: the page of signing in, which asks no facts, and one scan of the messages, which is what
a page without prepared tables would have to do. `WORKSPACE=DIR` takes one that is built.
"""

from __future__ import annotations

import os
import random
import re
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from tests.desk.serving import Visitor, jinpai, serving

MESSAGES = int(os.environ.get("MESSAGES", "1000000"))
USERS = int(os.environ.get("USERS", "20"))
SECONDS = float(os.environ.get("SECONDS", "120"))
READING = float(os.environ.get("READING", "5"))
PASSWORD = "窗台上的那一朵花开了吗"  # noqa: S105  of an invented shop
METRICS = (
    "conversion_same_day",
    "first_response_within_15s",
    "enquiries",
    "attributed_amount",
    "received_buyers",
    "inspection_score",
)
WORDS = ("发货", "多大", "优惠", "退货", "尺码", "客服小二", "什么时候到")
OK = 200
Asked = dict[str, object]


def served(folder: Path) -> tuple[Path, str, list[str], list[int]]:
    """The workspace, its shop, its agents and its last sixty days."""
    from jinpai import flow
    from jinpai.desk.days import last_day
    from jinpai.period import add_days
    from jinpai.workspace import Workspace

    root = Path(os.environ["WORKSPACE"]) if "WORKSPACE" in os.environ else _made(folder)
    workspace = Workspace.open(root)
    (shop,) = workspace.shops()
    with flow.opened(workspace, shop) as engine:
        agents = [one["agent"] for one in engine.rows("select distinct agent from reception order by agent")]
    last = last_day(workspace, shop)
    assert last is not None
    return workspace.root, shop, agents, [add_days(last, -back) for back in range(60)]


def _made(folder: Path) -> Path:
    from bench import inspection
    from jinpai import flow
    from jinpai.workspace import Workspace

    inspection.MESSAGES = MESSAGES
    root, _ = inspection.prepared(folder)
    flow.build(Workspace.open(root))
    return root


def floor(root: Path, shop: str) -> float:
    """Seconds to scan the messages once, for buyers by day and agent."""
    from jinpai import flow
    from jinpai.workspace import Workspace

    with flow.opened(Workspace.open(root), shop) as engine:
        started = time.perf_counter()
        engine.rows("select day, agent, count(distinct buyer_key) as n from message group by day, agent")
        return time.perf_counter() - started


def clicks(shop: str, agents: list[str], days: list[int], seed: int) -> Callable[[list[str]], tuple[str, str]]:
    """Draws pages as people open them: what kind of page, and its path."""
    from jinpai.desk.showing import to
    from jinpai.period import format_day

    drawn = random.Random(seed)

    def click(numbers: list[str]) -> tuple[str, str]:
        kind = drawn.choices(list(KINDS), list(KINDS.values()))[0]
        # nobody opens a conversation before a list has shown one
        kind = "conversations" if kind == "conversation" and not numbers else kind
        day, agent = format_day(drawn.choice([days[0], drawn.choice(days)])), drawn.choice(agents)
        asked: dict[str, Asked] = {
            "today": {"day": day}, "numbers": {"day": day, "span": drawn.choice(["day", "week", "month"])},
            "why": {"metric": drawn.choice(METRICS), "day": day, "agent": drawn.choice([agent, None])},
            "conversations": drawn.choice([{}, {"from": day, "to": day}, {"agent": agent}, {"sort": "score"}, {"from": day, "to": day, "outcome": "lost"}]),
            "conversations?text": {"text": drawn.choice(WORDS), "from": day, "to": day},
            "conversation": {"of": drawn.choice(numbers or [""])},
        }  # fmt: skip
        path = kind.partition("?")[0]
        return kind, to(shop, path, **asked.get(kind, {}))

    return click


KINDS = {
    "today": 4, "numbers": 4, "why": 4, "conversations": 5, "conversations?text": 2, "conversation": 8, "settings": 1, "imports": 1,
    "people": 1, "log": 1,
}  # fmt: skip
"""Pages with how often they are opened, in proportion."""


@dataclass
class Desk:
    """An open desk under load: the seconds each kind of page took, and what was not answered with 200."""

    base: str
    shop: str
    agents: list[str]
    days: list[int]
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)

    def crowd(self, people: list[str]) -> None:
        """All of them click at once, for SECONDS."""
        until = time.monotonic() + SECONDS
        together = [threading.Thread(target=self._person, args=(*one, until)) for one in enumerate(people)]
        for one in together:
            one.start()
        for one in together:
            one.join()

    def strangers(self) -> None:
        """The page of signing in, which asks no facts."""
        stranger = Visitor(self.base)
        for _ in range(USERS):
            self._timed(stranger, "(signing in)", "/sign-in")

    def _person(self, seed: int, name: str, until: float) -> None:
        visitor = Visitor(self.base)
        numbers: list[str] = []
        visitor.sign_in(name, PASSWORD)
        click, reading = clicks(self.shop, self.agents, self.days, seed), random.Random(seed)
        while time.monotonic() < until:
            time.sleep(reading.expovariate(1 / READING))
            kind, path = click(numbers)
            text = self._timed(visitor, kind, path)
            numbers += re.findall(r"conversation\?of=(\d+)", text)

    def _timed(self, visitor: Visitor, kind: str, path: str) -> str:
        started = time.perf_counter()
        answer = visitor.get(path)
        self.taken[kind].append(time.perf_counter() - started)
        if answer.status != OK:
            self.wrong.append(f"{answer.status} {path}")
        return answer.text


def table(taken: dict[str, list[float]], scan: float) -> None:
    """Prints a row for each kind of page and one of all."""
    together = [one for kind, some in taken.items() if not kind.startswith("(") for one in some]
    print(f"{'page':<22}{'opened':>8}{'p50 ms':>9}{'p95 ms':>9}{'most':>9}{'p95 / scan':>12}")
    for kind, times in [*sorted(taken.items()), ("all", together)]:
        cuts = quantiles(times, n=20) if len(times) > 1 else [times[0]] * 19
        print(
            f"{kind:<22}{len(times):>8}{cuts[9] * 1000:>9.0f}{cuts[18] * 1000:>9.0f}{max(times) * 1000:>9.0f}{cuts[18] / scan:>12.2f}"
        )


def main() -> None:
    """Serves the shop, lets the people click, prints the table."""
    with tempfile.TemporaryDirectory(prefix="jinpai-bench-", ignore_cleanup_errors=True) as name:
        if "WORKSPACE" not in os.environ:
            os.environ["JINPAI_KEY_DIR"] = f"{name}/keys"
        root, shop, agents, days = served(Path(name))
        people = [f"人{number:02}" for number in range(USERS)]
        for one in people:
            jinpai("people", "add", one, "--role", "owner", "--shop", shop, "-w", root, said=PASSWORD + "\n")
        with serving(root) as base:
            desk = Desk(base, shop, agents, days)
            desk.crowd(people)
            desk.strangers()
        scan = floor(root, shop)
    print(
        f"{USERS} people, {READING:g} s between two pages of each, {SECONDS:g} s, {os.cpu_count()} cores; one scan of the messages {scan * 1000:.0f} ms"
    )
    table(desk.taken, scan)
    print(f"not answered with 200: {len(desk.wrong)} {desk.wrong[:3]}")


if __name__ == "__main__":
    main()
