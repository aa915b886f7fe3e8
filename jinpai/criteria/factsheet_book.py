"""店铺事实表 fact sheet as a workbook: a form to fill in, a row for the whole shop and one a product, a column a subject.

A row of a file takes the place of that product's facts, an empty cell takes a fact out; products that a file leaves out
stay. What will not do is a JinpaiError with sheet, row and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from jinpai.criteria.factsheet import FACTS, POINTS, POINTS_TITLE, SHOP, Fact, FactSheet, stated
from jinpai.errors import JinpaiError, Words
from jinpai.importers.workbooks import workbook_sheets
from jinpai.text.subjects import NO, YES
from jinpai.workspace.documents import inline

WHOLE_SHOP = Words("全店", "whole shop")
_NUMBER = Words("商品编号", "product_id")
_TITLE = Words("商品名", "title")
_TITLES = {name: one.title for name, one in FACTS.items()} | {POINTS: POINTS_TITLE}
_SPLIT = re.compile(r"[、，,;；\n]")
_HELP = (
    Words("第一行写全店的，下面一行一个商品，编号是宝贝链接里 id= 后面的数字；商品没写的按全店的算。", "The first row is the whole shop's; below, one row a product. What a product leaves empty is the shop's."),
    Words("几个都行的用顿号隔开，如 中通、圆通。「必须讲到」写关注点的名字，如 材质成分、尺寸尺码、使用方法。", "Several values are divided by 、. “must be told” takes names of topics."),
    Words("填好后：jinpai facts 文件 --workspace 工作区；会先列出改动，确认了才改。", "Then: jinpai facts FILE --workspace DIR, which shows what changes and asks."),
)  # fmt: skip
_ROWS = 2000


def write(path: Path, sheet: FactSheet, lang: str = "zh") -> None:
    """写表 the form as an XLSX at `path`, with what the sheet states filled in."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        form = book.add_worksheet(Words("店铺事实", "Facts").to(lang))
        head, text = (
            book.add_format({"bold": True, "bg_color": "#EDEDED", "border": 1}),
            book.add_format({"num_format": "@"}),
        )
        heads = [_NUMBER, _TITLE, *_TITLES.values()]
        for place, words in enumerate(heads):
            form.write_string(0, place, words.to(lang), head)
            form.set_column(place, place, 18, text)
            subject = FACTS.get([*_TITLES][place - 2]) if place > 1 else None
            if subject is not None and subject.kind == "flag":
                form.data_validation(
                    1,
                    place,
                    _ROWS,
                    place,
                    {"validate": "list", "source": ["是", "否"] if lang == "zh" else ["yes", "no"]},
                )
        cells, titles = sheet.cells(), dict(sheet.titles)
        for row, product in enumerate(dict.fromkeys([SHOP, *(one for one, _ in cells), *titles]), 1):
            told = [
                product or WHOLE_SHOP.to(lang),
                titles.get(product, ""),
                *(cells.get((product, name), "") for name in _TITLES),
            ]
            for place, value in enumerate(told):
                if value:
                    form.write_string(row, place, value, text)
        form.freeze_panes(1, 1)
        guide = book.add_worksheet(Words("填写说明", "How to fill in").to(lang))
        for row, words in enumerate(_HELP):
            guide.write_string(row, 0, words.to(lang))
        for row, (name, title) in enumerate(_TITLES.items(), len(_HELP) + 1):
            guide.write_string(row, 0, title.to(lang))
            guide.write_string(row, 1, FACTS[name].example if name in FACTS else "材质成分、尺寸尺码")
        guide.set_column(0, 0, 24)


