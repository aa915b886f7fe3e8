"""方言 one query in DuckDB's dialect means the same on both engines: the corners where they are known to differ."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jinpai.engine import Engine, Value, Walked
from jinpai.spark import SparkEngine
from tests.mutants import kills

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("spark")]

ROWS = pa.table({
    "k": pa.array([1, 1, 1, 2, 2, 3, None], pa.int64()),
    "n": pa.array([-7, 7, 0, -300_001, 9_000_000_000_000_000_000, None, 5], pa.int64()),
    "s": pa.array(["甲", None, "甲乙😀", "", "a'b", "A", "阿"], pa.string()),
    "b": pa.array([True, False, None, None, None, True, True], pa.bool_()),
})  # fmt: skip
QUERIES = {
    "whole division and remainder of negative numbers":
        "select n, n // 7 as a, n // -2 as b, n % 7 as c, -n // 300000 as d from t",
    "a product wider than 63 bits": "select cast(cast(n as hugeint) * n // 9000000000000000000 as bigint) as whole, "
        "cast(cast(n as hugeint) * n % 1000 as bigint) as rest from t",
    "who was last passes over the unknown": "select k, arg_max(s, n) as a, arg_min(s, n) as b, arg_max(b, n) as c, "
        "arg_min(s, n) filter (where b) as d, not arg_max(b or s = '甲', n) as e from t group by k",
    "and, or and sums of nothing": "select k, bool_and(b) as a, bool_or(b) as b, min(s) as c, max(s) as d, count(*) as e, "
        "count(distinct s) as f, cast(coalesce(sum(n) filter (where b and n < 10), 0) as bigint) as g from t group by k",
    "numbers of rows, and where nulls stand": "select k, n, row_number() over (partition by k order by n desc) as a, "
        "row_number() over (order by s) as b, lag(n) over (order by k, n) as c, "
        "max(n) over (partition by k order by n rows between unbounded preceding and 1 preceding) as d from t where n < 10 or n is null",
    "one inside another": "select k, arg_max(cast(cast(n as hugeint) * length(s) // 2 as bigint), strpos(s, '乙') + k) as a "
    "from t where n < 10 group by k",
    "texts": "select s, length(s) as a, strpos(s, '乙') as b, strpos(s, '😀') > 0 as c, s <> '' as d, s || '!' as e from t",
    "not in, with nulls": "select n from t where k not in (select k from t where k = 3) and s not in ('A', '甲')",
    "nothing is in a list with a null": "select n from t where k not in (select k from t where n = 5)",
    "exists": "select n, exists (select 1 from t as u where u.k = t.k and u.n < t.n) as a from t "
        "where not exists (select 1 from t as u where u.k = t.k and u.s = 'A')",
    "a list, a number and a text that are bound": "select n, n + $step as a, $flag as b from t where s = any($names) or n = $n",
    "several groupings in one pass, nulls among the keys, a key that is counted too":
        "select k, b, s, case when grouping(b) = 0 then 'b' when grouping(s) = 0 then 's' else '' end as scope, "
        "grouping(b) = 1 as c, count(*) as d, count(distinct b) as e, cast(coalesce(sum(k), 0) as bigint) as f, min(s) as g "
        "from t where n < 10 or n is null group by grouping sets ((k), (k, b), (k, s))",
    "least, greatest and whens of nulls": "select least(k, n) as a, greatest(k, n) as b, case when b then n end as c, "
        "coalesce(b, false) as d, cast(null as varchar) as e, cast(null as bigint) as f, k is null or n is null as g from t",
}  # fmt: skip
VALUES: dict[str, Value] = {"names": ["甲", "a'b"], "step": 3_000_000_000, "n": 5, "flag": True, "unused": 1}


@pytest.fixture(scope="module")
def engines(master: str) -> Iterator[tuple[Engine, Engine]]:
    with tempfile.TemporaryDirectory() as folder, Engine(Path(folder)) as one, SparkEngine(master) as other:
        for engine in (one, other):
            engine.take("t", ROWS)
        yield one, other


def said(engine: Engine, sql: str) -> tuple[pa.Schema, list[str]]:
    found = engine.arrow(sql, VALUES)
    return pa.schema([(field.name, field.type) for field in found.schema]), sorted(map(str, found.to_pylist()))


@kills("jinpai/dialect.py", "decimal(38, 0)", "bigint")
@kills("jinpai/dialect.py", "exp.Paren(this=node.this.copy())", "node.this.copy()")
@kills("jinpai/dialect.py", "_wrap(node, exp.Filter(expression=exp.Where(this=known)))", "pass")
@kills("jinpai/dialect.py", '_wrap(node, exp.Cast(to=exp.DataType.build("bigint")))', "pass")
@kills("jinpai/spark.py", '"spark.sql.ansi.enabled": "true"', '"spark.sql.ansi.enabled": "false"')
def test_a_query_means_the_same_on_both_engines(engines: tuple[Engine, Engine]) -> None:
    wrong = []
    for what, sql in QUERIES.items():
        one, other = (said(engine, sql) for engine in engines)
        if one != other:
            wrong.append(f"{what}\nDuckDB {one}\nSpark  {other}")
    assert not wrong, "\n\n".join(wrong)
    for engine in engines:
        with pytest.raises(Exception, match=r"(?i)overflow|out of range"):
            engine.rows("select n + n as a from t where n > 100")


@kills("jinpai/spark.py", "plain_words(rows).combine_chunks()", "plain_words(rows)")
def test_a_table_in_pieces_arrives_whole(engines: tuple[Engine, Engine]) -> None:
    pieces = pa.concat_tables([ROWS.slice(0, 0), ROWS.slice(0, 2), ROWS.slice(0, 0), ROWS.slice(2)])
    for engine in engines:
        engine.take("pieces", pieces)
        assert said(engine, "select * from pieces") == said(engine, "select * from t")
        engine.take("pieces", ROWS.slice(0, 0))
        assert engine.rows("select count(*) as n from pieces") == [{"n": 0}]


@kills("jinpai/spark.py", "having count(*) > 1 limit", "having count(*) > 2 limit")
@kills("jinpai/engine.py", "numbers[1:] == numbers[:-1]", "numbers[2:] == numbers[:-2]")
def test_a_number_that_stands_twice_is_found(engines: tuple[Engine, Engine]) -> None:
    for engine in engines:
        engine.take("told", pa.table({"n": pa.array([3, 1, 5, 3], pa.int64())}))
        found = [engine.repeats("n", f"told where n <= {most}") for most in (0, 1, 3)]
        assert found == [False, False, True]


def test_rows_are_written_and_read_again(engines: tuple[Engine, Engine], folder: Path) -> None:
    ways: dict[str, Callable[[Engine, Path], None]] = {
        "make": lambda engine, file: engine.make("again", "select * from t where n = $n or true", VALUES, file),
        "take": lambda engine, file: engine.take("again", ROWS, file),
        "gather": lambda engine, file: engine.gather("again", ROWS.schema, [ROWS[:2], ROWS[:0], ROWS[2:]], file),
    }
    for engine in engines:
        for way, run in ways.items():
            file = folder / f"{type(engine).__name__}.{way}.parquet"
            run(engine, file)
            assert said(engine, "select * from again") == said(engine, "select * from t"), (engine, way)
            for reader in engines:
                reader.read("read", [file])
                assert said(reader, "select * from read") == said(reader, "select * from t"), (engine, way, reader)
        assert engine.has("again")
        assert not engine.has("nothing")
    assert len(list(folder.glob("*.parquet"))) == 6
    assert not [entry for entry in folder.iterdir() if entry.is_dir()], "a folder of Spark's was left"


SHUFFLED = pa.table({
    "k": pa.array([place * 37 % 7 for place in range(90)], pa.int64()),
    "n": pa.array([place * 53 % 90 or None for place in range(90)], pa.int64()),
    "s": pa.array([None if place % 11 == 0 else f"话{place}" for place in range(90)], pa.string()),
})  # fmt: skip


def numbered(step: int) -> Walked:
    """Rows of each key numbered in order, beside the text of the row before."""
    schema = pa.schema([("k", pa.int64()), ("n", pa.int64()), ("place", pa.int64()), ("before", pa.string())])

    def over(rows: pa.Table) -> pa.Table:
        found: list[dict[str, object]] = []
        for row in rows.to_pylist():
            last = found[-1] if found and found[-1]["k"] == row["k"] else {"place": 0, "s": None}
            found.append(row | {"place": last["place"] + step, "before": last["s"]})
        return pa.Table.from_pylist([row for row in found if row["n"] != 1], schema=schema)

    return Walked("select k, n, s from shuffled where k <> $n", ("k", "n"), over, schema)


@kills("jinpai/spark.py", ".repartition(walked.order[0])", "")
@kills("jinpai/spark.py", ".sortWithinPartitions(*order)", "")
@kills("jinpai/spark.py", "in stretches(arriving, key)", "in map(__import__('pyarrow').table, arriving)")
@kills("jinpai/spark.py", "asc_nulls_last()", "asc()")
def test_whole_keys_are_walked_in_order(engines: tuple[Engine, Engine], folder: Path) -> None:
    engines[1]._session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "4")  # type: ignore[attr-defined]
    for engine in engines:
        engine.take("shuffled", SHUFFLED)
        engine.walk("walked", numbered(2), VALUES)
        engine.walk("kept", numbered(2), VALUES, folder / f"{type(engine).__name__}.parquet")
        assert said(engine, "select * from kept") == said(engine, "select * from walked")
        engine.walk("none", numbered(2), VALUES | {"n": None})
        assert engine.rows("select count(*) as n from none") == [{"n": 0}]
    one, other = (said(engine, "select * from walked") for engine in engines)
    assert one == other
    assert len(one[1]) == sum(row["k"] != VALUES["n"] and row["n"] != 1 for row in SHUFFLED.to_pylist())
    file = pq.read_table(folder / "SparkEngine.parquet").to_pylist()
    keys = [key for key, _ in groupby(row["k"] for row in file)]
    assert len(keys) == len(set(keys)) == 6, "rows of one key must lie together"
