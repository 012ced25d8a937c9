"""Django's settings. Everything a centre may change comes from the environment; see docs/operators.md."""

import os
from pathlib import Path
from urllib.parse import unquote, urlparse

from qushu.kernel.postgres import NotRunning, database_url, home
from qushu.web import secrets

HOME: Path = home()
_keys = secrets.load()

SECRET_KEY = _keys.secret_key
QUSHU_DATA_KEY = _keys.data_key
QUSHU_INDEX_KEY = _keys.index_key
QUSHU_OLD_KEYS = _keys.old_keys
QUSHU_INDEX_HASH = _keys.index_hash
QUSHU_CIPHER = os.environ.get("QUSHU_CIPHER", "aes")
QUSHU_NUMBER_PREFIX = os.environ.get("QUSHU_NUMBER_PREFIX", "HY")
QUSHU_DISTRICT = os.environ.get("QUSHU_DISTRICT", "汉阳区")

DEBUG = os.environ.get("QUSHU_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("QUSHU_HOSTS", "127.0.0.1,localhost,testserver,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("QUSHU_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    "qushu.kernel",
    "qushu.places",
    "qushu.people",
    "qushu.cases",
    "qushu.hotline",
    "qushu.demo",
    "qushu.lake",
    "qushu.insight",
    "qushu.insight.understanding",
    "qushu.insight.matters",
    "qushu.insight.warnings",
    "qushu.insight.search",
    "qushu.insight.overview",
    "qushu.insight.faults",
    "qushu.reports",
    "qushu.ledger",
    "qushu.ledger.indicators",
    "qushu.ledger.evaluation",
    "qushu.cockpit",
    "qushu.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "qushu.web.security.ContentSecurityPolicy",
    "qushu.web.security.ReadableAddress",
    "qushu.web.one_look.OneLook",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "qushu.people.middleware.CurrentAccount",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "qushu.hotline.public.limiting.LargestBody",
]

ROOT_URLCONF = "qushu.web.urls"
FORM_RENDERER = "qushu.web.form_renderer.QuickSelects"
WSGI_APPLICATION = "qushu.web.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "qushu.web.context.shell",
            ],
            "builtins": ["qushu.web.templatetags.qushu", "django.templatetags.static"],
        },
    }
]


def _database() -> dict[str, object]:
    try:
        url = urlparse(database_url())
    except NotRunning:
        # Commands that need no database (help, config) may still load settings; connecting says what to do.
        url = urlparse("postgresql://nobody@127.0.0.1:1/not-running")
    options: dict[str, object] = {}
    host = url.hostname or ""
    if url.query.startswith("host="):
        host = unquote(url.query.removeprefix("host="))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.lstrip("/"),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": host,
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
        "TEST": {"SERIALIZE": False},
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/login/"
QUSHU_SESSIONS = int(os.environ.get("QUSHU_SESSIONS", "3"))
QUSHU_IDLE_MINUTES = int(os.environ.get("QUSHU_IDLE_MINUTES", "60"))
QUSHU_API_PER_MINUTE = int(os.environ.get("QUSHU_API_PER_MINUTE", "12000"))
QUSHU_BEHIND_PROXY = os.environ.get("QUSHU_BEHIND_PROXY") == "1"

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
BEHIND_TLS = os.environ.get("QUSHU_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31536000 if BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# E-mail goes out only when a mail server is named; QUSHU_ADDRESS stands before links in what leaves the house.
EMAIL_HOST = os.environ.get("QUSHU_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("QUSHU_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("QUSHU_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("QUSHU_MAIL_PASSWORD", "")
EMAIL_USE_SSL = os.environ.get("QUSHU_MAIL_SSL") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("QUSHU_MAIL_FROM", "qushu@localhost")
QUSHU_ADDRESS = os.environ.get("QUSHU_ADDRESS", "").rstrip("/")

# A language model that may polish the sentences of reports, never their numbers; none unless an address is named.
QUSHU_LANGUAGE_ADDRESS = os.environ.get("QUSHU_LANGUAGE_ADDRESS", "").rstrip("/")
QUSHU_LANGUAGE_MODEL = os.environ.get("QUSHU_LANGUAGE_MODEL", "")
QUSHU_LANGUAGE_KEY = os.environ.get("QUSHU_LANGUAGE_KEY", "")

# Folders below which feeds may be read.
QUSHU_FEED_FOLDERS = [
    Path(folder) for folder in os.environ.get("QUSHU_FEED_FOLDERS", str(HOME / "feeds")).split(os.pathsep) if folder
]

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "uploads"
QUSHU_LARGEST_BODY = int(os.environ.get("QUSHU_LARGEST_BODY_MB", "60")) << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "qushu.web.log_lines.Formatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("QUSHU_LOG", "WARNING")},
}
