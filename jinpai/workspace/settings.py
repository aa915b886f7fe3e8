"""店铺设置 settings: what a shop chose, read from its TOML files, checked, and fixed for one run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from zoneinfo import ZoneInfo

from jinpai import terms
from jinpai.catalogue import suggestion
from jinpai.errors import JinpaiError, Words, WrongUse
from jinpai.period import DAY_MS, Window, add_days, format_day, parse_clock
from jinpai.workspace.checks import Refused, show_duration
from jinpai.workspace.contact import ContactPolicy, show_contact_policy
from jinpai.workspace.hours import Hours, show_hours
from jinpai.workspace.profiles import Given, PlatformProfile, Promotion, show_profile
from jinpai.workspace.second_reading import SecondReading
from jinpai.workspace.settable import PRESETS, SETTINGS, Setting

ONLY_SHOWN = frozenset({"solo"})
"""Settings that say how the desk shows figures, and change none."""


@dataclass(frozen=True)
class Settings:
    """店铺设置 one shop's settings, every value checked; `conversation_gap` is whole milliseconds.

    Not slotted only because `zone` and `digest` are computed once and kept.
    """

    shop: str
    time_zone: str
    day_start: str
    preset: str
    window: str
    enquiry_span: int
    attribution_days: int
    after_sales_days: int
    holidays: str
    promotions: tuple[Promotion, ...]
    retention_days: int
    text_retention_days: int
    solo: bool
    hours: Hours | None
    conversation_gap: int
    assist_counts: bool
    enquiry_rule: str
    enquiry_agents: str
    rule: str
    silent_reminder_minutes: int
    min_match_rate: float
    slow_rounds: int
    slow_seconds: int
    min_agent_lines: int
    staff_buyers: tuple[str, ...]
    advertising_phrases: tuple[str, ...]
    memo_codes: dict[str, str]
    given: tuple[Given, ...]
    profiles: tuple[PlatformProfile, ...]
    inspection: bool
    appeal_days: int
    red_line_days: int
    random_share: float
    second_reader: SecondReading | None
    parallel_limit: int
    contact_policy: ContactPolicy
    folder: Path
    """where the shop's files lie; no setting itself"""

    @cached_property
    def zone(self) -> ZoneInfo:
        """时区 the shop's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def day_start_minutes(self) -> int:
        """一天的起点 minutes after midnight at which a shop day starts."""
        return parse_clock(self.day_start)

    def profile(self, name: str, day: int) -> PlatformProfile | None:
        """平台口径 the profile `name` that held on `day` (yyyymmdd), or None before the first."""
        held = [one for one in self.profiles if one.name == name and one.since <= day]
        return max(held, key=lambda one: one.since) if held else None

    def override(self, changes: Mapping[str, str]) -> Settings:
        """这一次改用 the same settings with `changes` as written after --set; a mistake is WrongUse.

        A changed preset brings its four values along; those changed beside it stand alone.
        """
        values: dict[str, object] = {}
        for name, said in changes.items():
            setting = _setting(name, "--set")
            if setting.check.read is None:
                raise WrongUse(
                    f"--set {name}：这一项不能临时改，请写在 {setting.file} 里。",
                    f"--set {name}: it cannot be set for one run; write it in {setting.file}.",
                )
            values[name] = _accept(setting, setting.check.read(said.strip()), "--set")
        preset = PRESETS[str(values["preset"])] if "preset" in values else {}
        return replace(self, **preset | values)  # type: ignore[arg-type]  # every value has passed its check

    def shown(self) -> dict[str, object]:
        """设置一览 every setting in the form of its file, ready for JSON."""
        plain = {name: value for name, value in vars(self).items() if name in SETTINGS}
        return plain | {
            "conversation_gap": show_duration(self.conversation_gap),
            "promotions": [
                {"name": one.name, "first": format_day(one.start), "last": format_day(add_days(one.end, -1))}
                for one in self.promotions
            ],
            "hours": show_hours(self.hours) if self.hours else {},
            "staff_buyers": list(self.staff_buyers),
            "advertising_phrases": list(self.advertising_phrases),
            "second_reader": asdict(self.second_reader) if self.second_reader else {},
            "given": [asdict(one) for one in self.given],
            "contact_policy": show_contact_policy(self.contact_policy),
            "profiles": [show_profile(one) for one in self.profiles],
        }

    @cached_property
    def digest(self) -> str:
        """指纹 32 hex digits that change when any setting of the shop does on which its facts may depend."""
        told = {name: value for name, value in self.shown().items() if name not in ONLY_SHOWN}
        text = json.dumps({"shop": self.shop} | told, ensure_ascii=False, sort_keys=True)
        return blake2b(text.encode(), digest_size=16).hexdigest()

    def notes(self) -> list[Words]:
        """提醒 what to know about this choice of settings."""
        if Window.parse(self.window).longest_ms <= self.attribution_days * DAY_MS:
            return []
        label, back = terms.window_label(self.window), terms.SETTINGS["attribution_days"]
        return [
            Words(
                f"统计期（{label.zh}）比「{back.zh}」的 {self.attribution_days} 天长，转化率和客服销售额会对不上；"
                f"要一致请加大「{back.zh}」。",
                f"The window ({label.en}) is longer than the {self.attribution_days} days of '{back.en}': "
                f"conversion and sales will disagree; raise '{back.en}' to make them agree.",
            )
        ]


def settle(shop: str, documents: Mapping[str, Mapping[str, object]], folder: Path) -> Settings:
    """定下来 the settings of `shop` from its files' contents (file name -> TOML document), all checked.

    What is not written has its default. A key or value that will not do is a JinpaiError naming key,
    value, file (inside `folder`) and remedy.
    """
    written: dict[str, object] = {}
    for file, document in documents.items():
        for name, value in _entries(file, document).items():
            place = str(folder / file)
            setting = _setting(name, place)
            if setting.file != file:
                raise JinpaiError(
                    f"{place}：{name} 写错了文件，请移到 {setting.file}。",
                    f"{place}: {name} belongs in {setting.file}; move it there.",
                )
            written[name] = _accept(setting, value, place)
    defaults = {name: one.check.accept(one.default) for name, one in SETTINGS.items() if one.default is not None}
    preset = PRESETS[str(written.get("preset", defaults["preset"]))]
    return Settings(shop=shop, folder=folder, **defaults | preset | written)  # type: ignore[arg-type]


def _entries(file: str, document: Mapping[str, object]) -> Mapping[str, object]:
    # the whole of hours.toml is one setting, so that people write [weekly] and not [hours.weekly]
    return {"hours": document} if file == "hours.toml" else document


def _setting(name: str, place: str) -> Setting:
    if name in SETTINGS:
        return SETTINGS[name]
    hint = suggestion(name, SETTINGS)
    wrong = WrongUse if place == "--set" else JinpaiError
    raise wrong(f"{place}：没有叫 {name} 的设置。{hint.zh}", f"{place}: no setting is named {name}. {hint.en}")


def _accept(setting: Setting, value: object, place: str) -> object:
    try:
        accepted = setting.check.accept(value)
    except Refused as refused:
        wrong = WrongUse if place == "--set" else JinpaiError
        zh, en = (words if words.endswith(("。", "？", ".", "?")) else words + end
                  for words, end in zip(refused.words, "。.", strict=True))  # fmt: skip
        which = setting.name if isinstance(value, (dict, list)) else f"{setting.name} = {value!r}"
        raise wrong(f"{place}：{which} 不行。{zh}", f"{place}: {which} will not do: {en}") from None
    if setting.name == "enquiry_rule" and accepted == "talk":
        raise JinpaiError(
            f'{place}：enquiry_rule = "talk"（按聊天内容分辨售前售后）还没有做好，请先用 "outcome"。',
            f'{place}: enquiry_rule = "talk" is not there yet; use "outcome" for now.',
        )
    return accepted
