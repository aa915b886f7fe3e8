"""The review list: rows that came in under the best of several readings are shown beside those that did not."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow as pa
import pytest

from jinpai import cli
from jinpai.canon import PROBLEM_SCHEMA
from jinpai.importing import import_files
from jinpai.problems import problems
from jinpai.workspace import Workspace
from tests.importers.files import write_text
from tests.mutants import kills

COPY = """\
2026-4-18 9:00:00
溪谷旗舰店：小美
早
已读

tb882003172026-4-18 9:03:36
在吗

溪谷旗舰店2:阿杰2026-4-18 9:05:00
走错了
"""


@kills("jinpai/importing.py", "self.problems += not problem.kept", "self.problems += 1")
@kills("jinpai/workspace/sealing.py", "self._problems += not problem.kept", "self._problems += 1")
def test_a_row_to_check_came_in_and_is_no_lost_row(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "店铺 数据")
    (done,) = import_files(workspace, [write_text(tmp_path / "复制.txt", COPY)])
    assert (done.rows, done.problems, done.review) == ({"messages": 2}, 1, 1)
    (raw,) = workspace.raw_files()
    assert (raw.counts.problems, raw.counts.review) == (1, 1)
    assert [(one["row"], one["kept"]) for one in problems(workspace)] == [(6, True), (9, False)]


def test_people_see_both_kinds_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "店铺 数据"
    assert cli.main(["init", str(folder)]) == 0
    assert (
        cli.main(["import", str(write_text(tmp_path / "复制.txt", COPY)), "--workspace", str(folder), "--lang", "zh"])
        == 0
    )
    said = capsys.readouterr().out
    assert "聊天消息 2 行，没导进来 1 行，待核对 1 行" in said
    assert "有 1 行导进来了，但读法要人核对" in said
    assert cli.main(["problems", "--workspace", str(folder), "--format", "csv", "--lang", "zh"]) == 0
    listed = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(line["state"], line["row"]) for line in listed] == [("待核对", "6"), ("没导进来", "9")]
    assert cli.main(["problems", "--workspace", str(folder), "--format", "json", "--lang", "en"]) == 0
    assert [row["state"] for row in json.loads(capsys.readouterr().out)["rows"]] == ["to check", "not imported"]
    assert cli.main(["problems", "--workspace", str(folder), "--lang", "zh"]) == 0
    assert "没导进来 1 行，待核对 1 行" in capsys.readouterr().out


@kills("jinpai/problems.py", 'bool(row.get("kept"))', 'row["kept"]')
def test_raw_files_of_before_the_review_list_stay_readable(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "店铺 数据")
    before = pa.schema([field for field in PROBLEM_SCHEMA if field.name != "kept"])
    row = {
        "row": 4,
        "column": "时间",
        "value": "昨天",
        "reason_zh": "不是一个时间。",
        "reason_en": "This is not a time.",
    }
    with (
        workspace.importing() as landing,
        landing.file(name="旧.csv", digest="a" * 32, format="canonical", shop="main") as sealed,
    ):
        sealed.carry("problems", pa.RecordBatch.from_pylist([row], schema=before))
    (raw,) = workspace.raw_files()
    assert (raw.counts.problems, raw.counts.review) == (1, 0)
    assert [(one["row"], one["kept"]) for one in problems(workspace)] == [(4, False)]
