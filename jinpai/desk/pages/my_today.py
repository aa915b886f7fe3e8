"""我的今天 my_today: an agent's own yesterday and month, the own buyers whom nobody answered, the own lowest talks.

Source: the page of the desk, §1.
"""

from __future__ import annotations

from jinpai.desk.page import Page
from jinpai.desk.pages.today import show
from jinpai.errors import Words

PAGE = Page("my_today", "my-today", Words("我的今天", "My day"), frozenset({"agent"}), show, place=1)
