"""Qianniu's export of many buyers in one text: who says what, and what only looks like a message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.errors import JinpaiError
from jinpai.importers.qianniu import understood
from tests.importers.files import Outcome, ms, outcome, write_text
from tests.mutants import kills

RULE, DASHES = "=" * 64, "-" * 28
HEAD = f"溪谷旗舰店:小美\n\n{RULE}\n{'单聊':^64}\n{RULE}\n\n\n"
GROUP = f"\n\n{RULE}\n{'群聊':^64}\n{RULE}\n\n{DASHES}福利群{DASHES}\n群管家(2023-06-05 12:00:00):  早\n鹿某(2023-06-05 12:00:01):  早\n"


def block(buyer: str, *lines: str) -> str:
    return f"{DASHES}{buyer}{DASHES}\n" + "\n".join(lines) + "\n\n"


def said(sender: str, text: str, time: str = "10:02:11") -> str:
    return f"{sender}(2023-06-05 {time}):  {text}"


def read(folder: Path, *blocks: str, end: str = "", encoding: str = "gbk") -> Outcome:
    return outcome(write_text(folder / "聊天记录.txt", HEAD + "".join(blocks) + end, encoding, "\r\n"))


def told(found: Outcome, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in columns) for row in found.tables.get("messages", [])]


def test_a_block_is_read_in_order(tmp_path: Path) -> None:
    """§7 case 11: sender first; the line number is the row."""
    found = read(tmp_path, block("云边小鹿", said("云边小鹿", "在吗"), said("溪谷旗舰店:小美", "在的", "10:02:15")))
    assert found.format == "qianniu_t1"
    assert told(found, "row", "buyer", "thread", "agent", "sender", "sent_at", "kind", "text") == [
        (9, "云边小鹿", None, None, "buyer", ms("2023-06-05 10:02:11"), "text", "在吗"),
        (10, "云边小鹿", None, "小美", "agent", ms("2023-06-05 10:02:15"), "text", "在的")]  # fmt: skip
    assert not found.problems


@kills("jinpai/importers/qianniu.py", "if name == self.name else None", "if name.startswith(self.name) else None")
def test_accounts_may_hold_colons_and_buyers_may_begin_like_the_shop(tmp_path: Path) -> None:
    """§7 case 9: the part before the first colon must equal the shop's name."""
    buyer = "溪谷旗舰店的粉丝"
    found = read(tmp_path, block(buyer, said("溪谷旗舰店:售前:小美", "您好"), said("溪谷旗舰店：阿杰", "在"), said("溪谷旗舰店", "在"),
                                 said(buyer, "在吗"), said("溪谷旗舰店2:小美", "我是别的店", "10:02:12")))  # fmt: skip
    assert told(found, "agent", "sender") == [
        ("售前:小美", "agent"),
        ("阿杰", "agent"),
        ("溪谷旗舰店", "agent"),
        (None, "buyer"),
    ]
    assert (found.only_problem.column, found.only_problem.value) == ("发送方", "溪谷旗舰店2:小美")


@kills("jinpai/importers/qianniu_t1.py", "if is_earlier and (sender, found[1]) in self._seen:", "if False:")
def test_text_that_looks_like_a_message_continues_the_one_above(tmp_path: Path) -> None:
    """§7 case 10: known senders only; quoted lines of this very chat too."""
    quote = [
        said("张三", "别人的话", "09:00:00"),
        said("云边小鹿", "在吗", "10:02:11"),
        "发货时间(2023-06-05 10:00:00):  尽快",
    ]
    found = read(tmp_path, block("云边小鹿", said("云边小鹿", "在吗"), said("溪谷旗舰店:小美", "您说的是", "10:05:00"), *quote,
                                 said("云边小鹿", "你们客服(2023-06-05 10:01:00):  说有货", "10:06:00")))  # fmt: skip
    assert told(found, "sender", "text") == [
        ("buyer", "在吗"), ("agent", "\n".join(["您说的是", *quote])), ("buyer", "你们客服(2023-06-05 10:01:00):  说有货")]  # fmt: skip
    assert not found.problems


