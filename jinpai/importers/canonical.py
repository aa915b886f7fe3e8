"""标准表导入 canonical tables as CSV, XLSX or Parquet: the columns of the metrics contract, §1, read whole.

Which table a part is, is decided by its header: of the tables whose required columns are all there, the one that
knows most of the header's columns, then the one that requires most; only then the sheet's or the file's name.
Money is in yuan, instants are ISO 8601 (without offset: the shop's zone), unknown columns are kept in `extra`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from jinpai.canon import EVENTS, KINDS, SENDERS, TABLES, TEAMS, Table
from jinpai.catalogue import nearest
from jinpai.errors import JinpaiError, Words
from jinpai.importers.cells import shown
from jinpai.importers.chinese import GUIDES, WORDS, chinese_table, english
from jinpai.importers.columns import cast, python_value
from jinpai.importers.extra import extra_column
from jinpai.importers.parts import Part, batches, parts
from jinpai.importers.probe import Probe
from jinpai.importers.protocol import Context, Importer, Problem, Rows, Summary

ALLOWED: dict[tuple[str, str], tuple[str, ...]] = {
    ("messages", "sender"): SENDERS,
    ("messages", "kind"): KINDS,
    ("messages", "event"): EVENTS,
    ("agents", "team"): TEAMS,
    ("products", "kind"): ("plain", "complex", "expensive", "custom"),
    ("evaluations", "origin"): ("invited", "self", "system"),
    ("shifts", "kind"): ("on_duty", "suspended", "break"),
}
"""Columns that hold one of a few words."""
# A table without required columns needs one that no other table has.
_SIGN = {"evaluations": {"level", "evaluated_at"}}
# A day without a time of day is enough for these; a message or an order without one would change every count.
_DAY_IS_ENOUGH = frozenset(
    "starts_at ends_at first_seen closed_at refunded_at applied_at balance_due_at exported_at evaluated_at".split()
)
_SUMMARY_WORDS = pa.array(["汇总", "均值", "汇总值", "平均值", "平均", "合计", "总计"])
_SUMMARY_AGENTS = r"^(全店|同行)"


def table_of(names: tuple[str, ...], titles: tuple[str, ...] = ()) -> Table | None:
    """哪张标准表 the canonical table whose header this is, None when it is none.

    A header like a table's that lacks a required column, or that fits two tables equally, is a JinpaiError.
    `titles` are the names of the sheet and the file, asked last.
    """
    best = _fitting_best(names)
    if len(best) > 1:
        by_title = [table for table in best if any(table.name in title.casefold() for title in titles)]
        best = by_title if len(by_title) == 1 else best
    if not best:
        return None
    if len(best) == 1:
        return best[0]
    choices = "、".join(table.name for table in best)
    raise JinpaiError(
        f"表头「{','.join(names)}」可能是几张标准表：{choices}。请把文件名或工作表名改成其中一个再导入。",
        f"The header '{','.join(names)}' fits several tables: {choices.replace('、', ', ')}. "
        "Name the file or the sheet after one of them.",
    )


@lru_cache(256)
def _fitting_best(names: tuple[str, ...]) -> list[Table]:
    """The tables that a header fits best, none for one of another kind; many files of a folder have the same header."""
    there = set(names) - {"shop", ""}
    known = {table.name: sum(column.name in there for column in table.columns) for table in TABLES.values()}
    # One word like "agent" in a sheet of another kind is no canonical table: some columns, or half, must be known.
    most = max(known.values())
    if most < 3 and most * 2 < len(there):
        return []
    fitting = [t for t in TABLES.values() if _needed(t) <= there and there & _SIGN.get(t.name, there)]
    rank = {table.name: (known[table.name], len(_needed(table))) for table in fitting}
    best = [table for table in fitting if rank[table.name] == max(rank.values())]
    if not best or known[best[0].name] < most:
        _refuse_lacking(known, there)
        return []
    return best


def _needed(table: Table) -> set[str]:
    return {column.name for column in table.columns if column.required}


def _refuse_lacking(known: dict[str, int], there: set[str]) -> None:
    """Raises the sentence for a header that is nearly a table's; one that is far from all is simply not canonical."""
    name = max(known, key=lambda name: known[name])
    if known[name] < 3 or known[name] * 2 < len(there):
        return
    lacking = sorted(_needed(TABLES[name]) - there) or sorted(_SIGN.get(name, ()))
    near = {column: nearest(column, there - set(TABLES[name].schema.names)) for column in lacking}
    hints = [f"{have} → {column}" for column, have in near.items() if have]
    raise JinpaiError(
        f"看起来是标准表 {name}（{TABLES[name].zh}），但少了必需的列：{'、'.join(lacking)}。"
        + (f"是不是列名写错了：{'；'.join(hints)}？" if hints else "请补上这些列再导入。"),
        f"This looks like the table {name}, but required columns are missing: {', '.join(lacking)}. "
        + (f"Is a column misnamed: {'; '.join(hints)}?" if hints else "Add them and import again."),
    )


