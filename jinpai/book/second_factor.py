"""二次验证 second factor: six digits from an app of the person's phone (TOTP, RFC 6238), or a recovery code.

What the phone and the desk share is sealed (AES-GCM) under a key outside the book, recovery codes are keyed digests.
Each code opens the door once. A clock may be one step of 30 s off.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jinpai.book.invitations import want_all_shops
from jinpai.book.people import record
from jinpai.book.team import changing

if TYPE_CHECKING:
    from jinpai.book.models import Person, SecondFactor

PURPOSE = "second factor"
"""What the workspace's key is asked for."""
STEP_SECONDS, DIGITS, STEPS_OFF = 30, 6, 1
RECOVERY_CODES = 10
_SECRET_BYTES, _NONCE_BYTES = 20, 12
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret(person: Person, key: bytes) -> str:
    """新的密钥 a fresh secret, sealed for this person."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, secrets.token_bytes(_SECRET_BYTES), _whose(person))
    return base64.b64encode(nonce + sealed).decode()


def opened(person: Person, sealed: str, key: bytes) -> bytes:
    """打开密钥 the secret of a person; empty when it is another's, or of another key: then no code is right."""
    try:
        told = base64.b64decode(sealed, validate=True)
        return AESGCM(key).decrypt(told[:_NONCE_BYTES], told[_NONCE_BYTES:], _whose(person))
    except (InvalidTag, ValueError, binascii.Error):
        return b""


def address(person: Person, secret: bytes) -> str:
    """给手机的地址 the otpauth address that the picture shows."""
    return f"otpauth://totp/{quote('金牌客服')}:{quote(person.name)}?secret={spelt(secret)}&issuer={quote('金牌客服')}"


def spelt(secret: bytes) -> str:
    """手输的密钥 the secret in letters, for a phone that cannot see the picture."""
    return base64.b32encode(secret).decode().rstrip("=")


def step_of(secret: bytes, code: str) -> int | None:
    """哪一步 the step of time whose code it is, at most one off; None: it is wrong."""
    from django_otp.oath import hotp

    if not secret or len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    now = int(time.time()) // STEP_SECONDS
    near = (now + off for off in range(-STEPS_OFF, STEPS_OFF + 1))
    right = (step for step in near if hmac.compare_digest(f"{hotp(secret, step, DIGITS):0{DIGITS}d}", code))
    return next(right, None)


def factor_of(person: Person) -> SecondFactor | None:
    """现在的二次验证 of a person, None where it is off."""
    found: SecondFactor | None = person.second_factors.order_by("at", "id").last()
    return found if found is not None and found.secret else None


def turn_on(person: Person, sealed: str, code: str, key: bytes) -> list[str] | None:
    """开启 with a code of the phone, which is used up; the recovery codes, told once. A wrong code: None."""
    from django.db import transaction

    from jinpai.book.models import RecoveryCode, SecondFactor, UsedCode

    step = step_of(opened(person, sealed, key), code)
    if step is None:
        return None
    told = [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2)) for _ in range(RECOVERY_CODES)
    ]
    with transaction.atomic():
        factor = SecondFactor(person=person, secret=sealed, by=person.name)
        factor.save()
        UsedCode(factor=factor, code=str(step)).save()
        for one in told:
            RecoveryCode(factor=factor, digest=_digest(one, key)).save()
        record(person.name, "turned_on_second_factor")
    return told


def turn_off(person: Person) -> None:
    """关闭 by the person."""
    _off(person, person.name)
    record(person.name, "turned_off_second_factor")


def reset(by: Person, shop: str, person_id: int) -> None:
    """老板重设 turns off the second factor of somebody who lost the phone, by the owner of all shops of that person."""
    with changing(by, shop, person_id) as (_, theirs):
        want_all_shops(by, theirs.person)
        _off(theirs.person, by.name)
        record(by.name, "reset_second_factor", shop, theirs.person.name)


def lets_in(person: Person, code: str, key: bytes) -> bool:
    """开门 whether a code of the phone, or a recovery code, is right and was never used; then it is used."""
    factor = factor_of(person)
    if factor is None:
        return False
    step = step_of(opened(person, factor.secret, key), code.replace(" ", ""))
    if step is not None:
        return _use(factor, str(step))
    digest = _digest(code, key)
    if not factor.recovery_codes.filter(digest=digest).exists() or not _use(factor, digest):
        return False
    record(person.name, "used_recovery_code")
    return True


def codes_left(factor: SecondFactor) -> int:
    """还剩几个恢复码."""
    used = factor.used_codes.values_list("code", flat=True)
    return int(factor.recovery_codes.exclude(digest__in=used).count())


def lift(person: Person, by: str) -> bool:
    """命令行关闭 by whoever holds the workspace, for the owner who lost phone and codes; whether it was on."""
    was_on = _off(person, by)
    if was_on:
        record(by, "reset_second_factor", on=person.name)
    return was_on


def _off(person: Person, by: str) -> bool:
    from jinpai.book.models import SecondFactor

    if factor_of(person) is None:
        return False
    SecondFactor(person=person, by=by).save()
    return True


def _use(factor: SecondFactor, code: str) -> bool:
    """Whether the code is used now, and not for the second time."""
    from django.db import IntegrityError, transaction

    from jinpai.book.models import UsedCode

    try:
        with transaction.atomic():
            UsedCode(factor=factor, code=code).save()
    except IntegrityError:
        return False
    return True


def _whose(person: Person) -> bytes:
    return f"person {person.pk}".encode()


def _digest(code: str, key: bytes) -> str:
    plain = "".join(letter for letter in code.casefold() if letter in _LETTERS)
    return hmac.new(key, f"recovery {plain}".encode(), "sha256").hexdigest()
