"""操作日志 deed: who signed in, saw, exported or changed what; only ever added to."""

from __future__ import annotations

from django.db import models

from jinpai.book.models.recorded import Recorded


class Deed(Recorded):
    """操作 one act of a person in a shop ("" for the desk as a whole): what was done, and to what."""

    by: str = models.CharField(max_length=200)
    shop: str = models.CharField(max_length=120, blank=True)
    what: str = models.CharField(max_length=40)
    on: str = models.TextField(blank=True)

    class Meta:
        """给 Django whose table it is, and by what it is looked up."""

        app_label = "book"
        indexes = [models.Index(fields=["shop", "at"], name="deed_of_shop")]
