"""One settings file for every way to run, driven by the environment.

With nothing set it is the embedded desk: SQLite, an in-process bus, files in `var/`. `CHATDESK_ENV=production`
refuses to start without SECRET_KEY, SITE_URL, DATABASE_URL and REDIS_URL.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

from chatdesk.secret import kept_secret

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent
PRODUCTION = env.str("CHATDESK_ENV", "embedded") == "production"
TESTING = env.bool("CHATDESK_TESTING", False)
VAR = Path(env.str("CHATDESK_VAR", str(BASE_DIR / "var"))).resolve()
PORT = env.int("PORT", 8000)
LIMITS = env.str("CHATDESK_LIMITS", "on") != "off"
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

if PRODUCTION:
    missing = [name for name in ("SECRET_KEY", "SITE_URL", "DATABASE_URL", "REDIS_URL") if not env.str(name, "")]
    if missing:
        raise ImproperlyConfigured(f"CHATDESK_ENV=production needs these variables: {', '.join(missing)}")
    if not LIMITS:
        raise ImproperlyConfigured("CHATDESK_LIMITS=off is for benches; production refuses it.")

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", "") or kept_secret(VAR / "secret-key")
SITE_URL = env.str("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "127.0.0.1"
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = [SITE_HOST, *env.list("ALLOWED_HOSTS", [])] + (
    [] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"]
)
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", [])

INSTALLED_APPS = [
    "accounts",
    "routing",
    "chatdesk",
    "transcripts",
    "tickets",
    "chatdesk.adminapp.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "csp",
    "storages",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_otp_webauthn",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.acting_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.path_middleware",
    "accounts.gate_middleware.GateMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "chatdesk.urls"
ASGI_APPLICATION = "chatdesk.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- where things are kept -------------------------------------------------------------------------------------------

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # What is deleted is written over: nothing of it stays in free pages of the file.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000;"
    " PRAGMA secure_delete=ON;",
}
PLANNED_AFTER = 5  # times that a connection runs a statement of our own; without it, Django turns this off


def database() -> dict[str, Any]:
    config: dict[str, Any] = env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR / 'desk.sqlite3'}")
    config["CONN_MAX_AGE"] = 0  # each request has a thread of its own: kept open, its connection would only be lost
    config["CONN_HEALTH_CHECKS"] = True
    if "sqlite" in config["ENGINE"]:
        config["OPTIONS"] = SQLITE_OPTIONS
    else:
        config["OPTIONS"] = {"prepare_threshold": PLANNED_AFTER} | config.get("OPTIONS", {})
    return config


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "")
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "chatdesk"},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 1000}},
}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # a worker's log goes through ours, which names nobody
CELERY_TASK_ALWAYS_EAGER = not REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

MEDIA_ROOT = VAR / "files"
S3_BUCKET = env.str("S3_BUCKET", "")
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT_URL", "") or None,
            "default_acl": "private",
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }
    if S3_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "chatdesk.staticstorage.ModuleManifestStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR / "static-collected")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_MAX_AGE = 300

FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000  # rows of texts, hours and rules below one another

# --- who may come in -------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.UserTypeBackend"]
DIRECTORIES = all(find_spec(name) for name in ("ldap", "django_auth_ldap"))  # the optional extra: requirements/ldap.txt
if DIRECTORIES:
    AUTHENTICATION_BACKENDS.append("accounts.directory.backend.DirectoryBackend")
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"

# What strangers may open: there, a person whose sign-in ended is one of them and needs no page that says so.
GATE_OPEN = [
    "/chat/",
    "/widget.js",
    "/buttons/",
    "/return/",
    "/mail/webhooks/",
    "/files/",
    "/help/",
    "/static/",
    "/accounts/photo/",
    "/accounts/login/",
    "/accounts/opening/",
    "/accounts/logout/",
    "/accounts/password/reset/",
    "/accounts/password/set/",
    "/healthz",
    "/readyz",
    "/metrics",
]

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_out"
AXES_CLIENT_IP_CALLABLE = "accounts.lockout.guessing_address"
AXES_USERNAME_CALLABLE = "accounts.lockout.guessed_name"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_FORM_FIELD = "username"
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = True

OTP_TOTP_ISSUER = f"chatdesk {SITE_HOST}"
OTP_TOTP_SYNC = False  # a clock that is wrong today is not believed to be more wrong tomorrow
OTP_WEBAUTHN_HELPER_CLASS = "accounts.passkeys.Passkeys"
OTP_WEBAUTHN_RP_ID = SITE_HOST if PRODUCTION else "localhost"
OTP_WEBAUTHN_RP_NAME = "chatdesk"
OTP_WEBAUTHN_ALLOWED_ORIGINS = [SITE_URL if PRODUCTION else "http://localhost"]  # embedded: see accounts.passkeys

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-desk" if HTTPS else "desk"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
CSRF_TRUSTED_ORIGINS = [SITE_URL]

SECURE_SSL_REDIRECT = HTTPS and PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS = ["security.W002"]  # frame-ancestors, below, says it and knows each button's own sites

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "blob:", "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
        "frame-ancestors": [SELF],
    }
}

# --- words and mail --------------------------------------------------------------------------------------------------

LANGUAGE_CODE = env.str("LANGUAGE_CODE", "en")
LANGUAGES = [("en", _("English")), ("de", _("German")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "chatdesk" / "locale"]
TIME_ZONE = env.str("TIME_ZONE", "UTC")
USE_TZ = True

EMAIL_URL = env.dj_email_url("EMAIL_URL", "console://")
EMAIL_BACKEND = EMAIL_URL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_URL["EMAIL_HOST"]
EMAIL_PORT = EMAIL_URL["EMAIL_PORT"] or 25
EMAIL_HOST_USER = EMAIL_URL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL_URL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL_URL["EMAIL_USE_TLS"]
EMAIL_USE_SSL = EMAIL_URL["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 20
# The built-in listener: 0 takes a free port. Peers that are our own mail server have seen the real ones.
MAIL_PORT = env.int("MAIL_PORT", 0)
# Webhooks of mail providers: user:password for their basic authentication; without it there are none.
ANYMAIL = {
    "WEBHOOK_SECRET": env.str("MAIL_WEBHOOK_SECRET", ""),
    "MAILGUN_WEBHOOK_SIGNING_KEY": env.str("MAILGUN_SIGNING_KEY", ""),
}
MAIL_BEHIND: list[str] = env.list("MAIL_BEHIND", [])
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"desk@{SITE_HOST}")

# --- what is logged: never a message's text --------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "chatdesk.quietlog.Formatter", "fmt": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    "loggers": {
        "chatdesk": {"level": env.str("LOG_LEVEL", "INFO")},
        "axes": {"level": "ERROR"},
        "mail.log": {"level": "CRITICAL"},  # the listener's library writes addresses
    },
}
