"""质检结果的快照 point: the finding that a record speaks of, as it stood then.

`finding` is a digest of conversation, criterion, result, message and characters: equal digests, the same finding.
`criterion_digest` says which version of the criterion found it, `scorecard` which version of the scorecard held.
"""

from __future__ import annotations

from django.db import models

from jinpai.book.models.recorded import Recorded


class OnPoint(Recorded):
    """在一个结果上的记录 a record about one finding; `message`, `begins`, `ends` null: it rests on no words."""

    shop: str = models.CharField(max_length=120)
    conversation: int = models.BigIntegerField()
    criterion: str = models.CharField(max_length=40)
    finding: str = models.CharField(max_length=32)
    result: int = models.BigIntegerField()
    message: int | None = models.BigIntegerField(null=True)
    begins: int | None = models.BigIntegerField(null=True)
    ends: int | None = models.BigIntegerField(null=True)
    agent: str | None = models.CharField(max_length=200, null=True)  # noqa: DJ001 - nobody is not a name of no letters
    criterion_digest: str = models.CharField(max_length=32)
    scorecard: str = models.CharField(max_length=32)

    class Meta:
        """给 Django no table of its own."""

        abstract = True
