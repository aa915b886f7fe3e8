"""中文写法 Chinese: the headings and the words with which people fill in a canonical table, and their English names.

`jinpai template` writes these headings; a sheet with them is read as the table itself. Messages, orders and
their items are never read so: platforms' own exports have headings much like them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from jinpai.canon import TABLES, Table
from jinpai.importers.probe import header_name

FILLED_IN = ("evaluations", "shifts", "promotions", "buyers", "visitors", "refunds", "agents", "products")
"""手工填的表 the tables that people fill in."""
GUIDE = "填写说明"
"""说明页 the sheet of a template that explains its columns; it holds no data."""
GUIDES = frozenset({GUIDE, "How to fill in"})

_HEADINGS: dict[tuple[str, str], str] = {
    ("agents", "joined_on"): "入职日期", ("agents", "left_on"): "离职日期", ("products", "product_id"): "商品编号",
    ("products", "title"): "商品标题", ("products", "kind"): "商品类型", ("products", "returnable"): "可退",
    ("evaluations", "level"): "评价", ("evaluations", "origin"): "评价来源", ("shifts", "person"): "值班人",
    ("shifts", "starts_at"): "开始时间", ("shifts", "ends_at"): "结束时间", ("promotions", "name"): "活动名称",
    ("promotions", "starts_at"): "开始时间", ("promotions", "ends_at"): "结束时间",
    ("promotions", "product_id"): "商品编号", ("promotions", "kind"): "活动类型", ("visitors", "product_id"): "商品编号",
}  # fmt: skip
WORDS: dict[tuple[str, str], dict[str, str]] = {
    ("agents", "team"): {"售前": "presales", "售后": "aftersales", "都接": "both"},
    ("products", "kind"): {"普通": "plain", "要讲解": "complex", "高价": "expensive", "定制": "custom"},
    ("evaluations", "origin"): {"邀请": "invited", "自主": "self", "系统": "system"},
    ("evaluations", "level"): {"很满意": "5", "满意": "4", "一般": "3", "不满意": "2", "很不满意": "1"},
    ("shifts", "kind"): {"在岗": "on_duty", "挂起": "suspended", "休息": "break"},
}  # fmt: skip
"""中文词 (table, column) -> what people write -> the canonical word."""


def heading(table: str, column: str) -> str:
    """中文列名 the heading of a column as `jinpai template` writes it."""
    names = {one.name: one.zh for one in TABLES[table].columns}
    return _HEADINGS.get((table, column), names[column])


@cache
def _known(table: str) -> Mapping[str, str]:
    """Headings, as they are compared, to canonical names; the English names too."""
    found: dict[str, str] = {}
    for column in TABLES[table].columns:
        for said in (column.name, column.zh, heading(table, column.name)):
            found.setdefault(header_name(said).casefold(), column.name)
    return found


def chinese_table(names: tuple[str, ...], titles: tuple[str, ...]) -> Table | None:
    """中文表头是哪张表 the table whose Chinese headings these are, None when they are none.

    Every needed column must be there, and either all headings are the table's, or half of them are and a title (of
    the sheet, of the file) names the table: then further columns are kept aside. Two tables that fit equally are none.
    """
    there = {name for name in names if name and not name.startswith("_")}
    if all(name.isascii() for name in there):
        return None
    scores: dict[str, int] = {}
    for table in FILLED_IN:
        found = {_known(table)[name] for name in there if name in _known(table)}
        is_titled = any(table in title.casefold() or TABLES[table].zh in title for title in titles)
        needed = {column.name for column in TABLES[table].columns if column.required} or {"level"}
        if needed <= found and (there <= _known(table).keys() or (is_titled and len(found) * 2 >= len(there))):
            scores[table] = len(found) + 100 * is_titled
    best = [table for table, score in scores.items() if score == max(scores.values())]
    return TABLES[best[0]] if len(best) == 1 else None


def english(table: Table, names: tuple[str, ...]) -> tuple[str, ...]:
    """换成英文列名 the header with canonical names for the table's headings; a name is given once."""
    given: list[str] = []
    for name in names:
        canonical = _known(table.name).get(name, name) if table.name in FILLED_IN else name
        given.append(canonical if canonical not in given else name)
    return tuple(given)
