# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What imitated services do to a user that is deleted or deactivated.

Written from what is documented of services. Knows nothing of the collection.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.identity.scim.tests.rehearsal.imitation import Imitated
from ansible_collections.identity.scim.tests.rehearsal.lists import refused
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirky,
)

Row = dict[str, Any]


def _held(server: Quirky, asked: Asked) -> Row | None:
    """Return the user that a request is about, if there is one."""
    if asked.kind != "Users" or len(asked.segments) != 2:
        return None
    return server.held["Users"].get(asked.segments[1])


def _leaves_groups(server: Quirky, ident: str) -> None:
    for group in server.held["Groups"].values():
        if group.get("members"):
            group["members"] = [row for row in group["members"] if row["value"] != ident]


def suspends_for_ever(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Suspend a deleted user, who is shown and never comes back (GitHub).

    Its login, its e-mails and its external id are free again: the person is provisioned anew.
    """
    held = _held(server, asked)
    if held is None:
        return honest(asked)
    if asked.method == "DELETE":
        held.update(userName=f"suspended-{held['id']}", active=False)
        for mail in held.get("emails", ()):
            mail["value"] = f"{held['userName']}@example.invalid"
        held.pop("externalId", None)
        _leaves_groups(server, held["id"])
        _imitated(server).ended[held["id"]] = "suspended"
        return Answer(204)
    if asked.method in ("PUT", "PATCH") and held["id"] in _imitated(server).ended:
        return refused(403, "the user is suspended for ever")
    return honest(asked)


def unlinks(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Forget a deleted user, whose account stays, deactivated (Atlassian, GitLab.com).

    A new user with a known address links that account again.
    """
    held = _held(server, asked)
    if held is not None and asked.method == "DELETE":
        for name in _names(held):
            _imitated(server).ended[name] = "unlinked"
    answer = honest(asked)
    if asked.method == "POST" and asked.kind == "Users" and answer.status == 201:
        for name in _names(answer.body):
            if name in _imitated(server).ended:
                _imitated(server).ended[name] = "linked again"
    return answer


def _names(one: Row) -> list[str]:
    """Return by what a service knows the account of a user."""
    return [mail["value"] for mail in one.get("emails", ())] or [one["userName"]]


def blocks(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Block a deleted user, who is shown as inactive (GitLab, self-managed)."""
    held = _held(server, asked)
    if held is None or asked.method != "DELETE":
        return honest(asked)
    held["active"] = False
    _imitated(server).ended[held["id"]] = "blocked"
    return Answer(204)


def removes_inactive(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Remove a user that is deactivated: nothing shows it any more (GitLab.com, Figma)."""
    answer = honest(asked)
    held = _held(server, asked)
    is_change = asked.method in ("PUT", "PATCH") and answer.status < 300
    if held is not None and is_change and held.get("active") is False:
        _imitated(server).ended[held["id"]] = "removed"
        del server.held["Users"][held["id"]]
        _leaves_groups(server, held["id"])
    return answer


def _imitated(server: Quirky) -> Imitated:
    assert isinstance(server, Imitated)
    return server
