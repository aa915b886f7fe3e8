"""邀请 invitation: a link that lets somebody in once, and what became of it."""

from __future__ import annotations

from django.db import models

from jinpai.book.models.recorded import Recorded


class Invitation(Recorded):
    """邀请 into a shop in a role, or, where `person` is named, to choose a new password.

    Of the link's token only the SHA-256 is kept, in hex. `ends` is ms UTC; from then on the link does nothing.
    """

    shop: str = models.CharField(max_length=120)
    role: str = models.CharField(max_length=12, blank=True)
    agent: str | None = models.CharField(max_length=200, null=True)  # noqa: DJ001 - nobody is not a name of no letters
    person = models.ForeignKey("book.Person", null=True, on_delete=models.PROTECT, related_name="+")
    digest: str = models.CharField(max_length=64, unique=True)
    ends: int = models.BigIntegerField()
    by: str = models.CharField(max_length=200)

    class Meta:
        """给 Django whose table it is, and by what it is looked up."""

        app_label = "book"
        indexes = [models.Index(fields=["shop", "at"], name="invitation_of_shop")]


class InvitationEnd(Recorded):
    """邀请的下场 the one end of an invitation: `how` is used or withdrawn."""

    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, related_name="end")
    how: str = models.CharField(max_length=12)
    by: str = models.CharField(max_length=200)

    class Meta:
        """给 Django whose table it is."""

        app_label = "book"
