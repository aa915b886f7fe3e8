"""操作日志 deeds: what every act is called, and the log of a shop, newest first.

A shop's log has what was done in it, and what its people did at the desk as a whole: signing in, their own account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinpai.book.people import HERE, ROLES
from jinpai.errors import Words
from jinpai.terms import SETTINGS

if TYPE_CHECKING:
    from jinpai.book.models import Deed

ACTS = {
    "signed_in": Words("登录", "signed in"),
    "signed_out": Words("退出登录", "signed out"),
    "exported": Words("导出", "exported"),
    "refused_export": Words("导出被拒（超过每天上限）", "was refused an export (over the day's limit)"),
    "revealed": Words("查看原文", "unmasked"),
    "imported": Words("导入文件", "imported files"),
    "changed_setting": Words("改设置", "changed a setting"),
    "asked_for_job": Words("开始后台任务", "started a job"),
    "stopped_job": Words("取消任务", "cancelled a job"),
    "agreed_to_job": Words("确认名单改动", "agreed to a change of lists"),
    "planned_coaching": Words("排辅导计划", "planned coaching"),
    "ended_coaching": Words("结束辅导计划", "ended coaching"),
    "added_person": Words("加人", "added a person"),
    "altered_person": Words("改角色", "changed a role"),
    "removed_person": Words("移出店铺", "took out of the shop"),
    "ended_sessions": Words("退出某人的所有登录", "ended somebody's sessions"),
    "invited": Words("发邀请", "invited"),
    "withdrew_invitation": Words("撤回邀请", "withdrew an invitation"),
    "joined": Words("接受邀请", "took an invitation"),
    "set_password": Words("在命令行改密码", "set a password on the command line"),
    "offered_password": Words("发重设密码的链接", "gave a link for a new password"),
    "changed_password": Words("改密码", "changed the password"),
    "turned_on_second_factor": Words("开启二次验证", "turned the second factor on"),
    "turned_off_second_factor": Words("关闭二次验证", "turned the second factor off"),
    "reset_second_factor": Words("重设某人的二次验证", "reset somebody's second factor"),
    "used_recovery_code": Words("用恢复码登录", "signed in by a recovery code"),
}
"""操作 every act that is recorded anywhere, in words."""


def deeds(shop: str, by: str | None = None, what: str | None = None) -> Any:
    """操作 of a shop, newest first, of one person or one act where it is asked; a query that is cut by who reads it."""
    from django.db.models import Q

    from jinpai.book.models import Deed, Membership

    names = Membership.objects.filter(shop=shop).values("person__name")
    found = Deed.objects.filter(Q(shop=shop) | Q(shop="", by__in=names) | Q(shop="", on__in=names))
    found = found.filter(by=by) if by else found
    return (found.filter(what=what) if what else found).order_by("-at", "-id")


def doer(by: str) -> Words:
    """谁 who did it: a person's name, or the command line."""
    return Words(HERE, "command line") if by == HERE else Words(by, by)


def doers(shop: str) -> list[str]:
    """做过事的人 in a shop's log, by name."""
    return sorted(deeds(shop).order_by().values_list("by", flat=True).distinct())


def act(deed: Deed) -> Words:
    """做了什么 the words of an act; one of a newer program is told as it is written."""
    return ACTS.get(deed.what, Words(deed.what, deed.what))


def on(deed: Deed) -> Words:
    """对什么 what it was done to; roles after a name are told in words, and a setting by its name."""
    if deed.what == "changed_setting":
        key, mark, rest = str(deed.on).partition("：")
        title = SETTINGS.get(key, Words(key, key))
        return Words(f"{title.zh}{mark}{rest}", f"{title.en}{': ' if mark else ''}{rest}")
    if deed.what == "revealed":
        number, what = looked(str(deed.on))
        return Words(f"会话 {number}：{what.zh}", f"conversation {number}: {what.en}")
    if deed.what in ("exported", "refused_export"):
        name, _, rows = str(deed.on).rpartition(" ")
        is_counted = bool(name) and rows.isdecimal()
        return (
            Words(f"{name}，{int(rows):,} 行", f"{name}, {int(rows):,} rows") if is_counted else Words(deed.on, deed.on)
        )
    name, mark, roles = str(deed.on).rpartition("：")
    told = roles.split(" → ")
    if not mark or not all(role in ROLES for role in told):
        return Words(deed.on, deed.on)
    zh, en = (" → ".join(ROLES[role].to(lang) for role in told) for lang in ("zh", "en"))
    return Words(f"{name}：{zh}" if name else zh, f"{name}: {en}" if name else en)


def looked(on: str) -> tuple[str, Words]:
    """看了什么 the number of the conversation in which something masked was looked at; what it was, and why."""
    number, what, reason = [*on.split(" ", 2), "", ""][:3]
    if what == "buyer":
        return number, Words(f"买家全名，原因：{reason}", f"the buyer's full name, because: {reason}")
    at = what.replace("T", " ")
    return number, Words(f"{at} 那一句，原因：{reason}", f"the line of {at}, because: {reason}")


def exported(name: str, rows: int) -> str:
    """导出了什么 how the log keeps a file's name and how many rows went into it."""
    return f"{name} {rows}"


def exports_since(by: str, since: int) -> list[int]:
    """导出过几次 the rows of each file that a person exported since an instant (ms UTC), from any shop."""
    from jinpai.book.models import Deed

    found = Deed.objects.filter(by=by, what="exported", at__gte=since).values_list("on", flat=True)
    return [int(rows) if rows.isdecimal() else 0 for rows in (on.rpartition(" ")[2] for on in found)]
