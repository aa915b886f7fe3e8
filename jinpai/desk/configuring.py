"""站点设置 configuring: Django for the desk of one workspace, in code; nothing to edit, nothing secret in a file.

What signs cookies is derived from the workspace's key. The desk speaks plain HTTP to this computer; behind a proxy that
has a certificate, JINPAI_DESK_HOSTS names the hosts it answers to, and cookies go over HTTPS alone.
"""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinpai.book.opening import ANYWHERE, bring_up_to_date, database
from jinpai.desk import inbox
from jinpai.errors import JinpaiError
from jinpai.workspace.disk import disk

if TYPE_CHECKING:
    from jinpai.workspace import Workspace

HERE = Path(__file__).parent
HOSTS = "JINPAI_DESK_HOSTS"
LOCAL = ("localhost", "127.0.0.1", "[::1]")
HOURS_SIGNED_IN = 12
TRIES = 5
"""So many wrong passwords for a name from one address, and it waits LOCKED_MINUTES."""
LOCKED_MINUTES = 15
_POLICY = {
    name: ["'self'"] for name in ("default-src", "script-src", "style-src", "img-src", "form-action", "connect-src")
} | {"base-uri": ["'none'"], "object-src": ["'none'"], "frame-ancestors": ["'none'"]}


def configure(workspace: Workspace) -> None:
    """配置 Django for this workspace, once in a program, with every table there is to make; without it a JinpaiError."""
    try:
        import axes  # noqa: F401
        import csp  # noqa: F401
        import django
        import whitenoise  # noqa: F401
        from django.conf import settings
    except ImportError as error:
        raise JinpaiError(
            f"工作台要用的 {error.name} 没有装。请运行 pip install 'jinpai[desk]'。",
            f"The desk needs {error.name}, which is not installed. Run pip install 'jinpai[desk]'.",
        ) from None
    with disk(workspace.root):
        (workspace.root / "book").mkdir(exist_ok=True)
    settings.configure(**_settings(workspace))
    django.setup()
    # what is refused is told to who asked; the log is for what went wrong
    for name in ("axes", "django.request", "django.security"):
        logging.getLogger(name).setLevel(logging.ERROR)
    bring_up_to_date(workspace)


def _settings(workspace: Workspace) -> dict[str, Any]:
    hosts = [host for host in os.environ.get(HOSTS, "").replace(",", " ").split() if host]
    return ANYWHERE | {
        "DATABASES": {"default": database(workspace.root)},
        "INSTALLED_APPS": [
            "django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "django.contrib.staticfiles",
            "axes", "django_htmx", "jinpai.book",
        ],
        "MIDDLEWARE": [
            "django.middleware.security.SecurityMiddleware", "whitenoise.middleware.WhiteNoiseMiddleware",
            "csp.middleware.CSPMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware", "django.middleware.clickjacking.XFrameOptionsMiddleware",
            "axes.middleware.AxesMiddleware",
        ],
        "ROOT_URLCONF": "jinpai.desk.routes", "LOGIN_URL": "sign-in", "APPEND_SLASH": False,
        "TEMPLATES": [{
            "BACKEND": "django.template.backends.jinja2.Jinja2", "DIRS": [HERE / "templates"],
            "OPTIONS": {"environment": "jinpai.desk.showing.environment"},
        }],
        "SECRET_KEY": workspace.key_for("desk").hex(), "ALLOWED_HOSTS": [*LOCAL, *hosts],
        "CSRF_TRUSTED_ORIGINS": [f"https://{host}" for host in hosts],
        "STATIC_URL": "/static/", "STATICFILES_DIRS": [HERE / "static"], "WHITENOISE_USE_FINDERS": True, "WHITENOISE_AUTOREFRESH": False,
        "FILE_UPLOAD_HANDLERS": ["django.core.files.uploadhandler.TemporaryFileUploadHandler"], "FILE_UPLOAD_TEMP_DIR": inbox.folder(workspace), "DATA_UPLOAD_MAX_NUMBER_FILES": 1_000,
        "JINPAI_ROOT": workspace.root,
        "SESSION_COOKIE_AGE": HOURS_SIGNED_IN * 3600, "SESSION_COOKIE_SAMESITE": "Lax", "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_HTTPONLY": True, "SESSION_COOKIE_SECURE": bool(hosts), "CSRF_COOKIE_SECURE": bool(hosts),
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if hosts else None,
        "SECURE_REFERRER_POLICY": "same-origin", "X_FRAME_OPTIONS": "DENY",
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": _POLICY},
        "AUTHENTICATION_BACKENDS": [
            "axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend", "jinpai.desk.waiting.ByCode",
        ],
        "AXES_FAILURE_LIMIT": TRIES, "AXES_COOLOFF_TIME": timedelta(minutes=LOCKED_MINUTES), "AXES_VERBOSE": False,
        "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]], "AXES_USERNAME_FORM_FIELD": "name",
        "AXES_SENSITIVE_PARAMETERS": ["old", "again", "code", "csrfmiddlewaretoken"],  # what a failed form held is kept, but for these
        "AXES_LOCKOUT_CALLABLE": "jinpai.desk.doors.locked_out", "AXES_RESET_ON_SUCCESS": True, "CSRF_FAILURE_VIEW": "jinpai.desk.doors.stale",
    }  # fmt: skip
