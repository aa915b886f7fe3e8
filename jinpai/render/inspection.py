"""质检结果 inspection: what was found, as text for people, as rows for CSV and as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jinpai.errors import Words
from jinpai.render.csv import table
from jinpai.render.story import Say

COLUMNS = {
    "agent": Words("客服", "agent"), "conversations": Words("质检会话", "conversations"), "score": Words("平均分", "mean score"),
    "criterion": Words("编号", "criterion"), "title": Words("检查项", "title"), "standing": Words("计分", "standing"),
    "failed": Words("没做到", "failed"), "passed": Words("做到", "passed"), "applicable": Words("适用", "applicable"),
    "rate": Words("做到的比例", "rate"),
}  # fmt: skip
STANDING = {
    "scored": Words("计分", "scored"), "hint": Words("提醒，待人确认", "hint, unconfirmed"), "suspended": Words("停用，只显示", "suspended, shown only"),
}  # fmt: skip
_SENDERS = {
    "buyer": Words("买家", "buyer"), "agent": Words("客服", "agent"), "assist": Words("客服（机器人辅助）", "agent (robot)"),
    "auto": Words("自动回复", "automatic"), "note": Words("备注", "note"),
}  # fmt: skip


def rows(result: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """逐行 one row an agent and criterion, with the agent's conversations and score beside."""
    of = {one["agent"]: one for one in result["agents"]}
    empty = {"conversations": 0, "score": None}
    return [
        row | {name: of.get(row["agent"], empty)[name] for name in empty}
        | {"title": row["title_en"] if lang == "en" else row["title"]}
        for row in result["rows"]
    ]  # fmt: skip


def csv(result: Mapping[str, Any], lang: str) -> str:
    """CSV 质检结果 by the names of the columns."""
    return table(list(COLUMNS), ([row[name] for name in COLUMNS] for row in rows(result, lang)))


def write(result: Mapping[str, Any], path: Path, lang: str) -> None:
    """写工作簿 the same rows into a new workbook at `path`; text stays text, whatever it begins with."""
    import xlsxwriter

    say = Say(lang)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(say("质检", "Inspection"))
        head, quoted = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
        rate = book.add_format({"num_format": "0.0%"})
        for at, words in enumerate(COLUMNS.values()):
            sheet.write_string(0, at, say.words(words), head)
        for line, row in enumerate(rows(result, lang), 1):
            shown = row | {"standing": say.words(STANDING[row["standing"]])}
            for at, name in enumerate(COLUMNS):
                if isinstance(shown[name], str):
                    sheet.write_string(line, at, shown[name], quoted)
                elif shown[name] is not None:
                    sheet.write_number(line, at, shown[name], rate if name == "rate" else None)
        sheet.freeze_panes(1, 1)


def transcript(result: Mapping[str, Any], lang: str) -> Iterator[str]:
    """会话原文 the lines of a conversation, under each what was found in it, then the score."""
    say = Say(lang)
    meta = result["meta"]
    yield say(f"会话 {meta['conversation']}，{meta['day']}", f"Conversation {meta['conversation']}, {meta['day']}")
    yield ""
    known = {line["seq"] for line in result["lines"]}
    for line in result["lines"]:
        who = say.words(_SENDERS.get(line["sender"], Words(line["sender"], line["sender"])))
        name = f" {line['agent']}" if line["agent"] and line["sender"] != "buyer" else ""
        yield f"{line['sent_at']} {who}{name}：{line['text'] or ''}"
        for found in result["findings"]:
            if found["seq"] == line["seq"]:
                yield from _found(found, say)
    for found in result["findings"]:
        if found["seq"] not in known:
            yield from _found(found, say)
    yield ""
    for one in result["scores"]:
        agent = one["agent"] or say("未知客服", "unknown agent")
        yield say(
            f"{agent}：{one['score']:g} 分（满分 {meta['full_mark']}，{meta['scorecard']}，版本 {meta['version']}）",
            f"{agent}: {one['score']:g} of {meta['full_mark']} points ({meta['scorecard']}, version {meta['version']})",
        )


def _found(found: Mapping[str, Any], say: Say) -> Iterator[str]:
    title, reason = (say(found[name], found[f"{name}_en"]) for name in ("title", "reason"))
    if found["standing"] == "hint":
        verdict = say("提醒（没有人确认，不计分）", "hint (unconfirmed, not counted)")
    else:
        full = say("做到了", "done") if found["result"] == 1000 else say("没做到", "not done")
        verdict = (
            full if found["result"] in (0, 1000) else say(f"得 {found['result'] / 10:g}%", f"{found['result'] / 10:g}%")
        )
        if found["standing"] == "suspended":
            verdict += say("（停用，不计分）", " (suspended, not counted)")
    # a finding on a whole message stands under it: no need to quote it again
    quote = f"「{found['quote']}」" if found["begins"] is not None else ""
    yield f"    {found['criterion']} {title}：{verdict}{quote}"
    if found.get("against"):
        yield f"        {say('对照', 'against')} {say(found['against']['zh'], found['against']['en'])}"
    if found["result"] < 1000:
        laws = f"（{'、'.join(found['laws'])}）" if found["laws"] else ""
        yield f"        {reason}{laws}"
