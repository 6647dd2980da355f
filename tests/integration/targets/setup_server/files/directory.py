"""Knows how to serve scim2-server with the users' groups kept in step.

Knows nothing of tests, recording or Ansible.
"""

from __future__ import annotations

import argparse
import base64
import os
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from scim2_models import Pagination, ScimProvider, ServiceProviderConfig
from scim2_server.memory import InMemoryStorage
from scim2_server.service import ScimService
from scim2_server.testserver.application import BEARER_TOKEN_SCHEME, BearerTokenApplication
from scim2_server.utils import (
    load_default_resource_types,
    load_default_schemas,
    load_default_service_provider_config,
)
from serving import parser_of, serve

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def member_ids(group: Any) -> set[str]:
    return {member.value for member in group.members or [] if member.value}


class Directory(InMemoryStorage):
    """The memory store of scim2-server 0.8.3, with ``User.groups`` and the members of groups kept in step."""

    def create(self, resource_type: Any, resource: Any) -> Any:
        with self.lock:
            created = super().create(resource_type, resource)
            if resource_type.name == "Group":
                self._relink(created, member_ids(created), member_ids(created))
            return created

    def update(
        self, resource_type: Any, resource: Any, *, expected_version: str | None = None
    ) -> Any:
        with self.lock:
            stored = self._stored(resource_type, resource.id)
            before = member_ids(stored) if resource_type.name == "Group" else set()
            groups = stored.groups if resource_type.name == "User" else None
            updated = super().update(resource_type, resource, expected_version=expected_version)
            if resource_type.name == "Group":
                after = member_ids(updated)
                self._relink(updated, before | after, after)
            elif resource_type.name == "User":
                self._stored(resource_type, resource.id).groups = groups
                updated.groups = groups
            return updated

    def delete(
        self, resource_type: Any, resource_id: str, *, expected_version: str | None = None
    ) -> None:
        with self.lock:
            stored = self._stored(resource_type, resource_id)
            super().delete(resource_type, resource_id, expected_version=expected_version)
            if resource_type.name == "Group":
                self._relink(stored, member_ids(stored), set())
            elif resource_type.name == "User":
                for group in self._resources.get("Group", {}).values():
                    if resource_id in member_ids(group):
                        group.members = [
                            member for member in group.members if member.value != resource_id
                        ] or None

    def _relink(self, group: Any, touched: set[str], members: set[str]) -> None:
        """Renew the entry for this group in every touched user."""
        users = self._resources.get("User", {})
        for user in (users[user_id] for user_id in touched if user_id in users):
            groups = [entry for entry in user.groups or [] if entry.value != group.id]
            if user.id in members:
                groups.append(
                    type(user).Groups(value=group.id, display=group.display_name, type="direct")
                )
            user.groups = groups or None


def accept_basic(application: Application, credentials: str, token: str) -> Application:
    """Let HTTP Basic with these credentials in, as if the token had been sent."""
    basic = "Basic " + base64.b64encode(credentials.encode()).decode()

    def handle(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if secrets.compare_digest(environ.get("HTTP_AUTHORIZATION", "").encode(), basic.encode()):
            environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return application(environ, start_response)

    return handle


def configuration(args: argparse.Namespace) -> ServiceProviderConfig:
    config = load_default_service_provider_config()
    config.authentication_schemes = [*(config.authentication_schemes or []), BEARER_TOKEN_SCHEME]
    if args.no_patch:
        config.patch.supported = False
    if args.no_bulk:
        config.bulk.supported = False
    if args.page_size:
        config.filter.max_results = args.page_size
    if args.cursor:
        method = Pagination.DefaultPaginationMethod.cursor
        config.pagination = Pagination(
            cursor=True,
            index=False,
            default_pagination_method=method,
            default_page_size=args.cursor,
            max_page_size=args.cursor,
            cursor_timeout=args.cursor_seconds,
        )
    return config


def arguments() -> argparse.Namespace:
    parser = parser_of("A SCIM 2.0 directory in memory, for demos and tests.")
    parser.add_argument(
        "--token", default=os.environ.get("SCIM_TOKEN") or secrets.token_urlsafe(24)
    )
    parser.add_argument(
        "--basic", metavar="USER:PASSWORD", help="accept HTTP Basic with these credentials too"
    )
    parser.add_argument(
        "--no-patch", action="store_true", help="announce no PATCH and answer it with 501"
    )
    parser.add_argument(
        "--no-bulk", action="store_true", help="announce no Bulk and answer it with 501"
    )
    parser.add_argument(
        "--page-size", type=int, metavar="N", help="answer with at most N resources a page"
    )
    parser.add_argument(
        "--cursor",
        type=int,
        metavar="N",
        help="page by cursor (RFC 9865), at most N resources a page; needs the extra cursor",
    )
    parser.add_argument(
        "--cursor-seconds", type=int, metavar="N", help="a cursor expires after N seconds"
    )
    return parser.parse_args()


def main() -> None:
    args = arguments()
    provider = ScimProvider.from_discovery(
        load_default_schemas().values(),
        load_default_resource_types().values(),
        config=configuration(args),
    )
    service = ScimService(provider, secret=secrets.token_urlsafe(24))
    application: Any = BearerTokenApplication(
        Directory(), provider, service, bearer_tokens=[args.token]
    )
    if args.basic:
        application = accept_basic(application, args.basic, args.token)
    serve(application, args, "/v2")


if __name__ == "__main__":
    main()
