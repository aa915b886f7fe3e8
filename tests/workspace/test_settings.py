"""A shop's settings: what is written is what holds, and a mistake says key, value, file and remedy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinpai.errors import JinpaiError, WrongUse
from jinpai.workspace import Workspace
from jinpai.workspace.documents import inline
from jinpai.workspace.profiles import DEFAULT_PROFILES
from jinpai.workspace.settable import SETTINGS
from tests.mutants import kills

FULL: dict[str, object] = {
    "day_start": "04:00",
    "preset": "followup",
    "window": "48h",
    "holidays": "none",
    "promotions": [{"name": "双11", "first": "2025-10-20", "last": "2025-11-11"}],
    "hours": {"weekly": {"every_day": ["09:00-23:00"], "sunday": []}, "exceptions": {"2025-11-11": ["00:00-24:00"]}},
    "conversation_gap": "10m",
    "assist_counts": True,
    "staff_buyers": ['店长"本人"', "test\\1"],
    "memo_codes": {"XM": "旗舰店:小美"},
    "given": [{"order_id": "77", "agent": "小美", "by": "王主管", "reason": "电话成交"}],
    "profiles": [{**DEFAULT_PROFILES[0], "target": 12.5}],
    "min_match_rate": 0.8,
    "contact_policy": {"wechat": "allowed", "allowed_by": "店主王先生", "allowed_on": "2025-11-01", "phone": "always"},
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "店铺 数据")


def test_a_new_shop_has_the_contracts_defaults_and_no_hours(workspace: Workspace) -> None:
    settings = workspace.settings()
    assert (settings.time_zone, settings.window, settings.enquiry_span) == ("Asia/Shanghai", "next_day", 1)
    assert (settings.attribution_days, settings.after_sales_days) == (2, 21)
    assert (settings.conversation_gap, settings.rule, settings.hours) == (1_800_000, "order_first", None)
    assert settings.profile("tmall", 20250601).cap_seconds == 600
    assert settings.profile("tmall", 20190101) is None
    assert settings.notes() == []


@kills("jinpai/workspace/settings.py", "defaults | preset | written", "written | defaults | preset")
def test_what_is_written_is_what_holds(workspace: Workspace) -> None:
    written = workspace.write_settings("main", FULL)
    again = Workspace.open(workspace.root).settings("main")
    assert again == written
    assert again.digest == written.digest
    shown = again.shown()
    assert {key: shown[key] for key in FULL if key not in ("hours", "profiles")} == {
        key: value for key, value in FULL.items() if key not in ("hours", "profiles")
    }
    assert shown["hours"]["weekly"]["monday"] == ["09:00-23:00"]
    assert shown["profiles"][0]["target"] == 12.5
    # the preset's values, but for the window that stands beside it
    assert (again.window, again.enquiry_span, again.attribution_days) == ("48h", 7, 7)


def test_taking_a_setting_out_gives_the_default_back(workspace: Workspace) -> None:
    before = workspace.settings()
    workspace.write_settings(None, FULL)
    assert workspace.write_settings(None, dict.fromkeys(FULL)) == before


def test_every_setting_is_explained_in_the_file_it_is_read_from(workspace: Workspace) -> None:
    for name, setting in SETTINGS.items():
        text = (workspace.config / "main" / setting.file).read_text(encoding="utf-8")
        assert setting.zh.split("\n")[0] in text
        assert name in text or name == "hours"


@kills(
    "jinpai/workspace/settings.py",
    '"conversation_gap": show_duration(self.conversation_gap),',
    '"conversation_gap": "",',
)
def test_the_digest_changes_with_every_setting(workspace: Workspace) -> None:
    digests = {workspace.settings().digest}
    for name, value in FULL.items():
        digests.add(workspace.write_settings(None, {name: value}).digest)
    assert len(digests) == len(FULL) + 1


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("rules.toml", 'conversation_gap = "30 minutes"', ["conversation_gap", "30 minutes", '"30m"']),
        ("rules.toml", "conversation_gap = 30", ["conversation_gap = 30", '"30m"']),
        ("rules.toml", "conversaton_gap = '30m'", ["conversaton_gap", "是不是要写 conversation_gap"]),
        ("rules.toml", 'window = "7d"', ["window", "shop.toml"]),
        ("rules.toml", "slow_rounds = 0", ["slow_rounds = 0", "1 到 1000"]),
        ("rules.toml", 'assist_counts = "yes"', ["assist_counts", "true"]),
        ("rules.toml", 'rule = "ordr"', ["ordr", "order_first"]),
        ("rules.toml", "min_match_rate = 90", ["min_match_rate = 90", "0 到 1"]),
        ("rules.toml", 'enquiry_rule = "talk"', ["talk", "outcome"]),
        ("rules.toml", '[[given]]\norder_id = "1"\nagent = "a"\nby = "b"', ["given", "reason"]),
        ("rules.toml", "[memo_codes]\nXM = ''", ["memo_codes"]),
        ("shop.toml", 'time_zone = "北京时间"', ["time_zone", "北京时间", "Asia/Shanghai"]),
        ("shop.toml", 'time_zone = "Asia/Shangai"', ["Asia/Shangai", "是不是要写 Asia/Shanghai"]),
        ("shop.toml", 'window = "3 days"', ["window", "3 days", "7d"]),
        ("shop.toml", 'day_start = "24:00"', ["day_start", "24:00"]),
        ("shop.toml", 'preset = "folowup"', ["folowup", "是不是要写 followup"]),
        ("shop.toml", '[[promotions]]\nname = "a"\nfirst = 2025-11-11\nlast = 2025-11-01', ["promotions", "last"]),
        ("hours.toml", '[weekly]\nmonday = ["9-12"]', ["monday", "9", "09:00"]),
        ("hours.toml", '[weekly]\nmonday = ["09:00-13:00", "12:00-18:00"]', ["monday", "重叠"]),
        ("hours.toml", "[weekly]\nmoonday = []", ["moonday", "monday"]),
        ("hours.toml", '[exceptions]\n"2025-02-30" = []', ["2025-02-30"]),
        ("profiles.toml", '[[profiles]]\nname = "taobao"', ["profiles", "since"]),
        ("rules.toml", "slow_rounds = \nslow_seconds = 9", ["line 1"]),
    ],
)
def test_a_mistake_says_key_value_file_and_remedy(workspace: Workspace, file: str, text: str, words: list[str]) -> None:
    (workspace.config / "main" / file).write_text(text, encoding="utf-8")
    with pytest.raises(JinpaiError) as caught:
        workspace.settings()
    zh, en = caught.value.words
    assert all(word in zh for word in words), zh
    assert file in zh
    assert file in en
    assert not zh.endswith(("。。", "？。"))


def test_a_file_that_windows_saved_is_read(workspace: Workspace) -> None:
    (workspace.config / "main" / "rules.toml").write_bytes(b"\xef\xbb\xbfslow_rounds = 5\r\n")
    assert workspace.settings().slow_rounds == 5


def test_a_file_in_another_encoding_or_of_almost_our_name_is_not_passed_over(workspace: Workspace) -> None:
    folder = workspace.config / "main"
    (folder / "rules.toml").write_bytes('staff_buyers = ["店长"]'.encode("gbk"))
    with pytest.raises(JinpaiError, match="UTF-8"):
        workspace.settings()
    (folder / "rules.toml").rename(folder / "rule.toml")
    with pytest.raises(JinpaiError, match=r"rules\.toml"):
        workspace.settings()


def test_a_mistake_in_write_settings_changes_nothing(workspace: Workspace) -> None:
    workspace.write_settings(None, {"slow_rounds": 4})
    with pytest.raises(JinpaiError):
        workspace.write_settings(None, {"slow_rounds": 5, "window": "soon"})
    with pytest.raises(WrongUse, match="slow_rounds"):
        workspace.write_settings(None, {"slow_round": 5})
    assert workspace.settings().slow_rounds == 4


def test_override_reads_what_stands_after_set(workspace: Workspace) -> None:
    settings = workspace.settings()
    changed = settings.override({
        "conversation_gap": "10m", "assist_counts": "true", "silent_reminder_minutes": "0",
        "min_match_rate": "80%", "staff_buyers": "甲\uff0c乙, 甲",
    })  # fmt: skip
    assert (changed.conversation_gap, changed.assist_counts, changed.silent_reminder_minutes) == (600_000, True, 0)
    assert (changed.min_match_rate, changed.staff_buyers) == (0.8, ("甲", "乙"))
    assert changed.digest != settings.digest
    assert settings.override({}) == settings


@kills("jinpai/workspace/settings.py", "**preset | values)", "**values | preset)")
def test_a_preset_for_one_run_brings_its_values_but_for_those_beside_it(workspace: Workspace) -> None:
    changed = workspace.settings().override({"attribution_days": "3", "preset": "high_value"})
    assert (changed.window, changed.enquiry_span, changed.attribution_days) == ("30d", 15, 3)
    assert changed.after_sales_days == 60


@pytest.mark.parametrize(
    "change", [{"conversation_gap": "ten"}, {"windw": "7d"}, {"hours": "x"}, {"slow_rounds": "1.5"}]
)
def test_a_wrong_override_is_wrong_use(workspace: Workspace, change: dict[str, str]) -> None:
    with pytest.raises(WrongUse) as caught:
        workspace.settings().override(change)
    assert next(iter(change)) in caught.value.words.zh
    assert next(iter(change)) in caught.value.words.en


def test_a_window_longer_than_attribution_is_noted(workspace: Workspace) -> None:
    settings = workspace.settings()
    assert settings.override({"window": "48h"}).notes() == []
    assert "「业绩归属回看（天）」的 2 天" in settings.override({"window": "49h"}).notes()[0].zh
    assert settings.override({"window": "7d", "attribution_days": "7"}).notes() == []


def test_a_profile_holds_from_its_day_on(workspace: Workspace) -> None:
    old = DEFAULT_PROFILES[0]
    settings = workspace.write_settings(None, {"profiles": [{**old, "since": "2025-07-01", "cap_seconds": 300}, old]})
    assert settings.profile("tmall", 20250630).cap_seconds == 600
    assert settings.profile("tmall", 20250701).cap_seconds == 300


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_comes_back_from_toml_as_it_was(text: str) -> None:
    import tomllib

    assert tomllib.loads(f"x = {inline(text)}") == {"x": text}


def test_settings_need_no_heavy_library() -> None:
    code = "import sys, jinpai.workspace; sys.exit([m for m in ('pyarrow', 'duckdb', 'cryptography', 'numpy') if m in sys.modules] != [])"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@kills("jinpai/workspace/workspace.py", "with one_change(self.root):", "if True:")
def test_who_change_settings_at_once_do_not_undo_each_other(tmp_path: Path) -> None:
    from threading import Thread

    workspace = Workspace.create(tmp_path / "w", shop="main")

    def change(name: str) -> None:
        for value in range(1, 31):
            workspace.write_settings("main", {name: value})
            lost.extend([name] if getattr(workspace.settings("main"), name) != value else [])

    lost: list[str] = []
    threads = [Thread(target=change, args=(name,)) for name in ("slow_rounds", "slow_seconds", "appeal_days")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert lost == []