def test_notices_are_of_the_platform_whoever_they_are_credited_to(tmp_path: Path) -> None:
    """§7 case 12: system, transfer and entry notices start no conversation of the buyer."""
    found = read(tmp_path, block(
        "云边小鹿", said("云边小鹿", "当前用户来自 商品详情页"), said("云边小鹿", "由 服务助手 转交给 小美，原因：【离线留言自动分配】"),
        said("云边小鹿", "由 溪谷旗舰店:小美 转交给 溪谷旗舰店:阿杰"), said("溪谷旗舰店:小美", "系统提示:对方已下单"),
        said("云边小鹿", "系统提示我付款失败"), said("云边小鹿", "能由他转交给我吗")))  # fmt: skip
    assert told(found, "sender", "kind", "event", "agent", "to_agent") == [
        ("system", "event", None, None, None), ("system", "event", "transferred", "服务助手", "小美"),
        ("system", "event", "transferred", "小美", "阿杰"), ("system", "event", None, "小美", None),
        ("buyer", "text", None, None, None), ("buyer", "text", None, None, None)]  # fmt: skip


def test_the_robot_is_automatic(tmp_path: Path) -> None:
    """§7 case 13: 服务助手 answers within a second and is no person."""
    found = read(
        tmp_path, block("云边小鹿", said("云边小鹿", "在吗"), said("溪谷旗舰店:服务助手", "亲，欢迎光临", "10:02:12"))
    )
    assert told(found, "sender", "agent") == [("buyer", None), ("auto", "服务助手")]


def test_equal_messages_of_one_second_are_all_kept(tmp_path: Path) -> None:
    """§7 case 14: "在", "在" is real."""
    found = read(tmp_path, block("云边小鹿", said("云边小鹿", "在"), said("云边小鹿", "在"), said("云边小鹿", "在")))
    assert told(found, "text") == [("在",)] * 3


def test_blocks_of_one_mask_are_people_of_their_own(tmp_path: Path) -> None:
    """§7 case 15: several people share one mask; the same plain nick is one buyer."""
    found = read(tmp_path, block("t**1", said("t**1", "甲")), block("云边小鹿", said("云边小鹿", "乙")), block("t**1", said("t**1", "丙")),
                 block("a****bc", said("a****bc", "丁")), block("云边小鹿", said("云边小鹿", "戊")))  # fmt: skip
    assert told(found, "buyer", "thread") == [("t**1", "1"), ("云边小鹿", None), ("t**1", "2"), ("a****bc", "1"), ("云边小鹿", None)]  # fmt: skip


def test_a_chat_across_midnight_keeps_its_days(tmp_path: Path) -> None:
    """§7 case 16."""
    found = read(
        tmp_path, block("云边小鹿", said("云边小鹿", "在吗", "23:59:58"), "溪谷旗舰店:小美(2023-06-06 00:00:10):  在的")
    )
    assert told(found, "sent_at") == [(ms("2023-06-05 23:59:58"),), (ms("2023-06-06 00:00:10"),)]


def test_group_chats_are_left_out_and_counted(tmp_path: Path) -> None:
    """§7 case 17: 群聊 at the end."""
    found = read(tmp_path, block("云边小鹿", said("云边小鹿", "在吗")), end=GROUP)
    assert (told(found, "text"), found.summary, found.problems) == ([("在吗",)], 2, [])


def test_lines_continue_a_message_blank_ones_inside_too(tmp_path: Path) -> None:
    """§7 case 17: blank lines inside are kept, those after the last line only part the blocks."""
    found = read(tmp_path, block("云边小鹿", said("溪谷旗舰店:小美", "1、发货时间"), "", "2、尺寸", RULE, "3、颜色", "", ""),
                 block("柠檬", said("柠檬", "好")))  # fmt: skip
    assert told(found, "text") == [(f"1、发货时间\n\n2、尺寸\n{RULE}\n3、颜色",), ("好",)]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16"])
