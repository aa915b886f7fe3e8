"""转化诊断 diagnosis: what was found as sections, each a sentence first, then a table; for the screen, a page, a workbook and the desk.

A figure is shown as shop people read it (about 23 %–32 %, yuan a month); the workbook has the numbers themselves. Nothing is
computed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinpai.errors import Words
from jinpai.period import format_day
from jinpai.render import diagnosis_concessions as concessions
from jinpai.render import diagnosis_pages as changed
from jinpai.render import diagnosis_people as people
from jinpai.render import diagnosis_sales as sales
from jinpai.render.diagnosis_figures import figures
from jinpai.render.story import Say

if TYPE_CHECKING:
    from jinpai.diagnosis.diagnosing import Diagnosis
    from jinpai.render.diagnosis_cells import Section


def sections(found: Diagnosis, lang: str) -> list[Section]:
    """各节 what the diagnosis says, in the order in which it is read."""
    say = Say(lang)
    agents = [people.agents(found, say), people.parts(found, say)] if found.ranks_people else []
    return [
        people.actions(found, say),
        people.factors(found, say),
        *agents,
        sales.account(found, say),
        concessions.account(found, say),
        sales.weeks(found, say),
        sales.behaviours(found, say),
        *([changed.changes(found, say)] if found.pages else []),
    ]


def headline(found: Diagnosis, lang: str) -> list[str]:
    """开头的话 what was looked at, and what was not."""
    say = Say(lang)
    rate = found.gaps.team
    told = [
        say(
            f"{format_day(found.first or 0)} 至 {format_day(found.last or 0)}，已满统计期的询单 {found.ledger.enquiries:,} 个，付款 {found.ledger.enquiries - found.ledger.lost:,} 个"
            f"（有客服接的转化率 {rate:.1%}），流失 {found.ledger.lost:,} 人。",
            f"{format_day(found.first or 0)} to {format_day(found.last or 0)}: {found.ledger.enquiries:,} mature enquiries, {found.ledger.enquiries - found.ledger.lost:,} paid "
            f"(conversion of those with an agent {rate:.1%}), {found.ledger.lost:,} lost.",
        )
    ]  # fmt: skip
    if not found.inspected:
        told.append(say("聊天质检没有打开，所以聊天里的原因和做法都没看。打开后再诊断会清楚得多。",
                        "Inspection is off, so no reason or behaviour in the chats was looked at. Turn it on for a much clearer diagnosis."))  # fmt: skip
    if not found.ranks_people:
        remedy = found.identity["remedy"]
        told.append(
            say("能对上号的买家太少，所以不比较客服。", "Too few buyers are matched, so agents are not compared. ")
            + say.words(Words(**remedy))
        )
    return told


def text(found: Diagnosis, lang: str) -> str:
    """纯文本 headline and every section's sentences."""
    told = [*headline(found, lang)]
    for one in sections(found, lang):
        if one.lead:
            told += ["", one.title, *(f"  {line}" for line in one.lead)]
    return "\n".join(told) + "\n"


def write(told: Sequence[Section], about: Sequence[str], path: Path, lang: str, mark: str = "") -> None:
    """写工作簿 a sheet for each section, numbers as numbers; `about`, every sentence and the `mark` stand on a last sheet."""
    import xlsxwriter

    say = Say(lang)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        head, quoted = (book.add_format(one) for one in ({"bold": True}, {"quote_prefix": True}))
        for section in told:
            _sheet(book.add_worksheet(section.title[:31]), section, say, head, quoted)
        notes = book.add_worksheet(say("口径与明细", "How it is counted"))
        lines = [
            *about,
            *(f"{one.title}：{line}" for one in told for line in (*one.lead, *one.notes)),
            *([mark] if mark else []),
        ]
        for line, sentence in enumerate(lines):
            notes.write_string(line, 0, sentence, quoted)


def _sheet(sheet: Any, section: Section, say: Say, head: Any, quoted: Any) -> None:
    """A section's rows: beside each cell the number behind it."""
    for at, name in enumerate(section.heads):
        sheet.write_string(0, 2 * at, name, head)
        sheet.write_string(0, 2 * at + 1, say("数值", "number"), head)
    for line, row in enumerate(section.rows, 1):
        for at, cell in enumerate(row):
            sheet.write_string(line, 2 * at, cell.shown, quoted)
            if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
                sheet.write_number(line, 2 * at + 1, cell.value)
    sheet.freeze_panes(1, 1)


def page(found: Diagnosis, lang: str) -> str:
    """一页网页 the diagnosis as one page that needs no network."""
    from jinpai.render.topics import drawn

    say = Say(lang)
    return drawn("diagnosis.html", lang, title=say("转化诊断", "Diagnosis"), shop=found.shop, headline=headline(found, lang), sections=sections(found, lang), figures=figures(found, say), say=say,
        period=f"{format_day(found.first or 0)} – {format_day(found.last or 0)}")  # fmt: skip
