"""Files of signals: read whole, refused with file, signal, key, value and remedy; a shop adds, takes away, switches off."""

from __future__ import annotations

from pathlib import Path

import pytest

from jinpai.errors import JinpaiError, WrongUse
from jinpai.text.signals import Lexicon, read_lexicon, signal_table

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


def test_the_table_of_signals_has_a_row_each() -> None:
    lexicon = read_lexicon()
    table = signal_table(lexicon)
    assert table["signal"].to_pylist() == [one.id for one in lexicon.signals]
    told = next(row for row in table.to_pylist() if row["signal"] == "worry_fit")
    assert told == {"signal": "worry_fit", "zh": "担心不合身", "role": "buyer", "kind": "objection",
                    "group": "fear_of_risk", "theme": "购买异议"}  # fmt: skip


def test_every_kind_of_objection_and_topic_is_there() -> None:
    """The contract of inspection, §4."""
    groups: dict[str, set[str]] = {}
    for one in read_lexicon().signals:
        groups.setdefault(one.kind, set()).add(one.group)
    assert groups["objection"] >= set(
        "does_not_know habit cannot_afford price_excuse fear_of_risk agent_caused payment_fails page_slow platform_rule "
        "too_little_information wrong_information goods out_of_stock service".split()
    )
    assert groups["topic"] >= set(
        "size material price discount shipping_time courier stock installation usage warranty return invoice gift authenticity "
        "compare suitability payment_trouble coupon_trouble order_change complaint".split()
    )
