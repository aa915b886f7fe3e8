"""Retention: whole days go, or only their words, and then every figure stays what it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from jinpai import erasure, flow
from jinpai.erasure import Request, retention
from jinpai.erasure.sieve import BLOT
from jinpai.errors import JinpaiError, WrongUse
from jinpai.importing import import_files
from jinpai.period import parse_instant
from jinpai.report import report
from jinpai.workspace import Workspace
from tests.mutants import kills
from tests.workspace.test_erasure import stored, write

FILES = {
    "messages": (
        "buyer,agent,sender,sent_at,text,message_id,备用列",
        "晴天里,阿杰,buyer,2026-11-17T23:59:59.999+08:00,这个能刷单吗,m1,",
        "晴天里,阿杰,agent,2026-11-17T23:59:59.999+08:00,您好,m2,电话",
        "山里人,小美,buyer,2026-11-18T00:00:00+08:00,什么时候发货,m3,电话",
        "山里人,小美,agent,2026-11-18T00:00:05+08:00,今天就发,m4,",
    ),
    "orders": (
        "order_id,buyer,created_at,paid_at,paid_amount,status,remark",
        "1000001,晴天里,2026-11-17T20:00:00+08:00,2026-11-18T09:00:00+08:00,99.00,交易成功,送货到东门 XM 跟进",
        "1000002,山里人,2026-11-18T20:00:00+08:00,2026-11-18T21:00:00+08:00,30.00,交易成功,放门卫",
    ),
    "order_items": ("order_id,sub_order_id,title,quantity,收货人", "1000001,11,抱枕,1,某某", "1000002,12,抱枕,2,某某"),
    "refunds": (
        "refund_id,order_id,amount,refunded_at,reason",
        "r1,1000001,5.00,2026-11-19T10:00:00+08:00,尺寸不对",
        "r2,1000002,5.00,2026-11-19T10:00:00+08:00,不想要了",
    ),
}
CUT = "2026-11-18T00:00:00+08:00"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "店铺 数据")
    made.write_settings(None, {"advertising_phrases": ["刷单"], "memo_codes": {"XM": "小美"}})
    import_files(made, write(tmp_path / "files", FILES))
    return made


def cut(workspace: Workspace) -> int:
    return parse_instant(CUT, workspace.settings().zone)


def values(workspace: Workspace, table: str, column: str) -> list[str | None]:
    return [
        value
        for raw in workspace.raw_files()
        for name, batch in raw.tables()
        if name == table
        for value in batch.column(column).to_pylist()
    ]


@pytest.mark.parametrize(
    ("span", "day"),
    [("1d", 20260227), ("730天", 20240229), ("2y", 20240228), ("1年", 20250228), ("99999y", 10101), ("99999d", None)],
)
def test_spans_are_days_and_calendar_years(workspace: Workspace, span: str, day: int | None) -> None:
    settings = workspace.settings()
    now = parse_instant("2026-02-28T12:00", settings.zone)
    assert retention.first_kept(settings, span, now) == day or day is None
    leap = parse_instant("2028-02-29T12:00", settings.zone)
    assert retention.first_kept(settings, "1y", leap) == 20270228


@pytest.mark.parametrize("span", ["", "2", "0d", "-3d", "2m", "2 weeks", "1.5y"])
def test_what_is_no_span_is_wrong_use(workspace: Workspace, span: str) -> None:
    with pytest.raises(WrongUse, match="730d"):
        retention.first_kept(workspace.settings(), span)


def test_the_day_before_the_first_one_kept_goes_to_its_last_millisecond(workspace: Workspace) -> None:
    found = erasure.erase(workspace, Request("main", rows_before=cut(workspace)))
    assert found.rows == {"messages": 2, "order_items": 1, "orders": 1, "refunds": 1}
    assert stored(workspace) == {
        "messages": ["m3", "m4"],
        "orders": ["1000002"],
        "order_items": ["12"],
        "refunds": ["r2"],
    }


@kills(
    "jinpai/erasure/sieve.py",
    "return pc.or_(gone, _before(table, batch, marks.rows_before, known.old_orders))",
    "return gone",
)
def test_what_is_out_of_keeping_stays_out(workspace: Workspace, tmp_path: Path) -> None:
    erasure.erase(workspace, Request("main", rows_before=cut(workspace)))
    before = stored(workspace)
    again = import_files(workspace, write(tmp_path / "again", {name: (*lines, "") for name, lines in FILES.items()}))
    assert [one.erased for one in again] == [2, 1, 1, 1]
    assert stored(workspace) == {name: sorted(keys * 2) for name, keys in before.items()}


def test_words_go_and_their_lengths_stay(workspace: Workspace, tmp_path: Path) -> None:
    assert erasure.erase(workspace, Request("main", words_before=cut(workspace))).rows == {}
    assert values(workspace, "messages", "text") == ["刷单" + BLOT * 4, BLOT * 2, "什么时候发货", "今天就发"]
    assert values(workspace, "messages", "extra") == [None, None, '{"备用列": "电话"}', None]
    assert values(workspace, "orders", "remark") == ["XM" + BLOT * 9, "放门卫"]
    assert values(workspace, "refunds", "reason") == [BLOT * 4, "不想要了"]
    assert values(workspace, "order_items", "extra") == [None, '{"收货人": "某某"}']
    assert erasure.look(workspace, Request("main", words_before=cut(workspace))).files == 0
    done = import_files(workspace, write(tmp_path / "again", {name: (*lines, "") for name, lines in FILES.items()}))
    assert [one.worn for one in done] == [2, 1, 1, 1]
    assert not [text for text in values(workspace, "messages", "text") if text in ("您好", "这个能刷单吗")]


@pytest.mark.slow
@kills("jinpai/erasure/sieve.py", "blotted(column, marks.told)", "blotted(column, ())")
@kills(
    "jinpai/erasure/sieve.py",
    "pc.utf8_length(column).fill_null(0))",
    "pc.multiply(0, pc.utf8_length(column).fill_null(0)))",
)
def test_no_figure_changes_when_words_go(workspace: Workspace) -> None:
    kinds: tuple[tuple[str, ...], ...] = (("shop",), ("agent", "day"), ("product",), ("hour",))
    before = [report(workspace, by=by)["rows"] for by in kinds]
    erasure.erase(workspace, Request("main", words_before=cut(workspace)))
    assert flow.stale(workspace) == ["main"]
    flow.build(workspace)
    assert [report(workspace, by=by)["rows"] for by in kinds] == before


def test_a_clock_that_is_years_ahead_does_not_empty_a_shop(workspace: Workspace) -> None:
    ahead = cut(workspace) + 400 * 86_400_000
    for request in (Request("main", rows_before=ahead), Request("main", words_before=ahead)):
        with pytest.raises(JinpaiError, match="电脑的日期"):
            erasure.erase(workspace, request)
    assert {raw.revision for raw in workspace.raw_files()} == {0}
    erasure.erase(workspace, Request("main", rows_before=ahead, everything=True))
    assert stored(workspace) == {}


def test_the_settings_say_how_long_to_keep(workspace: Workspace) -> None:
    assert retention.expired(workspace.settings()) == []
    settings = workspace.write_settings(None, {"retention_days": 730, "text_retention_days": 180})
    now = parse_instant("2026-11-20T12:00", settings.zone)
    (rows_day, rows), (words_day, words) = retention.expired(settings, now)
    assert (rows_day, words_day) == (20241120, 20260524)
    assert (rows.rows_before, rows.words_before) == (parse_instant("2024-11-20", settings.zone), 0)
    assert (words.rows_before, words.words_before) == (0, parse_instant("2026-05-24", settings.zone))
