"""The words of the simulated shop: many, of their own kind, writable in GBK, with nobody's data in them."""

from __future__ import annotations

import re
import string
import unicodedata
from importlib.resources import files
from random import Random

import pytest

from jinpai.simulate.bank import names, phrases, product_rows
from jinpai.simulate.scene import Line, filling
from jinpai.simulate.shop import hexiaoman

PAGES = [
    page
    for folder in ("jinpai.simulate", "jinpai.simulate/phrases")
    for page in files("jinpai.simulate").joinpath(folder.partition("/")[2]).iterdir()
    if page.name.endswith((".txt", ".toml"))
]
TOPICS = ("size", "material", "shipping", "price", "compare", "gift", "invoice", "stock", "care", "custom", "doubt")


def test_there_are_several_hundred_different_phrases() -> None:
    assert len({line for section in phrases().values() for line in section}) >= 600


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_questions_right_and_wrong_answers(topic: str) -> None:
    bank = phrases()
    assert len(bank[f"{topic}.buyer"]) >= 9
    assert len(bank[f"{topic}.agent"]) >= 7
    assert len(bank[f"{topic}.wrong"]) >= 4
    assert not set(bank[f"{topic}.agent"]) & set(bank[f"{topic}.wrong"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_data_file_is_nfc_gbk_and_says_where_it_comes_from(page: object) -> None:
    text = page.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    text.encode("gbk")
    assert text == unicodedata.normalize("NFC", text)
    assert not [line for line in text.splitlines() if line != line.rstrip()]
    assert text.startswith("# ")
    assert "来源" in text.split("\n\n", maxsplit=1)[0]


def test_every_brace_can_be_filled() -> None:
    shop = hexiaoman()
    known = set(filling(shop, Random(1), shop.begins, product=0, agent=0, budget=9000))
    wanted = {
        name
        for section in phrases().values()
        for line in section
        for _, name, _, _ in string.Formatter().parse(line)
        if name
    }
    assert wanted
    assert wanted <= known


def test_no_number_could_be_a_persons(lines: list[Line]) -> None:
    said = "\n".join(line.text for line in lines)
    phones = set(re.findall(r"(?<!\d)1\d{10}(?!\d)", said))
    assert phones
    assert all(phone.startswith("138000000") for phone in phones)
    assert not re.search(r"(?<!\d)\d{17}[\dXx](?!\d)", said)  # an identity card has 18 places, our orders 19


def test_streets_are_called_test_streets() -> None:
    assert all("测试街道示例" in address for address in names()["address"])


def test_products_have_distinct_codes_titles_and_sane_prices() -> None:
    rows, products = product_rows(), hexiaoman().products
    assert len(rows) == len({item.code for item in products}) == len({item.title for item in products}) == 40
    assert len({item.product_id for item in products}) == 40
    assert all(item.product_id.isdigit() for item in products)
    assert {item.kind for item in products} == {"plain", "complex", "expensive", "custom"}
    assert min(item.price for item in products) >= 1000
