"""联系方式规定 contact policy: by which ways off the chat a shop's people may lead a buyer, one for the shop and its platform.

A shop of the workspace is one shop on one platform, so one policy each. A friend, the membership and the fan group of
the platform itself are always allowed; what the buyer offers is no offence. Source: the inspection contract, §2.
"""

from __future__ import annotations

from dataclasses import dataclass

from jinpai.period import format_day
from jinpai.workspace.checks import Check, Refused, choice, day, fields, text

WAYS = ("wechat", "phone", "other")
"""途径 the ways that a policy speaks of; `other` (QQ and the like) is never allowed."""
_WECHAT = ("never", "allowed")
_PHONE = ("measuring_and_delivery", "always")
_KEYS = ("wechat", "allowed_by", "allowed_on", "phone")


@dataclass(frozen=True, slots=True)
class ContactPolicy:
    """联系方式规定 `wechat_from` is the day (yyyymmdd) from which the owner, `allowed_by`, allowed WeChat in writing, or None.

    With `phone_always` a talk by telephone is allowed for any purpose, otherwise for measuring and delivery.
    """

    wechat_from: int | None = None
    allowed_by: str | None = None
    phone_always: bool = False

    def allowed_from(self, way: str) -> int | None:
        """从哪天起可以 the first day on which a way is allowed, 0 for ever since, None for never."""
        return {"wechat": self.wechat_from, "phone": 0 if self.phone_always else None}.get(way)


def read_contact_policy(value: object) -> ContactPolicy:
    """联系方式规定 from the file's [contact_policy]; WeChat is allowed only with a name and a day."""
    table = fields(value, (), _KEYS)
    wechat = _one("wechat", choice(*_WECHAT), table.get("wechat", "never"))
    phone = _one("phone", choice(*_PHONE), table.get("phone", "measuring_and_delivery"))
    given = [name for name in ("allowed_by", "allowed_on") if name in table]
    if wechat == "never" and given:
        raise Refused(
            f'wechat = "never" 时不写 {"、".join(given)}，请去掉，或改成 wechat = "allowed"',
            f'with wechat = "never" there is no {" or ".join(given)}; take it out, or write wechat = "allowed"',
        )
    if wechat == "allowed" and len(given) < 2:
        raise Refused(
            'wechat = "allowed" 要店主书面同意：请写 allowed_by（谁同意的）和 allowed_on（哪天起）',
            'wechat = "allowed" needs the owner in writing: allowed_by (who) and allowed_on (from which day)',
        )
    if wechat == "never":
        return ContactPolicy(phone_always=phone == "always")
    return ContactPolicy(day(table["allowed_on"]), text(table["allowed_by"]), phone == "always")


def _one(key: str, check: Check, value: object) -> object:
    try:
        return check.accept(value)
    except Refused as refused:
        zh, en = refused.words
        raise Refused(f"{key} = {value!r} 不行：{zh}", f"{key} = {value!r} will not do: {en}") from None


def show_contact_policy(policy: ContactPolicy) -> dict[str, object]:
    """联系方式规定 in the form of the file."""
    told: dict[str, object] = {"wechat": "never"}
    if policy.wechat_from is not None:
        told = {"wechat": "allowed", "allowed_by": policy.allowed_by, "allowed_on": format_day(policy.wechat_from)}
    return told | {"phone": _PHONE[policy.phone_always]}
