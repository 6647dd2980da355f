"""Knows how to serve django-scim2-server on the stock users and groups of Django; knows nothing of tests, recording or Ansible."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest
from django.urls import include, path

urlpatterns: list[Any] = []  # this file is the ROOT_URLCONF too; filled when Django is set up


def check(request: HttpRequest) -> bool:
    """Allow requests that have the token."""
    return secrets.compare_digest(
        request.headers.get("Authorization", "").encode(),
        f"Bearer {settings.SCIM_TEST_TOKEN}".encode(),
    )


class ThreadingWSGIServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class QuietHandler(WSGIRequestHandler):
    def address_string(self) -> str:
        return str(self.client_address[0])

    def log_message(self, format: str, *args: Any) -> None:  # pylint: disable=redefined-builtin
        pass


def set_up(token: str, database: Path) -> None:
    """An empty database in a file; one writer at a time, else SQLite answers 500 under concurrency."""
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


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="django-scim2-server on SQLite, for tests.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", required=True)
    parser.add_argument("--seconds", type=float, metavar="N", help="end after N seconds")
    parser.add_argument("--ready-file", metavar="FILE", help="write url and pid to FILE when ready")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    set_up(args.token, Path(f"d2-{os.getpid()}.sqlite3").resolve())
    with make_server(
        "127.0.0.1", args.port, get_wsgi_application(), ThreadingWSGIServer, QuietHandler
    ) as server:
        url = f"http://127.0.0.1:{server.server_port}/scim/v2"
        if args.seconds:
            end = threading.Timer(args.seconds, server.shutdown)
            end.daemon = True
            end.start()
        if args.ready_file:
            part = Path(f"{args.ready_file}.part")
            part.write_text(json.dumps({"url": url, "pid": os.getpid()}), encoding="utf-8")
            part.replace(args.ready_file)
        print(f"Serving SCIM on {url}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
