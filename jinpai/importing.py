"""导入 importing: export files into a workspace's raw rows, each row to its shop; all files or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from jinpai.erasure import Found, obey
from jinpai.errors import Words, WrongUse
from jinpai.gathering import gathered
from jinpai.importers import Context, Importer, Probe, Problem, Rows, Summary, identify, named
from jinpai.importers.mapped import mapped
from jinpai.importers.mapped import notes as mapped_notes
from jinpai.importers.mapping import Mapping as MappingFile
from jinpai.workspace import Workspace, shop_key
from jinpai.workspace.disk import disk
from jinpai.workspace.lists import Difference, differences

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from jinpai.workspace.landing import Landing
    from jinpai.workspace.sealing import Sealed

Confirm = Callable[[Sequence[Difference]], None]
"""确认 asked before rows that people fill in change what stands; it raises JinpaiError where they must not."""
Progress = Callable[[Words, int, int], None]
"""进度 what is being done, how much of it is done, of how much (0: unknown)."""

_MOST_WAITING = 65_536


@dataclass(frozen=True, slots=True)
class Imported:
    """导入结果 what became of one file: rows by table, rows not read, rows left out on purpose, rows that were imported
    and are to be checked; `already`: nothing was new. `erased` rows stayed out because of an erasure, `worn` ones came in
    without their words. `notes` say what else people must know.

    `shops` got rows or problems of it, `new_shops` were made for it.
    """

    path: str
    format: str
    shops: tuple[str, ...] = ()
    new_shops: tuple[str, ...] = ()
    rows: dict[str, int] = field(default_factory=dict)
    problems: int = 0
    summary: int = 0
    already: bool = False
    review: int = 0
    erased: int = 0
    worn: int = 0
    notes: tuple[Words, ...] = ()

    @property
    def file(self) -> Path:
        """文件 where it lay."""
        # a path as an object takes ten times the memory of its text, and there may be a million
        return Path(self.path)


def import_files(
    workspace: Workspace,
    paths: Iterable[Path | str],
    *,
    shop: str | None = None,
    format: str | None = None,
    mapping: MappingFile | None = None,
    confirm: Confirm | None = None,
    progress: Progress | None = None,
) -> list[Imported]:
    """导入 the files at `paths` and in folders among them, in this order; either every one lands or, after an error, none.

    A row goes to the shop that its file names, else to `shop`, else to the only shop; a shop that a
    file names first is made with the first shop's time zone. With `shop` given, rows that name
    another are problems. `format` is an importer's name; None finds it out, and
    `mapping` reads any table. A file of the same bytes for the same shop is not imported again. Where rows that people
    fill in would change, `confirm` is asked first.
    """
    chosen = workspace.shop(shop) if shop is not None else None
    files = gathered(paths)
    done: list[tuple[str, Imported]] = []
    with workspace.importing(len(files)) as landing:
        shops = _Shops(workspace, landing, chosen)
        for file in files:
            # one file at a time is looked into and read: what a workbook holds stands in memory
            source = _source(Path(file), format, mapping)
            done.append((source.digest, _import(source, shops, progress)))
        left = obey(workspace, landing)
        if confirm is not None and (found := differences(workspace.stored(), landing.fresh())):
            confirm(found)
    return [_less(one, digest, left) for digest, one in done]


def _less(one: Imported, digest: str, left: Mapping[tuple[str, str], Found]) -> Imported:
    """What became of a file once the rows that were erased before have left it."""
    found = [left[shop, digest] for shop in one.shops if (shop, digest) in left]
    if not found:
        return one
    gone: Counter[str] = Counter()
    for each in found:
        gone.update(each.rows)
    rows = {table: count - gone[table] for table, count in one.rows.items()}
    return replace(
        one, rows={table: count for table, count in rows.items() if count}, problems=one.problems - gone["problems"],
        review=one.review - gone["review"], erased=sum(each.total for each in found), worn=sum(each.worn for each in found),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Source:
    """来源 one file about to be read."""

    path: Path
    probe: Probe
    importer: Importer
    digest: str
    notes: tuple[Words, ...] = ()


def _source(path: Path, format: str | None, mapping: MappingFile | None) -> _Source:
    probe = Probe(path)
    if mapping is not None:
        importer, notes = mapped(mapping), mapped_notes(mapping)
    else:
        importer, notes = named(format) if format is not None else identify(probe), ()
    digest = blake2b(digest_size=16)
    with disk(path), path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return _Source(path, probe, importer, digest.hexdigest(), notes)


class _Shops:
    """店铺 which shop a row belongs to, and in which zone its times without offset are."""

    def __init__(self, workspace: Workspace, landing: Landing, chosen: str | None) -> None:
        self.workspace = workspace
        self.landing = landing
        self.chosen = chosen
        self.zones = {key: workspace.settings(key).zone for key in workspace.shops()}
        self.first_zone = workspace.first_zone()
        only = next(iter(self.zones)) if len(self.zones) == 1 else None
        self.default = chosen if chosen is not None else only
        self.home = self.default if self.default is not None else next(iter(self.zones))
        self.new: list[str] = []

    def passes(self) -> list[ZoneInfo]:
        """读几遍 the zones in which a file is read, the first shop's first; more than one only where shops differ."""
        from zoneinfo import ZoneInfo

        if self.default is not None and (self.chosen is not None or len(self.zones) == 1):
            return [self.zones[self.default]]
        return list(dict.fromkeys([ZoneInfo(self.first_zone), *self.zones.values()]))

    def of(self, said: str | None) -> str | Words:
        """哪个店铺 the shop of rows that name `said`, made if need be; or why they have none."""
        if said is None:
            return self.default if self.default is not None else Words(
                "没有写店铺，而工作区里不止一个店铺；请在 shop 列写上店铺", "no shop is named and there are several; fill in the column shop"
            )  # fmt: skip
        try:
            key = shop_key(said.strip())
        except WrongUse as error:
            return error.words
        if self.chosen is not None and key != self.chosen:
            return Words(
                f"这一行是店铺「{key}」的，而这次只导入「{self.chosen}」；请到那家店再导入一次（命令行：--shop {key}）",
                f"the row is of shop '{key}', and only '{self.chosen}' was asked for; import it once more there (on the command line: --shop {key})",
            )
        return key if key in self.zones else self._make(key)

    def _make(self, key: str) -> str | Words:
        from zoneinfo import ZoneInfo

        for known in self.zones:
            if known.casefold() == key.casefold():
                return Words(
                    f"店铺已有「{known}」，只差大小写；请统一写法", f"there is a shop '{known}': write the key alike"
                )
        self.landing.add_shop(key, self.first_zone)
        self.zones[key] = ZoneInfo(self.first_zone)
        self.new.append(key)
        return key


