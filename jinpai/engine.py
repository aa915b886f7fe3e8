"""引擎 engine: runs the SQL of the tables. The only file that names DuckDB.

Everything a table holds is an integer, a string or a boolean, so that another engine running the
same SQL returns the same rows. Parameters are bound, never pasted into the text, and only those
that the text names.
"""

from __future__ import annotations

import errno
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from jinpai.errors import JinpaiError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa
    import pyarrow.parquet as pq

_Answer = TypeVar("_Answer")
Value = int | float | str | bool | None | list[str]
MEMORY = "1GiB"
"""What the engine holds in memory before it goes to disk; JINPAI_MEMORY says otherwise."""
_ROWS_AT_ONCE = 400_000
_LANES = min(os.cpu_count() or 1, 4)
"""So many pieces of a walk are computed at once; each more holds a piece and what is made of it in memory."""
_PARAMETER = re.compile(r"\$(\w+)")


def parameters_of(sql: str) -> set[str]:
    """参数 the names of the parameters that `sql` binds; comments do not count."""
    return set(_PARAMETER.findall(re.sub(r"--[^\n]*", "", sql)))


def bound(sql: str, values: Mapping[str, Value] | None) -> dict[str, Value]:
    """绑定 of the values, those that `sql` names."""
    return {name: (values or {})[name] for name in parameters_of(sql)}


@contextmanager
def _disk() -> Iterator[None]:
    """A full disk or memory is said in a sentence; a mistake in the SQL stays what it is."""
    import duckdb

    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        if os.strerror(errno.ENOSPC) in str(error):
            raise JinpaiError(
                "计算到一半，磁盘满了。原来的数据没有动。请腾出空间，再来一次。",
                "The disk became full during a computation. Nothing was changed. Free some space, then try again.",
            ) from error
        said = str(error).partition("\n")[0]
        if isinstance(error, duckdb.OutOfMemoryException):
            raise JinpaiError(
                f"计算中途内存不够：{said}。原来的数据没有动。请把环境变量 JINPAI_MEMORY 调大一些（如 2GiB），再来一次。",
                f"A computation ran out of memory: {said}. Nothing was changed. Set JINPAI_MEMORY higher (say 2GiB), then try again.",
            ) from error
        raise JinpaiError(
            f"计算中途读写磁盘出了问题：{said}。原来的数据没有动。请检查磁盘空间和权限，再来一次。",
            f"The disk failed during a computation: {said}. Nothing was changed. Check space and rights, then try again.",
        ) from error


def _without_rows(schema: pa.Schema) -> str:
    """A query with the columns of a schema and no rows."""
    kinds = {"int64": "bigint", "int32": "integer", "bool": "boolean"}
    columns = ", ".join(f'cast(null as {kinds.get(str(one.type), "varchar")}) as "{one.name}"' for one in schema)
    return f"select {columns} where false"


def _quoted(path: Path) -> str:
    """A path as SQL text; brackets and stars in a folder's name are no pattern."""
    plain = "".join(f"[{letter}]" if letter in "[]*?" else letter for letter in str(path))
    return "'" + plain.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Walked:
    """逐段算的表 a table made by a function over rows in order.

    `rows` is a query; `order` the columns that sort it, the key first; `over` takes all rows of some keys and gives
    rows of `schema`, or what `sees` makes of them: tables made along with another that see its rows alike see them once.
    """

    rows: str
    order: tuple[str, ...]
    over: Callable[[Any], pa.Table]
    schema: pa.Schema
    sees: Callable[[pa.Table], Any] = lambda rows: rows

    def made(self, rows: pa.Table) -> pa.Table:
        """算 the rows of the table that rows in order come to."""
        return self.over(self.sees(rows))


Along = Mapping[str, tuple[Walked, "Path | None"]]
"""Tables by name that are walked over the very rows that another walk makes, each with its file."""


