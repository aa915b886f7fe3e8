"""任意表 mapped: rows of any table, read as a mapping says (`jinpai import FILE --mapping x.toml`).

Cells are taken by column, put into canonical words, times and yuan, and then converted and checked like those of a
canonical table. A row is a row, a problem or a summary row; a row whose text is split gives several messages.
Where the file has no times and the mapping says `no_time = "order"`, a row's time is made up: the first day at 0:00
plus as many seconds as the row's number. Such an import is marked in its format's name, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from jinpai.catalogue import suggestion
from jinpai.errors import JinpaiError, Words
from jinpai.importers.answers import Answers
from jinpai.importers.canonical import ALLOWED, Cells, convert
from jinpai.importers.mapped_rows import Once, blanked, counting, strings
from jinpai.importers.mapped_tables import tables
from jinpai.importers.mapped_values import extracted, in_form, split, worded
from jinpai.importers.mapping import Cut, Cuts, Mapping
from jinpai.importers.parts import Part
from jinpai.importers.probe import Probe, header_name
from jinpai.importers.protocol import Context, Importer, Problem, Rows, Summary
from jinpai.period import format_day, instant_at

MADE_UP = "无时间"
"""The last part of the format's name of an import whose times were made up."""


def mapped(mapping: Mapping) -> Importer:
    """按对照表读 the importer of one mapping."""
    name = f"mapped:{mapping.name}" + (f":{MADE_UP}" if mapping.first_day is not None else "")

    def read(probe: Probe, context: Context) -> Iterator[Rows | Problem | Summary]:
        return _read(probe, context, mapping)

    return Importer(name, f"按对照表 {mapping.name}", (mapping.table.name,), lambda _: False, read)


def made_up(format: str) -> bool:
    """时间是编的 whether a format's name says that the times of the import were made up."""
    return format.startswith("mapped:") and format.endswith(f":{MADE_UP}")


def doubts(formats: Iterable[tuple[str, str]]) -> list[Words]:
    """不能当真 what a report must say about a shop's imports, given as (file, format): whose times were made up."""
    files = sorted(file for file, format_ in formats if made_up(format_))
    if not files:
        return []
    listed = "、".join(files[:3]) + ("……" if len(files) > 3 else "")
    return [Words(
        f"有 {len(files)} 个文件没有时间（{listed}），时间是按行的先后编的：响应时间、时段、每天的数、转化都不能当真。",
        f"{len(files)} files have no times ({listed.replace('、', ', ')}); theirs were made up by the order of rows: response times, hours, days and conversion mean nothing.")]  # fmt: skip


def notes(mapping: Mapping) -> tuple[Words, ...]:
    """要说明的 what people must know about rows read by this mapping."""
    if mapping.first_day is None:
        return ()
    day = format_day(mapping.first_day)
    return (Words(
        f"这个文件没有时间，按行的先后从 {day} 0 点起每行编了一秒：响应时间、时段、每天的数、转化都不能当真。",
        f"The file has no times; they were made up, a second a row from 0:00 on {day}: response times, hours, days and "
        "conversion mean nothing."),)  # fmt: skip


def _name(column: str) -> str:
    return header_name(column).casefold()


def _read(probe: Probe, context: Context, mapping: Mapping) -> Iterator[Rows | Problem | Summary]:
    found = tables(probe, mapping)
    fitting = [part for part in found if not _lacking(part, mapping)]
    if not fitting:
        raise _unfit(probe, mapping, min(found, key=lambda part: len(_lacking(part, mapping))))
    zone = mapping.zone or context.zone
    answers = _answers(probe, fitting, mapping)
    once = _once(probe, fitting, mapping, zone)
    for part in found:
        if part not in fitting:
            yield Problem(1, part.title, ",".join(part.names)[:200], Words(
                "这张工作表没有对照表里写的列，整张没有导入。不需要的话在对照表里用 sheet 指定工作表。",
                "This sheet lacks columns of the mapping; none of it was imported. Name the sheet in the mapping."))  # fmt: skip
            continue
        mark = f"{part.title}·" if len(found) > 1 else ""
        for numbered in counting(probe, part, mapping):
            if isinstance(numbered, Problem | Summary):
                yield numbered
            else:
                yield from _rows(_Taken(part, mapping, mark, zone, answers), once, *numbered)


def _all_cuts(mapping: Mapping) -> dict[str, Cuts]:
    said = {f"said_by.{sender}.{name}": cuts for sender, many in mapping.said_by.items() for name, cuts in many.items()}
    named = {f"answers.{key}": (Cut(name),) for key, name in zip(("id", "to"), mapping.answers or (), strict=False)}
    return {f"columns.{name}": cuts for name, cuts in mapping.columns.items()} | said | named


