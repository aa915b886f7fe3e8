"""营业时间的定律 hours: what is typed is what the settings hold, what cannot be is refused in a sentence and changes nothing, and each change stands in the log."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.desk import dated
from jinpai.sourcing import stale
from jinpai.workspace import Workspace
from jinpai.workspace.hours import WEEKDAYS, read_hours, show_hours
from tests.desk.serving import PEOPLE, SHOP, Answer, Visitor, address, made, serving, signed_in
from tests.mutants import kills

PAGE = address(SHOP, "hours")


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("09:00-23:00", ["09:00-23:00"]),
        ("9:00～12:00、13:00—23:00", ["9:00-12:00", "13:00-23:00"]),
        ("09：00 至 12：00，13：00到18：00", ["09:00-12:00", "13:00-18:00"]),
        ("09:00-12:00 13:00-18:00", ["09:00-12:00", "13:00-18:00"]),
        ("休息", []),
        (" Closed ", []),
        ("全天", ["00:00-24:00"]),
        ("上午", ["上午"]),
    ],
)
@kills("jinpai/desk/dated.py", 'unicodedata.normalize("NFKC", said)', "said")
def test_hours_are_read_as_people_type_them(said: str, held: list[str]) -> None:
    assert dated.spans(said) == held


_CLOCK = st.integers(0, 282).map(lambda five: f"{five * 5 // 60:02d}:{five * 5 % 60:02d}")
_SPANS = st.one_of(
    st.just([]),
    st.lists(_CLOCK, min_size=2, max_size=4, unique=True).map(
        lambda found: [f"{one}-{other}" for one, other in zip(sorted(found)[::2], sorted(found)[1::2], strict=False)]
    ),
)


@given(
    st.fixed_dictionaries(dict.fromkeys(WEEKDAYS, _SPANS)),
    st.dictionaries(st.dates().map(str).filter(lambda day: "1900" < day < "9000"), _SPANS, max_size=3),
)
@kills("jinpai/desk/dated.py", '"" if one == most else one for', "one for")
@kills("jinpai/desk/dated.py", 'first if last in ("", first) else', "first if True else")
def test_a_form_that_is_sent_back_untouched_changes_nothing(weekly, exceptions) -> None:
    hours = read_hours({"weekly": weekly, "exceptions": exceptions | {"2026-10-01..2026-10-07": []}}) if not any(
        "2026-10-01" <= day <= "2026-10-07" for day in exceptions
    ) else read_hours({"weekly": weekly, "exceptions": exceptions})  # fmt: skip
    assert hours is not None
    shown = show_hours(hours)
    fields = dated.week(shown, "休息")
    assert sum(bool(one) for one in fields.values()) <= len(WEEKDAYS) + 1
    assert "" in fields.values(), "what most days have is written once"
    lines = dated.exceptions(shown, "休息")
    assert read_hours(dated.hours_of(fields, lines)) == hours


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    root = made(tmp_path_factory.mktemp("hours"))
    with serving(root) as base:
        yield base, root


def seen(visitor: Visitor, part: str, page: str = PAGE) -> str:
    found = re.search(
        rf'name="part" value="{part}"><input type="hidden" name="seen" value="(\w+)"', visitor.get(page).text
    )
    assert found
    return found[1]


def send(visitor: Visitor, part: str, **form: str) -> Answer:
    return visitor.post(PAGE, **{"part": part, "seen": seen(visitor, part)} | form)


def up_to_date(root: Path) -> bool:
    for _ in range(300):
        if not stale(Workspace.open(root)):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@kills("jinpai/desk/altering.py", "    under_way.compute_anew(visit)\n", "")
@kills(
    "jinpai/desk/altering.py",
    'record(visit.person.name, "changed_setting", shop',
    'record(visit.person.name, "changed_setting", ""',
)
def test_hours_are_changed_recorded_and_counted_by(opened: tuple[str, Path]) -> None:
    base, root = opened
    owner = signed_in(base)
    assert "没设置" in owner.get(PAGE).text
    got = send(owner, "hours", every_day="9:00～23:00", sunday="休息", one="2026-11-11", two="", three="全天")
    assert "改好了。数字正在后台重算" in got.text
    held = Workspace.open(root).settings(SHOP).shown()["hours"]
    assert held["weekly"]["monday"] == ["09:00-23:00"]
    assert held["weekly"]["sunday"] == []
    assert held["exceptions"] == {"2026-11-11": ["00:00-24:00"]}
    assert (root / "config" / SHOP / "hours.toml").read_text(encoding="utf-8").count("[weekly]") == 1
    assert up_to_date(root)
    log = owner.get(address(SHOP, "log") + "?what=changed_setting").text
    assert "营业时间：没有设置 → 周一 09:00-23:00；" in log
    assert "周日 休息；2026-11-11 00:00-24:00" in log
    with sqlite3.connect(root / "book" / "book.sqlite3") as book:
        assert book.execute("select \"by\", shop from book_deed where what = 'changed_setting'").fetchall() == [
            (PEOPLE["owner"], SHOP)
        ]
    page = owner.get(PAGE).text
    assert '<input name="every_day" value="09:00-23:00"' in page
    assert '<input name="sunday" value="休息"' in page
    assert (
        "和原来一样，没有改"
        in send(owner, "hours", every_day="09:00-23:00", sunday="休息", one="2026-11-11", two="", three="全天").text
    )
    assert owner.get(address(SHOP, "log") + "?what=changed_setting").text.count("<td>改设置</td>") == 1


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"every_day": "上午"}, "没有改：每天 的「上午」不是一段时间"),
        ({"every_day": "09:00-23:03"}, "取整到 5 分钟"),
        ({"every_day": "09:00-23:00", "monday": "9:00-12:00、11:00-13:00"}, "周一 里有两段时间重叠"),
        ({"every_day": "09:00-23:00", "one": "2026-11-11"}, "没有写营业时间"),
        ({"every_day": "09:00-23:00", "three": "休息"}, "没有写是哪一天"),
        ({"every_day": "09:00-23:00", "one": "2026-11-12", "two": "2026-11-11", "three": "休息"}, "2026-11-12 到 2026-11-11」的日期反了"),
        ({"one": "2026-11-11", "three": "休息"}, "没写平常的营业时间"),
    ],
)  # fmt: skip
@kills("jinpai/desk/pages/hours.py", "else _typed(visit, part)", "else {}")
def test_what_cannot_be_is_refused_and_can_be_mended(
    opened: tuple[str, Path], form: dict[str, str], sentence: str
) -> None:
    base, root = opened
    owner = signed_in(base)
    before = Workspace.open(root).settings(SHOP).digest
    got = send(owner, "hours", **{"one": "", "two": "", "three": ""} | form)
    assert got.status == 400
    assert sentence in got.text
    for name, typed in form.items():
        assert f'name="{name}" value="{typed}"' in got.text, "what was typed need not be typed again"
    assert Workspace.open(root).settings(SHOP).digest == before


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@kills("jinpai/desk/altering.py", 'if visit.sent("seen") != mark(before, *(seen or changes)):', "if False:")
def test_two_who_change_at_once_do_not_undo_each_other(opened: tuple[str, Path]) -> None:
    base, root = opened
    owner, supervisor = signed_in(base), signed_in(base, "supervisor")
    stood = seen(owner, "promotions")
    line = {"one": "双12", "two": "2026-12-10", "three": "2026-12-12"}
    assert "改好了" in send(supervisor, "promotions", **line).text
    late = owner.post(PAGE, part="promotions", seen=stood, **line | {"one": "年货节"})
    assert late.status == 400
    assert "刚才有人改过" in late.text
    assert 'name="one" value="双12"' in late.text, "what stands now is shown"
    assert [one.name for one in Workspace.open(root).settings(SHOP).promotions] == ["双12"]
    assert "没有填全" in send(owner, "promotions", one="年货节", two="", three="").text
    assert "改好了" in send(owner, "holidays", country="HK").text
    assert "要写两个大写字母" in send(owner, "holidays", country="火星").text
    assert "改好了" in send(owner, "promotions", one="", two="", three="").text
    assert Workspace.open(root).settings(SHOP).promotions == ()
    for role in ("auditor", "agent", "accountant"):
        other = signed_in(base, role)
        assert other.post(PAGE, part="holidays", seen="x", country="CN").status == 403
    reader = signed_in(base, "auditor").get(PAGE)
    assert reader.status == 200
    assert "<fieldset disabled>" in reader.text
    assert '<button class="primary">' not in reader.text.split("<main")[1]
    assert "没有选要改什么" in owner.post(PAGE).text
