"""Templates that people fill in: written, filled in by another program, read back; changed lists are confirmed."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from jinpai import cli, templates
from jinpai.importers import Probe, identify
from jinpai.importers.chinese import FILLED_IN, chinese_table
from jinpai.workspace import Workspace
from tests.importers.files import outcome, write_csv, write_xlsx
from tests.mutants import kills


def run(*words: object) -> int:
    return cli.main([*map(str, words), "--lang", "zh"])


def fill(path: Path, name: str, lang: str) -> None:
    """Writes the template's own example into its first row, by another library."""
    book = openpyxl.load_workbook(path)
    for place, one in enumerate(templates.fields(name, lang), 1):
        if one.example:
            book.worksheets[0].cell(2, place).value = one.example
    book.save(path)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", FILLED_IN)
def test_a_filled_in_template_is_read_back_whole(tmp_path: Path, name: str, lang: str) -> None:
    path = tmp_path / "店铺 表.xlsx"
    assert cli.main(["template", name, "--output", str(path), "--lang", lang]) == 0
    blank = outcome(path)
    assert (blank.format, blank.tables, blank.problems) == ("canonical", {}, [])
    fill(path, name, lang)
    found = outcome(path)
    assert (found.problems, list(found.tables)) == ([], [name])
    (row,) = found.tables[name]
    given = {one.column.name for one in templates.fields(name, lang) if one.example}
    assert {column for column in row if row[column] is not None} == given | {"row"}
    assert found.summary > len(templates.fields(name, lang)), "the sheet that explains is left out, and counted"


@pytest.mark.parametrize("name", FILLED_IN)
def test_a_template_helps_to_fill_it_in(tmp_path: Path, name: str) -> None:
    templates.write(tmp_path / "a.xlsx", name)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    blank, guide = book.worksheets
    columns = templates.fields(name)
    assert [cell.value for cell in blank[1]] == [one.heading for one in columns]
    assert blank.freeze_panes == "A2"
    lists = {str(one.sqref).split("2:")[0] for one in blank.data_validations.dataValidation}
    assert lists == {blank.cell(1, place).column_letter for place, one in enumerate(columns, 1) if one.choices}
    assert [guide.cell(row, 1).value for row in range(2, len(columns) + 2)] == [one.heading for one in columns]
    assert all(guide.cell(row, 3).value for row in range(2, len(columns) + 2))


def test_an_unknown_template_and_a_file_that_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("template", "agent") == 2
    assert "agents" in capsys.readouterr().err
    assert run("template", "agents", "--output", "名单.csv") == 2
    assert run("template", "agents") == 0
    before = (tmp_path / "agents.xlsx").read_bytes()
    assert run("template", "agents") == 2
    assert "没有覆盖" in capsys.readouterr().err
    assert (tmp_path / "agents.xlsx").read_bytes() == before


def test_a_filled_in_sheet_may_be_csv_and_have_columns_of_its_own(tmp_path: Path) -> None:
    rows = [
        ["客服子账号", "客服组", "入职日期", "备注"],
        ["小美", "售前", "2025/3/1", "老员工"],
        ["阿杰", "前台", "", ""],
    ]
    found = outcome(write_csv(tmp_path / "客服名单.csv", rows, "gbk"))
    assert [(row["agent"], row["team"], row["joined_on"], row["extra"]) for row in found.tables["agents"]] == [
        ("小美", "presales", 20250301, '{"备注": "老员工"}')]  # fmt: skip
    assert (found.only_problem.column, found.only_problem.value) == ("客服组", "前台")
    assert "售前（presales）" in found.only_problem.reason.zh


@kills(
    "jinpai/importers/chinese.py",
    "if needed <= found and (there <= _known(table).keys()",
    "if needed <= found and (True",
)
def test_platform_sheets_are_not_taken_for_lists(tmp_path: Path) -> None:
    assert chinese_table(("买家", "客服子账号", "订单号", "会员等级", "地址"), ("Sheet1", "导出")) is None
    assert chinese_table(("买家", "会员等级"), ("Sheet1", "导出")) is not None
    path = write_xlsx(tmp_path / "a.xlsx", Sheet1=[["订单编号", "买家会员名", "买家应付货款", "买家实际支付金额", "订单状态", "订单创建时间", "订单付款时间", "宝贝标题"],
                                                   ["338800000000000301", "甲", "5", "5", "交易成功", "2026-11-18 10:00:00", "", "垫"]])  # fmt: skip
    assert identify(Probe(path)).name == "taobao_orders"