def _looked_at(mapping: Mapping) -> dict[str, Cuts]:
    return _all_cuts(mapping) | {f"skip[{at}]": (Cut(one.column),) for at, one in enumerate(mapping.rows.skip)}


def _lacking(part: Part, mapping: Mapping) -> list[tuple[str, str]]:
    """(key of the mapping, column) for every entry none of whose columns stands in the table."""
    return [
        (key, cuts[0].column)
        for key, cuts in _looked_at(mapping).items()
        if not any(_name(cut.column) in part.names for cut in cuts)
    ]


def _unfit(probe: Probe, mapping: Mapping, part: Part) -> JinpaiError:
    key, column = _lacking(part, mapping)[0]
    hint = suggestion(_name(column), part.names)
    return JinpaiError(
        f"「{probe.path.name}」没有对照表 {mapping.name} 的 {key} 写的列「{column}」。{hint.zh}",
        f"'{probe.path.name}' has no column '{column}', which {key} of the mapping {mapping.name} names. {hint.en}",
    )


def _answers(probe: Probe, fitting: Sequence[Part], mapping: Mapping) -> Answers | None:
    """The file gone through once for who answers whom, where the mapping asks for it."""
    if mapping.answers is None:
        return None
    wanted = sorted({cut.column for cuts in _all_cuts(mapping).values() for cut in cuts if cut.is_answered})
    found = Answers(tuple(wanted))
    for part in fitting:
        taken = _Taken(part, mapping, "", ZoneInfo("UTC"), None)
        for numbered in counting(probe, part, mapping):
            if not isinstance(numbered, Problem | Summary):
                taken.batch = numbered[0]
                own, to = (taken.plain(name) for name in mapping.answers)
                found.add(own, to, taken.sender(), [taken.plain(name) for name in wanted])
    return found


def _once(probe: Probe, fitting: Sequence[Part], mapping: Mapping, zone: ZoneInfo) -> Once | None:
    """The file gone through once for which rows are one order, where the mapping says that several may be."""
    if mapping.rows.once_per is None:
        return None
    found = Once(mapping, zone)
    for part in fitting:
        taken = _Taken(part, mapping, "", zone, None)
        for numbered in counting(probe, part, mapping):
            if not isinstance(numbered, Problem | Summary):
                taken.batch = numbered[0]
                found.look(_cells(taken, numbered[1]))
    return found


@dataclass(slots=True)
class _Taken:
    """取出来的格子 the cells of one batch by canonical column."""

    part: Part
    mapping: Mapping
    mark: str
    zone: ZoneInfo
    answers: Answers | None
    batch: pa.RecordBatch | None = None

    def raw(self, column: str) -> pa.Array | None:
        """A column of the file as it stands; None where the table lacks it."""
        assert self.batch is not None
        name = _name(column)
        return self.batch.column(self.part.names.index(name)) if name in self.part.names else None

    def plain(self, column: str) -> pa.Array:
        """A column of the file as strings, blank cells null."""
        values = self.raw(column)
        assert values is not None
        return blanked(values)

    def cut(self, cut: Cut) -> pa.Array | None:
        """What one entry of the mapping takes."""
        assert self.batch is not None
        if cut.is_answered:
            assert self.answers is not None
            assert self.mapping.answers is not None
            return self.answers.values(self.plain(self.mapping.answers[1]), cut.column)
        if self.raw(cut.column) is None:
            return None
        values = self.plain(cut.column)
        return values if cut.pattern is None else extracted(values, cut.pattern)

    def first(self, cuts: Cuts) -> pa.Array:
        """The first value that the entries take, in yuan where they are amounts in fen."""
        if len(cuts) == 1 and cuts[0].pattern is None and not cuts[0].is_answered:
            values = self.raw(cuts[0].column)
            if (
                values is not None
                and not pa.types.is_string(values.type)
                and (cuts[0].unit or self.mapping.unit) == "元"
            ):
                return values  # a typed column of Parquet is read by its type
        assert self.batch is not None
        found = [values for values in map(self.cut, cuts) if values is not None]
        return pc.coalesce(*found) if found else pa.nulls(self.batch.num_rows, pa.string())

    def sender(self) -> pa.Array:
        """Who wrote each row; null in a table without senders."""
        assert self.batch is not None
        cuts = self.mapping.columns.get("sender")
        said = pa.nulls(self.batch.num_rows, pa.string()) if cuts is None else strings(self.first(cuts))
        said = worded(said, self.mapping.values.get("sender", {}))
        constant = self.mapping.constants.get("sender")
        return said if constant is None else pc.fill_null(said, constant)


