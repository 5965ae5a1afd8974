"""Django's settings, taken from the workspace.

Without a workspace (type checks, migrations being written) a throw-away database in memory is named, so that
importing this module never fails and never touches a disk.
"""

import secrets
import tempfile
from pathlib import Path

from shuke.kernel.errors import WrongUse
from shuke.kernel.workspace import Workspace, find_workspace, named_database
from shuke.server.database import database_of

try:
    WORKSPACE = find_workspace()
    _DATABASE = str(WORKSPACE.database)
except WrongUse:
    WORKSPACE = Workspace(
        root=Path(tempfile.gettempdir()) / "shuke-no-workspace", shop="", database_url=named_database()
    )
    _DATABASE = ":memory:"

SECRET_KEY = WORKSPACE.secret_key or secrets.token_urlsafe(48)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ROOT_URLCONF = "shuke.server.urls"
WSGI_APPLICATION = "shuke.server.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "shuke.lake",
    "shuke.access",
    "shuke.journal",
    "shuke.outbox",
    "shuke.intake",
    "shuke.customers",
    "shuke.checkup",
    "shuke.metrics",
    "shuke.loyalty",
    "shuke.segments",
    "shuke.proposals",
    "shuke.touches",
    "shuke.console",
]
INSTALLED_APPS = [
    app
    for app in INSTALLED_APPS
    if not app.startswith("shuke.") or (Path(__file__).parent.parent / app.split(".")[1] / "apps.py").is_file()
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shuke.console.frame.middleware.language",
    "shuke.console.frame.middleware.content_policy",
    "shuke.console.frame.middleware.whole_page_redirects",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Its request phase runs before the form protection reads the body, whatever their order here.
    "shuke.console.frame.middleware.body_limit",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": sorted((Path(__file__).parent.parent / "console").glob("*/templates")),
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "shuke.console.frame.context.frame",
            ],
            "builtins": ["shuke.console.frame.tags"],
        },
    }
]

DATABASES = {"default": database_of(WORKSPACE, sqlite_name=_DATABASE)}

AUTH_USER_MODEL = "access.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"

LANGUAGE_CODE = WORKSPACE.language
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
LANGUAGE_COOKIE_NAME = "shuke_language"
CSRF_FAILURE_VIEW = "shuke.console.frame.errors.forbidden"
USE_I18N = True
USE_TZ = True
TIME_ZONE = WORKSPACE.timezone

STATIC_URL = "/static/"
# The set-up puts the locked front-end files into this folder; a workspace used without pages lacks it.
STATICFILES_DIRS = [folder for folder in [Path(__file__).parent / "static"] if folder.is_dir()]
WHITENOISE_USE_FINDERS = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A working day: tills and office computers are shared.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