def _import(source: _Source, shops: _Shops, progress: Progress | None) -> Imported:
    landing, known = shops.landing, len(shops.new)
    if landing.has(shops.chosen, source.digest) if shops.chosen is not None else landing.has_whole(source.digest):
        return _known(source, landing)
    with ExitStack() as stack:
        sorter = _Sorter(source, shops, stack)
        for number, zone in enumerate(shops.passes()):
            sorter.zone, sorter.is_first_pass = zone, number == 0
            for item in source.importer.read(source.probe, Context(zone, shops.chosen)):
                sorter.take(item)
                if progress is not None:
                    name = source.path.name
                    progress(Words(f"导入 {name}", f"Importing {name}"), sum(sorter.rows.values()), 0)
        sorter.finish()
    return Imported(
        str(source.path), source.importer.name, tuple(sorted(sorter.open)), tuple(shops.new[known:]),
        dict(sorted(sorter.rows.items())), sorter.problems, sorter.summary, already=not sorter.open,
        review=sorter.review, notes=source.notes if sorter.open else (),
    )  # fmt: skip


def _known(source: _Source, landing: Landing) -> Imported:
    """A file whose bytes have landed before; read in another way it would count every row twice."""
    before = next((one.header.format for one in landing.before(source.digest)), source.importer.name)
    name = source.path.name
    other = (Words(
        f"{name} 以前按「{before}」导入过，这次没有按「{source.importer.name}」再导：同一个文件换一种读法会把每行算两遍。"
        f"要换读法，先撤回：jinpai withdraw {name}",
        f"{name} was imported as '{before}' before and not again as '{source.importer.name}': its rows would count twice. "
        f"To read it another way, take it back first: jinpai withdraw {name}",
    ),)  # fmt: skip
    return Imported(str(source.path), before, already=True, notes=() if before == source.importer.name else other)


