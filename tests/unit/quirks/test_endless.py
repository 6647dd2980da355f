# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service that refuses every write: each task ends soon, and says the reason (rows E2, E9 and L12)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirk, Quirky
from ansible_collections.identity.scim.tests.unit.quirks.test_siblings import directory, fresh, go

MOST = 60


def refuses_all(status: int, scim_type: str, *methods: str) -> Quirk:
    """Refuse these methods, and end a test that sends too many of them."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if len(server.asked) > MOST:
            return Answer(401, {"detail": "too many requests for a test"})
        if asked.method in methods:
            return Answer(status, {"detail": "refused by the test", "scimType": scim_type})
        return honest(asked)

    return quirk


@pytest.mark.parametrize("scim_type", ["", "invalidPath", "invalidValue", "tooMany", "noTarget"])
@pytest.mark.parametrize("status", [400, 404, 405, 409, 412, 413, 422, 428, 500, 501, 503])
@pytest.mark.parametrize(
    "members",
    [
        {"add": ["eve"], "remove": ["ann"]},
        {"add": ["eve", "fay"], "remove": ["ann", "bob"]},
        {"set": ["eve", "fay", "ann"]},
        {"add": ["eve", "fay"]},
        {"remove": ["ann", "bob"]},
    ],
)
def test_every_refusal_of_a_group_ends_soon(
    members: dict[str, Any], status: int, scim_type: str
) -> None:
    server = fresh(refuses_all(status, scim_type, "PATCH", "PUT"), staff=["ann", "bob", "cid"])
    said = go(server, "scim_group", display_name="staff", members=members)
    assert len(server.asked) <= MOST
    assert "refused by the test" in said.failure and not said.changed
    assert server.members("staff") == {"ann", "bob", "cid"}


@pytest.mark.parametrize("status", [400, 405, 409, 422, 500, 501])
def test_every_refusal_of_a_directory_ends_soon(status: int) -> None:
    server = fresh(refuses_all(status, "", "PATCH", "PUT", "POST"), staff=["ann", "bob", "cid"])
    said = directory(
        server,
        users=[{"user_name": "ann", "title": "x", "nick_name": "y"}, {"user_name": "zoe"}],
        groups=[{"display_name": "staff", "members": {"add": ["eve"], "remove": ["bob"]}}],
    )
    assert len(server.asked) <= MOST and "refused by the test" in said.failure
    assert not said.changed and server.members("staff") == {"ann", "bob", "cid"}


@pytest.mark.parametrize("refused", ["eve", "fay"])
def test_one_member_that_is_refused_stops_no_other_change_of_the_group(refused: str) -> None:
    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "PATCH" and server.id_of(refused) in str(asked.body):
            return Answer(400, {"detail": "refused by the test"})
        return honest(asked)

    server = fresh(quirk, staff=["ann", "bob", "cid"])
    said = go(
        server,
        "scim_group",
        display_name="staff",
        members={"add": ["eve", "fay"], "remove": ["bob"]},
    )
    other = {"eve", "fay"} - {refused}
    assert "refused by the test" in said.failure and len(server.asked) <= MOST
    assert {"ann", "cid"} | other <= server.members("staff")


@pytest.mark.parametrize("status", [412, 428])
@pytest.mark.parametrize("module", ["scim_group", "scim_directory"])
def test_l12_a_refusal_for_want_of_a_version_is_not_called_accepted(
    module: str, status: int
) -> None:
    server = fresh(refuses_all(status, "", "PATCH", "PUT"), staff=["ann", "bob"])
    group = {"display_name": "staff", "members": {"add": ["eve"], "remove": ["ann"]}}
    options = {"groups": [group]} if module == "scim_directory" else group
    said = go(server, module, **options)
    assert str(status) in said.failure or "changing" in said.failure
    assert not any("accepted" in one for one in said.warnings), said.warnings
