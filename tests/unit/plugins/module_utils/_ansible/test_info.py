# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading by name finds every resource, and an incomplete answer is an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.identity.scim.tests.unit.faults.hostile import (
    Asked,
    Reply,
    Spell,
    hostile,
    people,
    run,
)

Honest = Callable[[], Reply]


def none_for_a_filter(asked: Asked, honest: Honest) -> Reply:
    return Reply(200, {"totalResults": 0, "Resources": []}) if "filter" in asked.query else honest()


def refused(asked: Asked, honest: Honest) -> Reply:
    return Reply(400, {"detail": "no filters"}) if "filter" in asked.query else honest()


def stranger(asked: Asked, honest: Honest) -> Reply:
    return (
        Reply(200, {"totalResults": 1, "Resources": [{"id": "u1", "userName": "toby"}]})
        if "filter" in asked.query
        else honest()
    )


@pytest.mark.parametrize(
    "lie, caps, reads",
    [
        (none_for_a_filter, {"filters": False}, 1),
        (none_for_a_filter, {"filter_case": "exact"}, 2),
        (refused, {}, 2),
        (stranger, {}, 2),
    ],
)
def test_a_name_is_found_by_a_listing_where_filters_are_none(
    lie: Spell, caps: dict[str, Any], reads: int
) -> None:
    with hostile(people("toby", "Pam"), lie) as service:
        said = run(service, "scim_user_info", user_name="pam", connection={"capabilities": caps})
        assert [one["userName"] for one in said.result["users"]] == [
            "Pam"
        ] and service.reads == reads
        assert (
            run(
                service, "scim_user_info", user_name="jim", connection={"capabilities": caps}
            ).result["users"]
            == []
        )


@pytest.mark.parametrize("caps", [{}, {"filters": False}])
def test_incomplete_answer_is_an_error(caps: dict[str, Any]) -> None:
    with hostile(
        people("pam"), lambda asked, honest: Reply(200, {"totalResults": 50, "Resources": []})
    ) as service:
        said = run(service, "scim_user_info", user_name="pam", connection={"capabilities": caps})
        assert (
            said.failure
            == "looking up user 'pam': the answer is not complete: 0 of 50 came; run again; the list may have changed meanwhile"
        )


def heeding(asked: Asked, honest: Honest) -> Reply:
    """The store knows no excludedAttributes."""
    reply = honest()
    left_out = asked.query.get("excludedAttributes", "").split(",")
    rows = reply.body.get("Resources", [reply.body])
    for row in rows:
        for name in left_out:
            row.pop(name, None)
    return reply


@pytest.mark.parametrize(
    "by", [{"id": "u1"}, {"user_name": "pam"}, {"filter": 'userName eq "pam"'}]
)
def test_attributes_are_left_out_however_a_user_is_read(by: dict[str, str]) -> None:
    with hostile(people("pam", title="Painter", nickName="P"), heeding) as service:
        said = run(service, "scim_user_info", excluded_attributes=["userName", "title"], **by)
        (found,) = said.result["users"]
        assert found["nickName"] == "P" and not {"userName", "title"} & set(found), said.failure


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("module", "options", "returned"),
    [
        ("scim_user_info", {"id": "bulkId:ann"}, "users"),
        ("scim_user_info", {"filter": 'id eq "bulkId:ann"'}, "users"),
        ("scim_group_info", {"id": "bulkId:red"}, "groups"),
        ("scim_group_info", {"filter": 'members.value eq "bulkId:ann"'}, "groups"),
        ("scim_resource_info", {"endpoint": "Devices", "id": "bulkId:d1"}, "resources"),
        ("scim_resource_info", {"endpoint": "Users", "id": "bulkId:d1"}, "resources"),
    ],
)
def test_e10_what_check_mode_would_create_is_not_asked_for_and_no_failure(
    module: str, options: dict[str, Any], returned: str, check: bool
) -> None:
    with hostile(store=people("ann")) as service:
        said = run(service, module, check=check, query="[].userName", **options)
        assert not said.failure and not service.seen
    assert said.result[returned] == [] and said.result["total_results"] == 0
    assert said.result["query_result"] == [] and said.result["requests"] == 0
    assert "check mode returns for a resource that does not exist yet" in said.warnings[0]


def test_e10_a_filter_that_others_match_too_is_sent() -> None:
    with hostile(store=people("ann")) as service:
        said = run(service, "scim_user_info", filter='id eq "bulkId:x" or userName eq "ann"')
    assert [one["userName"] for one in said.result["users"]] == ["ann"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_e10_a_resource_of_any_type_is_predicted_and_not_asked_for(state: str) -> None:
    options = {
        "endpoint": "Devices",
        "schema": "urn:x:Device",
        "id": "bulkId:d1",
        "attributes": {"serial": "7"} if state == "present" else {},
        "state": state,
    }
    with hostile(store=people("ann")) as service:
        said = run(service, "scim_resource", check=True, **options)
        assert not said.failure and said.changed
        assert not any("bulkId" in str((one.segments, one.query)) for one in service.seen)


@pytest.mark.parametrize("module", ["scim_user_info", "scim_group_info", "scim_resource_info"])
def test_k3_a_wrong_expression_is_refused_before_anything_is_read(module: str) -> None:
    options = {"endpoint": "Users"} if module == "scim_resource_info" else {}
    with hostile(people("ann")) as service:
        said = run(service, module, query="[?active", **options)
        assert (
            said.failure.startswith("query is not a valid JMESPath expression") and not service.seen
        )
