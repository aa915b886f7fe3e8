"""Importing: each row to its shop, nothing dropped silently, all files or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from jinpai.errors import JinpaiError, WrongUse
from jinpai.importing import import_files, said
from jinpai.period import parse_instant
from jinpai.workspace import Workspace
from tests.mutants import kills

ORDERS = "shop,order_id,buyer,created_at,paid_amount\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "店铺 数据")


def orders(folder: Path, *lines: str, header: str = ORDERS) -> Path:
    file = folder / f"订单 {len(list(folder.iterdir()))}.csv"
    file.write_text(header + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def stored(workspace: Workspace) -> dict[str, list[str]]:
    """shop -> order ids, in the order of files and rows."""
    found: dict[str, list[str]] = {}
    for raw in workspace.raw_files():
        for table, batch in raw.tables():
            if table == "orders":
                assert set(batch.column("shop").to_pylist()) == {raw.shop}
                found.setdefault(raw.shop, []).extend(batch.column("order_id").to_pylist())
    return {shop: sorted(ids) for shop, ids in found.items()}


def problems(workspace: Workspace) -> list[tuple[int, str, str]]:
    return [
        (row["row"], row["column"], row["value"])
        for raw in workspace.raw_files()
        for table, batch in raw.tables()
        if table == "problems"
        for row in batch.to_pylist()
    ]


def test_every_row_goes_to_the_shop_it_names(workspace: Workspace, tmp_path: Path) -> None:
    file = orders(
        tmp_path,
        "main,1,甲,2025-06-01 10:00:00,5.00",
        "二店,2,乙,2025-06-01 10:00:00,6.00",
        ",3,丙,2025-06-01 10:00:00,7.00",
    )
    (done,) = import_files(workspace, [file])
    assert stored(workspace) == {"main": ["1", "3"], "二店": ["2"]}
    assert (done.shops, done.new_shops, done.rows, done.problems) == (("main", "二店"), ("二店",), {"orders": 3}, 0)
    assert "二店" in said([done])[0].zh
    assert workspace.shops() == ["main", "二店"]


@kills("jinpai/importing.py", 'for row in batch.column("row").to_pylist():', "for row in []:")
def test_every_row_is_stored_or_a_problem(workspace: Workspace, tmp_path: Path) -> None:
    file = orders(
        tmp_path, "main,1,甲,2025-06-01 10:00:00,5.00", "a/b,2,乙,2025-06-01 10:00:00,6.00", "MAIN,3,丙,2025-06-01 10:00:00,7.00",
        "main,4,丁,昨天,7.00", "二店,5,戊,2025-06-01 10:00:00,8.00",
    )  # fmt: skip
    (done,) = import_files(workspace, [file], shop="main")
    assert stored(workspace) == {"main": ["1"]}
    assert sorted(problems(workspace)) == [
        (3, "shop", "a/b"),
        (4, "shop", "MAIN"),
        (5, "created_at", "昨天"),
        (6, "shop", "二店"),
    ]
    assert (done.rows, done.problems) == ({"orders": 1}, 4)
    assert workspace.shops() == ["main"]


def test_importing_twice_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    file = orders(tmp_path, "main,1,甲,2025-06-01 10:00:00,5.00", "二店,2,乙,2025-06-01 10:00:00,6.00")
    copy = tmp_path / "另一个名字.csv"
    copy.write_bytes(file.read_bytes())
    first, second = import_files(workspace, [file, copy])
    assert not first.already
    before = [raw.path for raw in workspace.raw_files()]
    assert [one.already for one in import_files(workspace, [copy])] == [True]
    assert [one.already for one in import_files(workspace, [file], shop="二店")] == [True]
    assert second.already
    assert [raw.path for raw in workspace.raw_files()] == before


def test_the_same_file_can_be_given_to_another_shop(workspace: Workspace, tmp_path: Path) -> None:
    file = orders(tmp_path, "1,甲,2025-06-01 10:00:00,5.00", header=ORDERS.removeprefix("shop,"))
    import_files(workspace, [file])
    workspace.add_shop("二店")
    import_files(workspace, [file], shop="二店")
    assert stored(workspace) == {"main": ["1"], "二店": ["1"]}


@kills(
    "jinpai/importing.py",
    "files = gathered(paths)",
    "files = gathered(list(paths)[:1])",
)
def test_all_files_land_or_none(workspace: Workspace, tmp_path: Path) -> None:
    good, strange = orders(tmp_path, "main,1,甲,2025-06-01 10:00:00,5.00"), tmp_path / "别的" / "日记.csv"
    strange.parent.mkdir()
    strange.write_text("今天天气很好\n", encoding="utf-8")
    with pytest.raises(JinpaiError, match="日记"):
        import_files(workspace, [good, strange])
    assert workspace.raw_files() == []
    with pytest.raises(JinpaiError, match="没有这个文件"):
        import_files(workspace, [good, tmp_path / "没有这个文件.csv"])
    with pytest.raises(JinpaiError, match="日记"):
        import_files(workspace, [good, strange.parent])
    assert workspace.raw_files() == []


def test_a_file_without_shop_needs_one_where_there_are_several(workspace: Workspace, tmp_path: Path) -> None:
    workspace.add_shop("二店")
    file = orders(tmp_path, "1,甲,2025-06-01 10:00:00,5.00", header=ORDERS.removeprefix("shop,"))
    with pytest.raises(WrongUse, match="--shop"):
        import_files(workspace, [file])
    assert workspace.raw_files() == []
    import_files(workspace, [file], shop="二店")
    assert stored(workspace) == {"二店": ["1"]}
    mixed = orders(tmp_path, "main,7,甲,2025-06-01 10:00:00,5.00", ",8,甲,2025-06-01 10:00:00,5.00")
    (done,) = import_files(workspace, [mixed])
    assert (done.rows, done.problems) == ({"orders": 1}, 1)
    assert problems(workspace) == [(3, "shop", "")]


@kills("jinpai/importing.py", "elif self._shops.zones[shop] == self.zone and", "elif")
def test_a_time_without_offset_is_its_own_shops_time(workspace: Workspace, tmp_path: Path) -> None:
    workspace.add_shop("tokyo", "Asia/Tokyo")
    file = orders(
        tmp_path, "main,1,甲,2025-06-01 10:00:00,5.00", "tokyo,2,乙,2025-06-01 10:00:00,6.00", "tokyo,3,丙,昨天,6.00"
    )
    (done,) = import_files(workspace, [file])
    assert (done.rows, done.problems) == ({"orders": 2}, 1)
    created = {
        raw.shop: at for raw in workspace.raw_files() for table, batch in raw.tables() if table == "orders"
        for at in batch.column("created_at").to_pylist()
    }  # fmt: skip
    zones = {shop: workspace.settings(shop).zone for shop in workspace.shops()}
    assert created == {shop: parse_instant("2025-06-01 10:00:00", zone) for shop, zone in zones.items()}


def test_a_wrong_shop_or_format_is_wrong_use(workspace: Workspace, tmp_path: Path) -> None:
    file = orders(tmp_path, "main,1,甲,2025-06-01 10:00:00,5.00")
    with pytest.raises(WrongUse, match="是不是要写 main"):
        import_files(workspace, [file], shop="mian")
    with pytest.raises(WrongUse, match="canonical"):
        import_files(workspace, [file], format="cannonical")
    with pytest.raises(WrongUse, match="文件名"):
        import_files(workspace, [])


def test_progress_is_told_in_words(workspace: Workspace, tmp_path: Path) -> None:
    heard = []
    file = orders(tmp_path, "main,1,甲,2025-06-01 10:00:00,5.00")
    import_files(workspace, [file], progress=lambda words, done, total: heard.append((words.zh, done, total)))
    assert heard[-1] == (f"导入 {file.name}", 1, 0)
