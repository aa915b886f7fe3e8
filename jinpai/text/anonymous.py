"""去个人信息 anonymous: a text without what tells people apart, for whoever reads it outside the workspace.

The tokens that stand in facts for phones and addresses lose their code, and whatever is left that may name somebody
(numbers of five digits and more, accounts behind 微信 or QQ, mail addresses, links, the names given) becomes a word in
brackets. What it means stays readable: prices and sizes are shorter. The same text always gives the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from jinpai.text.normal import TOKEN
from jinpai.text.private import Private

_LINK = re.compile(r"(?:https?://|www\.)[^\s\u4e00-\u9fff]+", re.IGNORECASE)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_ACCOUNT = re.compile(
    r"((?:微信|威信|薇信|卫星|[vVｖＶ][xX信]?|[wW][xX]|[qQ]{2}|扣扣|旺旺|支付宝|账号|帐号|号码)[号是:：\s]{0,4})([A-Za-z][A-Za-z0-9_-]{4,19})"
)
_NUMBER = re.compile(r"[0-9０-９](?:[\s\-－]?[0-9０-９]){4,}")
_CHINESE_NUMBER = re.compile(r"[零〇一二两三四五六七八九幺]{7,}")
_NAMED = re.compile(
    r"((?:收件人|收货人|姓名|我叫|我是|联系人|户名)[是叫:：\s]{0,3})([\u4e00-\u9fff]{2,3})(?=[，。,.\s]|$)"
)
_ANY_KEY = b"nothing is kept of it" * 2
_SHORTEST = 2


def anonymous(text: str, names: Iterable[str | None] = ()) -> str:
    """去个人信息 a text without private data; `names` are nicks and accounts that may stand in it."""
    told = Private(_ANY_KEY).text(text)
    told = TOKEN.sub(r"[\1]", told)
    for name in sorted(
        {unicodedata.normalize("NFC", one) for one in names if one and len(one) >= _SHORTEST},
        key=lambda one: (-len(one), one),
    ):
        told = told.replace(name, "[名字]")
    told = _LINK.sub("[链接]", told)
    told = _MAIL.sub("[邮箱]", told)
    told = _ACCOUNT.sub(r"\1[账号]", told)
    told = _NAMED.sub(r"\1[名字]", told)
    told = _CHINESE_NUMBER.sub("[号码]", told)
    return _NUMBER.sub("[号码]", told)