# ---- what an import would change is shown, and asked


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "店铺 数据"
    assert run("init", folder) == 0
    assert run("import", agents(tmp_path, "甲", "小美,陈小美,售前", "阿杰,李杰,售前"), "--workspace", folder) == 0
    return folder


def agents(folder: Path, name: str, *lines: str) -> Path:
    return write_csv(
        folder / f"{name}.csv", [["客服子账号", "姓名", "客服组"], *(line.split(",") for line in lines)], "utf-8"
    )


def imports(shop: Path) -> int:
    return len(Workspace.open(shop).raw_files())


def test_changes_are_shown_and_nothing_is_imported_without_a_yes(
    tmp_path: Path, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = agents(tmp_path, "乙", "小美,陈小美,售后", "小夏,夏天,都接")
    capsys.readouterr()
    assert run("import", file, "--workspace", shop) == 1
    said = capsys.readouterr()
    assert "新增 1 行，改动 1 行，新文件里没写（照旧保留） 1 行" in said.out
    assert "~ 小美：客服组 售前 → 售后" in said.out
    assert "+ 小夏，夏天，都接" in said.out
    assert "- 阿杰，李杰，售前" in said.out
    assert "--yes" in said.err
    assert imports(shop) == 1
    assert run("import", file, "--workspace", shop, "--yes") == 0
    assert imports(shop) == 2


@kills("jinpai/commands/confirming.py", "casefold() in _YES", "casefold() not in _YES")
@pytest.mark.parametrize(("answer", "landed"), [("y", 2), ("是", 2), ("", 1), ("n", 1)])
def test_the_answer_on_a_terminal_counts(
    tmp_path: Path, shop: Path, monkeypatch: pytest.MonkeyPatch, answer: str, landed: int
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda: answer)
    assert run("import", agents(tmp_path, "乙", "小美,陈小美,售后"), "--workspace", shop) == int(landed == 1)
    assert imports(shop) == landed


@kills("jinpai/workspace/lists.py", "found.sort(key=lambda one: one[:2])", "found.sort(key=lambda one: -one[0])")
def test_the_newest_import_is_what_stands(tmp_path: Path, shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run("import", agents(tmp_path, "乙", "小美,陈小美,售后", "阿杰,李杰,售前"), "--workspace", shop, "--yes") == 0
    )
    capsys.readouterr()
    assert run("import", agents(tmp_path, "丙", "小美,陈小美,都接", "阿杰,李杰,售前"), "--workspace", shop) == 1
    assert "售后 → 都接" in capsys.readouterr().out


def test_what_comes_day_by_day_asks_only_when_a_row_changes(
    tmp_path: Path, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def visitors(day: str, many: int) -> Path:
        path = tmp_path / f"访客 {day} {many}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["日期", "访客数"], [day, many]])
        return path

    assert run("import", visitors("2026-11-18", 300), "--workspace", shop) == 0
    assert run("import", visitors("2026-11-19", 280), "--workspace", shop) == 0
    assert run("import", visitors("2026-11-18", 310), "--workspace", shop) == 1
    assert "2026-11-18：访客数 300 → 310" in capsys.readouterr().out


def test_a_mapping_is_an_option_of_import(tmp_path: Path, shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toml = tmp_path / "对照.toml"
    toml.write_text(
        'table = "messages"\nno_time = "order"\nfirst_day = "2026-11-01"\n[columns]\nbuyer = "对方"\nsender = "谁"\ntext = "话"\n',
        encoding="utf-8",
    )
    file = write_csv(tmp_path / "聊天.csv", [["对方", "谁", "话"], ["云边小鹿", "buyer", "在吗"]], "utf-8")
    assert run("import", file, "--workspace", shop, "--mapping", toml, "--format", "canonical") == 2
    assert run("import", file, "--workspace", shop, "--mapping", toml) == 0
    said = capsys.readouterr().out
    assert "聊天消息 1 行" in said
    assert "不能当真" in said
    other = toml.with_name("另一份.toml")
    other.write_text(toml.read_text(encoding="utf-8").replace("2026-11-01", "2026-10-01"), encoding="utf-8")
    assert run("import", file, "--workspace", shop, "--mapping", other) == 0
    assert "会把每行算两遍" in capsys.readouterr().out
    assert run("report", "--workspace", shop) == 0
    assert "1 个文件没有时间（聊天.csv）" in capsys.readouterr().out.replace("\n", "")
