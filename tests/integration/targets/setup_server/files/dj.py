"""Knows how to serve django-scim2, which numbers users and groups alike.

Knows nothing of tests, recording or Ansible.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django
from django.apps import AppConfig
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from serving import parser_of, serve

LABEL = "directory"
urlpatterns: list[Any] = []  # this file is the ROOT_URLCONF too; filled when Django is set up


class Directory(AppConfig):
    """The application with users and groups.

    Each table counts from 1, and that number is the SCIM id.
    """

    name = __name__
    label = LABEL

    def import_models(self) -> None:
        """Define the models, which Django allows no earlier than now."""
        from django.contrib.auth.models import AbstractUser
        from django.db import models
        from django_scim.models import AbstractSCIMGroupMixin, AbstractSCIMUserMixin

        class Group(AbstractSCIMGroupMixin):
            name = models.CharField(max_length=150, unique=True)

        class User(AbstractSCIMUserMixin, AbstractUser):
            scim_groups = models.ManyToManyField(Group, related_name="user_set")

        settings.SCIM_SERVICE_PROVIDER["GROUP_MODEL"] = Group
        super().import_models()
        self.models_module = self.module  # migrate makes tables of applications that have one


def with_user(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Return a middleware that logs a request in if it has the token.

    django-scim2 answers 401 to the others.
    """
    wanted = f"Bearer {settings.SCIM_TEST_TOKEN}".encode()

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("Authorization", "").encode()
        request.user = SimpleNamespace(is_authenticated=secrets.compare_digest(given, wanted))
        return get_response(request)

    return middleware


def location(request: HttpRequest) -> str:
    """Return the address that the client used, so that the locations in answers lead there again."""
    return f"http://{request.get_host()}"


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
            "django_scim",
            f"{__name__}.Directory",
        ],
        MIDDLEWARE=[f"{__name__}.with_user", "django_scim.middleware.SCIMAuthCheckMiddleware"],
        AUTH_USER_MODEL=f"{LABEL}.User",
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
        SCIM_SERVICE_PROVIDER={
            "BASE_LOCATION_GETTER": location,
            "AUTHENTICATION_SCHEMES": [{"type": "oauthbearertoken", "name": "Bearer token"}],
        },
        SCIM_TEST_TOKEN=token,
    )
    django.setup()
    urlpatterns.append(path("scim/v2/", include("django_scim.urls")))
    call_command("migrate", "--run-syncdb", verbosity=0)


def main() -> None:
    parser = parser_of("django-scim2 on SQLite, for tests.")
    parser.add_argument("--token", required=True)
    args = parser.parse_args()
    set_up(args.token, Path(f"dj-{os.getpid()}.sqlite3").resolve())
    serve(get_wsgi_application(), args, "/scim/v2")


if __name__ == "__main__":
    main()