def _header(part: Part, probe: Probe) -> tuple[Table | None, tuple[str, ...]]:
    """The table of a part and its columns by canonical name; Chinese headings are those of `jinpai template`."""
    titles = (part.title, probe.path.stem)
    table = chinese_table(part.names, titles) or table_of(part.names, titles)
    return table, part.names if table is None else english(table, part.names)


def _identify(probe: Probe) -> bool:
    if probe.shape not in {"text", "workbook", "parquet"}:
        return False
    found = parts(probe)
    try:
        return any(_header(part, probe)[0] for part in found)
    except JinpaiError:
        # Like a canonical table with something wrong: reading it says what.
        return True


def _read(probe: Probe, context: Context) -> Iterator[Rows | Problem | Summary]:
    found = [(part, *_header(part, probe)) for part in parts(probe)]
    if not any(table for _, table, _ in found):
        raise JinpaiError(
            f"「{probe.path.name}」的表头不是任何一张标准表。标准表有：{'、'.join(TABLES)}。",
            f"The header of '{probe.path.name}' is none of the canonical tables: {', '.join(TABLES)}.",
        )
    several = sum(part.title not in GUIDES for part, _, _ in found) > 1
    for part, table, names in found:
        if table is None:
            yield _unread(part)
            continue
        mark = f"{part.title}·" if several else ""
        for numbered in batches(probe, part):
            if isinstance(numbered, Problem):
                yield numbered
                continue
            batch, numbers = numbered
            cells = dict(zip(names, batch.columns, strict=True))
            known = {name: cells[name] for name in table.schema.names if name in cells and name not in {"row", "extra"}}
            others = {name: values for name, values in cells.items() if name not in table.schema.names or name == "row"}
            called = {name: mark + said for name, said in zip(names, part.names, strict=True)}
            yield from convert(table, Cells(known, others, numbers, called), context.zone)


def _unread(part: Part) -> Problem | Summary:
    """What becomes of a sheet that is no canonical table: the guide of a template is left out, others are named."""
    if part.title in GUIDES and part.sheet is not None:
        return Summary(sum(1 for _ in part.sheet.rows()))
    return Problem(1, part.title, shown(",".join(part.names)), Words(
        "这张工作表的表头不是标准表，整张没有导入。请改表头或删掉这张表。",
        "The header of this sheet is no canonical table; none of it was imported. Change it or remove the sheet."))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cells:
    """原样的一批 the cells of one batch by canonical column, and of the file's `others`, which are kept in `extra`.

    `called` says how the file names a column, with the sheet before it where there are several; `shown` is what
    stood in the file where the cells were made out of it.
    """

    columns: Mapping[str, pa.Array]
    others: Mapping[str, pa.Array]
    numbers: pa.Array
    called: Mapping[str, str]
    shown: Mapping[str, pa.Array] = field(default_factory=dict)

    def filter(self, kept: pa.Array) -> Cells:
        """留下 only the rows of the mask `kept`."""
        columns, others, stood = (
            {name: values.filter(kept) for name, values in many.items()}
            for many in (self.columns, self.others, self.shown)
        )
        return Cells(columns, others, self.numbers.filter(kept), self.called, stood)

    def problem(self, place: int, column: str, reason: Words) -> Problem:
        """没导进来的行 the row at `place`, as the file has it."""
        values = self.shown.get(column, self.columns.get(column))
        value = "" if values is None else shown(python_value(values[place]))
        return Problem(self.numbers[place].as_py(), self.called.get(column, column), value, reason)