def _rows(
    taken: _Taken, once: Once | None, batch: pa.RecordBatch, numbers: pa.Array
) -> Iterator[Rows | Problem | Summary]:
    """One batch of the file as canonical rows, problems and summaries."""
    mapping, taken.batch = taken.mapping, batch
    cells = _cells(taken, numbers)
    for name in mapping.required:
        values = cells.columns.get(name)
        lacks = pa.array([True] * len(cells.numbers)) if values is None else values.is_null()
        for place in pc.indices_nonzero(lacks).to_pylist():
            yield _unfound(cells, place, name, taken)
        if lacks.true_count:
            cells = cells.filter(pc.invert(lacks))
    if once is not None:
        cells, problems, repeats = once.taken(cells)
        yield from problems
        if repeats:
            yield Summary(repeats)
    for item in convert(mapping.table, cells, taken.zone):
        if isinstance(item, Problem):
            yield _explained(item, cells, mapping)
        elif isinstance(item, Rows) and mapping.split is not None:
            yield Rows(item.table, split(item.batch, mapping.split))
        else:
            yield item


def _cells(taken: _Taken, numbers: pa.Array) -> Cells:
    mapping = taken.mapping
    columns = {name: taken.first(cuts) for name, cuts in mapping.columns.items()}
    called = {name: taken.mark + _name(cuts[0].column) for name, cuts in mapping.columns.items()}
    sender = taken.sender() if mapping.table.name == "messages" else None
    for who, many in mapping.said_by.items():
        is_his = pc.fill_null(pc.equal(sender, who), False)
        for name, cuts in many.items():
            before = columns.get(name, pa.nulls(len(numbers), pa.string()))
            columns[name] = pc.if_else(is_his, strings(taken.first(cuts)), strings(before))
            called.setdefault(name, taken.mark + _name(cuts[0].column))
    shown = dict(columns)
    for name, words in mapping.values.items():
        if name in columns:
            columns[name] = worded(strings(columns[name]), words)
    for name, constant in mapping.constants.items():
        before = columns.get(name, pa.nulls(len(numbers), pa.string()))
        columns[name] = pc.fill_null(strings(before), constant)
    if sender is not None:
        columns["sender"] = sender
    in_form(columns, mapping)
    if mapping.first_day is not None:
        start = instant_at(mapping.first_day, 0, taken.zone)
        columns["sent_at"] = pc.add(pc.multiply(numbers, 1000), start)
    assert taken.batch is not None
    used = {_name(cut.column) for cuts in _all_cuts(mapping).values() for cut in cuts}
    others = {name: taken.batch.column(at) for at, name in enumerate(taken.part.names) if name not in used}
    return Cells(columns, others, numbers, called, shown)


def _unfound(cells: Cells, place: int, name: str, taken: _Taken) -> Problem:
    """A row in which nothing stands where the mapping looks for a value that it requires."""
    mapping = taken.mapping
    many = [mapping.columns.get(name, ()), *(said.get(name, ()) for said in mapping.said_by.values())]
    looked = list(dict.fromkeys(
        f"{mapping.answers[1]} → {cut.column}" if cut.is_answered and mapping.answers else cut.column
        for cuts in many for cut in cuts))  # fmt: skip
    zh = next(column.zh for column in mapping.table.columns if column.name == name)
    return Problem(cells.numbers[place].as_py(), taken.mark + name, "", Words(
        f"找不到{zh}：看了 {'、'.join(looked)}，都取不到。请核对这一行，或改对照表的 {name}。",
        f"No {name} was found in {', '.join(looked)}. Check the row, or {name} in the mapping."))  # fmt: skip


def _explained(problem: Problem, cells: Cells, mapping: Mapping) -> Problem:
    """A problem whose remedy lies in the mapping says so."""
    name = next((name for name, said in cells.called.items() if said == problem.column), problem.column)
    reason = problem.reason
    if (mapping.table.name, name) in ALLOWED and problem.value:
        word = ALLOWED[mapping.table.name, name][0]
        reason = Words(
            f'对照表没有说「{problem.value}」是什么。请在 [values.{name}] 里补一行，如 "{problem.value}" = "{word}"。',
            f"The mapping does not say what '{problem.value}' is. Add a line to [values.{name}], like "
            f'"{problem.value}" = "{word}".',
        )
    elif reason.zh.startswith("不是一个时间"):
        written = "、".join(mapping.time_formats)
        reason = Words(
            f"不是一个时间{f'，也不是 {written} 的写法' if written else ''}。请在对照表里写上它的 time_format。",
            f"This is not a time{f', nor written as {written}' if written else ''}. Write its time_format in the mapping.",
        )
    return Problem(problem.row, problem.column, problem.value, reason)
