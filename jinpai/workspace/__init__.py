"""工作区 workspace: one folder on disk; find, open, lock, settings, keys, sealed raw rows, immutable facts."""

from __future__ import annotations

from jinpai.workspace.hours import DatedHours, Hours
from jinpai.workspace.profiles import Given, PlatformProfile, Promotion
from jinpai.workspace.settings import Settings
from jinpai.workspace.workspace import Workspace, shop_key

__all__ = [
    "DatedHours",
    "Given",
    "Hours",
    "PlatformProfile",
    "Promotion",
    "Settings",
    "Workspace",
    "shop_key",
]
