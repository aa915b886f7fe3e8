"""二次验证 second factor: what a person's phone and the desk share, and the codes that were used."""

from __future__ import annotations

from django.db import models

from jinpai.book.models.recorded import Recorded


class SecondFactor(Recorded):
    """二次验证 of a person from now on; of several the last holds, and one with no secret turns it off.

    `secret` is sealed under a key that does not lie in the book.
    """

    person = models.ForeignKey("book.Person", on_delete=models.PROTECT, related_name="second_factors")
    secret: str = models.CharField(max_length=200, blank=True)
    by: str = models.CharField(max_length=200)

    class Meta:
        """给 Django whose table it is."""

        app_label = "book"


class RecoveryCode(Recorded):
    """恢复码 one code for who has lost the phone, as a keyed digest in hex."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.PROTECT, related_name="recovery_codes")
    digest: str = models.CharField(max_length=64)

    class Meta:
        """给 Django whose table it is."""

        app_label = "book"


class UsedCode(Recorded):
    """用过的验证码 one code of a second factor, which opens the door once: its step of time, or the digest of a recovery code."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.PROTECT, related_name="used_codes")
    code: str = models.CharField(max_length=64)

    class Meta:
        """给 Django whose table it is, and that a code stands there once."""

        app_label = "book"
        constraints = [models.UniqueConstraint(fields=["factor", "code"], name="code_used_once")]
