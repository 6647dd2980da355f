# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Quirks of what a service refuses, says and only pretends to do."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
)


def keeps_active(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Take ``active: false`` with 200 and leave it out, as for an owner or the last administrator."""
    if asked.method not in ("PATCH", "PUT") or asked.kind != "Users":
        return honest(asked)
    user = server.held["Users"][asked.segments[1]]
    active = user.get("active")
    answer = honest(asked)
    held = server.held["Users"][asked.segments[1]]
    held["active"] = active
    if answer.body is None:
        return answer
    return replace(answer, body={**answer.body, "active": active})


def keeps_active_silently(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Take ``active: false`` with 204 and leave it out."""
    answer = keeps_active(server, asked, honest)
    writes = asked.method in ("PATCH", "PUT") and asked.kind == "Users"
    return Answer(204) if writes and answer.status == 200 else answer


def repeats_what_was_sent(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Answer a write as it was asked for, and keep ``active`` as it was."""
    if asked.method not in ("PATCH", "PUT") or asked.kind != "Users":
        return honest(asked)
    active = server.held["Users"][asked.segments[1]].get("active")
    answer = honest(asked)
    answer = replace(answer, body=copy.deepcopy(answer.body))
    server.held["Users"][asked.segments[1]]["active"] = active
    return answer


def deletes_nothing(kind: str = "Users", status: int = 204, but: int = 0) -> Quirk:
    """Answer DELETE with success and delete nothing, after the first ``but`` deletions."""
    honest_ones = [but]

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method != "DELETE" or asked.kind != kind:
            return honest(asked)
        honest_ones[0] -= 1
        return honest(asked) if honest_ones[0] >= 0 else Answer(status)

    return quirk


def keeps_deleted_members(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Leave a deleted user in its groups, as scim2-server and others do."""
    groups = copy.deepcopy(server.held["Groups"])
    answer = honest(asked)
    if asked.method == "DELETE" and asked.kind == "Users":
        server.held["Groups"] = groups
    return answer


def deletes_late(reads: int) -> Quirk:
    """Show a deleted user for some more reads, as a replica does that lags."""
    ghosts: dict[str, tuple[int, Any]] = {}

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind == "Users" and len(asked.segments) == 2:
            ident = asked.segments[1]
            if asked.method == "DELETE":
                ghosts[ident] = (reads, copy.deepcopy(server.held["Users"][ident]))
            elif asked.method == "GET" and ident in ghosts and ghosts[ident][0] > 0:
                left, user = ghosts[ident]
                ghosts[ident] = (left - 1, user)
                return Answer(200, user)
        return honest(asked)

    return quirk


def deactivates_instead(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Deactivate a user that is to be deleted, as django-scim2-server and Slack do."""
    if asked.method != "DELETE" or asked.kind != "Users":
        return honest(asked)
    server.held["Users"][asked.segments[1]]["active"] = False
    return Answer(204)


def refuses(
    test: Callable[[Asked], bool], status: int = 403, scim_type: str = "", detail: str = "no"
) -> Quirk:
    """Refuse the reads for which a test holds, as for credentials with few rights."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method != "GET" or not test(asked):
            return honest(asked)
        body = {"detail": detail, "scimType": scim_type} if detail else None
        return Answer(status, body)

    return quirk


def lists_without_members(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Leave the members out of lists of groups."""
    answer = honest(asked)
    if asked.lists and asked.kind == "Groups" and answer.status == 200:
        rows = [dict(one) for one in answer.body["Resources"]]
        for row in rows:
            row.pop("members", None)
        return replace(answer, body={**answer.body, "Resources": rows})
    return answer
