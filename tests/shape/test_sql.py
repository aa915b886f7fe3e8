"""The SQL of tables and metrics keeps to what both engines are known to understand alike (tests/spark proves it)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlglot
from sqlglot import exp

from jinpai.daily import PASSES
from jinpai.metrics import catalogue, windows
from jinpai.metrics.parts import Grain, daily_sql, seconds_sql
from jinpai.period import Window
from jinpai.tables import reads_of, tables
from tests.mutants import kills

ALLOWED = set("""
    Add Alias And Boolean CTE Case Coalesce Column Count DataType Distinct EQ Exists Filter From GT GTE Greatest Group
    Grouping GroupingSets Having Identifier If In IntDiv Is Join LT LTE Lag Least Length Literal LogicalAnd LogicalOr Max Min Mod Mul NEQ Neg
    Not Null Or Order Ordered Paren Placeholder ArgMax ArgMin Cast RowNumber Select Star StrPosition Sub Subquery Sum
    Table TableAlias Tuple Union Where Window WindowSpec With
""".split())  # fmt: skip
WHY = {
    "Div": "a decimal division is rounded differently on each engine; use //",
    "PercentileCont": "sqlglot turns it silently into an approximation; percentiles come from histograms",
    "PercentileDisc": "sqlglot turns it silently into an approximation; percentiles come from histograms",
    "Quantile": "sqlglot turns it silently into an approximation; percentiles come from histograms",
    "ApproxQuantile": "an approximation; percentiles come from histograms",
    "Median": "sqlglot turns it silently into an approximation; percentiles come from histograms",
    "Avg": "a mean is a ratio of sums, and the rim divides",
    "Round": "engines round halves differently; the rim rounds",
    "MD5": "keys are made at import, not in SQL",
    "SHA": "keys are made at import, not in SQL",
    "SHA2": "keys are made at import, not in SQL",
    "CurrentTimestamp": "a rebuild tomorrow must give the same rows",
    "CurrentDate": "a rebuild tomorrow must give the same rows",
    "Extract": "session zones shift Spark by hours; days and hours come from calendar and slot",
    "TimestampTrunc": "session zones shift Spark by hours; days and hours come from calendar and slot",
}
TYPES = {exp.DType.BIGINT, exp.DType.INT128, exp.DType.TEXT, exp.DType.VARCHAR}


def texts() -> Iterator[tuple[str, str]]:
    """Every query with the file or metric that it stands in."""
    for table in tables().values():
        if table.sql:
            yield f"jinpai/tables/{table.name}.sql", table.sql
        if table.rows:
            yield f"jinpai/tables/{table.name}.py", table.rows
    for metric in catalogue().values():
        for window in windows(Window.parse("next_day")) if metric.windowed else [None]:
            for part in metric.parts(window):
                # the conditions of a platform's profile are written out from settings
                expression = part.expression.format_map(_Named())
                for scopes in ([("agent", "hour")], *PASSES) if part.how != "seconds" else ():
                    yield f"metric {metric.name}", daily_sql(part.source, [expression], *scopes)
                for grain in (Grain.of(by) for by in ((), ("agent", "hour", "week"))) if part.how == "seconds" else ():
                    yield f"metric {metric.name}", seconds_sql(part.source, expression, grain)


class _Named(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "answered_ms" if name.endswith("_ms") else "(agent is not null)"


def refused(sql: str) -> list[str]:
    """What in a query the engines might not understand alike, a phrase each."""
    found = []
    for node in sqlglot.parse_one(sql, dialect="duckdb").walk():
        name = type(node).__name__
        if name not in ALLOWED:
            said = node.name if isinstance(node, exp.Anonymous) else name
            found.append(f"{said} ({WHY.get(name, 'not tried on both engines: prove it in tests/spark first')})")
        elif isinstance(node, exp.Cast) and node.to.this not in TYPES:
            found.append(f"Cast to {node.to.sql()} (columns are BIGINT, VARCHAR and BOOLEAN; other casts round)")
        elif isinstance(node, exp.Join) and (node.args.get("method") or node.args.get("using")):
            found.append(f"Join {node.args.get('method') or 'using'} (join by range or equality, spelled out)")
        elif isinstance(node, exp.Window) and isinstance(node.this, exp.Filter):
            found.append("Filter in a window (Spark has none; use case when)")
        elif isinstance(node, exp.WindowSpec) and str(node.args.get("kind")).upper() != "ROWS":
            found.append(f"WindowSpec {node.args.get('kind')} (frames are counted in rows)")
        elif isinstance(node, exp.Sum) and not _settled(node):
            found.append(f"Sum ({node.sql()} is a HUGEINT on DuckDB: cast(coalesce(sum(x), 0) as bigint))")
    return found


def _settled(total: exp.Sum) -> bool:
    """A sum that is cast to BIGINT, or only compared or sorted by."""
    node: exp.Expression | None = total.parent
    while node is not None and not isinstance(node, exp.Select):
        if isinstance(node, (exp.Ordered, exp.Having)) or (
            isinstance(node, exp.Cast) and node.to.this == exp.DType.BIGINT
        ):
            return True
        node = node.parent
    return False


def test_tables_and_metrics_keep_to_the_common_language() -> None:
    wrong = [f"{place} uses {what}" for place, sql in texts() for what in refused(sql)]
    assert not wrong, "\n".join(sorted(set(wrong)))


@kills("jinpai/tables/__init__.py", "(?:from|join)", "from")
@kills("jinpai/tables/__init__.py", " - set(_DEFINED.findall(text))", "")
def test_a_table_reads_what_a_parser_finds_in_its_from_clauses() -> None:
    for table in tables().values():
        if table.sql:
            tree = sqlglot.parse_one(table.sql, dialect="duckdb")
            own = {one.alias for one in tree.find_all(exp.CTE)}
            assert set(reads_of(table.sql)) == {one.name for one in tree.find_all(exp.Table)} - own, table.name


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("select quantile_cont(ms, 0.5) from round", "PercentileCont"),
        ("select a / b as c from sale", "Div"),
        ("select hash(buyer) as c from orders", "hash"),
        ("select cast(3.5 as integer) as c", "Cast to INT"),
        ("select current_timestamp as c", "CurrentTimestamp"),
        ("select now() as c", "now"),
        ("select * from line asof join orders using (buyer_key)", "Join"),
        ("select sum(n) as n from t", "Sum"),
        ("select max(n) filter (where b) over (order by n) as n from t", "Filter in a window"),
        ("select to_timestamp(n) as n from t", "UnixToTime"),
    ],
)
def test_what_the_engines_understand_differently_is_refused(sql: str, why: str) -> None:
    assert any(what.startswith(why) for what in refused(sql)), refused(sql)