class _Sorter:
    """分店 sorts what an importer yields into the sealed files of the shops."""

    def __init__(self, source: _Source, shops: _Shops, stack: ExitStack) -> None:
        self.zone: ZoneInfo | None = None
        self.is_first_pass = True
        self.open: dict[str, Sealed] = {}
        self.rows: dict[str, int] = {}
        self.problems = 0
        self.review = 0
        self.summary = 0
        self._source = source
        self._shops = shops
        self._stack = stack
        self._waiting: list[Problem] = []
        self._homeless = 0
        self._seen: dict[str | None, str | Words] = {}

    def take(self, item: Rows | Problem | Summary) -> None:
        """收下 one item of an importer."""
        if isinstance(item, Rows):
            for said, batch in _by_shop(item.batch):
                self._take_rows(item.table, said, batch)
        elif self.is_first_pass and isinstance(item, Problem):
            self._take_problem(item)
        elif self.is_first_pass and isinstance(item, Summary):
            self.summary += item.count

    def _take_rows(self, table: str, said: str | None, batch: pa.RecordBatch) -> None:
        shop = self._seen[said] if said in self._seen else self._seen.setdefault(said, self._shops.of(said))
        if isinstance(shop, Words):
            if self.is_first_pass:
                self._homeless += batch.num_rows if said is None else 0
                for row in batch.column("row").to_pylist():
                    self._take_problem(Problem(row, "shop", said or "", shop))
        elif self._shops.zones[shop] == self.zone and (sealed := self._sealed(shop)) is not None:
            filled = batch.set_column(
                batch.schema.get_field_index("shop"), "shop", pa.repeat(pa.scalar(shop), len(batch))
            )
            sealed.rows(table, filled)
            self.rows[table] = self.rows.get(table, 0) + batch.num_rows

    def _take_problem(self, problem: Problem) -> None:
        # problems wait for the first rows: they tell which shop's file this is
        sealed = next(iter(self.open.values()), None)
        if sealed is not None and not self._waiting:
            self._write_problem(sealed, problem)
            return
        self._waiting.append(problem)
        if sealed is not None or len(self._waiting) >= _MOST_WAITING:
            self._write_problems()

    def _write_problems(self) -> None:
        sealed = next(iter(self.open.values()), None) or self._sealed(self._shops.home)
        if sealed is not None:
            for problem in self._waiting:
                self._write_problem(sealed, problem)
        self._waiting.clear()

    def _write_problem(self, sealed: Sealed, problem: Problem) -> None:
        self.problems += not problem.kept
        self.review += problem.kept
        sealed.problem(problem)

    def _sealed(self, shop: str) -> Sealed | None:
        """The shop's file, opened at first need; None when these bytes have landed for it before."""
        if shop not in self.open:
            source, landing = self._source, self._shops.landing
            if landing.has(shop, source.digest):
                return None
            landed = landing.file(source.path.name, source.digest, source.importer.name, shop, self._shops.chosen)
            self.open[shop] = self._stack.enter_context(landed)
        return self.open[shop]

    def finish(self) -> None:
        """收尾 writes what waits; a file whose every row lacks a shop that nobody chose is refused whole."""
        if self._homeless and not self.rows:
            listed = list(self._shops.zones)
            raise WrongUse(
                f"「{self._source.path.name}」没有写是哪个店铺的，而工作区里有 {'、'.join(listed)}。请用 --shop 指定一个。",
                f"'{self._source.path.name}' does not say whose it is, and there are {', '.join(listed)}. Choose with --shop.",
            )
        if self._waiting or not self.open:
            self._write_problems()
        for sealed in list(self.open.values())[:1]:
            sealed.summary(self.summary)


def _by_shop(batch: pa.RecordBatch) -> Iterator[tuple[str | None, pa.RecordBatch]]:
    column = batch.column("shop")
    if column.null_count == len(column):
        yield None, batch
        return
    for said in pc.unique(column).to_pylist():
        matches = pc.is_null(column) if said is None else pc.equal(column, said)
        yield said, batch.filter(pc.fill_null(matches, False))


def said(imported: Sequence[Imported]) -> list[Words]:
    """导入说明 what to tell people besides the counts: the shops that were made."""
    return [
        Words(
            f"新建了店铺「{key}」，设置在 config/{key}，请检查时区和营业时间。",
            f"Shop '{key}' was made; check its settings in config/{key}.",
        )
        for one in imported
        for key in one.new_shops
    ]
