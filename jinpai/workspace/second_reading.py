"""二读的设置 second reading: where a second reader is asked, and how often and for how much at most."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from jinpai.workspace.checks import Refused, text

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_NUMBERS: dict[str, tuple[float, float]] = {
    "timeout_seconds": (1, 300), "calls_a_minute": (1, 6000), "calls_a_day": (1, 1_000_000), "yuan_a_month": (0, 1_000_000),
    "yuan_per_million_tokens": (0, 100_000),
}  # fmt: skip
_WHOLE = ("calls_a_minute", "calls_a_day")
_TEXTS = ("url", "model", "key_file", "folder")


@dataclass(frozen=True, slots=True)
class SecondReading:
    """二读 either an endpoint (`url`, `model`, its key in `key_file` or the environment) or a `folder` with a local model.

    `yuan_a_month` (0: no limit) is counted with `yuan_per_million_tokens`.
    """

    url: str = ""
    model: str = ""
    key_file: str = ""
    folder: str = ""
    timeout_seconds: float = 20
    calls_a_minute: int = 60
    calls_a_day: int = 1000
    yuan_a_month: float = 0
    yuan_per_million_tokens: float = 0


def read_second_reader(value: object) -> SecondReading | None:
    """二读 from the file's [second_reader]; nothing written is None; what will not do is Refused."""
    if not isinstance(value, dict):
        raise Refused("要写成 [second_reader] 一段", "a table [second_reader] is wanted")
    if not value:
        return None
    read: dict[str, object] = {}
    for key, said in value.items():
        if key in _TEXTS:
            read[key] = text(said)
        elif key in _NUMBERS:
            read[key] = _number(str(key), said)
        else:
            listed = (*_TEXTS, *_NUMBERS)
            raise Refused(f"没有叫 {key} 的项，可以写：{'、'.join(listed)}", f"there is no '{key}' in it; known: {', '.join(listed)}")  # fmt: skip
    made = SecondReading(**read)  # type: ignore[arg-type]  # every value has passed its check
    if bool(made.folder) == bool(made.url):
        raise Refused("url（接口）和 folder（本机模型）写一个，也只写一个", "write one of url (an endpoint) and folder (a local model)")  # fmt: skip
    if made.url:
        _check_url(made)
    if made.yuan_a_month and not made.yuan_per_million_tokens:
        raise Refused("写了 yuan_a_month 就要写 yuan_per_million_tokens，才算得出花了多少", "yuan_a_month wants yuan_per_million_tokens to count with")  # fmt: skip
    return made


def _number(key: str, value: object) -> object:
    low, high = _NUMBERS[key]
    fits = isinstance(value, int if key in _WHOLE else (int, float)) and not isinstance(value, bool)
    if not fits or not low <= value <= high:  # type: ignore[operator]  # a number by now
        raise Refused(f"{key} 要写 {low:g} 到 {high:g} 的数", f"{key} is a number from {low:g} to {high:g}")
    return value


def _check_url(made: SecondReading) -> None:
    try:
        parts = urlsplit(made.url)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if not host or parts.scheme not in ("http", "https") or parts.username:
        raise Refused("url 要写成 https://主机/v1，不含账号", "url is written https://host/v1, without a user")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise Refused("买家的话不能明文发出去：url 要用 https（本机可以用 http）", "words of buyers do not leave in the clear: use https (http on this computer only)")  # fmt: skip
    if not made.model:
        raise Refused("写了 url 还要写 model", "url wants a model")
