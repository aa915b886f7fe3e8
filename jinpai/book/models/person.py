"""人员 person: who may open the desk, and as what in which shop."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from jinpai.book.models.recorded import Recorded


class Person(AbstractBaseUser):
    """人员 somebody with a name to sign in by and the digest of a password; what they may do is a Membership's to say.

    Not a decision but a door: name, password and language change. Nobody is removed; who may not come in is not active.
    A session is of one password and one `epoch`: with another of either it has ended.
    """

    name: str = models.CharField(max_length=80, unique=True)
    lang: str = models.CharField(max_length=2, default="zh")
    is_active: bool = models.BooleanField(default=True)
    epoch: int = models.BigIntegerField(default=0)

    objects = BaseUserManager()
    USERNAME_FIELD = "name"

    class Meta:
        """给 Django whose table it is."""

        app_label = "book"

    def end_sessions(self) -> None:
        """退出所有登录 wherever one is open."""
        self.epoch += 1
        self.save(update_fields=["epoch"])

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django asks under this name, for the key of now and for those of before
        told = f"{self.epoch} {self.password}"
        return str(salted_hmac("jinpai session", told, secret=secret, algorithm="sha256").hexdigest())


class Membership(Recorded):
    """任职 a person's role in a shop from now on; of several the last holds, and an empty role ends it.

    `agent` is the sub-account whose chats are an agent's own.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    shop: str = models.CharField(max_length=120)
    role: str = models.CharField(max_length=12, blank=True)
    agent: str | None = models.CharField(max_length=200, null=True)  # noqa: DJ001 - nobody is not a name of no letters
    by: str = models.CharField(max_length=200)

    class Meta:
        """给 Django whose table it is, and by what it is looked up."""

        app_label = "book"
        indexes = [models.Index(fields=["person", "shop"], name="membership_of")]