class _ParquetFile:
    """One Parquet file under way; its columns are those of the first part, so that coded ones stay coded."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path, self._schema = path, schema
        self._writer: pq.ParquetWriter | None = None

    def write(self, part: pa.Table) -> None:
        if len(part):
            self._open(part.schema).write_table(part)

    def close(self) -> None:
        """Closes it; without any part it has no rows."""
        self._open(self._schema).close()

    def _open(self, schema: pa.Schema) -> pq.ParquetWriter:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self._writer is None:
            told = [field.name for field in self._schema if field.type == pa.string()]
            # nobody looks for rows by anything but their buyer
            looked_for = [name for name in ("buyer_key",) if name in schema.names]
            self._writer = pq.ParquetWriter(
                self._path, schema, compression="snappy", use_dictionary=told, write_statistics=looked_for
            )
        return self._writer


def stretches(arriving: Iterable[pa.RecordBatch], key: str) -> Iterator[pa.Table]:
    """段 rows sorted by `key` in pieces that end where a key ends."""
    import pyarrow as pa

    waiting: list[pa.RecordBatch] = []
    for batch in filter(len, arriving):
        cut = _last_change(batch.column(key), waiting[-1].column(key)[-1] if waiting else None)
        if cut is None:
            waiting.append(batch)
            continue
        done = [*waiting, batch.slice(0, cut)]
        waiting = [batch.slice(cut)]
        if sum(map(len, done)):
            yield pa.Table.from_batches(done)
    if sum(map(len, waiting)):
        yield pa.Table.from_batches(waiting)


def _beside(over: Callable[[pa.Table], list[pa.Table]], pieces: Iterable[pa.Table]) -> Iterator[list[pa.Table]]:
    """`over` of each piece in order, computed in other threads while the next is fetched and the last is written.

    What it is made of, numpy and Arrow, lets threads compute at once.
    """
    with ThreadPoolExecutor(max_workers=_LANES) as others:
        under_way: deque[Future[list[pa.Table]]] = deque()
        for piece in pieces:
            under_way.append(others.submit(over, piece))
            if len(under_way) > _LANES:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _last_change(column: pa.Array, before: pa.Scalar | None) -> int | None:
    """Where the last new value of a sorted column begins (0: with the batch itself); None where all go on."""
    import pyarrow.compute as pc

    changes = pc.indices_nonzero(pc.not_equal(column[1:], column[:-1]))
    if len(changes):
        return int(changes[-1].as_py()) + 1
    return 0 if before is not None and before != column[0] else None


class Engine:
    """引擎 one private database in memory that spills to `folder`; close it, or use it in `with`."""

    _lasting = ""
    """What "create" says of how long a table is there."""
    walks_along = True
    """Whether tables can be made along with the one that they are made of."""

    def __init__(self, folder: Path, memory_limit: str | None = None) -> None:
        import duckdb

        config: dict[str, str | bool | int | float | list[str]] = {
            "temp_directory": str(folder), "memory_limit": memory_limit or os.environ.get("JINPAI_MEMORY", "") or MEMORY,
        }  # fmt: skip
        self._folder = folder
        self._kinds: dict[str, str] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine")
        with _disk():
            self._connection = duckdb.connect(":memory:", config=config)
        # Rows carry their own order (seq); keeping the order of insertion would only cost memory.
        self._heard(lambda: self._connection.execute("set preserve_insertion_order = false"))
        self._heard(lambda: self._connection.execute("set enable_progress_bar = false"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._thread.shutdown()

    def reader(self) -> Engine:
        """读者 another engine that reads these tables beside others; what it makes is its own, and gone when it is closed."""
        return _Reader(self)

    def _heard(self, ask: Callable[[], _Answer]) -> _Answer:
        """What the database answers. It computes in another thread: here, where Ctrl-C arrives, it would not be heard."""
        answer = self._thread.submit(ask)
        try:
            while not wait([answer], timeout=0.5).done:  # on Windows nothing wakes one who waits without an end
                pass
        except KeyboardInterrupt:
            self._connection.interrupt()
            wait([answer])
            raise
        with _disk():
            return answer.result()

    def _create(self, kind: str, name: str, sql: str, values: Mapping[str, Value] | None = None) -> None:
        """Names a query's rows, whatever had the name before."""
        before = self._kinds.get(name, kind)
        if before != kind:
            self._run(f'drop {before} "{name}"')
        self._do(f'create or replace {self._lasting} {kind} "{name}" as {sql}', values)
        self._kinds[name] = kind

    def scratch(self, name: str) -> Path | None:
        """临时文件 where a table may lie that is not kept; None: wherever the engine likes."""
        return self._folder / f"{name}.parquet"

    def _run(self, sql: str, values: Mapping[str, Value] | None = None) -> duckdb.DuckDBPyConnection:
        return self._heard(lambda: self._connection.execute(sql, bound(sql, values)))

    def _do(self, sql: str, values: Mapping[str, Value] | None = None) -> None:
        """Runs what gives no rows; what does not fit into memory is done again by one thread, which holds less at once."""
        import duckdb

        def ask() -> None:
            try:
                self._connection.execute(sql, bound(sql, values))
            except duckdb.OutOfMemoryException:
                self._connection.execute("set threads = 1")
                try:
                    self._connection.execute(sql, bound(sql, values))
                finally:
                    self._connection.execute("reset threads")

        self._heard(ask)

    def read(self, name: str, files: Iterable[Path]) -> None:
        """读表 make `name` a view over Parquet files."""
        self._create("view", name, f"select * from read_parquet([{', '.join(map(_quoted, files))}])")

    def take(self, name: str, rows: pa.Table, path: Path | None = None) -> None:
        """收表 make `name` a table with the rows of an Arrow table; with `path`, one Parquet file and a view over it."""
        if path is not None:
            self.gather(name, rows.schema, [rows], path)
            return
        if not len(rows):
            # the database looks whether Arrow rows are not pandas ones, and loads pandas for it
            self._create("table", name, _without_rows(rows.schema))
            return
        self._heard(lambda: self._connection.register("arriving", rows))
        self._create("table", name, "select * from arriving")
        self._heard(lambda: self._connection.unregister("arriving"))

    def gather(self, name: str, schema: pa.Schema, parts: Iterable[pa.Table], path: Path | None = None) -> None:
        """收段 as `take`, of rows that come in parts; with `path` they are never in memory together."""
        with self._filling(name, schema, path) as add:
            for part in parts:
                add(part)

    @contextmanager
    def _filling(self, name: str, schema: pa.Schema, path: Path | None) -> Iterator[Callable[[pa.Table], None]]:
        """Gives what takes the parts of a table, which has its name once all are there."""
        import pyarrow as pa

        if path is None:
            parts = [schema.empty_table()]
            yield lambda part: parts.append(part.cast(schema))
            self.take(name, pa.concat_tables(parts))
            return
        with _disk(), closing(_ParquetFile(path, schema)) as file:
            yield file.write
        self.read(name, [path])

    def make(self, name: str, sql: str, values: Mapping[str, Value] | None = None, path: Path | None = None) -> None:
        """算表 make table `name` from a query; with `path`, one Parquet file and a view over it."""
        if path is None:
            self._create("table", name, sql, values)
            return
        target = "'" + str(path).replace("'", "''") + "'"
        self._do(f"copy ({sql}) to {target} (format parquet, compression snappy)", values)
        self.read(name, [path])

    def walk(
        self, name: str, walked: Walked, values: Mapping[str, Value] | None = None, path: Path | None = None,
        along: Along = MappingProxyType({}),
    ) -> None:  # fmt: skip
        """逐段算 make `name` of `walked`'s function over its rows, whole keys at a time; `path` as for `take`.

        The tables `along` are made of each piece as it is made, before it goes to disk.
        """
        sql = f"{walked.rows} order by {', '.join(walked.order)}"

        def every(piece: pa.Table) -> list[pa.Table]:
            first = walked.made(piece)
            seen = {sees: sees(first) for sees in {other.sees for other, _ in along.values()}}
            return [first, *(other.over(seen[other.sees]) for other, _ in along.values())]

        with ExitStack() as filling:
            add = [filling.enter_context(self._filling(one, made.schema, at))
                   for one, (made, at) in {name: (walked, path), **along}.items()]  # fmt: skip
            for made in _beside(every, stretches(self._batches(sql, values), walked.order[0])):
                for one, part in zip(add, made, strict=True):
                    one(part)

    def _batches(self, sql: str, values: Mapping[str, Value] | None) -> Iterator[pa.RecordBatch]:
        rows = self._heard(lambda: self._connection.sql(sql, params=bound(sql, values)).to_arrow_reader(_ROWS_AT_ONCE))
        while (batch := self._heard(lambda: next(rows, None))) is not None:
            yield batch

    def view(self, name: str, sql: str) -> None:
        """视图 make view `name` of a query without parameters."""
        self._create("view", name, sql)

    def arrow(self, sql: str, values: Mapping[str, Value] | None = None) -> pa.Table:
        """取表 the rows of a query as an Arrow table."""
        return self._heard(lambda: self._connection.sql(sql, params=bound(sql, values)).to_arrow_table())

    def rows(self, sql: str, values: Mapping[str, Value] | None = None) -> list[dict[str, Any]]:
        """取行 the rows of a query as dictionaries."""
        cursor = self._run(sql, values)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in self._heard(cursor.fetchall)]

    def repeats(self, column: str, rows: str, values: Mapping[str, Value] | None = None) -> bool:
        """有没有重复 whether a column of whole numbers without nulls, of the rows of a FROM clause, says a number twice.

        Sorted here: an engine counts each number, at four times the cost.
        """
        import numpy as np

        numbers = np.sort(self.arrow(f"select {column} from {rows}", values)[column].to_numpy())
        return bool((numbers[1:] == numbers[:-1]).any())

    def has(self, name: str) -> bool:
        """有没有 whether there is a table or view `name`."""
        return name in self._kinds


class _Reader(Engine):
    """A cursor over the database of another engine, whose settings and files in use it shares."""

    _lasting = "temp"

    def __init__(self, whole: Engine) -> None:
        self._whole = whole  # so long as there is a reader its folder stays
        self._folder = whole._folder  # noqa: SLF001
        self._kinds = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine")
        self._connection = whole._connection.cursor()  # noqa: SLF001

    def has(self, name: str) -> bool:
        return super().has(name) or self._whole.has(name)
