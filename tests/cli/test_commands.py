"""The commands on a small shop: what they print, where, and the exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from jinpai import cli
from tests.cli import small
from tests.mutants import kills


def run(*words: object, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """The program as a person runs it, in another process."""
    named = {**os.environ, "LANG": "zh_CN.UTF-8", "LC_ALL": "", "COLUMNS": "80", **environ}
    return subprocess.run(
        [sys.executable, "-m", "jinpai.cli", *map(str, words)], capture_output=True, env=named, check=False
    )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose path has Chinese and a blank in it, imported and built."""
    folder = tmp_path_factory.mktemp("cli") / "店铺 数据"
    assert cli.main(["init", str(folder), "--shop", "甲店"]) == 0
    assert cli.main(["import", *map(str, small.files(folder / "files")), "--workspace", str(folder)]) == 0
    return folder


def test_import_says_what_came_in_and_where_the_rest_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "店"
    files = [str(path) for path in small.files(tmp_path)]
    assert cli.main(["init", str(folder), "--lang", "zh"]) == 0
    assert cli.main(["import", *files, "--workspace", str(folder), "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "messages.csv" in said
    assert "聊天消息 6 行" in said
    assert "没导进来 1 行" in said
    assert "jinpai problems" in said
    assert cli.main(["import", *files, "--workspace", str(folder), "--lang", "zh"]) == 0
    assert "以前导入过" in capsys.readouterr().out


def test_problems_name_file_row_column_value_and_reason(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["problems", "--workspace", str(shop), "--format", "json", "--lang", "zh"]) == 0
    [row] = json.loads(capsys.readouterr().out)["rows"]
    assert (row["file"], row["row"], row["column"], row["value"]) == ("messages.csv", 6, "sent_at", "昨天下午")
    assert row["reason"]
    assert cli.main(["problems", "--workspace", str(shop), "--format", "csv"]) == 0
    [line] = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert line["row"] == "6"
    assert cli.main(["problems", "--workspace", str(shop), "--lang", "zh"]) == 0
    assert "昨天下午" in capsys.readouterr().out


def test_json_is_one_object_and_nothing_else(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["report", "--workspace", str(shop), "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    [row] = result["rows"]
    assert result["meta"]["reconciliation"] == {
        "attributed": "99.00",
        "silent": "30.50",
        "shop": "129.50",
        "difference": "0.00",
    }
    assert row["consulted_buyers"] == 3
    assert row["of"]["conversion_next_day"][:2] == [1, 2]


def test_the_screen_shows_the_shop(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["report", "--workspace", str(shop), "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "询单→最终付款率（到次日）" in said
    assert "1 ÷ 2" in said
    assert "已核平" in said
    assert cli.main(["report", "--workspace", str(shop), "--by", "agent,day", "--lang", "en"]) == 0
    assert "2026-11-18" in capsys.readouterr().out


@kills("jinpai/commands/report.py", "csv.BOM + text if output else text", "text")
def test_files_by_their_names(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("报表.csv", "报表.json", "报表.xlsx", "报表.html", "报表.txt"):
        assert cli.main(["report", "--workspace", str(shop), "--output", str(tmp_path / name), "--lang", "zh"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "已写到" in captured.err
    assert (tmp_path / "报表.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert json.loads((tmp_path / "报表.json").read_text(encoding="utf-8"))["rows"]
    assert openpyxl.load_workbook(tmp_path / "报表.xlsx").sheetnames == ["客服数据", "口径与明细"]
    assert "询单转化率" in (tmp_path / "报表.html").read_text(encoding="utf-8")
    assert "已核平" in (tmp_path / "报表.txt").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["报表.csv", "报表.json", "报表.xlsx", "报表.html", "报表.txt"]
    )


def test_csv_to_a_pipe_has_no_mark_for_excel(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["report", "--workspace", str(shop), "--by", "agent", "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("agent,")


def test_explain_prints_the_passport_with_buyers_masked(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "conversion_next_day", "--workspace", str(shop), "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    for word in ("1 ÷ 2", "到次日", "已满统计期", "Asia/Shanghai", "背后的会话和订单"):
        assert word in said, word
    assert "云边小鹿" not in said
    assert cli.main(["explain", "conversion_next_day", "--workspace", str(shop), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["of"][:2] == [1, 2]


@kills("jinpai/render/passport.py", "if agent is None or key not in", "if True or key not in")
@pytest.mark.parametrize(
    ("lang", "heads"),
    [
        ("zh", ["买家匹配（全店，不只这位客服）", "核平（全店，不只这位客服）", "成熟度（小美）", "背后的会话和订单（小美）", "还没下单"]),
        ("en", ["Identity (whole shop, not this agent alone)", "Maturity (小美)", "Rows behind it (小美)", "before an order"]),
    ],
)  # fmt: skip
def test_explain_of_an_agent_says_what_is_the_whole_shops(
    shop: Path, capsys: pytest.CaptureFixture[str], lang: str, heads: list[str]
) -> None:
    words = ["explain", "conversion_next_day", "--workspace", str(shop), "--lang", lang]
    assert cli.main([*words, "--agent", "小美"]) == 0
    said = capsys.readouterr().out
    for head in heads:
        assert head in said, head
    assert cli.main(words) == 0
    assert heads[0] not in capsys.readouterr().out


@kills("jinpai/cli.py", "return WRONG_USE if isinstance(error, WrongUse) else CANNOT", "return CANNOT")
@pytest.mark.parametrize(
    "words",
    [
        ["reprt"],
        ["report"],
        ["report", "--wrkspace", "x"],
        ["report", "--workspace", "{shop}", "--format", "yaml"],
        ["report", "--workspace", "{shop}", "--format", "xlsx"],
        ["report", "--workspace", "{shop}", "--by", "agnet"],
        ["report", "--workspace", "{shop}", "--metrics", "conversoin"],
        ["report", "--workspace", "{shop}", "--set", "conversation_gap"],
        ["report", "--workspace", "{shop}", "--shop", "乙店"],
        ["report", "--workspace", "{shop}", "--lang", "fr"],
        ["import", "--workspace", "{shop}"],
        ["explain", "conversoin", "--workspace", "{shop}"],
        ["init", "a", "b"],
    ],
)
def test_wrong_use_is_two_and_one_sentence(shop: Path, capfd: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert cli.main([word.replace("{shop}", str(shop)) for word in words]) == 2
    captured = capfd.readouterr()
    assert captured.out == ""
    assert len(captured.err.strip().splitlines()) == 1
    assert "Traceback" not in captured.err


@pytest.mark.parametrize(
    "words",
    [
        ["report", "--workspace", "{tmp}/没有"],
        ["report", "--workspace", "{shop}", "--from", "2026-13-40"],
        ["report", "--workspace", "{shop}", "--from", "2026-11-20", "--to", "2026-11-01"],
        ["report", "--workspace", "{shop}", "--as-of", "昨天"],
        ["report", "--workspace", "{shop}", "--output", "{tmp}/没有/报表.csv"],
        ["report", "--workspace", "{shop}", "--output", "{tmp}"],
        ["import", "{tmp}/没有.csv", "--workspace", "{shop}"],
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    shop: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], words: list[str]
) -> None:
    asked = [word.replace("{shop}", str(shop)).replace("{tmp}", str(tmp_path)) for word in words]
    assert cli.main([*asked, "--lang", "zh"]) in (1, 2)
    captured = capfd.readouterr()
    assert captured.out == ""
    assert len(captured.err.strip().splitlines()) == 1
    assert "Traceback" not in captured.err
    assert "程序出错" not in captured.err


@pytest.mark.parametrize(("lang", "word"), [("zh", "导入"), ("en", "Import")])
def test_help_speaks_both_languages(capsys: pytest.CaptureFixture[str], lang: str, word: str) -> None:
    assert cli.main(["import", "--help", "--lang", lang]) == 0
    said = capsys.readouterr().out
    assert word in said
    assert "||" not in said


def test_a_gbk_console_shows_what_it_can(shop: Path) -> None:
    done = run("report", "--workspace", shop, PYTHONIOENCODING="gbk")
    assert done.returncode == 0, done.stderr.decode("gbk")
    assert "询单" in done.stdout.decode("gbk")
    done = run("report", "--workspace", shop, "--format", "json", PYTHONIOENCODING="ascii")
    assert json.loads(done.stdout)["meta"]["shop"] == "甲店"
    done = run("report", "--workspace", shop, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr


def test_a_reader_that_leaves_early_is_no_error_to_speak_of(shop: Path) -> None:
    command = [sys.executable, "-m", "jinpai.cli", "report", "--workspace", str(shop), "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as going:
        assert going.stdout is not None
        assert going.stderr is not None
        going.stdout.close()
        assert b"Traceback" not in going.stderr.read()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent differently")
def test_ctrl_c_is_tidy(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "jinpai.cli", "demo", str(tmp_path / "演示")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as going:
        assert going.stdout is not None
        going.stdout.readline()
        time.sleep(0.3)
        going.send_signal(signal.SIGINT)
        _, said = going.communicate(timeout=60)
    assert going.returncode == 130
    assert "Traceback" not in said
