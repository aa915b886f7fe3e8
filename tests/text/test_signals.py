"""Files of signals: read whole, refused with file, signal, key, value and remedy; a shop adds, takes away, switches off."""

from __future__ import annotations

from pathlib import Path

import pytest

from jinpai.errors import JinpaiError, WrongUse
from jinpai.text.signals import Lexicon, read_lexicon

SIGNAL = '[delay]\nzh = "发货慢"\nrole = "buyer"\nphrases = ["还不发", "没发货"]\nmatches = ["怎么还不发"]\n'


def read(folder: Path, text: str | bytes, name: str = "自己.toml") -> Lexicon:
    own = folder / "店铺 一" / "lexicons"
    own.mkdir(parents=True, exist_ok=True)
    (own / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_lexicon(own)


def test_a_shop_adds_a_signal(tmp_path: Path) -> None:
    found = read(tmp_path, 'theme = "发货"\n' + SIGNAL)
    signal = found["delay"]
    assert (signal.theme, signal.kind, signal.group, signal.role) == ("发货", "signal", "delay", "buyer")
    assert found.digest != read_lexicon().digest == read_lexicon(tmp_path / "none").digest


def test_a_shop_adds_to_a_signal_takes_away_and_overrules(tmp_path: Path) -> None:
    shipped = read_lexicon()["contact_wechat"]
    text = f'[contact_wechat]\nrole = "any"\nphrases = ["来我围信"]\nwithout = ["{shipped.phrases[0]}"]\n'
    changed = read(tmp_path, text)["contact_wechat"]
    assert changed.role == "any"
    assert changed.phrases == (*shipped.phrases[1:], "来我围信")
    assert (changed.zh, changed.unless, changed.matches) == (shipped.zh, shipped.unless, shipped.matches)


def test_a_shop_switches_a_signal_off(tmp_path: Path) -> None:
    found = read(tmp_path, "[contact_wechat]\noff = true\n")
    with pytest.raises(WrongUse, match="没有叫「contact_wechat」的信号"):
        found["contact_wechat"]


def test_a_shop_adds_words_to_a_list(tmp_path: Path) -> None:
    found = dict(read(tmp_path, '"微信" = ["围芯"]\n', "_lists.toml").lists)
    assert found["微信"][-1] == "围芯"
    assert len(found["微信"]) > 5


@pytest.mark.parametrize(
    ("text", "remedy"),
    [(SIGNAL.replace("buyer", "buyr"), r"\[delay\] 的 role = 'buyr' 不行：只能是 buyer、agent、any 之一"),
     (SIGNAL.replace('zh = "发货慢"', ""), r"的 zh 不行：没有写，请写中文名"),
     (SIGNAL.replace("phrases", "phrase"), r"的 phrase 不行：没有这一项。是不是要写 phrases？"),
     (SIGNAL.replace('"还不发", ', "7, "), r"的 phrases = \[7, '没发货'\] 不行：要写成一串文字"),
     (SIGNAL.replace('["还不发", "没发货"]', "[]"), "至少写一条"), (SIGNAL + 'expressions = ["退.*款"]', "没有上限"),
     (SIGNAL + 'unless = ["(a"]', r"的 unless = '\(a' 不行：少了一个 \)"), (SIGNAL + 'kind = "x"', "只能是 signal、topic、objection、courtesy"),
     ('[Delay]\nzh="a"\nrole="any"\nphrases=["a"]', "只能用小写字母"), ("delay = 3", "要写成一段"), ("x = ", "有一行写法不对"),
     (b"\xff\xfe", "不是 UTF-8"), ('[contact_wechat]\nwithout = ["没有的"]', "这个信号没有这一条"),
     ('[contact_wechat]\noff = "yes"', "只能写 true 或 false"), (SIGNAL + 'expressions = ["{威}"]', "没有叫 {威} 的词表")],
)  # fmt: skip
def test_a_mistake_is_a_sentence(tmp_path: Path, text: str | bytes, remedy: str) -> None:
    with pytest.raises(JinpaiError, match=remedy) as caught:
        read(tmp_path, text)
    assert "自己.toml" in caught.value.words.zh
    assert "自己.toml" in caught.value.words.en


def test_an_unknown_language_is_a_sentence() -> None:
    with pytest.raises(WrongUse, match="没有 fr 的词库"):
        read_lexicon(language="fr")


def test_the_digest_tells_what_decides_and_nothing_else(tmp_path: Path) -> None:
    one = read(tmp_path, SIGNAL).digest
    assert read(tmp_path, SIGNAL + 'does_not_match = ["发货了"]').digest == one
    assert read(tmp_path, SIGNAL.replace("没发货", "没发")).digest != one
    assert read(tmp_path, SIGNAL.replace("buyer", "any")).digest != one
