"""诊断页的图 kept with a diagnosis, in both languages, and markup again on the page, whose marks open the lost buyers."""

from __future__ import annotations

from pathlib import Path

import pytest
from markupsafe import Markup

from jinpai.desk import diagnosing
from jinpai.desk.diagnosing import Question
from jinpai.diagnosis.diagnosing import diagnose
from jinpai.render.charts import theme
from jinpai.workspace import Workspace
from tests.lacking import lacking
from tests.mutants import kills


@pytest.mark.slow
@kills("jinpai/desk/diagnosing.py", '"diagnosis/lost", reason=reason, **days', '"diagnosis/lost", reason=reason')
@kills("jinpai/desk/diagnosing.py", "found, Say(lang)) for lang", 'found, Say("zh")) for lang')
def test_pictures_are_kept_and_lead_to_the_buyers_of_these_days(demo_shop: Path) -> None:
    if not theme.is_installed():
        lacking("charts", "python -m pip install 'jinpai[charts]'")
    workspace = Workspace.open(demo_shop)
    (shop,) = workspace.shops()
    question = Question(shop, 20260901, 20260930)
    found = diagnose(workspace, shop, start="2026-09-01", end="2026-09-30", builds=False)
    place = question.place(workspace)
    try:
        diagnosing.keep(workspace, question, place, found)
        told = diagnosing.kept(workspace, question)
    finally:
        for file in (demo_shop / "outbox").glob("diagnosis-*"):
            file.unlink()
    assert told is not None
    zh, en = (diagnosing.pictures(told, lang) for lang in ("zh", "en"))
    assert {"agents", "gaps", "factors"} <= set(zh) == set(en)
    assert "客服技能" in "".join(zh["factors"]["told"])
    assert "skill" in "".join(en["factors"]["told"])
    for one in zh["factors"]["doors"].values():
        assert one.startswith(f"/shop/{shop}/diagnosis/lost?reason=")
        assert one.endswith("&from=2026-09-01&to=2026-09-30")
    assert zh["factors"]["doors"]
    assert all(isinstance(svg, Markup) and svg.startswith("<svg") for one in zh.values() for svg in one["wide"] + one["phone"])  # fmt: skip
