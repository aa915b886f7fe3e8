"""Copies out of the Qianniu window: heads of all shapes, whose file names no shop and whose notices have no time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.importers.files import COPIED, Outcome, ms, outcome, write_text
from tests.mutants import kills

SHOP = """\
2026-4-18 8:00:00
溪谷旗舰店：小美
早
已读

"""
"""A message of the shop, by which a copy shows whose it is."""


def read(folder: Path, text: str, encoding: str = "utf-8") -> Outcome:
    found = outcome(write_text(folder / "复制.txt", text, encoding, "\r\n"))
    assert found.format == "qianniu_t3"
    return found


def told(found: Outcome, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in columns) for row in found.tables.get("messages", [])]


def lost(found: Outcome) -> list[tuple[int, str]]:
    return [(problem.row, problem.value) for problem in found.problems if not problem.kept]


def to_check(found: Outcome) -> list[tuple[int, str]]:
    return [(problem.row, problem.value) for problem in found.problems if problem.kept]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_heads_of_all_shapes_are_read(tmp_path: Path, encoding: str) -> None:
    """§7 case 11: sender first, sender last, and both."""
    found = read(tmp_path, COPIED, encoding)
    assert told(found, "row", "buyer", "agent", "sender", "sent_at", "text") == [
        (1, "小溪流水", None, "buyer", ms("2026-04-18 09:03:36"), "浴巾掉毛吗"),
        (4, "小溪流水", "小美", "agent", ms("2026-04-18 09:04:10"), "洗一两次就好"),
        (9, "柠檬茶er", None, "buyer", ms("2026-04-18 09:10:00"), "发什么快递"),
        (13, "三月李子", "阿杰", "buyer", ms("2026-04-18 09:21:30"), "能便宜点吗"),
        (15, "三月李子", "阿杰", "agent", ms("2026-04-18 09:22:00"), "不能哦")]  # fmt: skip
    assert (found.problems, found.summary) == ([], 0)


def test_the_year_is_matched_from_the_right_and_a_doubtful_nick_is_listed_once(tmp_path: Path) -> None:
    found = read(tmp_path, SHOP + "tb882003172026-4-18 9:03:36\n在吗\n\ntb882003172026-4-18 9:03:50\n人呢\n")
    assert told(found, "buyer", "sent_at", "text")[1:] == [
        ("tb88200317", ms("2026-04-18 09:03:36"), "在吗"),
        ("tb88200317", ms("2026-04-18 09:03:50"), "人呢"),
    ]
    assert to_check(found) == [(6, "tb88200317 2026-04-18 09:03:36")]
    assert "加一个空格" in found.only_problem.reason.zh


@kills("jinpai/importers/qianniu_t3.py", "name not in self._people.alone | self._asked", "name not in self._asked")
@pytest.mark.parametrize(
    "clear", ["tb88200317撤回了一条消息", "tb88200317\n2026-4-18 9:05:00\n好", "tb88200317 2026-4-18 9:05:00\n好",
              "tb88200317 --> 溪谷旗舰店:小美 2026-4-18 9:05:00\n好"])  # fmt: skip
def test_a_nick_that_stands_alone_somewhere_is_certain(tmp_path: Path, clear: str) -> None:
    found = read(tmp_path, f"{SHOP}tb882003172026-4-18 9:03:36\n在吗\n\n{clear}\n")
    assert found.problems == []
    assert set(told(found, "buyer")[1:]) == {("tb88200317",)}


def test_the_correction_that_the_list_asks_for_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, f"{SHOP}tb8820031 72026-4-18 9:03:36\n在吗\n".replace(" 72026", " 2026"))
    assert (told(found, "buyer")[1:], found.problems) == ([("tb8820031",)], [])


def test_notices_without_a_time_take_that_of_the_message_above(tmp_path: Path) -> None:
    """§7 cases 12 and 19: transfers and recalls are of the platform."""
    found = read(tmp_path, """\
由 服务助手 转交给 小美，原因：【离线留言自动分配】

小溪流水2026-4-18 9:03:36
在吗

由 小美 转交给 阿杰，原因：【换班】

小溪流水撤回了一条消息

2026-4-18 9:12:00
溪谷旗舰店:阿杰
在
未读
对方撤回了一条消息
""")  # fmt: skip
    first, second = ms("2026-04-18 09:03:36"), ms("2026-04-18 09:12:00")
    assert told(found, "row", "sender", "kind", "event", "agent", "to_agent", "sent_at") == [
        (1, "system", "event", "transferred", "服务助手", "小美", first),
        (3, "buyer", "text", None, None, None, first), (6, "system", "event", "transferred", "小美", "阿杰", first),
        (8, "system", "event", None, None, None, first), (10, "agent", "text", None, "阿杰", None, second),
        (14, "system", "event", None, None, None, second)]  # fmt: skip
    assert {row["buyer"] for row in found.tables["messages"]} == {"小溪流水"}


def test_what_somebody_tells_of_a_recall_is_no_notice(tmp_path: Path) -> None:
    found = read(tmp_path, "小溪流水2026-4-18 9:03:36\n我刚才\n有人撤回了一条消息\n")
    assert told(found, "sender", "text") == [("buyer", "我刚才\n有人撤回了一条消息")]


def test_cards_and_origins_are_left_out_and_counted(tmp_path: Path) -> None:
    card = "`https://item.taobao.com/item.htm?id=700000012345`\n¥139.00\n"
    found = read(tmp_path, f"""\
