"""`make demo` as a newcomer runs it: it ends by itself, shows numbers that add up, and says where the page is."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.demo import Demo

pytestmark = pytest.mark.slow


def test_the_demo_ends_by_itself_with_a_report_and_its_page(
    demo: Demo, record_property: Callable[[str, object], None]
) -> None:
    record_property("measured", f"jinpai demo: {demo.seconds:.1f} s")
    assert (demo.workspace / "report.html").stat().st_size > 10_000
    assert str(demo.workspace / "report.html") in demo.said.replace("\n", "")
    assert re.search(r"差额 0\.00|difference 0\.00", demo.said)


def test_the_demo_leaves_a_workspace_that_the_other_commands_read(demo: Demo) -> None:
    from jinpai.report import report
    from jinpai.workspace import Workspace

    found = report(Workspace.open(demo.workspace), by=("shop",))
    assert found["meta"]["reconciliation"]["difference"] == "0.00"
    assert found["rows"][0]["enquiries"] > 1000
