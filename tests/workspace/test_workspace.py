"""One folder on disk: made, opened, with its shops and its key."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from jinpai.errors import JinpaiError, WrongUse
from jinpai.workspace import Workspace, shop_key


def test_a_workspace_is_made_and_opened(tmp_path: Path) -> None:
    root = tmp_path / "店铺 数据" / "2025"
    assert not Workspace.exists(root)
    made = Workspace.create(root, shop="旗舰店", zone="Asia/Tokyo")
    opened = Workspace.open(str(root))
    assert (opened.id, opened.shops(), opened.settings().time_zone) == (made.id, ["旗舰店"], "Asia/Tokyo")


def test_two_workspaces_have_two_keys_outside_of_them(tmp_path: Path) -> None:
    one, other = Workspace.create(tmp_path / "a"), Workspace.create(tmp_path / "b")
    assert one.key_for("tokens") != other.key_for("tokens")
    assert one.key_for("tokens") != one.key_for("raw")
    assert one.key_for("tokens") == Workspace.open(one.root).key_for("tokens")
    assert one.root not in one.key_file.parents
    if os.name != "nt":
        assert stat.S_IMODE(one.key_file.stat().st_mode) == 0o600


def test_the_key_lies_with_the_users_configuration_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace.create(tmp_path / "a")
    monkeypatch.delenv("JINPAI_KEY_DIR")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert workspace.key_file.name == f"{workspace.id}.key"
    assert workspace.key_file.parent.name == "keys"


def test_where_there_is_none_or_already_one_is_said(tmp_path: Path) -> None:
    with pytest.raises(JinpaiError, match="jinpai init"):
        Workspace.open(tmp_path / "nowhere")
    Workspace.create(tmp_path / "a")
    with pytest.raises(JinpaiError, match="已经是工作区"):
        Workspace.create(tmp_path / "a")


def test_a_wrong_zone_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(JinpaiError, match="Asia/Shanghai"):
        Workspace.create(tmp_path / "a", zone="UTC+8")
    assert not (tmp_path / "a").exists()


def test_a_newer_or_damaged_workspace_is_said(tmp_path: Path) -> None:
    root = Workspace.create(tmp_path / "a").root
    mark = root / "workspace.toml"
    text = mark.read_text(encoding="utf-8")
    mark.write_text(text.replace("layout = 1", "layout = 9"), encoding="utf-8")
    with pytest.raises(JinpaiError, match="升级"):
        Workspace.open(root)
    mark.write_text("id = ", encoding="utf-8")
    with pytest.raises(JinpaiError, match="备份"):
        Workspace.open(root)


def test_shops_are_added_with_the_first_ones_zone(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "a", shop="z", zone="Asia/Tokyo")
    workspace.add_shop("二店")
    workspace.add_shop("b", "Asia/Singapore")
    assert workspace.shops() == ["b", "z", "二店"]
    assert workspace.settings("二店").time_zone == "Asia/Tokyo"
    assert workspace.settings("b").time_zone == "Asia/Singapore"
    workspace.write_settings("b", {"slow_rounds": 9})
    with pytest.raises(WrongUse, match="已经有了"):
        workspace.add_shop("B")
    assert workspace.settings("b").slow_rounds == 9


def test_which_shop_is_asked_for(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "a")
    assert workspace.shop() == "main"
    workspace.add_shop("second")
    assert workspace.shop("second") == "second"
    with pytest.raises(WrongUse, match="--shop"):
        workspace.shop()
    with pytest.raises(WrongUse, match="是不是要写 second"):
        workspace.shop("secnd")


@pytest.mark.parametrize("key", ["", "a/b", "..", ".hidden", "con", "NUL.x", "a ", "a\n", 'a"b', "x" * 200])
def test_a_shop_key_that_cannot_be_a_folder_is_refused(key: str) -> None:
    with pytest.raises(WrongUse, match="店铺名"):
        shop_key(key)


@pytest.mark.parametrize("key", ["main", "旗舰店（小店）", "a b", "店-1_2", "[x]"])
def test_a_shop_key_may_be_chinese(key: str) -> None:
    assert shop_key(key) == key


def test_making_one_goes_on_where_it_was_cut_off(tmp_path: Path) -> None:
    root = Workspace.create(tmp_path / "a").root
    (root / "workspace.toml").unlink()
    again = Workspace.create(tmp_path / "a")
    assert again.shops() == ["main"]
    assert len(again.key_for("raw")) == 32
