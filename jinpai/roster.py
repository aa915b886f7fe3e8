"""子账号名单 roster: the sub-accounts that the facts of a shop know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.errors import JinpaiError
from jinpai.report import report

if TYPE_CHECKING:
    from jinpai.workspace import Workspace


def sub_accounts(workspace: Workspace, shop: str) -> list[str]:
    """子账号 who received buyers in a shop at any time, by name; none before the facts are built."""
    try:
        found = report(workspace, shop, by=("agent",), metrics=["received_buyers"], builds=False)
    except JinpaiError:
        return []
    return sorted({str(row["agent"]) for row in found["rows"] if row["agent"]})
