"""Masks of nicks."""

from __future__ import annotations

import pytest

from jinpai.text.mask import is_masked, mask_nick


@pytest.mark.parametrize(
    ("nick", "shown"),
    [("云边小鹿", "云**鹿"), ("tb_88200317", "t**7"), ("小鹿", "小*"), ("鹿", "*"), ("t**1", "t**1"), ("", "")],
)
def test_a_nick_is_shown_by_its_ends(nick: str, shown: str) -> None:
    assert mask_nick(nick) == shown


@pytest.mark.parametrize("buyer", ["t**1", "账号信息保护显示", "a****bc", "", "  ", None, "云＊＊"])
def test_masked_buyers_tell_nobody_apart(buyer: str | None) -> None:
    """§7 case 15."""
    assert is_masked(buyer)


def test_plain_nicks_do() -> None:
    assert not is_masked("云边小鹿")
