"""详情页任务 pages: the tasks as a list for the screen, and a sheet for the page's editor as one page or a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinpai.errors import Words
from jinpai.render.csv import table
from jinpai.render.story import Say
from jinpai.render.topics import drawn

COLUMNS = {
    "product": Words("商品", "product"), "product_title": Words("商品名", "product title"), "title": Words("关注点", "topic"),
    "said": Words("说页面没写", "said it is missing"), "asked": Words("问到的会话", "conversations asking"),
    "conversations": Words("该商品会话", "conversations"), "done": Words("改好日期", "changed on"),
    "suggestion": Words("建议补的内容", "what to add"), "quotes": Words("原话", "quotes"),
}  # fmt: skip
SILENT = {"visitors": Words("静默成交买家 ÷ 访客", "silent buyers ÷ visitors"), "buyers": Words("静默成交买家 ÷ 付款买家（没有导入访客数）", "silent buyers ÷ buyers (no visitors imported)")}  # fmt: skip


def rows(result: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """逐行 the tasks with words for people."""
    return [
        one | {"quotes": " / ".join(one["quotes"]), "done": one["done"] or "", "title": one["topic"].replace("_", " ") if lang == "en" else one["title"]}
        for one in result["tasks"]
    ]  # fmt: skip


def csv(result: Mapping[str, Any], lang: str) -> str:
    """CSV 详情页任务 by the names of the columns."""
    return table(list(COLUMNS), ([row[name] for name in COLUMNS] for row in rows(result, lang)))


def part(rate: list[Any], say: Say) -> str:
    """比例 a rate in words with its interval."""
    top, bottom, low, high = rate
    if not bottom or low is None:
        return say(f"{top}/{bottom}，算不出比例", f"{top}/{bottom}, no rate")
    return say(
        f"{top / bottom:.1%}（{top}/{bottom}，{low:.0%}–{high:.0%}）",
        f"{top / bottom:.1%} ({top}/{bottom}, {low:.0%}–{high:.0%})",
    )


def verdict(moved: list[float] | None, say: Say) -> str:
    """变没变 what the interval of a change bears out."""
    if moved is None:
        return say("数据不够，没法比", "not enough data to compare")
    told = f"{moved[0] * 100:+.1f}（{moved[1] * 100:+.1f} ~ {moved[2] * 100:+.1f}）" if say.lang == "zh" else f"{moved[0] * 100:+.1f} ({moved[1] * 100:+.1f} to {moved[2] * 100:+.1f})"  # fmt: skip
    if moved[1] <= 0 <= moved[2]:
        return say(
            f"差 {told} 个百分点，范围里有 0，看不出变化", f"{told} points, the interval has 0 in it: no change is seen"
        )
    return say(f"差 {told} 个百分点", f"{told} points")


def stories(result: Mapping[str, Any], lang: str) -> list[str]:
    """改前改后 each change in sentences."""
    say, days = Say(lang), result["meta"]["days"]
    found = []
    for one in result["done"]:
        name = say(one["title"], one["topic"].replace("_", " "))
        lines = [say(f"{one['product']} {one['product_title']}「{name}」{one['on']} 改好，前后各 {days} 天：", f"{one['product']} {name}, changed on {one['on']}, {days} days each:")]  # fmt: skip
        if not one["is_over"]:
            lines.append(
                say(
                    f"  改后的 {days} 天还没过完，下面是到目前为止的。",
                    f"  The {days} days after are not over; this is what there is.",
                )
            )
        if not one["is_known"]:
            lines.append(
                say(f"  改前的 {days} 天聊天没有导全。", f"  Not all of the {days} days before were imported.")
            )
        for key, label in (
            ("asking", say("问这个的会话", "conversations asking")),
            ("silent", SILENT[one["silent_of"]].to(lang)),
        ):
            told = one[key]
            lines.append(
                f"  {label}{say('：', ': ')}{part(told['before'], say)} → {part(told['after'], say)}{say('；', '; ')}{verdict(told['change'], say)}"
            )
        found.append("\n".join(lines))
    return found


def notes(lang: str) -> list[str]:
    """说明 how before and after are to be read."""
    say = Say(lang)
    return [say("前后比较只说那段时间变没变；同时有活动、换季、改价，也会变，不能都算在改页面上。",
                "Before and after only say what changed meanwhile: promotions, seasons and prices move them too.")]  # fmt: skip


def sheet(result: Mapping[str, Any], lang: str) -> str:
    """给编辑的一页 the open tasks by product as one page: quotes, what to add, room for the day of the change."""
    say = Say(lang)
    by_product: dict[str, list[Mapping[str, Any]]] = {}
    for one in result["tasks"]:
        if not one["done"]:
            by_product.setdefault(one["product"], []).append(one)
    goods = [
        {"product": product, "title": tasks[0]["product_title"] or product, "tasks": tasks}
        for product, tasks in by_product.items()
    ]
    return drawn(
        "pages.html", lang, title=say("详情页要补的内容", "What the product pages should say"), shop=result["meta"]["shop"], goods=goods,
        owner=result["owner"], say=say,
    )  # fmt: skip


def write(result: Mapping[str, Any], path: Path, lang: str) -> None:
    """写工作簿 the same tasks into a new workbook; text stays text."""
    import xlsxwriter

    say = Say(lang)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        page = book.add_worksheet(say("详情页任务", "Page tasks"))
        head = book.add_format({"bold": True})
        quoted = book.add_format({"quote_prefix": True, "text_wrap": True, "valign": "top"})
        for at, (name, words) in enumerate(COLUMNS.items()):
            page.write_string(0, at, say.words(words), head)
            page.set_column(at, at, 44 if name in ("suggestion", "quotes", "product_title") else 13)
        for line, row in enumerate(rows(result, lang), 1):
            for at, name in enumerate(COLUMNS):
                if isinstance(row[name], str):
                    page.write_string(line, at, row[name], quoted)
                else:
                    page.write_number(line, at, row[name])
        page.freeze_panes(1, 2)
