"""方言 dialect: the SQL of the tables, written for DuckDB, as Spark means the same; sqlglot does most of it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot.expressions import Expr


@cache
def translated(sql: str) -> str:
    """翻译 a query of the tables in Spark's dialect, with the meaning and the types that it has in DuckDB."""
    import sqlglot

    tree = sqlglot.parse_one(sql, dialect="duckdb")
    for node in reversed(list(tree.bfs())):  # what is inside first
        _settle(node)
    # without comments, which may hold what looks like a parameter
    return str(tree.sql(dialect="spark", comments=False))


def _settle(node: Expr) -> None:
    """Gives one node the meaning it has in DuckDB, where Spark's differs and sqlglot does not see to it."""
    from sqlglot import exp

    if isinstance(node, exp.DataType) and node.this in (exp.DType.INT128, exp.DType.INT256):
        # exact for a product of two BIGINTs, which has at most 38 digits
        node.replace(exp.DataType.build("decimal(38, 0)"))
    elif isinstance(node, (exp.ArgMax, exp.ArgMin)):
        # DuckDB's arg_max passes over rows whose value is null; Spark's returns the null
        known = exp.Not(this=exp.Is(this=exp.Paren(this=node.this.copy()), expression=exp.Null()))
        if isinstance(node.parent, exp.Filter):
            where = node.parent.expression
            where.set("this", exp.and_(known, where.this))
        else:
            _wrap(node, exp.Filter(expression=exp.Where(this=known)))
    elif isinstance(node, (exp.Length, exp.StrPosition)) or (
        isinstance(node, exp.Window) and isinstance(node.this, (exp.RowNumber, exp.Rank, exp.DenseRank))
    ):
        # BIGINT in DuckDB, INTEGER in Spark
        _wrap(node, exp.Cast(to=exp.DataType.build("bigint")))


def _wrap(node: Expr, around: Expr) -> None:
    node.replace(around)
    around.set("this", node)
