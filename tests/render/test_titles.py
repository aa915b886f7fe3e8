"""A product is shown by its title where one is known, and by its number everywhere."""

from __future__ import annotations

from jinpai.render import columns


def test_products_are_shown_by_title_and_number() -> None:
    result = {"meta": {"products": {"7001": "竹纤维浴巾"}}, "rows": [{"product": "7001"}, {"product": "unknown"}]}
    assert [row["product"] for row in columns.titled(result)] == ["竹纤维浴巾（7001）", "unknown"]
    assert result["rows"][0]["product"] == "7001", "the report itself keeps the number"
