"""上手指南 guide: what to export from which platform and how, what the shop has already, and what to tell the team."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.showing import to
from jinpai.errors import Words
from jinpai.period import format_day
from jinpai.render.guide import DEPTHS, FILLED_IN, PLATFORMS, of_formats
from jinpai.render.notice import BEFORE, notice

if TYPE_CHECKING:
    from django.http import HttpResponse

    from jinpai.workspace.facts import Facts


def show(visit: Visit) -> HttpResponse:
    """上手指南 of the platform that the address names, else of the one whose files the shop has imported."""
    from jinpai.importers import IMPORTERS

    facts, say = visit.workspace.facts(), visit.say
    have = _have(visit, facts)
    asked = visit.asked("platform") or ""
    name = asked if asked in PLATFORMS else of_formats(have["formats"])
    return visit.render(
        "guide.html", steps=_steps(visit, facts, have), platforms=PLATFORMS, chosen=name, platform=PLATFORMS[name], depths=DEPTHS,
        reads={one.name: one.zh for one in IMPORTERS}, has_formats=have["formats"], filled_in=FILLED_IN, before=say.words(BEFORE),
        notice=say.words(notice(visit.workspace.settings(visit.shop))),
    )  # fmt: skip


def _have(visit: Visit, facts: Facts | None) -> dict[str, Any]:
    """What the facts know to have been imported: rows by table, formats, the last day."""
    from jinpai.desk.days import last_day
    from jinpai.origins import of_formats as files_of

    if facts is None:
        return {"rows": {}, "formats": set(), "last": None}
    shops: Any = facts.meta.get("shops", {})
    formats = {name for _, name in files_of(facts, visit.shop, lambda _: True)}
    return {
        "rows": shops.get(visit.shop, {}).get("rows", {}),
        "formats": formats,
        "last": last_day(visit.workspace, visit.shop),
    }


def _steps(visit: Visit, facts: Facts | None, have: dict[str, Any]) -> list[dict[str, Any]]:
    """清单 what there is to do: its name, whether it is done, what is known of it, and where it is done."""
    say, settings = visit.say, visit.workspace.settings(visit.shop)
    rows = have["rows"]

    def counted(many: int) -> str:
        return say("已有 %s 行", "%s rows") % f"{many:,}" if many else ""

    def filled(table: str) -> bool:
        return facts is not None and bool(facts.files(f"source_{table}", visit.shop))

    last = say("数据到 %s", "data up to %s") % format_day(have["last"]) if have["last"] else ""
    told = [
        ("orders", say("导入订单", "Import orders"), rows.get("orders"), counted(rows.get("orders", 0)), "imports"),
        ("messages", say("导入聊天记录", "Import chats"), rows.get("message"), " · ".join(filter(None, [counted(rows.get("message", 0)), last])), "imports"),
        ("refunds", say("导入退款（有就导）", "Import refunds, if any"), rows.get("refund_row"), counted(rows.get("refund_row", 0)), "imports"),
        ("items", say("导入订单明细（宝贝报表）", "Import order items"), filled("order_items"), "", "imports"),
        ("agents", say("导入客服名单", "Import the list of agents"), filled("agents"), "", "imports"),
        ("preset", say("看一眼口径：类目预设、业绩归属", "Look at the rules: preset and attribution"), None, _preset(visit), "rules"),
        ("hours", say("设营业时间", "Set opening hours"), settings.hours is not None, "", "hours"),
        ("inspection", say("打开聊天质检", "Turn inspection on"), settings.inspection, "", "jobs"),
        ("team", say("把告知书发给团队，再邀请他们进来", "Give the notice to the team, then invite them"), None, "", "people"),
    ]  # fmt: skip
    if settings.solo:
        told = [one for one in told if one[0] not in ("team", "agents")]
    return [
        {"name": name, "title": title, "is_done": bool(done), "known": known,
         "to": to(visit.shop, where) if visit.may(where) else ""}
        for name, title, done, known, where in told
    ]  # fmt: skip


def _preset(visit: Visit) -> str:
    from jinpai.render.settings import shown

    settings = visit.workspace.settings(visit.shop)
    return visit.say("、", ", ").join(shown(name, settings.shown()[name], visit.say) for name in ("preset", "rule"))


PAGE = Page(
    "guide", "guide", Words("上手指南", "First steps"), SEES_ALL, show, under="settings",
    hint=Words("各平台点哪里导出、导哪个文件、多久一次；做到哪一步了；给团队的告知书。", "Where each platform exports what, and how often; how far the shop is; the notice to the team."),
)  # fmt: skip
