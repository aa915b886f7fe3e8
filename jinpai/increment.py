"""增量 increment: what newly imported files change, computed for the buyers they touch, as a layer on the facts.

Whole tables (calendar, product …) are made anew; orders and concurrency for what new files reach (`renewing`). Of the
others, a buyer's rows depend on nothing but that buyer's source rows and the whole tables; so the buyers touched are those

- who stand in a new file, or share a platform's message number with one who does,
- whose orders, order lines or refunds are other ones now,
- on whose conversations people decided something else,
- whose after-sales conversation waited for the shop's main window to end, and it has.

The result equals a build from zero, to the row. Where the code, a setting, a list of people or an earlier
file has changed, or too many buyers are touched, there is no increment and everything is built.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinpai.computing import ONCE, Progress, arrange, compute, horizon_of, values_of
from jinpai.daily import SCHEMA, daily, named_parts, queries
from jinpai.engine import Engine, Value
from jinpai.errors import Words
from jinpai.layers import (
    BY_DAY,
    BY_ORDER,
    MOST,
    ORDERS,
    REFUNDS,
    SINCE,
    TOUCHED,
    days_since,
    layered,
    mark,
    marks,
    read_layers,
    sums,
    take_out,
)
from jinpai.metrics import windows
from jinpai.metrics.definition import end_of
from jinpai.period import Window
from jinpai.renewing import FOLDED, renew_concurrency, renew_folded, renew_orders
from jinpai.sourcing import Sources
from jinpai.tables import Table, source, tables, words_of

if TYPE_CHECKING:
    import pyarrow as pa

    from jinpai.workspace import Settings
    from jinpai.workspace.facts import Build, Facts

TOO_MANY = 0.4
"""Above this share of the shop's buyers, building everything is as quick."""
EARLY = ("agent", "robot")
"""Whole tables that rows of every buyer depend on: when they change, everything does."""
INSPECTED_BY = ("product",)
"""Those that inspection depends on: a product's category chooses the scorecard."""
_RIPENS = "enquiry_by"
"""The rows of `daily` that say other things once a window has ended, without any row of their buyer being another."""
_OPEN = {
    "span": "buyer_key, conversation_seq, first_at, last_at, day, hour, product",
    "reception": "buyer_key, conversation_seq, agent, day",
}
"""What `concurrency` reads of a conversation."""
_COMPARED = {"orders": ("file_key", "position", "row"), "order_item": (), "refund_row": ()}
"""Whole tables whose changes touch buyers, and the columns that say only where a row lies."""


def grow(
    writing: Build, settings: Settings, made_from: Mapping[str, Any], sources: Sources, progress: Progress
) -> dict[str, object] | None:
    """增量 adds a layer for what the new files touch and returns what there is to remember; None: build everything."""
    before = writing.before
    if before is None or not _may_grow(before, settings.shop, made_from, sources):
        return None
    with tempfile.TemporaryDirectory(prefix="jinpai-") as folder, Engine(Path(folder)) as engine:
        growing = _Growing(engine, Path(folder), writing, before, settings, sources)
        progress(Words("看哪些买家有变化", "Finding the buyers that change"), 0, 4)
        growing.make_whole_tables()
        if not growing.find_touched():
            growing.forget()
            return None
        progress(Words("只算有变化的买家", "Computing the buyers that change"), 1, 4)
        # few rows keep no engine busy: what was is counted, by an engine of its own, while what is comes to be
        with ThreadPoolExecutor(max_workers=2) as beside:
            added = beside.submit(growing.added_before, *growing.counted_again())
            growing.make_layer()
            progress(Words("汇总每天的数", "Adding up the days"), 2, 4)
            crossing = beside.submit(growing.add_concurrency, growing.first_changed_day())
            growing.add_to_days(added)
            crossing.result()
        return growing.remembered()


def _may_grow(before: Facts, shop: str, made_from: Mapping[str, Any], sources: Sources) -> bool:
    shops: Any = before.meta.get("shops", {})
    known = shops.get(shop, {}).get("made_from", {})
    same = all(known.get(name) == made_from[name] for name in ("code", "settings", "inspection"))
    # rows that are gone (erased, worn out) must leave the disk too
    return same and sources.is_more and sources.is_kept and 0 < len(before.files("message", shop)) < MOST


