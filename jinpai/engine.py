"""引擎 engine: runs the SQL of the tables. The only file that names DuckDB.

Everything a table holds is an integer, a string or a boolean, so that another engine running the
same SQL returns the same rows. Parameters are bound, never pasted into the text, and only those
that the text names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

Value = int | float | str | bool | None | list[str]
_PARAMETER = re.compile(r"\$(\w+)")


def parameters_of(sql: str) -> set[str]:
    """参数 the names of the parameters that `sql` binds; comments do not count."""
    return set(_PARAMETER.findall(re.sub(r"--[^\n]*", "", sql)))


class Engine:
    """引擎 one private database in memory that spills to `folder`; close it, or use it in `with`."""

    def __init__(self, folder: Path, memory_limit: str | None = None) -> None:
        import duckdb

        config: dict[str, str | bool | int | float | list[str]] = {"temp_directory": str(folder)}
        if memory_limit:
            config["memory_limit"] = memory_limit
        self._connection = duckdb.connect(":memory:", config=config)
        # Rows carry their own order (seq); keeping the order of insertion would only cost memory.
        self._connection.execute("set preserve_insertion_order = false")
        self._connection.execute("set enable_progress_bar = false")

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _bound(self, sql: str, values: Mapping[str, Value]) -> dict[str, Value]:
        return {name: values[name] for name in parameters_of(sql)}

    def read(self, name: str, files: Iterable[Path]) -> None:
        """读表 make `name` a view over Parquet files."""
        paths = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
        self._connection.execute(f'create or replace view "{name}" as select * from read_parquet([{paths}])')

    def take(self, name: str, table: pa.Table) -> None:
        """收表 make `name` a table with the rows of an Arrow table."""
        self._connection.register("arriving", table)
        self._connection.execute(f'create or replace table "{name}" as select * from arriving')
        self._connection.unregister("arriving")

    def make(self, name: str, sql: str, values: Mapping[str, Value] | None = None) -> None:
        """算表 make table `name` from a query."""
        self._connection.execute(f'create or replace table "{name}" as {sql}', self._bound(sql, values or {}))

    def view(self, name: str, sql: str) -> None:
        """视图 make view `name` of a query without parameters."""
        self._connection.execute(f'create or replace view "{name}" as {sql}')

    def drop(self, name: str) -> None:
        """清表 drop a table or a view if it is there."""
        found = self._connection.execute(
            "select table_type from information_schema.tables where table_name = ?", [name]
        ).fetchone()
        if found:
            self._connection.execute(f'drop {"view" if found[0] == "VIEW" else "table"} "{name}"')

    def arrow(self, sql: str, values: Mapping[str, Value] | None = None) -> pa.Table:
        """取表 the rows of a query as an Arrow table."""
        return self._connection.sql(sql, params=self._bound(sql, values or {})).to_arrow_table()

    def rows(self, sql: str, values: Mapping[str, Value] | None = None) -> list[dict[str, Any]]:
        """取行 the rows of a query as dictionaries."""
        cursor = self._connection.execute(sql, self._bound(sql, values or {}))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def write(self, name: str, path: Path, order: Sequence[str] = ()) -> None:
        """写表 write table `name` to one Parquet file, sorted by `order` where given."""
        by = f" order by {', '.join(order)}" if order else ""
        target = str(path).replace("'", "''")
        self._connection.execute(f"copy (select * from \"{name}\"{by}) to '{target}' (format parquet, compression zstd)")
