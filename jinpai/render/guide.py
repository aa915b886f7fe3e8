"""上手指南 guide: for each platform which page, which button and which file, and what is possible at each depth of data.

What is said to be read is read by an importer of that name. Where platforms keep things was taken from public pages and
parsers, and none was looked at in a shop's own back office, so that the page says so. Source: the page of the desk, Three depths.
"""

from __future__ import annotations

from dataclasses import dataclass

from jinpai.errors import Words

DEPTHS = {
    1: (Words("只有订单", "Orders alone"),
        Words("全店的付款金额、订单和退款。没有聊天就没有询单、转化和响应，业绩也分不到客服。",
              "The shop's payments, orders and refunds. Without chats there are no enquiries, conversion or responses, and no sale is anybody's.")),
    2: (Words("订单和接待明细", "Orders and reception lists"),
        Words("赤兔的接待明细（谁在几点接待了谁）和赤兔、生意参谋的汇总表，现在还不能导入；要按客服看，请导聊天原文。",
              "Reception lists of 赤兔 (who received whom when) and the sums of 赤兔 and 生意参谋 are not read yet; for figures by agent import the chats.")),
    3: (Words("订单和聊天原文", "Orders and chats"),
        Words("全部：询单、转化、响应、业绩归属、质检、买家在问什么。", "Everything: enquiries, conversion, responses, whose sale it is, inspection, what buyers ask.")),
}  # fmt: skip
"""三种深度 what can be had with how much data."""


@dataclass(frozen=True, slots=True)
class Source:
    """来源 one thing to export: `what` it is, `how` to get it, `how_often`, and the importers that read it (none: it is not read)."""

    depth: int
    what: Words
    how: tuple[Words, ...]
    how_often: Words
    formats: tuple[str, ...]
    note: Words = Words("", "")  # noqa: RUF009 - a tuple


@dataclass(frozen=True, slots=True)
class Platform:
    """平台 with what is exported from it, and in a sentence how far one gets."""

    title: Words
    reach: Words
    sources: tuple[Source, ...]
    deepest: int


DAILY = Words(
    "每天早上一次，导最近几天的：付款和退款会变，重复的只算最新的",
    "Every morning, the last days: payments and refunds change, and of an order the newest counts",
)
WEEKLY = Words("至少每周一次；重叠的日子只算一次，放心多导几天", "Once a week at least; days that overlap count once")
MONTHLY = Words("每月一次", "Once a month")
_MAPPED = Words(
    "这种文件拖进来认不出，要由装这台电脑的人用一份对照表导一次：jinpai import 文件 --mapping 对照表.toml（写法见 docs/mapping.md）。",
    "Dropped on the page this file is not recognised; whoever runs the computer imports it by a mapping: jinpai import FILE --mapping MAPPING.toml (docs/mapping.md).",
)
_NO_BUYER = Words(
    "文件里没有买家昵称，和聊天对不上人。", "The file names no buyer, so that orders and chats cannot be matched."
)

