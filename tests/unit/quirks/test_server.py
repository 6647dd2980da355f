# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quirk server itself: it is honest without a quirk, and judges every request."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirky,
    altered,
)

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


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