def read(path: Path) -> FactSheet:
    """读表 the sheet that a filled in form states; its rows that hold nothing but a number are there, without facts."""
    form = next(iter(workbook_sheets(path)), None)
    heads = [head.strip() for head in form.header] if form is not None else []
    columns = {name: place for name, words in (("", _NUMBER), ("title", _TITLE), *_TITLES.items())
               for place, head in enumerate(heads) if head in (words.zh, words.en, name)}  # fmt: skip
    if form is None or "" not in columns:
        raise JinpaiError(
            f"{path} 里没有「商品编号」这一列。请用 jinpai template facts 写一份表再填。",
            f"{path} has no column product_id. Fill in the form of jinpai template facts.",
        )
    facts: list[Fact] = []
    points, titles, seen = [], [], set()
    for number, cells in form.rows():
        told = {name: _text(cells[place]) for name, place in columns.items() if place < len(cells)}
        product = SHOP if told[""] in (WHOLE_SHOP.zh, WHOLE_SHOP.en, "") else told[""]
        place = f"{path.name} 第 {number} 行"
        if product in seen:
            raise JinpaiError(f"店铺事实 {place}：{product or WHOLE_SHOP.zh} 写了两行。请合成一行。",
                              f"The fact sheet {place}: {product or WHOLE_SHOP.en} stands twice. Put it in one row.")  # fmt: skip
        seen.add(product)
        titles.append((product, told.get("title", "")))
        for name, value in told.items():
            said = tuple(one.strip() for one in _SPLIT.split(value) if one.strip())
            if said and name == POINTS:
                points.append((product, said))
            elif said and name in FACTS:
                facts.append(stated(place, product, FACTS[name], said))
    return FactSheet(tuple(facts), tuple(points), tuple(titles), str(path))


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def merged(standing: FactSheet, form: FactSheet) -> FactSheet:
    """合在一起 what stands, with the products that a form holds as the form has them."""
    told = {product for product, _ in form.titles}
    return replace(
        standing,
        facts=(*(one for one in standing.facts if one.product not in told), *form.facts),
        points=(*(one for one in standing.points if one[0] not in told), *form.points),
        titles=tuple(one for one in (*(one for one in standing.titles if one[0] not in told), *form.titles) if one[0] and one[1]),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """改动 one fact that is new (`before` empty), changed, or taken out (`after` empty)."""

    product: str
    subject: str
    before: str
    after: str

    @property
    def words(self) -> Words:
        """一行 the change for people."""
        sign, said = (
            ("+", self.after)
            if not self.before
            else ("-", self.before)
            if not self.after
            else ("~", f"{self.before} → {self.after}")
        )
        title = _TITLES[self.subject]
        return Words(
            f"  {sign} {self.product or WHOLE_SHOP.zh} {title.zh}：{said}",
            f"  {sign} {self.product or WHOLE_SHOP.en} {title.en}: {said}",
        )


def changes(before: FactSheet, after: FactSheet) -> list[Change]:
    """改动 fact by fact, in the order of the sheets."""
    old, new = before.cells(), after.cells()
    return [
        Change(*key, old.get(key, ""), new.get(key, ""))
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    ]


def toml(sheet: FactSheet) -> str:
    """写成文本 the sheet as the text of facts.toml."""
    return "\n".join(_lines(sheet)) + "\n"


def _lines(sheet: FactSheet) -> Iterator[str]:
    titles, points = dict(sheet.titles), dict(sheet.points)
    yield "# 店铺事实：客服说的话和这里对照（B3、B4）。可以直接改，也可以用 jinpai facts 导出表格来填。"
    for product in dict.fromkeys([SHOP, *(one.product for one in sheet.facts), *points, *titles]):
        yield ""
        yield f"[product.{inline(product)}]" if product else "[shop]"
        if product in titles:
            yield f"title = {inline(titles[product])}"
        for one in sheet.facts:
            if one.product == product:
                flags = {YES: True, NO: False}
                value = (
                    flags[one.said[0]]
                    if FACTS[one.subject].kind == "flag"
                    else one.said[0]
                    if len(one.said) == 1
                    else list(one.said)
                )
                yield f"{one.subject} = {inline(value)}"
        if product in points:
            yield f"{POINTS} = {inline(list(points[product]))}"
