"""口径的定律 rules: every setting stands on the page with its words, what is chosen is what the figures are counted by, and what cannot be changes nothing."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jinpai import terms
from jinpai.render import settings as in_words
from jinpai.render.story import Say
from jinpai.report import report
from jinpai.sourcing import stale
from jinpai.workspace import Workspace
from jinpai.workspace.settable import SETTINGS
from jinpai.workspace.settings import settle
from tests.desk.serving import SHOP, Answer, Visitor, address, made, serving, signed_in
from tests.mutants import kills

PAGE = address(SHOP, "rules")


def test_every_setting_has_its_words_and_its_place(tmp_path: Path) -> None:
    placed = [name for _, names in in_words.GROUPS.values() for name in names]
    assert sorted(["preset", *placed]) == sorted(SETTINGS)
    assert in_words.ABOUT.keys() == SETTINGS.keys()
    assert SETTINGS.keys() <= terms.SETTINGS.keys()
    shown = settle(SHOP, {}, tmp_path).shown()
    for name, value in shown.items():
        for lang in ("zh", "en"):
            assert in_words.shown(name, value, Say(lang))
        if name in in_words.CHOSEN:
            for one, words in in_words.options(name, value, Say("zh")):
                SETTINGS[name].check.accept(one)
                assert words != one, f"{one} of {name} is told as people say it"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    root = made(tmp_path_factory.mktemp("rules"))
    with serving(root) as base:
        yield base, root


pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("desk")]


def seen(visitor: Visitor, name: str) -> str:
    found = re.search(
        rf'name="name" value="{name}"><input type="hidden" name="seen" value="(\w+)"', visitor.get(PAGE).text
    )
    assert found, name
    return found[1]


def send(visitor: Visitor, name: str, value: str = "", **form: str) -> Answer:
    return visitor.post(PAGE, **{"name": name, "value": value, "seen": seen(visitor, name)} | form)


def up_to_date(root: Path) -> bool:
    for _ in range(300):
        if not stale(Workspace.open(root)):
            return True
        time.sleep(0.1)
    return False


def test_a_rule_that_is_changed_is_the_one_that_figures_are_counted_by(opened: tuple[str, Path]) -> None:
    base, root = opened
    owner = signed_in(base)
    before = report(Workspace.open(root), SHOP, metrics=["enquiries"], builds=False)["rows"][0]["enquiries"]
    assert before
    got = send(owner, "staff_buyers", "云边小鹿\n\n 晴天里 ")
    assert got.url.split("#")[0].endswith("done=computing")
    assert "改好了。数字正在后台重算" in got.text
    assert "改过 1 项" in got.text
    workspace = Workspace.open(root)
    assert workspace.settings(SHOP).staff_buyers == ("云边小鹿", "晴天里")
    assert up_to_date(root)
    after = report(workspace, SHOP, metrics=["enquiries"], builds=False)["rows"][0]["enquiries"]
    assert after == before - 2
    assert "自己人账号：没有设置 → 2 个" in owner.get(address(SHOP, "log") + "?what=changed_setting").text
    assert "重算数字" in owner.get(address(SHOP, "jobs")).text
    send(owner, "staff_buyers", do="reset")
    assert up_to_date(root)
    assert report(workspace, SHOP, metrics=["enquiries"], builds=False)["rows"][0]["enquiries"] == before
    assert "staff_buyers" not in {
        line.split(" = ")[0]
        for line in (root / "config" / SHOP / "rules.toml").read_text(encoding="utf-8").splitlines()
    }


@pytest.mark.parametrize(
    ("name", "value", "held"),
    [
        ("window", "7d", "7d"), ("rule", "payment", "payment"), ("min_match_rate", "８０％", 0.8), ("slow_seconds", "90", 90),
        ("conversation_gap", "45 分钟", "45m"), ("assist_counts", "true", True), ("day_start", "04：00", "04:00"),
        ("memo_codes", "XM = 旗舰店:小美\nJJ＝阿杰", {"XM": "旗舰店:小美", "JJ": "阿杰"}), ("retention_days", "400", 400),
    ],
)  # fmt: skip
def test_what_is_typed_is_what_is_held(opened: tuple[str, Path], name: str, value: str, held: object) -> None:
    base, root = opened
    got = send(signed_in(base), name, value)
    assert got.status == 200
    assert Workspace.open(root).settings(SHOP).shown()[name] == held
    today = signed_in(base).get(address(SHOP, "today"))
    assert today.status == 200, "while figures are computed anew, pages open"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("slow_seconds", "两分钟", "没有改：要写 1 到 86400 的整数"),
        ("attribution_days", "0", "要写 1 到 365 的整数"),
        ("window", "9y", "统计期「9y」不认识"),
        ("min_match_rate", "1.5", "要写 0 到 1 的小数"),
        ("time_zone", "北京", "中国大陆写 Asia/Shanghai"),
        ("preset", "fancy", "只能是"),
        ("memo_codes", "小美", "要写成 代码 = 客服子账号"),
        ("enquiry_rule", "talk", "还没有做好"),
    ],
)
@kills("jinpai/desk/pages/rules.py", '{name: visit.sent("value")}', "{}")
def test_what_cannot_be_is_refused_and_stays_in_the_field(
    opened: tuple[str, Path], name: str, value: str, sentence: str
) -> None:
    base, root = opened
    before = Workspace.open(root).settings(SHOP).digest
    got = send(signed_in(base), name, value)
    assert got.status == 400
    assert sentence in got.text
    assert "/config/" not in got.text.split('<ul class="rules">')[0], "people at the desk know no files"
    if name not in in_words.CHOSEN:
        assert f'value="{value}"' in got.text or f">{value}</textarea>" in got.text
    assert Workspace.open(root).settings(SHOP).digest == before


@kills("jinpai/desk/pages/rules.py", 'dict.fromkeys(PRESETS["ordinary"]) if visit.sent("whole") else {}', "{}")
def test_a_preset_brings_its_four_and_leaves_what_was_chosen_unless_asked(opened: tuple[str, Path]) -> None:
    base, root = opened
    owner = signed_in(base)
    send(owner, "window", "24h")
    send(owner, "preset", "followup")
    settings = Workspace.open(root).settings(SHOP)
    assert (settings.preset, settings.window, settings.attribution_days) == ("followup", "24h", 7)
    send(owner, "preset", "high_value", whole="1")
    settings = Workspace.open(root).settings(SHOP)
    assert (settings.window, settings.enquiry_span, settings.after_sales_days) == ("30d", 15, 60)
    assert "天长，转化率和客服销售额会对不上" in owner.get(PAGE).text
    send(owner, "preset", "ordinary", whole="1")


@kills("jinpai/desk/pages/rules.py", 'if visit.sent("do") == "reset":', 'if not visit.sent("value"):')
@kills(
    "jinpai/desk/pages/rules.py",
    "if name not in SETTINGS or name in BY_FILE or name in ELSEWHERE:",
    "if name not in SETTINGS:",
)
def test_who_may_change_what(opened: tuple[str, Path]) -> None:
    base, root = opened
    owner, supervisor, auditor = (signed_in(base, role) for role in ("owner", "supervisor", "auditor"))
    assert "改好了" in send(supervisor, "slow_rounds", "4").text
    assert 'name="name" value="retention_days"' not in supervisor.get(PAGE).text
    assert supervisor.post(PAGE, name="retention_days", value="1", seen=seen(owner, "retention_days")).status == 400
    assert 'name="name"' not in auditor.get(PAGE).text
    assert auditor.post(PAGE, name="slow_rounds", value="9").status == 403
    for name in ("given", "second_reader", "hours", "nothing", ""):
        got = owner.post(PAGE, name=name, value="x", do="reset", seen="x")
        assert "这一项不能在这里改" in got.text
    assert "刚才有人改过" in owner.post(PAGE, name="slow_rounds", value="9", seen="0" * 16).text
    assert Workspace.open(root).settings(SHOP).slow_rounds == 4
    allowed = {"wechat": "allowed", "phone": "always", "allowed_by": "店主王先生", "allowed_on": "2026-11-01"}
    assert "改好了" in send(owner, "contact_policy", **allowed).text
    policy = Workspace.open(root).settings(SHOP).contact_policy
    assert (policy.wechat_from, policy.allowed_by, policy.phone_always) == (20261101, "店主王先生", True)
    missing = send(owner, "contact_policy", wechat="allowed", phone="always")
    assert "要店主书面同意" in missing.text
    assert "可以加微信（店主书面同意）；电话都可以要；店主王先生，2026-11-01" in owner.get(PAGE).text