PLATFORMS: dict[str, Platform] = {
    "taobao": Platform(
        Words("淘宝 / 天猫（千牛）", "Taobao and Tmall (千牛)"),
        Words("最全：订单、退款、聊天都能直接拖进来。", "The most: orders, refunds and chats are dropped in as they are."),
        (
            Source(1, Words("订单报表和宝贝报表", "Order list and item list"), (
                Words("千牛工作台（网页或电脑版）→ 交易 → 已卖出的宝贝", "千牛 (web or PC) → 交易 → 已卖出的宝贝"),
                Words("选成交时间，点「批量导出」，再点「查看已生成报表」", "Choose the days, press 批量导出, then 查看已生成报表"),
                Words("「下载订单报表」和「下载宝贝报表」两个都要：前一个有买家和金额，后一个有商品", "Take both 下载订单报表 (buyers, amounts) and 下载宝贝报表 (products)"),
            ), DAILY, ("taobao_orders", "taobao_items"),
                Words("买家昵称不打码的导出最好：打了码就和聊天对不上，看导入后的「买家匹配率」。不要用 Excel 另存，订单号会变成 4.59E+18。",
                      "Best with buyers' names unmasked, else orders meet no chat: look at the match rate. Do not save it again with Excel, which damages order numbers.")),
            Source(3, Words("聊天记录（推荐）", "Chats (best)"), (
                Words("千牛电脑版 → 接待中心 → 消息记录（消息管理器）", "千牛 for PC → 接待中心 → 消息记录"),
                Words("选日子和联系人，导出成文本文件（TXT）", "Choose days and buyers, export as text (TXT)"),
                Words("每位客服的子账号各导一份；一个文件里有很多买家也行", "One for each sub-account; many buyers in one file will do"),
            ), WEEKLY, ("qianniu_t1", "qianniu_t2"),
                Words("导出的文件原样拖进来，不要改名改内容；名字不重要，程序看内容认格式。", "Drop the file in as it is; formats are told by what is in it.")),
            Source(3, Words("聊天记录（网页查询）", "Chats (web page)"), (
                Words("千牛网页版 → 客服 → 聊天记录查询，只有最近 3 个月", "千牛 on the web → 客服 → 聊天记录查询, the last three months"),
                Words("用导出插件存成一位客户一张表的 XLSX，或整页文本的 CSV", "Save with an export plug-in as XLSX, a sheet a customer, or as CSV of the page's text"),
            ), WEEKLY, ("qianniu_t4",),
                Words("网页会把一部分买家显示成「账号信息保护显示」，这些人和订单对不上。", "The page hides some buyers, who cannot be matched to orders.")),
            Source(3, Words("复制粘贴的聊天", "Chats copied and pasted"), (
                Words("在接待窗口里选中对话，复制，粘到记事本存成 TXT（UTF-8）", "Select the talk in the window, copy it into a text file (UTF-8)"),
            ), Words("补个别会话时用", "For single talks"), ("qianniu_t3",),
                Words("读法有几处是猜的，会列成「待核对」。", "Some of it is read by guess and listed to be checked.")),
            Source(3, Words("第三方工具的会话明细", "Session lists of other tools"), (
                Words("九列的表：会话ID、日期、时间、对象、发话者、消息、消息状态、商品ID、商品", "Nine columns: 会话ID, 日期, 时间, 对象, 发话者, 消息, 消息状态, 商品ID, 商品"),
            ), WEEKLY, ("nine_column",)),
            Source(1, Words("退款", "Refunds"), (
                Words("千牛工作台 → 交易 → 退款管理，按申请时间导出", "千牛 → 交易 → 退款管理, export by day of application"),
            ), WEEKLY, ("taobao_refunds",), Words("有它，客服销售额才减得掉退款。", "With it refunds are taken off agents' sales.")),
            Source(1, Words("开放平台订单 JSON", "Orders of the open platform"), (
                Words("自己有开放平台应用的店：taobao.trades.sold.get 一类接口的回答存成文件", "Shops with an app of their own: answers of taobao.trades.sold.get saved as files"),
            ), DAILY, ("taobao_trades",), Words("接口给的买家打了码，和聊天对不上。", "The interface masks buyers, who meet no chat.")),
        ), 3),
    "jd": Platform(
        Words("京东（京麦）", "JD (京麦)"),
        Words("订单要用对照表导；咚咚聊天没有能直接读的导出。眼下到第 ① 层。", "Orders come in by a mapping; no export of 咚咚 chats is read. It reaches the first depth."),
        (
            Source(1, Words("订单", "Orders"), (
                Words("京麦工作台（网页版）→ 订单管理 → 订单查询与跟踪，导出 CSV", "京麦 on the web → 订单管理, export as CSV"),
                Words("随程序有现成的对照表 examples/jd_orders.toml", "A mapping comes with the program: examples/jd_orders.toml"),
            ), DAILY, (), _MAPPED),
            Source(3, Words("咚咚聊天", "咚咚 chats"), (
                Words("没有找到官方的聊天导出格式；咚咚的 .log 文件还不能直接读", "No official export was found; the .log files of 咚咚 are not read yet"),
                Words("有第三方工具导出的表，可以写一份对照表来导", "Tables of other tools can be imported by a mapping"),
            ), WEEKLY, (), _MAPPED),
        ), 1),
    "pdd": Platform(
        Words("拼多多", "Pinduoduo"),
        Words("没有官方的聊天导出；订单里没有买家。眼下到第 ① 层。", "There is no official export of chats, and orders name no buyer. It reaches the first depth."),
        (
            Source(1, Words("订单", "Orders"), (
                Words("拼多多商家后台 → 发货管理 → 订单查询 → 批量导出，下载 CSV 或 XLSX", "拼多多商家后台 → 发货管理 → 订单查询 → 批量导出, CSV or XLSX"),
            ), DAILY, (), Words(_MAPPED.zh + _NO_BUYER.zh, f"{_MAPPED.en} {_NO_BUYER.en}")),
            Source(3, Words("聊天", "Chats"), (
                Words("没有官方导出。有抓取工具做的表，可以写一份对照表来导；请先确认平台规则允许", "No official export. Tables of capture tools can be mapped; make sure that the platform allows them"),
            ), WEEKLY, ()),
        ), 1),
    "douyin": Platform(
        Words("抖店（飞鸽）", "Douyin (飞鸽)"),
        Words("飞鸽没有官方的聊天导出；订单里没有买家。眼下到第 ① 层。", "飞鸽 has no official export of chats, and orders name no buyer. It reaches the first depth."),
        (
            Source(1, Words("订单", "Orders"), (
                Words("抖店后台 → 订单 → 订单管理 → 导出，下载 CSV", "抖店 → 订单 → 订单管理 → 导出, as CSV"),
            ), DAILY, (), Words(_MAPPED.zh + _NO_BUYER.zh, f"{_MAPPED.en} {_NO_BUYER.en}")),
            Source(3, Words("飞鸽聊天", "飞鸽 chats"), (
                Words("没有官方导出。有抓取工具做的表，可以写一份对照表来导；请先确认平台规则允许", "No official export. Tables of capture tools can be mapped; make sure that the platform allows them"),
            ), WEEKLY, ()),
        ), 1),
    "own": Platform(
        Words("独立站、自己的系统", "Own site or system"),
        Words("自己导成标准表，三层都能做到。", "Export in our own headings, and every depth is there."),
        (
            Source(3, Words("标准表", "Our own headings"), (
                Words("让做系统的人按标准列名导出 CSV、XLSX 或 Parquet：聊天 messages、订单 orders、退款 refunds、订单明细 order_items", "CSV, XLSX or Parquet with our headings: messages, orders, refunds, order_items"),
                Words("列名和写法在 docs/reference/formats.md；时间写 2026-11-18 10:00:00，金额写元", "Headings stand in docs/reference/formats.md; times like 2026-11-18 10:00:00, money in yuan"),
            ), DAILY, ("canonical",)),
            Source(3, Words("别的系统导出的表", "Tables of other systems"), (
                Words("Shopify 订单、客服软件导出的表，都可以写一份对照表来导", "Orders of Shopify, tables of help desks: by a mapping"),
            ), DAILY, (), _MAPPED),
        ), 3),
}  # fmt: skip
"""每个平台 what is exported where; the first is shown where nothing tells which platform the shop is on."""

FILLED_IN = {
    "agents": Words("客服名单：姓名、组、入职离职", "Agents: names, teams, when they came and left"),
    "products": Words("商品：标题、类目、价格", "Products: titles, categories, prices"),
    "shifts": Words("排班：谁几点到几点在岗", "Shifts: who was on duty when"),
    "visitors": Words("访客数：每天每个商品", "Visitors by day and product"),
}  # fmt: skip
"""要自己填的表 lists that no platform exports so; each has a sheet to fill in."""


def of_formats(formats: set[str]) -> str:
    """哪个平台 the platform whose formats a shop has imported; the first of all where none tells."""
    for name, platform in PLATFORMS.items():
        if formats & {one for source in platform.sources for one in source.formats} - {"canonical"}:
            return name
    return "own" if "canonical" in formats else next(iter(PLATFORMS))
