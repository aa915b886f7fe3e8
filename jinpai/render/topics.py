"""关注点排行 topics: what buyers ask and object to, as rows for CSV, as a workbook and as one page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinpai.errors import Words
from jinpai.render.csv import table
from jinpai.render.html import TEMPLATES
from jinpai.render.story import Say

COLUMNS = {
    "product": Words("商品", "product"), "product_title": Words("商品名", "product title"), "kind": Words("类别", "kind"),
    "topic": Words("代号", "topic"), "title": Words("关注点", "title"), "conversations": Words("提到的会话", "conversations"),
    "share": Words("占会话", "share"), "trend": Words("近两周", "last two weeks"),
    "conversion_with": Words("问过的转化", "conversion with"), "conversion_without": Words("没问的转化", "conversion without"),
    "quotes": Words("原话", "quotes"),
}  # fmt: skip
KINDS = {"topic": Words("关注点", "topic"), "objection": Words("异议", "objection")}
RATES = ("share", "conversion_with", "conversion_without")
_PARTS = ("numerator", "denominator", "low", "high")


def percent(value: float | None, say: Say) -> str:
    """百分比 with one decimal, or that it is not known yet."""
    return say("未知", "unknown") if value is None else f"{value:.1%}"


def parts(row: Mapping[str, Any], name: str, say: Say) -> tuple[str, str]:
    """带区间的百分比 a rate, and its numerator, denominator and interval."""
    top, bottom, low, high = row["of"][name]
    told = percent(row[name], say)
    if row[name] is None:
        return told, f"{top}/{bottom}"
    return told, say(f"{top}/{bottom}，{low:.0%}–{high:.0%}", f"{top}/{bottom}, {low:.0%}–{high:.0%}")


def trend(row: Mapping[str, Any], weeks: Sequence[str]) -> str:
    """近两周 the counts of the last week and the one before, oldest first."""
    last = weeks[-2:]
    return " → ".join(str(row["weeks"].get(week, 0)) for week in last)


def lines(result: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """逐行 the rows with names and words for people."""
    say, meta = Say(lang), result["meta"]
    titles = meta["products"]
    return [
        row | {
            "product_title": titles.get(row["product"] or "", ""), "product": row["product"] or "",
            "title": row["topic"].replace("_", " ") if lang == "en" else row["title"],
            "kind": say.words(KINDS[row["kind"]]), "trend": trend(row, meta["weeks"]), "quotes": " / ".join(row["quotes"]),
        }
        for row in result["rows"]
    ]  # fmt: skip


def sentences(result: Mapping[str, Any], lang: str) -> list[str]:
    """说明 how much of what buyers said is covered, and how the two conversions are to be read."""
    say, turns = Say(lang), result["meta"]["turns"]
    share = percent(turns["untold_share"], say)
    return [
        say(f"买家有文字的话轮 {turns['turns']:,} 个：{turns['told']:,} 个看出了关注点或异议，{turns['courtesy']:,} 个只是招呼应答，"
            f"{turns['untold']:,} 个没看出来（{share}）。",
            f"{turns['turns']:,} buyers' turns with words: {turns['told']:,} have a topic or objection, {turns['courtesy']:,} are courtesy alone, "
            f"{turns['untold']:,} have none ({share})."),
        say("转化是下单前问过和没问过的询单各自的付款比例，跟着的区间是 95% 的范围。两边只是一起出现，不能说是问了才买或不买。",
            "Conversion is paid ÷ enquiries that named the topic before ordering, and of all others, with 95 % intervals. "
            "They go together; that does not make one the cause of the other."),
    ]  # fmt: skip


def csv(result: Mapping[str, Any], lang: str) -> str:
    """CSV 关注点排行 by the names of the columns; each rate is followed by its parts, then come the weeks."""
    weeks = result["meta"]["weeks"]
    head = [one for name in COLUMNS for one in (name, *(f"{name}_{part}" for part in _PARTS if name in RATES))]
    return table([*head, *weeks], (_cells(row, weeks) for row in lines(result, lang)))


def _cells(row: Mapping[str, Any], weeks: Iterable[str]) -> list[Any]:
    found = [one for name in COLUMNS for one in (row[name], *(row["of"][name] if name in RATES else ()))]
    return [*found, *(row["weeks"].get(week, 0) for week in weeks)]


def write(result: Mapping[str, Any], path: Path, lang: str) -> None:
    """写工作簿 the same rows into a new workbook, with the notes on a second sheet; text stays text."""
    import xlsxwriter

    say = Say(lang)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(say("关注点", "Topics"))
        head, quoted, rate = (
            book.add_format(one) for one in ({"bold": True}, {"quote_prefix": True}, {"num_format": "0.0%"})
        )
        parts = (say("分子", "numerator"), say("分母", "denominator"), say("下限", "low"), say("上限", "high"))
        heads = []
        for name, words in COLUMNS.items():
            heads.append(say.words(words))
            heads += [f"{say.words(words)} {part}" for part in parts] if name in RATES else []
        weeks = result["meta"]["weeks"]
        for at, text in enumerate([*heads, *weeks]):
            sheet.write_string(0, at, text, head)
        for line, row in enumerate(lines(result, lang), 1):
            for at, value in enumerate(_cells(row, weeks)):
                if isinstance(value, str):
                    sheet.write_string(line, at, value, quoted)
                elif value is not None:
                    sheet.write_number(line, at, value, rate if isinstance(value, float) else None)
        sheet.freeze_panes(1, 5)
        notes = book.add_worksheet(say("说明", "Notes"))
        for line, sentence in enumerate(sentences(result, lang)):
            notes.write_string(line, 0, sentence, quoted)


def page(result: Mapping[str, Any], lang: str) -> str:
    """一页网页 the ranking as one page that needs no network: a section for each product, else one for topics and one for objections."""
    say, meta = Say(lang), result["meta"]
    by_product = meta["by"] == "product"
    sections: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row, line in zip(result["rows"], lines(result, lang), strict=True):
        shown = line | {name: parts(row, name, say) for name in RATES} | {"said": row["quotes"]}
        name = (line["product_title"] or line["product"], line["product"]) if by_product else (line["kind"], "")
        sections.setdefault(name, []).append(shown)
    return drawn(
        "topics.html", lang, title=say("买家在问什么", "What buyers ask"), shop=meta["shop"], period=period(meta, say), say=say,
        notes=sentences(result, lang), heads={name: say.words(words) for name, words in COLUMNS.items()}, sections=sections, by_product=by_product,
    )  # fmt: skip


def period(meta: Mapping[str, Any], say: Say) -> str:
    """期间 the days that were asked for."""
    if meta["from"] is None and meta["to"] is None:
        return say("全部日期", "all days")
    return say(
        f"{meta['from'] or '最早'} 至 {meta['to'] or '最近'}", f"{meta['from'] or 'first'} to {meta['to'] or 'last'}"
    )


def drawn(template: str, lang: str, **told: Any) -> str:
    """画成网页 a template with what it is told, escaped throughout."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    house = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    css = Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))  # noqa: S704 - the project's own file
    return house.get_template(template).render(lang=lang, css=css, **told)
