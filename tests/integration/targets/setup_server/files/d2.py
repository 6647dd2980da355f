"""Knows how to serve django-scim2-server on the stock users and groups of Django.

Knows nothing of tests, recording or Ansible.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest
from django.urls import include, path
from serving import parser_of, serve

urlpatterns: list[Any] = []  # this file is the ROOT_URLCONF too; filled when Django is set up


def check(request: HttpRequest) -> bool:
    """Allow requests that have the token."""
    return secrets.compare_digest(
        request.headers.get("Authorization", "").encode(),
        f"Bearer {settings.SCIM_TEST_TOKEN}".encode(),
    )


def set_up(token: str, database: Path) -> None:
    """An empty database in a file.

    One writer at a time, else SQLite answers 500 under concurrency.
    """
    settings.configure(
        SECRET_KEY=secrets.token_urlsafe(32),
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django_scim2_server",
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(database),
                "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        LOGGING_CONFIG=None,
        USE_TZ=True,
        SCIM2_SERVER_AUTH_CHECK=f"{__name__}.check",
        SCIM_TEST_TOKEN=token,
    )
    django.setup()
    urlpatterns.append(path("scim/v2/", include("django_scim2_server.urls")))
    call_command("migrate", "--run-syncdb", verbosity=0)


def main() -> None:
    parser = parser_of("django-scim2-server on SQLite, for tests.")
    parser.add_argument("--token", required=True)
    args = parser.parse_args()
    set_up(args.token, Path(f"d2-{os.getpid()}.sqlite3").resolve())
    serve(get_wsgi_application(), args, "/scim/v2")


if __name__ == "__main__":
    main()
