"""Settings of the hub, read from the environment: docs/how-to/operator.md lists them."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.management.utils import get_random_secret_key

from cordwainer.hub.database import database_of

FOLDER = Path(os.environ.get("CORDWAINER_HUB_DIR", "hub-data")).resolve()
FOLDER.mkdir(parents=True, exist_ok=True)
_HERE = Path(__file__).parent


def _kept_secret() -> str:
    """Return the secret of this folder, made at the first start and readable by its owner alone."""
    path = FOLDER / "secret"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(get_random_secret_key())
    return path.read_text(encoding="utf-8")


SECRET_KEY = os.environ.get("CORDWAINER_HUB_SECRET") or _kept_secret()
DEBUG = False
OFFERS_LOG = FOLDER / "offers.log"
FILES = FOLDER / "files"
DELIVERY = os.environ.get("CORDWAINER_HUB_DELIVERY", "console")
ADDRESS = os.environ.get("CORDWAINER_HUB_ADDRESS", "")
HTTPS = os.environ.get("CORDWAINER_HUB_HTTPS") == "1"
ALLOWED_HOSTS = os.environ.get("CORDWAINER_HUB_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.sessions", "cordwainer.hub.apps.HubConfig"]
MIDDLEWARE = [
    "cordwainer.hub.web.headers.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "cordwainer.hub.web.visit.Visiting",
    "cordwainer.hub.web.plain.Plain",
]
ROOT_URLCONF = "cordwainer.hub.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [_HERE / "templates"],
        "OPTIONS": {"environment": "cordwainer.hub.web.environment.environment"},
    }
]
_MAIL = urlsplit(os.environ.get("CORDWAINER_HUB_SMTP", "smtp://localhost:25"))
EMAIL_HOST, EMAIL_PORT = _MAIL.hostname or "localhost", _MAIL.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_MAIL.username or ""), unquote(_MAIL.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = _MAIL.scheme == "smtp+tls", _MAIL.scheme == "smtps", 10
DEFAULT_FROM_EMAIL = os.environ.get("CORDWAINER_HUB_MAIL_FROM", "cordwainer@localhost")
DATABASES = {"default": database_of(os.environ.get("CORDWAINER_HUB_DATABASE", ""), FOLDER)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "cordwainer.hub.pages.errors.stale_form"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
STATIC_URL = "/static/"
STATIC_ROOT = _HERE / "static"
WHITENOISE_MAX_AGE = 31_536_000
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_I18N = False
FILE_UPLOAD_HANDLERS = [
    "cordwainer.hub.web.sent.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