def convert(table: Table, cells: Cells, zone: ZoneInfo) -> Iterator[Rows | Problem | Summary]:
    """转换一批 cells as canonical rows, problems and summaries, which add up to them."""
    cells, summaries = _without_summaries(table, cells)
    if summaries:
        yield Summary(summaries)
    many = len(cells.numbers)
    done: dict[str, pa.Array] = {}
    faults: dict[int, tuple[str, Words]] = {}
    for column in table.columns:
        if column.name not in cells.columns:
            done[column.name] = pa.nulls(many, table.schema.field(column.name).type)
            continue
        raw = _plain_words(table, column.name, cells.columns[column.name])
        read, bad = cast(raw, column.kind, zone, day_alone=column.name in _DAY_IS_ENOUGH)
        for place, why in bad.items():
            faults.setdefault(place, (column.name, why.words))
        for place, why_words in _wrong_words(table, column.name, read, required=column.required):
            faults.setdefault(place, (column.name, why_words))
        done[column.name] = read
    if table.name == "messages":
        done["kind"] = _kinds(done)
    done["row"] = cells.numbers
    done["extra"] = extra_column(cells.others, many)
    for place in sorted(faults):
        yield cells.problem(place, *faults[place])
    result = pa.RecordBatch.from_arrays([done[name] for name in table.schema.names], schema=table.schema)
    if faults:
        wrong = pc.is_in(pa.array(range(len(result)), pa.int64()), value_set=pa.array(list(faults), pa.int64()))
        result = result.filter(pc.invert(wrong))
    if result.num_rows:
        yield Rows(table.name, result)


def _plain_words(table: Table, name: str, values: pa.Array) -> pa.Array:
    """The canonical words in place of the Chinese ones that people fill in: 售前 is presales."""
    words = WORDS.get((table.name, name))
    if not words or not pa.types.is_string(values.type):
        return values
    trimmed = pc.utf8_trim_whitespace(values)
    known = pc.index_in(trimmed, value_set=pa.array(words, pa.string()))
    return pc.coalesce(pa.array(words.values(), pa.string()).take(known), values)


def _wrong_words(table: Table, name: str, values: pa.Array, *, required: bool) -> Iterator[tuple[int, Words]]:
    """Places where a required cell is unknown, or where a word is none of the few allowed, or a level is not 1–5."""
    if required and values.null_count:
        reason = Words("这一列必须有值。", "This column must have a value.")
        yield from ((place, reason) for place in pc.indices_nonzero(values.is_null()).to_pylist())
    allowed = ALLOWED.get((table.name, name))
    if allowed:
        wrong = pc.and_(values.is_valid(), pc.invert(pc.is_in(values, value_set=pa.array(allowed))))
        for place in pc.indices_nonzero(wrong).to_pylist():
            near = nearest(values[place].as_py(), allowed)
            said = {word: zh for zh, word in WORDS.get((table.name, name), {}).items()}
            choices = "、".join(f"{said[word]}（{word}）" if word in said else word for word in allowed)
            yield (
                place,
                Words(
                    f"只能是 {choices} 之一。" + (f"是不是要写 {near}？" if near else ""),
                    f"This must be one of {', '.join(allowed)}." + (f" Did you mean {near}?" if near else ""),
                ),
            )
    if (table.name, name) == ("evaluations", "level"):
        wrong = pc.or_(pc.less(values, 1), pc.greater(values, 5)).fill_null(False)
        reason = Words("评价只能是 1 到 5。", "A level is 1 to 5.")
        yield from ((place, reason) for place in pc.indices_nonzero(wrong).to_pylist())


def _kinds(done: dict[str, pa.Array]) -> pa.Array:
    """Kind of a message that does not state it: an event where it names one, else text."""
    return pc.coalesce(done["kind"], pc.if_else(done["event"].is_valid(), "event", "text"))


def _without_summaries(table: Table, cells: Cells) -> tuple[Cells, int]:
    """Without the rows of a platform's sheet that sum up others; a chat has none, so nothing is taken from it."""
    if table.name == "messages":
        return cells, 0
    first = next((column.name for column in table.columns if column.required), "agent")
    summed = pa.array([False] * len(cells.numbers), pa.bool_())
    for name in {first, "agent"} & cells.columns.keys():
        values = cells.columns[name]
        if not pa.types.is_string(values.type):
            continue
        words = pc.utf8_trim_whitespace(values)
        summed = pc.or_(summed, pc.is_in(words, value_set=_SUMMARY_WORDS))
        if name == "agent":
            summed = pc.or_(summed, pc.match_substring_regex(words, _SUMMARY_AGENTS).fill_null(False))
    if not summed.true_count:
        return cells, 0
    return cells.filter(pc.invert(summed)), summed.true_count


importer = Importer("canonical", "标准表 CSV/XLSX/Parquet", tuple(TABLES), _identify, _read)