当前用户来自 商品详情页
小溪流水2026-4-18 9:03:35
当前用户来自 商品详情页

小溪流水2026-4-18 9:03:36
这款
{card}当前用户来自 商品详情页

小溪流水2026-4-18 9:03:40
{card}
小溪流水2026-4-18 9:03:50
¥139.00
""")  # fmt: skip
    assert told(found, "sender", "kind", "text", "product_id") == [
        ("system", "event", "当前用户来自 商品详情页", None), ("buyer", "text", "这款", "700000012345"),
        ("buyer", "product_card", "https://item.taobao.com/item.htm?id=700000012345", "700000012345"),
        ("buyer", "text", "¥139.00", None)]  # fmt: skip
    assert found.summary == 1 + 3 + 1


def test_read_marks_are_kept_beside_the_message(tmp_path: Path) -> None:
    found = read(
        tmp_path, SHOP + "2026-4-18 9:00:00\n溪谷旗舰店:小美\n发了\n\n发送中\n\n小溪流水2026-4-18 9:03:36\n好\n已读\n"
    )
    assert [(row["text"], row["extra"] and json.loads(row["extra"])) for row in found.tables["messages"]] == [
        ("早", {"消息状态": "已读"}), ("发了", {"消息状态": "发送中"}), ("好\n已读", None)]  # fmt: skip


def test_what_only_looks_like_a_head_is_text_and_listed(tmp_path: Path) -> None:
    """§7 case 10: known senders only; quoted lines of this very chat too."""
    found = read(tmp_path, SHOP + """\
小溪流水2026-4-18 9:03:36
在吗

2026-4-18 9:04:00
溪谷旗舰店:小美
您问的是
小溪流水2026-4-18 9:03:36
在吗
下单时间2026-4-18 9:00:00
路过的人2026-4-18 9:03:59
2026-4-18 9:00:00
他说的
已读
""")  # fmt: skip
    assert told(found, "text")[2:] == [
        ("您问的是\n小溪流水2026-4-18 9:03:36\n在吗\n下单时间2026-4-18 9:00:00\n路过的人2026-4-18 9:03:59\n2026-4-18 9:00:00\n他说的",)]  # fmt: skip
    assert to_check(found) == [(15, "路过的人2026-4-18 9:03:59")]
    assert lost(found) == []


def test_messages_without_blank_lines_between_are_told_apart(tmp_path: Path) -> None:
    found = read(tmp_path, SHOP + """\
小溪流水2026-4-18 9:03:36
在吗
小溪流水2026-4-18 9:03:40
有人吗
2026-4-18 9:04:00
溪谷旗舰店:小美
尺寸:大
已读
柠檬茶er
2026-4-18 9:10:00
发什么快递
2026-4-18 9:11:00
溪谷旗舰店:小美
中通
三月李子
2026-4-18 9:12:00
在吗
""")  # fmt: skip
    assert told(found, "buyer", "sender", "text")[1:] == [
        ("小溪流水", "buyer", "在吗"), ("小溪流水", "buyer", "有人吗"), ("小溪流水", "agent", "尺寸:大"),
        ("柠檬茶er", "buyer", "发什么快递"), ("柠檬茶er", "agent", "中通"),
        ("三月李子", "buyer", "在吗")]  # fmt: skip
    assert lost(found) == []
    assert to_check(found) == [(20, "三月李子")]


def test_accounts_of_another_shop_are_problems(tmp_path: Path) -> None:
    """§7 case 9: the part before the first colon must equal the shop's name."""
    found = read(tmp_path, SHOP + SHOP.replace("8:00", "8:01") + """\
溪谷旗舰店的粉丝2026-4-18 9:03:36
在吗

2026-4-18 9:04:00
溪谷旗舰店2:小美
我是别的店

2026-4-18 9:05:00
溪谷旗舰店
主号也在

溪谷旗舰店:小美 --> 溪谷旗舰店:阿杰 2026-4-18 9:06:00
同事之间
""")  # fmt: skip
    assert told(found, "agent", "sender")[2:] == [(None, "buyer"), ("溪谷旗舰店", "agent")]
    assert lost(found) == [(14, "溪谷旗舰店2:小美"), (22, "溪谷旗舰店:小美 --> 溪谷旗舰店:阿杰")]


def test_a_clock_without_a_day_is_of_the_day_above_and_listed(tmp_path: Path) -> None:
    arrow = "三月李子 --> 溪谷旗舰店:阿杰"
    found = read(tmp_path, f"{arrow} 09:20:00\n在吗\n{arrow} 2026-4-19 9:21:30\n人呢\n{arrow} 9:22:00\n？\n")
    assert told(found, "sent_at") == [(ms("2026-04-19 09:20:00"),), (ms("2026-04-19 09:21:30"),), (ms("2026-04-19 09:22:00"),)]  # fmt: skip
    assert to_check(found) == [(1, "09:20:00")]
    never = read(tmp_path, f"{arrow} 09:20:00\n在吗\n")
    assert (told(never, "row"), lost(never)) == ([], [(1, "09:20:00"), (2, "在吗")])


