"""最后的结论 last words: of all that people said of a finding, what holds."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from jinpai.book.models import Appeal, AppealDecision, Verdict


@dataclass(frozen=True, slots=True)
class LastWord:
    """结论 what holds of a finding: `by` whom, since `at` (ms UTC); `is_final`: an appeal was decided.

    `judged` is the verdict or the appeal, with the finding as it stood.
    """

    outcome: str
    right_result: int | None
    by: str
    at: int
    is_final: bool
    judged: Verdict | Appeal

    def result(self, found: int) -> int | None:
        """现在的结果 what a finding of `found` thousandths is worth now; None: it does not apply."""
        if self.outcome == "na":
            return None
        return self.right_result if self.outcome == "overturn" else found


def last_words(shop: str, findings: Iterable[str] | None = None) -> dict[str, LastWord]:
    """最后的结论 by the digest of the finding; `findings` None: all of the shop. A decision on an appeal is final."""
    narrowed = {} if findings is None else {"finding__in": list(findings)}
    appealed = {f"appeal__{name}": value for name, value in narrowed.items()}
    found = {
        one.finding: LastWord(one.outcome, one.right_result, one.by, one.at, is_final=False, judged=one)
        for one in Verdict.objects.filter(shop=shop, **narrowed).order_by("at", "id").iterator()
    }
    decided = AppealDecision.objects.filter(appeal__shop=shop, **appealed).select_related("appeal").order_by("at", "id")
    for one in decided.iterator():
        found[one.appeal.finding] = LastWord(
            one.outcome, one.right_result, one.by, one.at, is_final=True, judged=one.appeal
        )
    return found


def same_person(one: str | None, other: str | None) -> bool:
    """同一个人 whether two names are one person's, however they are typed: full-width, case, blanks."""

    def plain(name: str | None) -> str:
        return "".join(unicodedata.normalize("NFKC", name or "").casefold().split())

    return bool(plain(one)) and plain(one) == plain(other)