def test_codes_of_emoji_hold_regex_characters(tmp_path: Path, encoding: str) -> None:
    """§7 case 18: /:^_^ and /:*&*; real emoji live only in Unicode files."""
    found = read(
        tmp_path,
        block("云边小鹿", said("云边小鹿", "/:^_^"), said("云边小鹿", "/:*&*/:002"), said("云边小鹿", "好的/:^$^")),
        encoding=encoding,
    )
    assert told(found, "kind", "text") == [("emoji", "/:^_^"), ("emoji", "/:*&*/:002"), ("text", "好的/:^$^")]
    assert understood("😊👍").kind == "emoji"
    assert understood("?").kind == "text"


@pytest.mark.parametrize(
    ("text", "kind", "product", "order"),
    [("http://item.taobao.com/item.htm?id=700000012345", "product_card", "700000012345", None),
     ("https://detail.tmall.com/item.htm?spm=a1z&id=700000012346&x=1", "product_card", "700000012346", None),
     ("这款 https://item.taobao.com/item.htm?id=700000012345 有货吗", "text", "700000012345", None),
     ('<img class="_img_1" src="https://img.alicdn.com/imgextra/i1/a.jpg">', "image", None, None),
     ("https://ossgw.alicdn.com/tfs/a.png", "image", None, None), ("<recognition>你好.amr", "voice", None, None),
     ("领券 https://taoquan.taobao.com/coupon/x?id=1", "coupon", None, None),
     ("订单号：448800000000000201 到哪了", "text", None, "448800000000000201"),
     ("订单编号 3388000000000000301", "text", None, "3388000000000000301"), ("运单号880000000000001", "text", None, None),
     ("电话13800000001", "text", None, None),
     ("https://trade.taobao.com/trade/detail/trade_item_detail.htm?bizOrderId=3388000000000000301", "order_card", None, "3388000000000000301"),
     ("https://s.taobao.com/search?id=700000012345", "text", None, None), ("   ", "text", None, None)],
)  # fmt: skip
def test_what_a_text_is(text: str, kind: str, product: str | None, order: str | None) -> None:
    found = understood(text)
    assert (found.kind, found.product_id, found.order_id) == (kind, product, order)
    assert found.text == (text if text.strip() else None)


def test_lines_that_belong_nowhere_are_problems(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        block(
            "云边小鹿", "掉队的一行", said("云边小鹿", "在吗"), said("云边小鹿", "坏时间", "25:00:00"), "还是那条坏的"
        ),
    )
    assert [(problem.row, problem.value) for problem in found.problems] == [
        (9, "掉队的一行"),
        (11, "2023-06-05 25:00:00"),
    ]
    assert told(found, "text") == [("在吗",)]


def test_a_file_without_its_shop_is_refused(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.txt", HEAD.split("\n", 2)[2] + block("云边小鹿", said("云边小鹿", "在吗")))
    with pytest.raises(JinpaiError, match="店铺名"):
        outcome(path)


texts = st.text(st.characters(codec="gb18030", exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=12).map(
    str.strip
)


@given(
    st.lists(
        st.tuples(st.sampled_from(["鹿某", "溪谷旗舰店:小美", "溪谷旗舰店:a:b"]), st.integers(0, 59), texts),
        max_size=20,
    )
)
def test_every_message_comes_back(
    tmp_path_factory: pytest.TempPathFactory, messages: list[tuple[str, int, str]]
) -> None:
    lines = [
        said(sender, text, f"10:02:{second:02d}") for sender, second, text in sorted(messages, key=lambda one: one[1])
    ]
    found = read(tmp_path_factory.mktemp("a"), block("鹿某", *lines), encoding="gb18030")
    assert [row["text"] or "" for row in found.tables.get("messages", [])] == [
        text for _, _, text in sorted(messages, key=lambda one: one[1])]  # fmt: skip
    assert not found.problems
