"""说法 words: what people write for a verdict or a ruling, in either language."""

from __future__ import annotations

from collections.abc import Mapping

from jinpai.errors import Words, WrongUse

VERDICTS = {
    "agree": Words("属实", "agree"), "overturn": Words("改判", "overturn"), "na": Words("不适用", "na"),
}  # fmt: skip
RULINGS = {
    "uphold": Words("维持", "uphold"), "overturn": Words("改判", "overturn"), "na": Words("不适用", "na"),
}  # fmt: skip
HOW = {"uncertain": Words("拿不准", "uncertain"), "random": Words("随机", "random")}
_ALSO = {
    "同意": "agree",
    "确认": "agree",
    "对": "agree",
    "推翻": "overturn",
    "不对": "overturn",
    "驳回": "uphold",
    "n/a": "na",
}


def meant(text: str, known: Mapping[str, Words], option: str) -> str:
    """什么意思 the key in `known` that a text stands for; any other text is WrongUse."""
    said = text.strip().casefold()
    by_word = {words.zh: key for key, words in known.items()} | {key: key for key in known}
    key = by_word.get(said) or _ALSO.get(said, "")
    if key in known:
        return key
    zh, en = ("、".join(f"{one.zh}（{key}）" for key, one in known.items()), ", ".join(known))
    raise WrongUse(f"{option} 只能写 {zh}，收到的是 {text!r}。", f"{option} is one of {en}, not {text!r}.")
