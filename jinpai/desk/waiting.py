"""等验证码 waiting: whose password was right just now, and whose code is waited for; and the code as a way of signing in."""

from __future__ import annotations

import hmac
import time
from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import ModelBackend

from jinpai.book.models import Person
from jinpai.book.second_factor import PURPOSE, lets_in
from jinpai.desk.page import workspace

if TYPE_CHECKING:
    from django.http import HttpRequest

HALF_IN = "half_in"
MINUTES = 5
"""So long after the password the code is waited for."""


def key() -> bytes:
    """二次验证的密钥 what seals secrets and digests codes; it does not lie in the book."""
    return workspace().key_for(PURPOSE)


class ByCode(ModelBackend):
    """凭验证码 the way of signing in that follows the password: the session says whose password was right."""

    def authenticate(self, request: HttpRequest, name: str, code: str) -> Person | None:
        """The person whose code it is; None when it is wrong, used, or nobody's."""
        person = waiting(request)
        return person if person is not None and person.name == name and lets_in(person, code, key()) else None


def half_in(request: HttpRequest, person: Person) -> None:
    """密码对了 notes in the session whose code is waited for; nobody is signed in yet."""
    request.session.cycle_key()
    request.session[HALF_IN] = [person.pk, int(time.time()), person.get_session_auth_hash()]


def waiting(request: HttpRequest) -> Person | None:
    """等验证码的人 whose password was right just now, in this session; another password since then, and it is nobody."""
    told: Any = request.session.get(HALF_IN)
    if not told or not 0 <= time.time() - told[1] <= MINUTES * 60:
        return None
    person: Person | None = Person.objects.filter(pk=told[0], is_active=True).first()
    return person if person is not None and hmac.compare_digest(person.get_session_auth_hash(), told[2]) else None
