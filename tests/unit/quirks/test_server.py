# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quirk server itself: it is honest without a quirk, and judges every request."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.judge import complaints
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirky,
    altered,
)

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
MANAGER = f"{ENTERPRISE}:manager"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def test_without_a_quirk_a_directory_converges_and_the_second_run_changes_nothing() -> None:
    server = Quirky()
    directory = {
        "users": [{"user_name": "ann", "emails": [{"value": "ann@example.com", "type": "work"}]}],
        "groups": [{"display_name": "staff", "members": {"set": ["ann"]}}],
    }
    assert run(server, **directory).changed
    server.forget()
    assert not run(server, **directory).changed
    assert not [one for one in server.asked if one.method != "GET"]


def test_quirks_lie_around_each_other_the_first_one_outermost() -> None:
    def named(text: str) -> object:
        def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
            answer = honest(asked)
            return altered(answer, lambda body: {**body, "title": body.get("title", "") + text})

        return quirk

    server = Quirky(named("a"), named("b"))  # type: ignore[arg-type]
    ident = server.user("ann")
    assert server.send("GET", ("Users", ident)).body["title"] == "ba"


@pytest.mark.parametrize(
    ("method", "segments", "query", "body"),
    [
        ("GET", ("Users",), {"filter": 'userName eqq "x"'}, None),
        (
            "PATCH",
            ("Users", "u1"),
            {},
            {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "", "value": 1}]},
        ),
        (
            "PATCH",
            ("Users", "u1"),
            {},
            {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "id", "value": "x"}]},
        ),
        ("POST", ("Users",), {}, {"userName": 3.5}),
    ],
)
def test_a_request_that_scim_forbids_fails_the_test(
    method: str, segments: tuple[str, ...], query: dict[str, str], body: object
) -> None:
    server = Quirky()
    server.user("ann")
    with pytest.raises(AssertionError):
        server.send(method, segments, query=query, body=body)


@pytest.mark.parametrize("caps", [{}, {"patch": False}])
def test_a_manager_is_a_value_and_its_address_may_be_left_out(caps: dict[str, bool]) -> None:
    server = Quirky()
    for boss in ("bob", "cid"):
        users = [
            {"user_name": "bob"},
            {"user_name": "cid"},
            {"user_name": "ann", "enterprise": {"department": "Sales", "manager": boss}},
        ]
        assert run(server, users=users, caps=caps).changed
        held = server.held["Users"][server.id_of("ann")][ENTERPRISE]
        assert held["manager"]["value"] == server.id_of(boss)
    server.forget()
    assert not run(server, users=users, caps=caps).changed


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "add", "path": MANAGER, "value": {"value": "u2"}},
        {"op": "replace", "path": ENTERPRISE, "value": {"manager": {"value": "u2"}}},
        {"op": "replace", "value": {ENTERPRISE: {"manager": {"value": "u2"}}}},
    ],
)
def test_a_manager_without_its_address_passes_in_each_operation(operation: dict[str, Any]) -> None:
    body = {"schemas": [PATCH], "Operations": [operation]}
    assert not complaints("PATCH", ("Users", "u1"), {}, body)
    assert "$ref" not in str(body)


@pytest.mark.parametrize("manager", [{"value": 1}, {"displayName": "Bob"}, "u2"])
def test_a_manager_without_an_id_is_refused(manager: object) -> None:
    body = {"schemas": [USER, ENTERPRISE], "userName": "ann", ENTERPRISE: {"manager": manager}}
    assert complaints("POST", ("Users",), {}, body)


@pytest.mark.parametrize(("copy", "passes"), [("ann@b.example", True), ("ann@c.example", False)])
def test_a_put_may_return_the_copy_of_a_primary_address_that_the_service_made(
    copy: str, passes: bool
) -> None:
    mails = [
        {"value": "ann@b.example", "type": "work", "primary": True},
        {"value": copy, "type": "other", "primary": True},
    ]
    body = {"schemas": [USER], "id": "u1", "userName": "ann", "emails": mails}
    assert passes is not bool(complaints("PUT", ("Users", "u1"), {}, body))
    assert complaints("POST", ("Users",), {}, body)
