"""详情页闭环的测试 tasks for the editor, the record of a change, and before and after with intervals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jinpai import cli
from jinpai.errors import JinpaiError
from jinpai.flow import build
from jinpai.importing import import_files
from jinpai.topics.changes import Change, add, changes, latest
from jinpai.topics.pages import change, done, pages, suggestions
from jinpai.topics.phrases import titles
from jinpai.workspace import Workspace
from tests.mutants import kills

DAY = "2025-11-12"


def talk() -> Iterator[str]:
    """Six buyers before the change of whom four miss the size, four after of whom one does, and one on the day itself."""
    yield "buyer,agent,sender,sent_at,kind,text,product_id"
    asked = [
        *(("11-08", "详情页没写尺寸啊"),) * 3,
        ("11-11", "没看到尺寸"),
        ("11-09", "包邮吗"),
        ("11-09", "能便宜点吗"),
    ]
    asked += [
        ("11-12", "详情页没写尺寸啊"),
        ("11-13", "没看到尺寸"),
        ("11-14", "包邮吗"),
        ("11-14", "好的"),
        ("11-15", "什么时候发货"),
    ]
    for number, (day, text) in enumerate(asked):
        yield f"买家{number},小美,buyer,2025-{day} 10:0{number % 6}:00,text,{text},P1"
        yield f"买家{number},小美,agent,2025-{day} 10:0{number % 6}:30,text,在的,"
    yield "路人,小美,buyer,2025-11-30 10:00:00,text,怕不合适怎么办,P2"


ORDERS = """order_id,buyer,created_at,paid_at,status,payable_amount,paid_amount
1,静一,2025-11-09 12:30:00,2025-11-09 12:31:00,交易成功,10.00,10.00
2,买家0,2025-11-08 10:30:00,2025-11-08 10:31:00,交易成功,10.00,10.00
3,静二,2025-11-13 12:30:00,2025-11-13 12:31:00,交易成功,10.00,10.00
4,静三,2025-11-30 12:30:00,2025-11-30 12:31:00,交易成功,10.00,10.00
"""
ITEMS = "order_id,product_id,quantity,price\n1,P1,1,10.00\n2,P1,1,10.00\n3,P1,1,10.00\n4,P2,1,10.00\n"
VISITORS = "day,product_id,visitors\n" + "".join(f"2025-11-{day:02},P1,10\n" for day in range(8, 17))


def workspace(folder: Path, *, visitors: bool = False) -> Workspace:
    made = Workspace.create(folder / "店铺 数据")
    made.write_settings(None, {"inspection": True})
    tables = {"messages": "\n".join(talk()) + "\n", "orders": ORDERS, "order_items": ITEMS}
    if visitors:
        tables["visitors"] = VISITORS
    files = []
    for name, text in tables.items():
        files.append(folder / f"{name}.csv")
        files[-1].write_text(text, encoding="utf-8")
    import_files(made, files)
    build(made)
    return made


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return workspace(tmp_path_factory.mktemp("详情页"), visitors=True)


@kills("jinpai/topics/pages.py", 'if told["said"] >= fewest or is_often', 'if told["said"] > fewest or is_often')
def test_what_the_page_does_not_say_is_a_task_with_its_words(shop: Workspace) -> None:
    found = pages(shop, fewest=6)["tasks"]
    assert [(one["product"], one["topic"], one["said"], one["conversations"]) for one in found] == [
        ("P1", "size", 6, 11)
    ]
    assert found[0]["quotes"] == ["详情页没写尺寸啊", "没看到尺寸"]
    assert "尺寸图" in found[0]["suggestion"]
    assert pages(shop, fewest=7)["tasks"] == []
    assert pages(shop, fewest=3, end="2025-11-11")["tasks"][0]["said"] == 4


def test_fear_of_risk_is_a_task_for_the_owner(shop: Workspace) -> None:
    assert [(one["product"], one["worried"]) for one in pages(shop, fewest=1)["owner"]] == [("P2", 1)]
    assert pages(shop)["owner"] == []


@kills(
    "jinpai/topics/pages.py", '"after": (add_days(day, 1), add_days(day, days))', '"after": (day, add_days(day, days))'
)
@kills("jinpai/topics/pages.py", "case when agent is null then buyer_key end", "buyer_key")
def test_before_and_after_leave_out_the_day_of_the_change(shop: Workspace, tmp_path: Path) -> None:
    made, is_new = done(shop, None, "P1：尺寸尺码", DAY)
    assert (made, is_new) == (Change("P1", "size", 20251112), True)
    assert not done(shop, None, "P1:size", DAY)[1]
    told = pages(shop, days=4)["done"][0]
    assert (told["asking"]["before"][:2], told["asking"]["after"][:2]) == ([4, 6], [1, 4])
    assert told["silent_of"] == "visitors"
    assert (told["silent"]["before"][:2], told["silent"]["after"][:2]) == ([1, 40], [1, 40])
    assert told["is_over"]
    assert not pages(shop, days=60)["done"][0]["is_over"]
    assert pages(shop)["tasks"][0]["done"] == DAY
    low, high = told["asking"]["change"][1:]
    assert low < told["asking"]["change"][0] < high
    without = workspace(tmp_path)
    done(without, None, "P1:size", DAY)
    told = pages(without, days=4)["done"][0]
    assert (told["silent_of"], told["silent"]["before"][:2], told["silent"]["after"][:2]) == ("buyers", [1, 2], [1, 1])


@kills("jinpai/topics/pages.py", "(new - after[2]) ** 2 + (before[3] - old) ** 2", "(new - after[2]) ** 2")
def test_the_interval_of_a_change_is_newcombes() -> None:
    from jinpai.topics.pages import _share

    # the example (a) of his paper: 56/70 against 48/80
    found = change(_share(48, 80), _share(56, 70))
    assert found == pytest.approx([0.2, 0.0524, 0.3339], abs=5e-5)
    assert change(_share(0, 0), _share(1, 2)) is None


def test_a_change_is_kept_as_it_was_told_and_a_wrong_file_is_said(tmp_path: Path) -> None:
    assert changes(tmp_path) == []
    for day in (20251112, 20251120, 20251101):
        assert add(tmp_path, Change('P"1', "size", day))
    assert [one.day for one in changes(tmp_path)] == [20251112, 20251120, 20251101]
    assert latest(tmp_path) == {('P"1', "size"): 20251120}
    file = tmp_path / "topics" / "pages.toml"
    for text, told in (
        ("[[done]]\nproduct = 'P1'\ntopic = 'size'\non = '昨天'\n", "第 1 段的 on"),
        ("[[done]]\nproduct = 3\ntopic = 'size'\non = 2025-11-12\n", "第 1 段的 product"),
        ("[[done]]\nproduct = 'P'\ntopic = 'size'\non = 2025-11-12\nby = '王'\n", "第 1 段的 by"),
        ("done = 3\n", "done = 3"),
        ("made = 3\n", "made = 3"),
        ("[[done\n", "写法不对"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(JinpaiError) as said:
            changes(tmp_path)
        assert told in said.value.words.zh


def test_suggestions_are_of_known_topics() -> None:
    assert set(suggestions()["page"]) - {"other"} <= set(titles()["topic"])
    assert set(suggestions()["owner"]) <= set(titles()["objection"])


def test_the_commands_say_what_is_wrong_and_write_their_sheets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = workspace(tmp_path)

    def run(*words: object) -> tuple[int, str, str]:
        code = cli.main([*map(str, words), "--workspace", str(shop.root), "--lang", "zh"])
        told = capsys.readouterr()
        return code, told.out, told.err

    folder = shop.root.parent
    for words, named in (
        (["pages", "--done", "P1:size"], "--on"), (["pages", "--done", "P1", "--on", DAY], "--done 要写成"),
        (["pages", "--done", "P9:size", "--on", DAY], "P9"), (["pages", "--done", "P1:sise", "--on", DAY], "sise"),
        (["pages", "--done", "P1:size", "--on", "昨天"], "昨天"), (["pages", "--sheet", folder / "x.pdf"], ".html"),
        (["topics", "--by", "agent"], "agent"), (["topics", "--from", "昨天"], "昨天"), (["teach"], "--write"),
        (["teach", "--write", folder / "x.csv"], ".xlsx"),
    ):  # fmt: skip
        code, _, err = run(*words)
        assert code == 2, words
        assert named in err, err
    assert run("pages", "--sheet", folder / "页.html", "--least", 6)[0] == 0
    assert "没看到尺寸" in (folder / "页.html").read_text(encoding="utf-8")
    assert run("pages", "--sheet", folder / "页.xlsx")[0] == 0
    for name in ("问.html", "问.xlsx", "问.csv", "问.json"):
        assert run("topics", "--by", "product", "--output", folder / name)[0] == 0
        assert (folder / name).stat().st_size > 400
    by_product = (folder / "问.html").read_text(encoding="utf-8")
    assert by_product.count('<section class="card"') == by_product.count('<span class="hint">P') > 0
    assert run("topics", "--output", folder / "全店.html")[0] == 0
    assert "<h2>关注点</h2>" in (folder / "全店.html").read_text(encoding="utf-8")
    assert "运费包邮" in run("topics")[1]
    assert run("teach", "--write", folder / "待标注.xlsx", "--count", 5)[0] == 0
    assert run("teach", "--write", folder / "待标注.xlsx")[0] == 2
    assert run("teach", "--forget")[0] == 0
