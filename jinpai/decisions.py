"""人的决定 decisions: what people decided about the facts, as the book hands it over before a build.

The core reads these files and never the database. decisions/<shop>/verdict.parquet has one row for each finding that
somebody judged, with what was judged, so that a finding that has changed since is open again; suspension.parquet the
criteria that people overturned too often, as they were then. Instants have no place here. Source: the architecture, §1.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinpai.errors import JinpaiError
from jinpai.workspace.disk import disk, write_whole

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "decisions"
OUTCOMES = ("agree", "overturn", "na")
"""复核结果 the finding is right, is the other way round, or the criterion does not apply there."""
_NUMBERS = ("conversation_key", "result", "message_key", "begins", "ends", "right_result")
COLUMNS = {
    "verdict": ("conversation_key", "criterion", "result", "message_key", "begins", "ends", "outcome", "right_result"),
    "suspension": ("criterion", "digest"),
}
"""What each file holds: `result` to `ends` say which finding was judged (null: it rests on no message, or on the whole
of it), `right_result` what it is instead, in thousandths; `digest` is the criterion's when it was suspended."""
TABLES = {"verdict": "decided", "suspension": "suspended"}
"""The name under which SQL finds each."""


def schema(name: str) -> pa.Schema:
    """列 the columns of one file: keys and results are BIGINT, all else text."""
    import pyarrow as pa

    return pa.schema([(column, pa.int64() if column in _NUMBERS else pa.string()) for column in COLUMNS[name]])


def decided(root: Path, shop: str) -> dict[str, pa.Table]:
    """读决定 the decisions on a shop by the name under which SQL finds them; none where nobody decided anything."""
    return {TABLES[name]: _read(root, shop, name) for name in COLUMNS}


def nothing_decided() -> dict[str, pa.Table]:
    """没有决定 the same tables without a row."""
    return {table: schema(name).empty_table() for name, table in TABLES.items()}


def mark(root: Path, shop: str, name: str) -> str:
    """指纹 32 hex digits that change when one of the files does; "" without one."""
    file = _file(root, shop, name)
    with disk(file):
        return blake2b(file.read_bytes(), digest_size=16).hexdigest() if file.is_file() else ""


def write_decisions(root: Path, shop: str, name: str, rows: Iterable[Mapping[str, Any]]) -> bool:
    """写决定 replaces one file whole, rows sorted, so that equal decisions are an equal file; whether it changed."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = COLUMNS[name]
    ordered = sorted(rows, key=lambda row: tuple(str(row[column]) for column in columns))
    table = pa.Table.from_pylist([{column: row[column] for column in columns} for row in ordered], schema(name))
    file, told = _file(root, shop, name), io.BytesIO()
    pq.write_table(table, told)
    if (not ordered and not file.exists()) or (file.exists() and file.read_bytes() == told.getvalue()):
        return False
    with disk(file):
        file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, told.getvalue())
    return True


def _file(root: Path, shop: str, name: str) -> Path:
    return root / FOLDER / shop / f"{name}.parquet"


def _read(root: Path, shop: str, name: str) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = _file(root, shop, name)
    if not file.is_file():
        return schema(name).empty_table()
    try:
        # one file by itself: a folder named like key=value is no partition
        return pq.ParquetFile(file).read().cast(schema(name))
    except (pa.ArrowInvalid, OSError):
        raise JinpaiError(
            f"{file} 坏了。复核记录在账本里，没有丢：运行 jinpai precision 会重新写出它。",
            f"{file} is damaged. What was decided is in the book: jinpai precision writes the file again.",
        ) from None
