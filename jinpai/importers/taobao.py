"""淘宝天猫导出 what Taobao and Tmall exports of all generations share: column names, masks, a row by column.

Columns are found by their cleaned name and its aliases, never by position. Source: formats, §1.1–1.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from jinpai.errors import Words
from jinpai.importers.cells import BadCell, clean, fen, identifier, plain, shown, words
from jinpai.importers.collecting import Collected
from jinpai.importers.extra import extra_of
from jinpai.importers.probe import Probe, header_name
from jinpai.importers.protocol import Problem, Rows, Summary
from jinpai.importers.sheets import Sheet

T = TypeVar("T")

ALIASES: dict[str, tuple[str, ...]] = {
    "main_id": ("主订单编号",),
    "order_id": ("订单编号",),
    "sub_order_id": ("子订单编号",),
    "buyer": ("买家会员名",),
    "buyer_nick": ("买家会员昵称", "买家昵称", "买家会员名称"),
    "created_at": ("订单创建时间", "买家下单时间", "下单时间"),
    "paid_at": ("订单付款时间", "买家付款时间", "付款时间"),
    "status": ("订单状态",),
    "goods_amount": ("买家应付货款",),
    "total_amount": ("总金额",),
    "paid_amount": ("买家实际支付金额", "买家实付金额"),
    "refund_amount": ("退款金额",),
    "refund_state": ("退款状态",),
    "quantity": ("宝贝总数量",),
    "product_count": ("宝贝种类",),
    "memo": ("商家备忘", "商家备注", "卖家备注", "常用备注"),
    "remark": ("订单备注",),
    "titles": ("宝贝标题", "商品标题", "标题"),
    "price": ("价格", "商品价格", "单价"),
    "line_quantity": ("购买数量", "商品数量", "宝贝数量"),
    "product_id": ("商品ID", "商品id", "宝贝ID", "宝贝id"),
    "outer_id": ("外部系统编号",),
    "sku_id": ("skuId", "SKUID", "skuID", "SkuId"),
    "sku_code": ("商家编码",),
    "properties": ("商品属性", "宝贝规格", "套餐信息"),
}
"""What a column is -> the names it goes by, best first."""
NO_REFUND = frozenset({"没有申请退款", "无退款申请", "无退款", "未申请退款"})
"""没有退款 words that mean a refund of 0."""
_SHIPPING = frozenset({"运单号", "物流单号", "物流公司", "发货时间"})


@dataclass(frozen=True, slots=True)
class Columns:
    """列的位置 where each known column stands on a sheet, and how the sheet calls it; the rest goes to `extra`."""

    places: Mapping[str, int]
    names: tuple[str, ...]

    def __contains__(self, what: str) -> bool:
        return what in self.places

    def has(self, *what: str) -> bool:
        """有没有 whether any of these columns is there."""
        return any(one in self.places for one in what)


def columns_of(sheet: Sheet, known_names: Mapping[str, tuple[str, ...]] = ALIASES) -> Columns:
    """认列 the columns of a sheet by their cleaned names; of two columns of one name the first counts.

    `known_names` are the names that a format gives its columns, best first; those of the order exports by default.
    """
    names = tuple(header_name(cell) for cell in sheet.header)
    where: dict[str, int] = {}
    for place, name in enumerate(names):
        where.setdefault(name, place)
    places: dict[str, int] = {}
    for what, aliases in known_names.items():
        known = next((where[alias] for alias in aliases if alias in where), None)
        if known is not None:
            places[what] = known
    return Columns(places, names)


def is_list(columns: Columns) -> bool:
    """订单列表 whether a sheet has orders: a number, a creation time and a buyer."""
    return columns.has("order_id", "main_id") and "created_at" in columns and columns.has("buyer", "buyer_nick")


def is_items(columns: Columns) -> bool:
    """订单明细 whether a sheet has line items: number, title, how many, and a column only Taobao has; no buyer."""
    names = set(columns.names)
    known = names & {"外部系统编号", "套餐信息", "skuId", "商品属性", "宝贝规格", "支付单号"}
    return columns.has("order_id", "main_id") and {"titles", "line_quantity"} <= columns.places.keys() and bool(known) and not (
        columns.has("buyer", "buyer_nick"))  # fmt: skip


def is_shipping(columns: Columns) -> bool:
    """发货报表 whether a sheet holds only parcels, of which no canonical table knows."""
    return columns.has("order_id", "main_id") and bool(_SHIPPING & set(columns.names)) and "created_at" not in columns


class Line:
    """一行 one row of an export, read by column; the first malformed cell makes the row a problem."""

    def __init__(self, columns: Columns, number: int, cells: list[object], mark: str = "") -> None:
        self.number = number
        self.problem: Problem | None = None
        self.columns = columns
        self._cells = cells
        self._mark = mark
        self._taken: set[str] = set()
        self._check_width()

    def _check_width(self) -> None:
        width, there = len(self.columns.names), len(self._cells)
        # A spreadsheet may leave out blank cells at the end; a quote that is not closed swallows the rows below.
        too_long = any(cell not in {None, ""} for cell in self._cells[width:])
        is_swallowed = there < width and "\n" in str(self._cells[-1])
        if too_long or is_swallowed:
            self.fail("", shown(self._cells[-1]), Words(
                f"这一行有 {there} 格，表头有 {width} 列。多半有一个引号没有配对，下面的行也可能被并了进来。",
                f"This row has {there} cells, the header has {width} columns. Most likely a quote is not closed, "
                "and rows below were taken into it."))  # fmt: skip

    def fail(self, column: str, value: str, reason: Words) -> None:
        """记下问题 makes the row a problem; the first reason stays."""
        if self.problem is None:
            self.problem = Problem(self.number, self._mark + column, value, reason)

    def cell(self, what: str) -> object:
        """原值 the cell as it stands; None where the column or the cell is not there."""
        place = self.columns.places.get(what)
        return None if place is None or place >= len(self._cells) else self._cells[place]

    def read(self, what: str, how: Callable[[object], T | None]) -> T | None:
        """读一格 the cell of a known column through `how`; a BadCell makes the row a problem and gives None."""
        if what not in self.columns:
            return None
        self._taken.add(what)
        try:
            return how(self.cell(what))
        except BadCell as bad:
            self.fail(self.columns.names[self.columns.places[what]], shown(self.cell(what)), bad.words)
            return None

    def need(self, what: str, value: T | None) -> None:
        """必须有 makes the row a problem when the value of a column that must be there is unknown."""
        if value is None:
            name = self.columns.names[self.columns.places[what]]
            self.fail(name, shown(self.cell(what)), Words("这一格是空的，没有它这一行没法用。",
                                                          "This cell is empty; the row is of no use without it."))  # fmt: skip

    def take(self, *what: str) -> None:
        """算已读 what was read without `read` does not go to `extra`."""
        self._taken.update(what)

    def put_back(self, what: str) -> None:
        """留作其他列 what was read but not used after all stays for `extra`."""
        self._taken.discard(what)

    def extra(self) -> str | None:
        """其他列 the cells that no `read` took, under the names of the file, as JSON."""
        taken = {self.columns.places[what] for what in self._taken}
        pairs = zip(self.columns.names, self._cells, strict=False)
        return extra_of({
            name or f"_{place + 1}": plain(cell) for place, (name, cell) in enumerate(pairs) if place not in taken
        })  # fmt: skip


def lines_of(sheet: Sheet, columns: Columns, mark: str = "") -> Iterator[Line]:
    """逐行 the rows of a sheet."""
    for number, cells in sheet.rows():
        yield Line(columns, number, cells, mark)


def order_id_of(line: Line) -> str | None:
    """订单号 the main order's number, which must be there."""
    found = line.read("main_id", identifier) or line.read("order_id", identifier)
    line.need("order_id" if "order_id" in line.columns else "main_id", found)
    return found


