# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A user or group named by its endpoint is treated as one under any key."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.identity.scim.plugins.module_utils._converge.converge import converge
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._input.any_resource import (
    kind_of,
    resource_desired,
)
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

DEFAULTS = {
    "endpoint": "Groups",
    "state": "present",
    "match_by": ["externalId"],
    "multi_valued": "merge",
    "update_method": "auto",
    "update_password": "on_create",
}


@pytest.mark.parametrize("match_by", [["externalId"], ["displayName"], ["displayName", "nickName"]])
@pytest.mark.parametrize("more, caps", [({"update_method": "put"}, {}), ({}, {"patch": False})])
def test_a_group_that_is_replaced_whole_keeps_its_id_and_members(
    match_by: list[str], more: dict[str, Any], caps: dict[str, Any]
) -> None:
    store = Store()
    store.user("pam")
    ident = store.group("red", ["pam"], externalId="r1")
    desired = resource_desired(
        {
            **DEFAULTS,
            **more,
            "match_by": match_by,
            "attributes": {"displayName": "red", "externalId": "r1", "nickName": "r"},
        }
    )
    for changed in (True, False):
        assert converge(Service(store, overridden(caps)), [desired], check=False).changed is changed
    assert (
        store["red"]["id"] == ident
        and store["red"]["nickName"] == "r"
        and len(store.members("red")) == 1
    )
    assert [method for method, _kind in store.writes()] == ["PUT"]


def test_l15_a_deleted_group_is_proved_where_deletion_may_deactivate_a_user() -> None:
    store = Store()
    store.group("red", externalId="r1")
    desired = resource_desired({**DEFAULTS, "state": "absent", "attributes": {"externalId": "r1"}})
    assert converge(
        Service(store, overridden({"delete_user": "inactive"})), [desired], check=False
    ).changed
    assert store.requests == 3 and not store.names("Groups")


USERS = {**DEFAULTS, "endpoint": "Users"}
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
URN = "urn:example:2.0:User"


@pytest.mark.parametrize(
    "params, said",
    [
        (
            {"attributes": {CORE: {"password": "hunter2"}}},
            f"attributes names {CORE}:password, which is secret; set it in secret_attributes",
        ),
        (
            {"attributes": {f"{CORE}:password": "hunter2"}},
            f"attributes names {CORE}:password, which is secret; set it in secret_attributes",
        ),
        (
            {"attributes": {"vpn": {"password": "hunter2"}}},
            "attributes names vpn, which is secret; set it in secret_attributes",
        ),
        (
            {"attributes": {CORE: {"id": "1"}}},
            f"attributes names {CORE}:id, which is read-only here",
        ),
        ({"attributes": {"Groups": []}}, "attributes names Groups, which is read-only here"),
        (
            {"attributes": {"title": "x", CORE: {"Title": "y"}}},
            "attributes names title, which it names twice",
        ),
        (
            {"attributes": {"name.givenName": "x", "name": {"GivenName": "y"}}},
            "attributes names name.givenName, which it names twice",
        ),
        (
            {"attributes": {"title": "x"}, "secret_attributes": {"Title": "y"}},
            "secret_attributes names title, which attributes names too",
        ),
        (
            {"attributes": {"nickName": "N"}, "clear": ["nickname"]},
            "clear names nickName, which is set too",
        ),
        ({"clear": ["id"]}, "clear names id, which only the service writes"),
        ({"clear": ["members"]}, "clear names members, which only the service writes"),
        (
            {"clear": ["Password"]},
            "clear names Password, which is never read back, so a removal cannot be verified; set a new value",
        ),
        ({"clear": ["username"]}, "clear names username, which every user must have"),
    ],
)
def test_two_names_of_one_attribute_are_an_error(params: dict[str, Any], said: str) -> None:
    with pytest.raises(ScimError) as info:
        resource_desired({**USERS, "id": "7", **params})
    assert str(info.value) == said


def test_any_spelling_of_a_name() -> None:
    desired = resource_desired(
        {
            **USERS,
            "match_by": ["userName"],
            "clear": ["Title", f"{CORE}:nickName", f"{URN}:w"],
            "create_only": ["LOCALE", URN],
            "attributes": {
                f"{CORE}:username": "pam",
                "NAME.givenname": "Pam",
                "locale": "en",
                URN: {"l": [], "m": [1]},
                f"{URN}:n": 1,
            },
        }
    )
    assert desired.keys == (("userName", "pam"),) and desired.content.clear == (
        "title",
        "nickName",
        f"{URN}:w",
    )
    assert desired.content.attributes == {
        "userName": "pam",
        "name.givenName": "Pam",
        "locale": "en",
        f"{URN}:l": [],
        f"{URN}:m": [1],
        f"{URN}:n": 1,
    }
    assert (
        desired.content.create_only >= {"locale", f"{URN}:l", f"{URN}:m", f"{URN}:n"}
        and "userName" not in desired.content.create_only
    )


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"userName": False}, "attributes.userName must be text, not false; quote it"),
        ({"userName": 83}, "attributes.userName must be text, not the number 83; quote it"),
        ({"userName": ["x"]}, "attributes.userName must be text, not a list"),
        ({"title": {"x": 1}}, "attributes.title must be text, not a dictionary"),
        ({"name": 3.5}, "attributes.name must be a dictionary, not the number 3.5"),
        ({"name": {"givenName": True}}, "attributes.name.givenName must be text, not true"),
        ({"emails": "a@b.c"}, "attributes.emails must be a list of entries, not text"),
    ],
)
def test_k3_raw_attributes_of_users_have_the_types_of_scim(
    attributes: dict[str, Any], said: str
) -> None:
    with pytest.raises(ScimError) as info:
        resource_desired({**USERS, "attributes": {"externalId": "x", **attributes}})
    assert str(info.value).startswith(said)


def test_k3_attributes_that_no_table_has_are_of_any_type() -> None:
    attributes = {"externalId": "x", "level": 3, "flags": [True], "urn:example:2.0:X": {"n": 2.5}}
    assert resource_desired({**DEFAULTS, "attributes": attributes})


@pytest.mark.parametrize("endpoint", ["", " ", "/", "..", "./", "Users/u1", "a/b"])
def test_n4_an_endpoint_is_one_name(endpoint: str) -> None:
    with pytest.raises(ScimError, match="endpoint must be one name"):
        kind_of(endpoint)
