"""口径 rules: every setting of the shop by which figures are counted, what it is by default, and a form to change it.

What is chosen is checked and recorded, and the figures are computed anew in the background.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from jinpai.desk.altering import DONE, MAY_ALTER, Overtaken, alter, mark
from jinpai.desk.page import SEES_ALL, Page, Visit
from jinpai.desk.showing import to
from jinpai.errors import JinpaiError, Words
from jinpai.render import settings as in_words
from jinpai.render.story import named
from jinpai.workspace.settable import PRESETS, SETTINGS
from jinpai.workspace.settings import settle

if TYPE_CHECKING:
    from django.http import HttpResponse

    from jinpai.workspace import Settings

OWNERS_ALONE = frozenset({"retention_days", "text_retention_days"})
ELSEWHERE = {"hours": "hours", "holidays": "hours", "promotions": "hours"}
"""Settings that have a page of their own."""
BY_FILE = frozenset({"given", "profiles", "second_reader"})
"""Settings that are changed in their file alone: they are tables of several columns, or send chats elsewhere."""
LINES = frozenset({"staff_buyers", "advertising_phrases", "memo_codes"})
MOST = 20_000
"""Letters of a field."""
_LENGTHS = {"小时": "h", "分钟": "m", "分": "m", "秒": "s", "天": "d"}


def show(visit: Visit) -> HttpResponse:
    """口径 as it stands; a form changes one setting, or says why not and keeps what was typed."""
    if not visit.is_sent:
        done = DONE.get(visit.asked("done") or "")
        return _page(visit, done=visit.say.words(done) if done else "")
    from django.shortcuts import redirect

    name = visit.sent("name")
    try:
        return redirect(to(visit.shop, PAGE.path, done=alter(visit, _asked(visit, name), _seen(name))) + f"#{name}")
    except JinpaiError as error:
        typed = {} if isinstance(error, Overtaken) else {name: visit.sent("value")}
        answer = _page(visit, said=visit.say.words(error.words), wrong=name, typed=typed)
        answer.status_code = 400
        return answer


def may_alter(visit: Visit, name: str) -> bool:
    """可以改 whether the visitor may change the setting here."""
    if name not in SETTINGS or name in BY_FILE or name in ELSEWHERE:
        return False
    return visit.member.role == "owner" if name in OWNERS_ALONE else visit.member.role in MAY_ALTER


def _seen(name: str) -> tuple[str, ...]:
    """What a reader of the setting's form has looked at: of the preset also what it sets."""
    return (name, *PRESETS["ordinary"]) if name == "preset" else (name,)


def _asked(visit: Visit, name: str) -> dict[str, object]:
    """What the form changes, in the form of the file; None is the default."""
    if not may_alter(visit, name):
        raise JinpaiError("这一项不能在这里改。", "This cannot be changed here.")
    if visit.sent("do") == "reset":
        return {name: None}
    said = visit.sent("value")[:MOST]
    if name == "preset":
        own = dict.fromkeys(PRESETS["ordinary"]) if visit.sent("whole") else {}
        return {name: said, **own}
    if name == "contact_policy":
        return {name: _policy(visit)}
    if name in LINES:
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        return {name: (_codes(lines) if name == "memo_codes" else lines) or None}
    read = SETTINGS[name].check.read
    plain = unicodedata.normalize("NFKC", said)
    for long, short in _LENGTHS.items():
        plain = re.sub(rf"(?<=\d)\s*{long}$", short, plain)
    return {name: read(plain) if read else plain}


def _codes(lines: list[str]) -> dict[str, str]:
    """Codes of a memo, one a line."""
    found = {}
    for line in lines:
        code, mark_, agent = unicodedata.normalize("NFKC", line).partition("=")
        if not (code.strip() and mark_ and agent.strip()):
            raise JinpaiError(
                f"「{line}」要写成 代码 = 客服子账号，例如 XM = 旗舰店:小美。", f"'{line}' must be code = sub-account, like XM = Shop:May."
            )  # fmt: skip
        found[code.strip()] = agent.strip()
    return found


def _policy(visit: Visit) -> dict[str, str]:
    """A contact policy; by whom and from when stand only where WeChat is allowed."""
    policy = {way: visit.sent(way) for way in in_words.WAYS}
    if policy["wechat"] == "allowed":
        policy |= {key: visit.sent(key) for key in ("allowed_by", "allowed_on") if visit.sent(key)}
    return policy


def _page(
    visit: Visit, *, said: str = "", done: str = "", wrong: str = "", typed: dict[str, str] | None = None
) -> HttpResponse:
    settings = visit.workspace.settings(visit.shop)
    usual = settle(visit.shop, {"shop.toml": {"preset": settings.preset}}, settings.folder)
    groups = [
        (visit.say.words(title), [_row(visit, name, settings, usual, typed or {}) for name in names])
        for title, names in in_words.GROUPS.values()
    ]
    return visit.render(
        "rules.html", said=said, done=done, wrong=wrong, groups=groups, preset=_row(visit, "preset", settings, _plain(visit, settings), {}),
        presets=_presets(visit), ways=in_words.WAYS, notes=[visit.say.words(one) for one in settings.notes()],
        changed=sum(row["is_changed"] for _, rows in groups for row in rows), folder=f"config/{visit.shop}/",
    )  # fmt: skip


def _plain(visit: Visit, settings: Settings) -> Settings:
    """The settings of a shop that has changed nothing."""
    return settle(visit.shop, {}, settings.folder)


def _row(visit: Visit, name: str, settings: Settings, usual: Settings, typed: dict[str, str]) -> dict[str, Any]:
    """A setting as the page shows it."""
    say, value, default = visit.say, settings.shown()[name], usual.shown()[name]
    about = say.words(in_words.ABOUT[name])
    return {
        "name": name, "title": named(name, say), "about": about, "value": in_words.shown(name, value, say), "raw": value,
        "usual": in_words.shown(name, default, say), "is_changed": value != default, "options": in_words.options(name, value, say),
        "field": typed.get(name, in_words.written(name, value)), "is_lines": name in LINES, "may": may_alter(visit, name),
        "elsewhere": ELSEWHERE.get(name, ""), "file": SETTINGS[name].file if name in BY_FILE else "",
        "seen": mark(settings, *_seen(name)),
    }  # fmt: skip


def _presets(visit: Visit) -> dict[str, Any]:
    """What each trade preset sets, as a small table: heads, and a row for each preset."""
    say, names = visit.say, list(PRESETS["ordinary"])
    rows = {name: [in_words.shown(key, preset[key], say) for key in names] for name, preset in PRESETS.items()}
    words = {name: in_words.shown("preset", name, say) for name in PRESETS}
    return {"heads": [named(key, say) for key in names], "rows": rows, "words": words}


PAGE = Page(
    "rules", "rules", Words("口径", "Rules"), SEES_ALL, show, sends=MAY_ALTER, under="settings",
    hint=Words("类目预设、业绩归属、统计期、会话怎么断：每一项现在是什么，改了变什么。", "Trade preset, attribution, windows, how conversations part: what each is, and what a change does."),
)  # fmt: skip