_SAME_NUMBER = """
select distinct s.buyer_key from source_messages as s
inner join new_message as n on n.message_base = s.message_base and n.buyer_key <> s.buyer_key
where n.message_id is not null
"""

_INSPECTED = [
    # whose agent had too many conversations open, and now has not, or the other way round
    """select r.buyer_key
    from (select buyer_key, agent, started_at from old_asked where for_shop and not handed
        union all select buyer_key, agent, started_at from old_handed_round) as r
    inner join ((select * from crowded except select * from old_crowded)
        union all (select * from old_crowded except select * from crowded)) as c
        on c.agent = r.agent and r.started_at >= c.begins_at and r.started_at < c.ends_at
    where r.started_at >= (select min(begins_at) from (
        (select * from crowded except select * from old_crowded)
        union all (select * from old_crowded except select * from crowded)) as d)""",
    """select s.buyer_key from old_span as s where s.product in (select product_id from (
        (select product_id, returnable from product except select product_id, returnable from old_product)
        union all (select product_id, returnable from old_product except select product_id, returnable from product)) as p)""",
]
"""Buyers whose findings rest on whole tables: on how busy their agent was, and on whether their product can go back."""


@dataclass(slots=True)
class _Growing:
    """An increment under way: `engine` holds the shop's whole tables anew, then the tables of the touched buyers."""

    engine: Engine
    folder: Path
    writing: Build
    before: Facts
    settings: Settings
    sources: Sources
    horizon: int = 0
    since: list[int] = field(default_factory=list)

    @property
    def shop(self) -> str:
        return self.settings.shop

    @property
    def was(self) -> dict[str, Any]:
        """What the build before remembered of this shop."""
        shops: Any = self.before.meta["shops"]
        return dict(shops[self.shop])

    @property
    def reads_text(self) -> bool:
        """Whether any table of a buyer looks at what was written."""
        return bool(self.settings.advertising_phrases) or self.settings.inspection

    def values(self, horizon: int) -> dict[str, Value]:
        """What the SQL binds, at this horizon."""
        return values_of(self.settings) | {"horizon": horizon}

    def old(self, name: str) -> Sequence[Path]:
        return self.before.files(name, self.shop)

    def make_whole_tables(self) -> None:
        """Those that need no messages of all buyers, into files of this build's; and beside them the old ones."""
        arrange(self.engine, self.settings, self.sources.files, self.sources.decided)
        known = marks()
        for one in set(known.values()):
            mark(self.engine, self.old(one.name), one, f"{one.name}_before")
        for name in filter(self.old, self.before.tables):
            if name in known:
                read_layers(self.engine, f"old_{name}", self.old(name), known[name], f"{known[name].name}_before")
            elif name in tables() and name != BY_DAY:
                self.engine.read(f"old_{name}", self.old(name))
        renew_folded(self.engine, self.settings, self.sources.new, self.path)
        later = {BY_DAY, *BY_ORDER, *FOLDED}
        first = [table for table in tables().values() if table.is_whole and table.name not in later]
        compute(self.engine, self.settings, first, path_of=self.path)
        # titles of products name the lines of any order
        new = self.sources.files if self._differ("product") else self.sources.new
        for name in (*BY_ORDER, ORDERS.name, REFUNDS.name):
            self.writing.keep(name, self.shop, self.old(name))
        renew_orders(self.engine, self.settings, self.sources.files, new, self.path)
        for one in (ORDERS, REFUNDS):
            mark(self.engine, self.writing.written(one.name, self.shop), one)
        for name, one in BY_ORDER.items():
            read_layers(self.engine, name, self.writing.written(name, self.shop), one)

    def path(self, name: str) -> Path:
        """A new file for a table."""
        return self.writing.path(name, self.shop)

    def find_touched(self) -> bool:
        """Makes table `touched` of their keys; False when everything must be built."""
        early = (*EARLY, *(INSPECTED_BY if self.settings.inspection else ()))
        if any(self._differ(name) for name in early):
            return False
        self.horizon = horizon_of(self.engine)
        new = self.sources.new.get("messages", {})
        if new:
            self.engine.read("new_message", new)
        self.engine.make(TOUCHED, " union ".join(self._reasons(bool(new))), self._between())
        count = self.engine.rows(
            f"select (select count(*) from {TOUCHED}) as touched, (select count(distinct buyer_key) from old_span) as every"
        )[0]
        return bool(count["touched"] <= TOO_MANY * count["every"])

    def _between(self) -> dict[str, Value]:
        """The horizons of before and now, the lesser first."""
        ends = sorted((self.was["horizon"], self.horizon))
        return {"low": ends[0], "high": ends[1]}

    def _differ(self, name: str) -> bool:
        one, other = f"select * from {name}", f"select * from old_{name}"
        found = self.engine.rows(f"select count(*) as n from (({one} except {other}) union all ({other} except {one}))")
        return bool(found[0]["n"])

    def _reasons(self, has_new: bool) -> list[str]:
        found = []
        if has_new:
            found += ["select distinct buyer_key from new_message", _SAME_NUMBER]
        for name, places in _COMPARED.items():
            columns = f"* exclude ({', '.join(places)})" if places else "*"
            one, other = f"select {columns} from now_{name}", f"select {columns} from was_{name}"
            changed = f"(({one} except {other}) union all ({other} except {one}))"
            if name == "orders":
                found.append(f"select distinct buyer_key from {changed}")
            else:
                found.append(
                    f"select o.buyer_key from orders as o where o.order_key in (select order_key from {changed})"
                )
        if self.settings.inspection:
            changed = "((select * from verdict except select * from old_verdict) union all (select * from old_verdict except select * from verdict))"
            found.append(
                f"select f.buyer_key from old_finding as f inner join {changed} as v "
                "on v.conversation_key = f.conversation_key and v.criterion = f.criterion"
            )
        found.append(
            "select buyer_key from old_conversation where stage = 'undecided' and main_ends_at > $low and main_ends_at <= $high"
        )
        return found + (_INSPECTED if self.settings.inspection else [])

    def make_layer(self) -> None:
        """The tables of the touched buyers, from their source rows alone, after the files of the layers before."""
        engine, shop = self.engine, self.shop
        of_touched = f"where buyer_key in (select buyer_key from {TOUCHED})"
        self._narrowed("source_messages", f"select {self._looked_at()} from source_messages {of_touched}")
        self._narrowed("orders", f"select * from orders {of_touched}")
        for name in ("order_item", "refund_row"):
            self._narrowed(name, f"select * from {name} where order_key in (select order_key from orders)")
        for name in (*(table.name for table in layered()), TOUCHED):
            self.writing.keep(name, shop, self.old(name))
        engine.take(
            f"{TOUCHED}_now", engine.arrow(f"select buyer_key from {TOUCHED}"), self.writing.path(TOUCHED, shop)
        )
        mine: list[Table] = [table for table in tables().values() if not table.is_whole]
        compute(engine, self.settings, mine, path_of=lambda name: self.writing.path(name, shop), horizon=self.horizon)

    def _looked_at(self) -> str:
        """The columns of messages, those that no table of a buyer names without their values: they need not be read."""
        readers = [
            one for one in tables().values() if "source_messages" in one.reads and not (one.is_whole or one.is_view)
        ]
        named = set[str]().union(*(words_of(one.sql or one.rows or "") for one in readers))
        if not self.reads_text:
            named.discard("text")
        kinds = {"string": "varchar", "int64": "bigint", "bool": "boolean"}
        return ", ".join(
            one.name if one.name in named else f"cast(null as {kinds[str(one.type)]}) as {one.name}"
            for one in source.schema("messages")
        )

    def _narrowed(self, name: str, sql: str) -> None:
        """The rows of a query under the name of the table that it reads."""
        file = self.folder / f"{name}.parquet"
        self.engine.make(f"narrow_{name}", sql, None, file)
        self.engine.read(name, [file])

    def counted_again(self) -> tuple[pa.Table, pa.Table]:
        """Whose rows of the days change: the touched, and those whose windows have ended."""
        self.engine.make("ripened", self._ripened(), self._between())
        return tuple(self.engine.arrow(f"select buyer_key from {name}") for name in (TOUCHED, "ripened"))

    def add_to_days(self, added: Future[list[pa.Table]]) -> None:
        """A layer of `daily`: what the touched buyers add now, less what they added before; and what has ripened."""
        engine = self.engine
        # rows of those whose windows have ended are what they were, and are counted at both horizons
        for name in tables()[_RIPENS].reads:
            read_layers(engine, f"ripe_{name}", self.old(name), marked=f"{TOUCHED}_before", only="ripened")
            engine.make(f"counted_{name}", f"select * from {name} union all select * from ripe_{name}")
            engine.view(name, f"select * from counted_{name}")
        engine.gather("adds", SCHEMA, daily(engine, self.settings, self.values(self.horizon)))
        engine.gather("added", SCHEMA, added.result())
        self.writing.keep("daily", self.shop, self.old("daily"))
        engine.make("daily", sums(["adds", "-added"]), None, self.writing.path("daily", self.shop))

    def added_before(self, touched: pa.Table, ripened: pa.Table) -> list[pa.Table]:
        """What the facts before say of the touched buyers, and of the enquiries that have ripened since."""
        import pyarrow as pa

        words = words_of(" ".join(queries(self.settings)))
        every = {part.source for part in named_parts(self.settings)}
        with tempfile.TemporaryDirectory(prefix="jinpai-") as folder, Engine(Path(folder)) as past:
            past.take("wanted", touched)
            past.take("counted", pa.concat_tables([touched, ripened]))
            take_out(past, self.before, self.shop, "wanted", every - {_RIPENS}, words)
            take_out(past, self.before, self.shop, "counted", [_RIPENS], words)
            return list(daily(past, self.settings, self.values(self.was["horizon"])))

    def _ripened(self) -> str:
        """Untouched buyers with an enquiry whose window, or the main one, ended between the horizons."""
        ends = {"main_ends_at", *(end_of(window) for window in windows(Window.parse(self.settings.window)))}
        ended = " or ".join(f"{end} > $low and {end} <= $high" for end in sorted(ends))
        return (
            f"select distinct buyer_key from old_enquiry where ({ended}) "
            f"and buyer_key not in (select buyer_key from {TOUCHED})"
        )

    def add_concurrency(self, first_changed: int | None) -> None:
        """A layer of the one table that looks across buyers: the days from the first on which a conversation changed."""
        self.writing.keep(BY_DAY, self.shop, self.old(BY_DAY))
        self.since = days_since(self.before, self.shop)
        if first_changed is None:
            return
        with tempfile.TemporaryDirectory(prefix="jinpai-") as folder, Engine(Path(folder)) as engine:
            mark(engine, self.writing.written(TOUCHED, self.shop))
            for name, known in (("every_span", "span"), ("reception", "reception")):
                read_layers(engine, name, self.writing.written(known, self.shop))
            engine.read("calendar", self.writing.written("calendar", self.shop))
            renew_concurrency(engine, self.settings, first_changed, self.path(BY_DAY))
        self.since.append(first_changed)

    def first_changed_day(self) -> int | None:
        """The shop day of the first conversation that is not what it was."""
        of_touched = f"where buyer_key in (select buyer_key from {TOUCHED})"
        changed = []
        for name, columns in _OPEN.items():
            one, other = f"select {columns} from {name}", f"select {columns} from old_{name} {of_touched}"
            changed.append(
                f"select day from (({one} except {other}) union all ({other} except {one})) as {name}_changed"
            )
        found = self.engine.rows(f"select min(day) as day from ({' union all '.join(changed)}) as changed")
        return None if found[0]["day"] is None else int(found[0]["day"])

    def remembered(self) -> dict[str, object]:
        """The horizon, and how many rows there are and were more than once."""

        def count(sql: str) -> int:
            return int(self.engine.rows(f"select count(*) as n from {sql}")[0]["n"])

        now = {"message": "message"} | {name: f"now_{name}" for name in BY_ORDER}
        was = {"message": f"old_message where buyer_key in (select buyer_key from {TOUCHED})"} | {
            name: f"was_{name}" for name in BY_ORDER
        }
        rows = {name: self.was["rows"][name] + count(now[name]) - count(was[name]) for name in ONCE.values()}
        repeated = {name: self._rows(f"source_{name}") - rows[kept] for name, kept in ONCE.items()}
        return {"horizon": self.horizon, "rows": rows, "repeats": repeated, SINCE: self.since}

    def _rows(self, table: str) -> int:
        """How many rows the files of a table hold in this build; their heads say it."""
        from pyarrow.parquet import read_metadata

        return sum(read_metadata(file).num_rows for file in self.writing.written(table, self.shop))

    def forget(self) -> None:
        """Takes back what was written: everything is built instead."""
        whole = [table.name for table in tables().values() if table.is_whole]
        for name in (*whole, ORDERS.name, REFUNDS.name):
            self.writing.forget(name, self.shop)
