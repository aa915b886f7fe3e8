"""模板环境 showing: what every template of the desk may use; everything is escaped, a name that is not given is an error."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse
    from jinja2 import Environment

STATIC = Path(__file__).parent / "static"


def environment(**options: Any) -> Environment:
    """模板环境 as Django asks for it, whose own word on escaping is left out: everything is escaped."""
    from jinja2 import Environment, StrictUndefined

    options.pop("autoescape", None)
    made = Environment(
        autoescape=True, **options | {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    )
    made.globals.update(static=static, third_party=third_party, to=to)
    return made


@cache
def static(name: str) -> str:
    """静态文件 the address of a file of ours, which changes with what is in it."""
    return f"/static/{name}?{blake2b((STATIC / name).read_bytes(), digest_size=4).hexdigest()}"


@cache
def third_party(name: str) -> str:
    """别人的静态文件 the address of a file that an installed package brings."""
    from django.contrib.staticfiles import finders

    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return f"/static/{name}?{blake2b(Path(found).read_bytes(), digest_size=4).hexdigest()}"


def to(shop: str, path: str, **asked: object) -> str:
    """网址 of a page of a shop, with what is asked of it; what is None is not asked."""
    query = urlencode({name: str(value) for name, value in asked.items() if value is not None})
    return f"/shop/{quote(shop, safe='')}/{path}{'?' if query else ''}{query}"


def minute(moment: datetime) -> str:
    """到分钟 2026-11-18 09:30, in the zone that the moment has."""
    return moment.isoformat(sep=" ", timespec="minutes")[:16]


def saved(content: bytes | str, kind: str, name: str) -> HttpResponse:
    """下载 an answer of a content type that is saved under a name; what holds data of the shop leaves by `exporting`."""
    from django.http import HttpResponse
    from django.utils.http import content_disposition_header

    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    return answer