def refund_of(line: Line) -> int | None:
    """退款金额 what was refunded, in fen. Where a refund state is given: none asked or closed is 0, under way is None."""
    state = clean(line.cell("refund_state"))
    if state in NO_REFUND or clean(line.cell("refund_amount")) in NO_REFUND or (state and "关闭" in state):
        return 0
    amount = line.read("refund_amount", fen)
    if state is None or "成功" in state or "完成" in state or "完结" in state:
        return amount
    line.put_back("refund_amount")
    return None


def product_of(line: Line) -> str | None:
    """商品 the item's id, else the shop's own code for it (外部系统编号), else None."""
    return line.read("product_id", identifier) or line.read("outer_id", clean)


def sku_of(line: Line) -> str | None:
    """规格 the SKU's id, else the shop's own code for it (商家编码), else the words of its properties."""
    return line.read("sku_id", identifier) or line.read("sku_code", clean) or line.read("properties", words)


def unread_sheet(sheet: Sheet, columns: Columns) -> Problem | Summary:
    """没读的工作表 a sheet of parcels is left out and its rows counted; one of an unknown header is a problem."""
    if is_shipping(columns):
        return Summary(sum(1 for _ in sheet.rows()))
    return Problem(sheet.start, sheet.name, shown(",".join(columns.names)), Words(
        "不认识这张工作表的表头，整张没有导入。请确认它是原样导出的；不需要的话可以删掉它。",
        "The header of this sheet is not known; none of it was imported. "
        "Check that it is as exported, or remove the sheet."))  # fmt: skip


def read_sheets(
    probe: Probe,
    table: str,
    names: Mapping[str, tuple[str, ...]],
    is_known: Callable[[Columns], bool],
    reading: Callable[[Sheet, Columns], Callable[[Line], dict[str, object]]],
) -> Iterator[Rows | Problem | Summary]:
    """逐张工作表读 the rows of `table` from every sheet whose columns are known; `reading` gives what reads a line of it."""
    sheets = [(sheet, columns_of(sheet, names)) for sheet in probe.sheets]
    found = Collected(table)
    for sheet, columns in sheets:
        if not is_known(columns):
            yield unread_sheet(sheet, columns)
            continue
        lines = lines_of(sheet, columns, f"{sheet.name}·" if len(sheets) > 1 else "")
        yield from read_lines(found, lines, reading(sheet, columns))
    yield from found.rest()


def read_lines(
    found: Collected, lines: Iterable[Line], read: Callable[[Line], dict[str, object]]
) -> Iterator[Rows | Problem]:
    """逐行读 lines through `read` into `found`; rows as there are enough of them, and a problem for each unread line."""
    for line in lines:
        row = read(line)
        if line.problem is not None:
            yield line.problem
        else:
            found.add(**row, row=line.number, extra=line.extra())
            yield from found.full()
