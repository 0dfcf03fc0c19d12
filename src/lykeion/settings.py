"""Every setting of a Lykeion site. ``TABLE`` is what an operator may set; the rest follows from it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import global_settings

from lykeion.core.databases import database, database_url
from lykeion.core.env import (
    Setting,
    count,
    engine,
    folder,
    language,
    one_of,
    place,
    read_settings,
    server_url,
    several_of,
    tables,
    text,
    time_zone,
    url,
    word,
    words,
    yes_no,
)
from lykeion.core.home import is_development, make_home, secret_key
from lykeion.core.languages import languages
from lykeion.core.storages import far_storages
from lykeion.shims.hosting import HOSTS, block_files, guest_apps, guest_middleware, lend_modules, with_tables
from lykeion.shims.plugins import guests, with_settings

PROFILE_FIELDS = (
    "id", "username", "name", "email", "language", "country", "year_of_birth", "gender",
    "level_of_education", "bio", "enrollment_mode", "enrollment_date", "cohort", "last_login", "date_joined",
)  # fmt: skip

TABLE = (
    Setting("LYKEION_HOME", folder, "./var", "Folder for everything kept on disk: database, course files, logs."),
    Setting("LYKEION_SITE_URL", url("http", "https"), "http://127.0.0.1:8000",
            "Address learners use. A loopback address makes this a development home."),
    Setting("LYKEION_SITE_NAME", text, "Lykeion", "Name of the site, shown on every page."),
    Setting("LYKEION_SECRET_KEY", text, "", "Signs sessions and links; made in the home when empty.", secret=True),
    Setting("LYKEION_ALLOWED_HOSTS", words, "", "Further host names the site answers to, between commas."),
    Setting("LYKEION_DATABASE_URL", database_url, "",
            "People, state, grades: mysql://user:password@host/name; by TLS with ?ssl_mode=REQUIRED or "
            "?ssl_mode=VERIFY_IDENTITY&ssl_ca=FILE; SQLite in the home when empty.", secret=True),
    Setting("LYKEION_CONTENT_URL", url("mongodb"), "",
            "Course content: mongodb://host/name; the same database when empty.", secret=True),
    Setting("LYKEION_CACHE_URL", url("redis", "rediss"), "",
            "Cache and sessions: redis://host/0; database and memory when empty.", secret=True),
    Setting("LYKEION_BROKER_URL", url("amqp", "amqps"), "",
            "RabbitMQ that hands out jobs: amqp://user:password@host/vhost; workers look in the database when empty.",
            secret=True),
    Setting("LYKEION_MAIL_URL", server_url("smtp", "smtps"), "",
            "Outgoing mail: smtp://user:password@host:587; files in the home when empty.", secret=True),
    Setting("LYKEION_MAIL_FROM", text, "Lykeion <noreply@localhost>", "Sender of the site's mail."),
    Setting("LYKEION_MAIL_RATE", count, "600", "Most mails of course teams that the whole site sends in a minute."),
    Setting("LYKEION_MAIL_BOUNCES", text, "",
            "Address that mails of course teams come back to, with +something before the @; the sender's when empty."),
    Setting("LYKEION_MAIL_POSTAL", text, "",
            "Postal address at the foot of mails of course teams, which the law of some countries asks for."),
    Setting("LYKEION_LANGUAGE", language, "en", "Language of the site for people who did not choose one."),
    Setting("LYKEION_TIME_ZONE", time_zone, "UTC", "Time zone in which dates are shown to visitors."),
    Setting("LYKEION_WORKERS", count, "2", "Web processes."),
    Setting("LYKEION_THREADS", count, "4", "Threads of each web process."),
    Setting("LYKEION_STOP_SECONDS", count, "30",
            "Seconds that web processes which are asked to end have to finish what they answer."),
    Setting("LYKEION_TRUST_PROXY", yes_no, "no", "Believe X-Forwarded-For and -Proto: yes only behind your own proxy."),
    Setting("LYKEION_DRAIN_FILE", text, "",
            "File whose presence makes /ready answer 503, so that a balancer sends nobody here; `drain` in the home "
            "when empty."),
    Setting("LYKEION_ASIDES", words, "", "XBlock asides to put beside every block, between commas."),
    Setting("LYKEION_BLOCK_SECONDS", count, "10",
            "Seconds that one XBlock of another package may take to be shown or to answer."),
    Setting("LYKEION_FRAMED_BLOCKS", words, "",
            "Block types shown in sandboxed frames, between commas; * for all of other packages."),
    Setting("LYKEION_XBLOCK_SETTINGS", tables, "",
            "TOML file with a table of settings for each kind of XBlock that has some; Open edX's XBLOCK_SETTINGS.",
            secret=True),
    Setting("LYKEION_SANDBOX_MINIMUM", one_of("namespaces", "filtered", "limits"), "filtered",
            "Least isolation in which authors' Python may run: namespaces, filtered or limits."),
    Setting("LYKEION_SANDBOX_SOCKET", text, "", "Socket of the sandbox; in the home when empty."),
    Setting("LYKEION_SANDBOX_PYTHON", text, "", "Python that runs authors' code; the site's own when empty."),
    Setting("LYKEION_SANDBOX_SECONDS", count, "4", "Processor time that one run of authors' Python may use."),
    Setting("LYKEION_SANDBOX_MEMORY", count, "512", "Memory that one run of authors' Python may use, in MB."),
    Setting("LYKEION_XQUEUE_URL", url("http", "https"), "",
            "XQueue to bring submissions for graders to: https://name:password@host; they fetch from us when empty.",
            secret=True),
    Setting("LYKEION_GRADER_TIMEOUT", count, "300",
            "Seconds a grader has for a submission it fetched; then another may fetch it."),
    Setting("LYKEION_GRADER_HOSTS", words, "",
            "Hosts (host or host:port) that externalresponse questions may be graded by, between commas."),
    Setting("LYKEION_FILES_URL", url("s3", "gs", "abfs", "abfss", "hdfs"), "",
            "Where files of courses, learners, jobs and reports are: s3://bucket/folder, gs://, abfs://, hdfs://; "
            "folders of the home when empty, which several hosts must share.", secret=True),
    Setting("LYKEION_FILE_MB", count, "1024", "Largest file of a course that authors may upload, in MB."),
    Setting("LYKEION_ARCHIVE_MB", count, "8192", "Largest archive of a course that authors may upload, in MB."),
    Setting("LYKEION_UPLOADS_MB", count, "16384", "Uploads of one author on their way at one time, together, in MB."),
    Setting("LYKEION_GIT_REMOTES", words, "",
            "Beginnings of addresses of Git repositories for courses, between commas; without any there is no Git."),
    Setting("LYKEION_GIT_CREDENTIALS", text, "",
            "File with user names and passwords for Git over https, a line for each: https://user:password@host.",
            secret=True),
    Setting("LYKEION_GIT_SSH_KEY", text, "", "File with the private key for Git over ssh; the agent's keys when empty.",
            secret=True),
    Setting("LYKEION_GIT_SECONDS", count, "120", "Seconds that one command of Git may take."),
    Setting("LYKEION_REPORT_DAYS", count, "30", "Days for which files of reports are kept."),
    Setting("LYKEION_PROFILE_FIELDS", several_of(*PROFILE_FIELDS), ",".join(PROFILE_FIELDS),
            "Columns of the report of learners' profiles, in this order, between commas."),
    Setting("LYKEION_TEACHERS_REGISTER", yes_no, "no",
            "Admins of a course may make accounts for people from a CSV file; staff of the site always may."),
    Setting("LYKEION_BADGE_KEY", text, "",
            "File with the RSA private key (PEM) that badges are signed with; made in the home when empty.",
            secret=True),
    Setting("LYKEION_LAKE_URL", place("hdfs", "s3", "gs", "abfs", "abfss"), "",
            "Lake of learning analytics: a folder, or hdfs://, s3://, gs://, abfs://; a folder of the home when empty.",
            secret=True),
    Setting("LYKEION_LAKE_ENGINE", engine, "duckdb",
            "What computes analytics: duckdb, in the worker; or Spark: spark, local[4], spark://host:7077, yarn."),
    Setting("LYKEION_HOST_NAME", word, "",
            "Name of this host where several share the folder `log` of their homes: each writes a tracking log of its "
            "own, and analytics reads them all."),
    Setting("LYKEION_EVENTS_PER_MINUTE", count, "1200",
            "Events of pages that one person may send in a minute (visitors of one address: ten times as many); one of "
            "many kilobytes counts as so many."),
    Setting("LYKEION_TRACKING_MB", count, "512", "Size in MB from which the tracking log is put aside for a new one."),
    Setting("LYKEION_ANALYTICS_SECONDS", count, "20",
            "Seconds between two looks whether learners did anything that teachers' analytics do not show yet."),
    Setting("LYKEION_LRS_URL", url("http", "https"), "",
            "Learning record store that gets xAPI statements of what learners do: the address of its xAPI, without "
            "/statements; none when empty."),
    Setting("LYKEION_LRS_KEY", text, "", "Key of the site at the learning record store (Basic authentication)."),
    Setting("LYKEION_LRS_SECRET", text, "", "Secret that goes with LYKEION_LRS_KEY.", secret=True),
    Setting("LYKEION_LOG_LEVEL", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "INFO",
            "How much the processes say: DEBUG, INFO, WARNING or ERROR."),
)  # fmt: skip

ENV: dict[str, Any] = read_settings(TABLE)

BASE = Path(__file__).parent
HOME: Path = ENV["LYKEION_HOME"]
make_home(HOME)
SITE_URL: str = ENV["LYKEION_SITE_URL"].rstrip("/")
SITE_NAME: str = ENV["LYKEION_SITE_NAME"]
LYKEION_DEVELOPMENT = is_development(SITE_URL)
LYKEION_DRAIN_FILE = Path(ENV["LYKEION_DRAIN_FILE"] or HOME / "drain")
LYKEION_CONTENT_URL: str = ENV["LYKEION_CONTENT_URL"]
LYKEION_ASIDES: tuple[str, ...] = ENV["LYKEION_ASIDES"]
LYKEION_BLOCK_SECONDS: int = ENV["LYKEION_BLOCK_SECONDS"]
LYKEION_FRAMED_BLOCKS: tuple[str, ...] = ENV["LYKEION_FRAMED_BLOCKS"]
XBLOCK_SETTINGS: dict[str, Any] = ENV["LYKEION_XBLOCK_SETTINGS"]
LYKEION_FILES = HOME / "files"
LYKEION_SANDBOX_SOCKET = Path(ENV["LYKEION_SANDBOX_SOCKET"] or HOME / "sandbox" / "socket")
LYKEION_SUBMISSIONS = HOME / "submissions"
LYKEION_XQUEUE_URL: str = ENV["LYKEION_XQUEUE_URL"]
LYKEION_GRADER_TIMEOUT: int = ENV["LYKEION_GRADER_TIMEOUT"]
LYKEION_GRADER_HOSTS: tuple[str, ...] = ENV["LYKEION_GRADER_HOSTS"]
LYKEION_UPLOADS = HOME / "uploads"
LYKEION_BROKER_URL: str = ENV["LYKEION_BROKER_URL"]
LYKEION_LOG_LEVEL: str = ENV["LYKEION_LOG_LEVEL"]
LYKEION_JOB_FILES = HOME / "job-files"
LYKEION_FILE_MB: int = ENV["LYKEION_FILE_MB"]
LYKEION_ARCHIVE_MB: int = ENV["LYKEION_ARCHIVE_MB"]
LYKEION_UPLOADS_MB: int = ENV["LYKEION_UPLOADS_MB"]
LYKEION_GIT_REMOTES: tuple[str, ...] = ENV["LYKEION_GIT_REMOTES"]
LYKEION_GIT_CREDENTIALS: str = ENV["LYKEION_GIT_CREDENTIALS"]
LYKEION_GIT_SSH_KEY: str = ENV["LYKEION_GIT_SSH_KEY"]
LYKEION_GIT_SECONDS: int = ENV["LYKEION_GIT_SECONDS"]
LYKEION_REPORTS = HOME / "reports"
LYKEION_REPORT_DAYS: int = ENV["LYKEION_REPORT_DAYS"]
LYKEION_PROFILE_FIELDS: tuple[str, ...] = ENV["LYKEION_PROFILE_FIELDS"]
LYKEION_TEACHERS_REGISTER: bool = ENV["LYKEION_TEACHERS_REGISTER"]
LYKEION_MAIL_RATE: int = ENV["LYKEION_MAIL_RATE"]
LYKEION_MAIL_BOUNCES: str = ENV["LYKEION_MAIL_BOUNCES"]
LYKEION_MAIL_POSTAL: str = ENV["LYKEION_MAIL_POSTAL"]
LYKEION_BADGE_KEY = Path(ENV["LYKEION_BADGE_KEY"] or HOME / "badge_key.pem")
LYKEION_LRS_URL: str = ENV["LYKEION_LRS_URL"]
LYKEION_LRS_KEY: str = ENV["LYKEION_LRS_KEY"]
LYKEION_LRS_SECRET: str = ENV["LYKEION_LRS_SECRET"]
LYKEION_LAKE_URL: str = ENV["LYKEION_LAKE_URL"] or str(HOME / "lake")
LYKEION_LAKE_ENGINE: str = ENV["LYKEION_LAKE_ENGINE"]
LYKEION_ANALYTICS_SECONDS: int = ENV["LYKEION_ANALYTICS_SECONDS"]
LYKEION_TRACKING_LOG = HOME / "log" / "@".join(filter(None, ("tracking.log", ENV["LYKEION_HOST_NAME"])))
LYKEION_EVENTS_PER_MINUTE: int = ENV["LYKEION_EVENTS_PER_MINUTE"]
LYKEION_TRACKING_MB: int = ENV["LYKEION_TRACKING_MB"]

DEBUG = False
SECRET_KEY = ENV["LYKEION_SECRET_KEY"] or secret_key(HOME)
ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname or "", *ENV["LYKEION_ALLOWED_HOSTS"]]
if LYKEION_DEVELOPMENT:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "lykeion.core",
    "lykeion.ui",
    "lykeion.events",
    "lykeion.jobs",
    "lykeion.accounts",
    "lykeion.content",
    "lykeion.graders",
    "lykeion.surveys",
    "lykeion.blocks",
    "lykeion.catalog",
    "lykeion.grades",
    "lykeion.courseware",
    "lykeion.notices",
    "lykeion.certificates",
    "lykeion.authoring",
    "lykeion.teaching",
    "lykeion.analytics",
    "lykeion.learn",
    "lykeion.studio",
    "lykeion.instructor",
    "allauth",  # after ours, whose templates and static files come first
    "allauth.account",
    "allauth.mfa",
]
lend_modules()
GUESTS = guests(guest_apps())
LYKEION_BLOCKS_WITH_TABLES = with_tables()
if GUESTS:
    INSTALLED_APPS += HOSTS
    INSTALLED_APPS += cast(list[str], GUESTS)  # Django takes configurations as well as names

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lykeion.events.middleware.tracking",
    "lykeion.accounts.middleware.preferences",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

if GUESTS:
    MIDDLEWARE += guest_middleware()

ROOT_URLCONF = "lykeion.urls"
WSGI_APPLICATION = "lykeion.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lykeion.learn.context.navigation",
            ],
        },
    }
]
FORM_RENDERER = "lykeion.ui.forms.FormRenderer"

DATABASES = {"default": database(ENV["LYKEION_DATABASE_URL"], HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = [
    "models.W036",  # conditional unique constraints are kept by code as well, where MySQL lacks them
]

# "default" is shared by all processes, since attempts to sign in are counted in it; "blocks" is what XBlocks may fill.
# "events" says who sends how many events and sees which course: asked with every click, so never in the database.
# "copies" has sessions and outlines, of which the database has the true ones: there are none without Redis.
if ENV["LYKEION_CACHE_URL"]:
    _redis = {
        "BACKEND": "lykeion.core.cache.RedisCache",
        "LOCATION": ENV["LYKEION_CACHE_URL"],
        "KEY_PREFIX": "lykeion",
    }
    _kept = {"default": 5_000, "blocks": 300, "events": 20_000, "copies": 0}  # while Redis is away
    CACHES = {name: {**_redis, "OPTIONS": {"near": near}} for name, near in _kept.items()}
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    SESSION_CACHE_ALIAS = "copies"
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "accounts_sharedvalue",
            "OPTIONS": {"MAX_ENTRIES": 20_000},  # beyond that what has expired is removed first
        },
        "blocks": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "events": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "events",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        },
        "copies": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    }
    SESSION_ENGINE = "lykeion.accounts.sessions"  # in the database: a per-process cache would serve stale sessions
CSRF_FAILURE_VIEW = "lykeion.learn.views.site.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if SITE_URL.startswith("https://"):
    SECURE_HSTS_SECONDS = 31_536_000
if ENV["LYKEION_TRUST_PROXY"]:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "SAMEORIGIN"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["lykeion.accounts.backend.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- accounts: how people get in (django-allauth; the rules themselves live in lykeion/accounts) ---
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "lykeion.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_FORMS = {
    "login": "lykeion.accounts.forms.LoginForm",
    "signup": "lykeion.accounts.forms.SignupForm",
    "add_email": "lykeion.accounts.forms.AddEmailForm",
    "change_password": "lykeion.accounts.forms.ChangePasswordForm",
    "set_password": "lykeion.accounts.forms.SetPasswordForm",
    "reset_password": "lykeion.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "lykeion.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "lykeion.accounts.forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "lykeion.accounts.forms.AuthenticateForm",
    "reauthenticate": "lykeion.accounts.forms.MfaReauthenticateForm",
    "activate_totp": "lykeion.accounts.forms.ActivateTOTPForm",
}
ACCOUNT_EMAIL_VERIFICATION = "optional"  # people learn at once; the link proves the address later
ACCOUNT_CHANGE_EMAIL = True  # the old address holds until the new one is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # the answer is the same; strangers get no mail because somebody typed theirs
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",  # a school signs in from one address
    "login_failed": "60/m/ip,6/900s/key",  # six wrong passwords lock a name for a quarter of an hour
    "signup": "120/m/ip",
    "confirm_email": "1/60s/key",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "lykeion.accounts.adapter.SecondFactor"
MFA_TOTP_ISSUER = SITE_NAME
LANGUAGE_COOKIE_NAME = "pref-lang"

LANGUAGE_CODE = ENV["LYKEION_LANGUAGE"]
LOCALE_PATHS = [BASE / "locale"]
LANGUAGES = languages(BASE / "locale", LANGUAGE_CODE)
TIME_ZONE = ENV["LYKEION_TIME_ZONE"]
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {**global_settings.STORAGES, **far_storages(ENV["LYKEION_FILES_URL"])}
# What blocks of others keep in Django's default storage. No address leads there: they hand it out by their handlers.
MEDIA_ROOT = HOME / "block-files"

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "lykeion.core.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

if ENV["LYKEION_MAIL_URL"]:
    _mail = urlsplit(ENV["LYKEION_MAIL_URL"])
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.username or "", _mail.password or ""
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = _mail.scheme == "smtp" and EMAIL_PORT == 587
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = HOME / "mail"
EMAIL_TIMEOUT = 30  # seconds without a word of the mail server
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV["LYKEION_MAIL_FROM"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": ENV["LYKEION_LOG_LEVEL"]},
    "loggers": {name: {"level": "WARNING"} for name in ("celery.worker.strategy", "celery.app.trace")},  # a job, a line
}

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lykeion.settings")

# --- blocks of others: what they take for granted in the settings of Open edX, then what they set themselves ---
if GUESTS:
    STORAGES["default"] = block_files(ENV["LYKEION_FILES_URL"])
    from lykeion.shims.platform import platform_settings

    globals().update(with_settings(GUESTS, globals() | platform_settings(globals())))