@kills("jinpai/importers/qianniu_t3.py", "self._stretches.start()", "pass")
@kills(
    "jinpai/importers/stretches.py",
    "if self._here[same] <= self._kept[same]:",
    "if self._here[same] == 1 and self._kept[same]:",
)
def test_two_copies_that_overlap_hold_each_message_once(tmp_path: Path) -> None:
    """§7 case 14: equal words of one second are real; what a later copy repeats is not."""
    chat = ["小溪流水2026-4-18 9:03:36\n在\n", "小溪流水2026-4-18 9:03:36\n在\n", "2026-4-18 9:10:00\n溪谷旗舰店:小美\n在的\n已读\n",
            "小溪流水2026-4-18 9:11:00\n好\n"]  # fmt: skip
    found = read(tmp_path, "\n".join([*chat[:3], *chat]))
    assert (told(found, "text"), found.summary) == ([("在",), ("在",), ("在的",), ("好",)], 3)


def test_a_copy_that_begins_with_the_shop_belongs_to_its_own_buyer(tmp_path: Path) -> None:
    found = read(tmp_path, """\
小溪流水2026-4-18 9:03:36
在吗

2026-4-17 9:00:00
溪谷旗舰店:小美
亲，还需要吗
已读

柠檬茶er2026-4-17 9:10:00
要的

2026-4-17 9:09:30
溪谷旗舰店:小美
好的
""")  # fmt: skip
    # half a minute back is two clocks that differ, a day back is another copy
    assert told(found, "buyer", "text") == [
        ("小溪流水", "在吗"),
        ("柠檬茶er", "亲，还需要吗"),
        ("柠檬茶er", "要的"),
        ("柠檬茶er", "好的"),
    ]


def test_a_mask_hides_another_person_in_every_stretch(tmp_path: Path) -> None:
    """§7 case 15."""
    found = read(tmp_path, SHOP + """\
t**12026-4-18 9:03:36
甲

t**12026-4-18 9:03:50
还是甲

小溪流水2026-4-18 9:04:00
乙

t**12026-4-18 9:05:00
丙
""")  # fmt: skip
    threads = [thread for buyer, thread in told(found, "buyer", "thread") if buyer == "t**1"]
    assert threads[0] == threads[1]
    assert len(set(threads)) == 2
    assert told(found, "buyer", "thread")[3] == ("小溪流水", None)


def test_lines_that_belong_nowhere_and_times_that_are_none_are_problems(tmp_path: Path) -> None:
    found = read(tmp_path, "掉队的一行\n\n小溪流水2026-4-31 9:03:36\n在吗\n\n" + SHOP)
    assert lost(found) == [(1, "掉队的一行"), (3, "2026-04-31 09:03:36")]
    assert told(found, "text") == [("早",)]


def test_messages_of_many_lines_keep_their_blank_lines(tmp_path: Path) -> None:
    """§7 case 17."""
    found = read(
        tmp_path,
        "2026-4-18 9:00:00\n溪谷旗舰店:小美\n1、发货时间\n\n  2、尺寸\n已读\n\n小溪流水2026-4-18 9:03:36\n好\n\n",
    )
    assert told(found, "text") == [("1、发货时间\n\n  2、尺寸",), ("好",)]


@given(st.lists(st.tuples(st.sampled_from("买店箭提"), st.sampled_from(["在吗", "好\n\n的", "2026-4-18", "¥9", "a:b"]), st.integers(0, 2)), min_size=1, max_size=15))  # fmt: skip
@kills("jinpai/importers/qianniu_t3.py", "yield from self._messages.rest()", "pass")
@kills("jinpai/importers/qianniu_t3.py", "for earlier in waiting:", "for earlier in waiting[1:]:")
def test_every_message_is_a_row(tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, str, int]]) -> None:
    """Law: whatever the shapes and their order, each message comes back, at its line and with its time."""
    lines, wanted, second = SHOP.split("\n")[:-1], [(1, "早", ms("2026-04-18 08:00:00"))], 0
    for shape, text, later in said:
        second += later
        time, row = f"2026-4-18 9:00:{second:02d}", len(lines) + 1
        head = {"买": [f"小溪流水{time}"], "店": [time, "溪谷旗舰店:小美"], "箭": [f"三月李子 --> 溪谷旗舰店:阿杰 {time}"],
                "提": ["由 小美 转交给 阿杰，原因：【换班】"]}[shape]  # fmt: skip
        lines += [*head, *(text.split("\n") if shape != "提" else []), ""]
        at = wanted[-1][2] if shape == "提" else ms(f"2026-04-18 09:00:{second:02d}")
        wanted.append((row, head[0] if shape == "提" else text, at))
    found = read(tmp_path_factory.mktemp("a"), "\n".join(lines))
    assert sorted(told(found, "row", "text", "sent_at")) == wanted
    assert found.problems == []
