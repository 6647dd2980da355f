# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark's server answers is SCIM: scim2-models reads it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from scim2_models import (
    BulkResponse,
    Context,
    EnterpriseUser,
    Error,
    Group,
    ListResponse,
    ResourceType,
    Schema,
    ServiceProviderConfig,
    User,
)

from ansible_collections.identity.scim.tests.bench import people
from ansible_collections.identity.scim.tests.bench.resources import Resources
from ansible_collections.identity.scim.tests.bench.service import Reply, Service

PERSON = User[EnterpriseUser]
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"


@pytest.fixture(name="service")
def service_fixture() -> Service:
    """25 users in 3 groups of 10, shown in pages of 10."""
    resources = Resources(page=10, base="http://127.0.0.1/v2")
    resources.fill(users=25, groups=3, members=10)
    return Service(resources)


def ask(service: Service, method: str, target: str, body: Any = None) -> Reply:
    """The answer to one request."""
    data = b"" if body is None else json.dumps(body).encode()
    return service.answer(method, f"/v2/{target}", data)


def body_of(reply: Reply) -> Any:
    return json.loads(reply.data)


def patched(service: Service, target: str, *operations: dict[str, Any]) -> Reply:
    """The answer to a PATCH."""
    return ask(service, "PATCH", target, {"schemas": [PATCH], "Operations": list(operations)})


def names(reply: Reply) -> list[str]:
    """User names or display names of a list."""
    rows = body_of(reply)["Resources"]
    return [row.get("userName") or row["displayName"] for row in rows]


def members(service: Service, number: int = 0) -> list[str]:
    """The ids of the members of a group."""
    found = body_of(ask(service, "GET", f"Groups/{people.group_id(number)}"))
    return [row["value"] for row in found.get("members", [])]


def test_pages_of_users_are_lists_of_users(service: Service) -> None:
    found = []
    for start in (1, 11, 21):
        reply = ask(service, "GET", f"Users?startIndex={start}&count=100")
        page = ListResponse[PERSON].model_validate_json(
            reply.data, context={"scim": Context.RESOURCE_QUERY_RESPONSE}
        )
        assert page.total_results == 25
        found += [one.user_name for one in page.resources or []]
    assert found == [people.user_name(number) for number in range(25)]


def test_count_0_is_the_total_alone(service: Service) -> None:
    body = body_of(ask(service, "GET", "Users?count=0"))
    assert body["totalResults"] == 25
    assert body["Resources"] == []


def test_group_and_its_members_name_each_other(service: Service) -> None:
    group = Group.model_validate_json(ask(service, "GET", f"Groups/{people.group_id(2)}").data)
    assert group.display_name == people.group_name(2)
    numbers = list(people.member_numbers(2, 10, 25))
    assert members(service, 2) == [people.user_id(one) for one in numbers]
    user = body_of(ask(service, "GET", f"Users/{people.user_id(numbers[0])}"))
    assert people.group_id(2) in [row["value"] for row in user["groups"]]


def test_options_and_resource_are_the_same_user(service: Service) -> None:
    held = body_of(ask(service, "GET", f"Users/{people.user_id(7)}"))
    options = people.options(7)
    assert held["userName"] == options["user_name"]
    assert held["externalId"] == options["external_id"]
    assert held["emails"] == options["emails"]
    assert held[people.ENTERPRISE_URN]["department"] == options["enterprise"]["department"]


@pytest.mark.parametrize(
    ("condition", "numbers"),
    [
        ('userName eq "USER000003"', [3]),
        ('externalId eq "E00000004" or id eq "2819c223-7f76-413a-861d-000000000001"', [1, 4]),
        ('emails.value eq "user000005@example.com"', [5]),
        ('displayName eq "given6 family6"', [6]),
        (f'groups.value eq "{people.group_id(1)}"', range(10, 20)),
        ('userName eq "user000003" and title eq "Associate 3"', [3]),
        ('userName eq "nobody"', []),
    ],
)
def test_filters(service: Service, condition: str, numbers: list[int]) -> None:
    reply = ask(service, "GET", f"Users?filter={condition.replace(' ', '%20')}")
    assert names(reply) == [people.user_name(number) for number in numbers]


def test_other_filters_are_refused(service: Service) -> None:
    reply = ask(service, "GET", "Users?filter=userName%20sw%20%22a%22")
    assert reply.status == 400
    assert Error.model_validate_json(reply.data).scim_type == "invalidFilter"


def test_groups_by_name_and_by_member(service: Service) -> None:
    assert names(ask(service, "GET", 'Groups?filter=displayName+eq+"team 0001"')) == ["Team 0001"]
    found = ask(service, "GET", f'Groups?filter=members.value+eq+"{people.user_id(0)}"')
    assert names(found) == ["Team 0000", "Team 0002"]


def test_attributes_are_selected(service: Service) -> None:
    body = body_of(ask(service, "GET", "Users?count=1&attributes=userName,name.givenName"))
    (user,) = body["Resources"]
    assert set(user) == {"schemas", "id", "userName", "name"}
    assert user["name"] == {"givenName": "Given0"}
    body = body_of(ask(service, "GET", "Groups?excludedAttributes=members"))
    assert not [row for row in body["Resources"] if "members" in row]


def test_created_user_is_shown_and_its_names_are_taken(service: Service) -> None:
    wanted = {"schemas": [people.USER_URN], "userName": "Mscott", "externalId": "x-1"}
    reply = ask(service, "POST", "Users", wanted)
    assert reply.status == 201
    made = PERSON.model_validate_json(reply.data)
    assert reply.headers["Location"].endswith(f"/Users/{made.id}")
    for again in ({**wanted, "externalId": "x-2"}, {**wanted, "userName": "other"}):
        refused = ask(service, "POST", "Users", {**again, "userName": again["userName"].lower()})
        assert refused.status == 409
        assert body_of(refused)["scimType"] == "uniqueness"


def test_deleted_user_is_in_no_group_and_its_name_is_free(service: Service) -> None:
    assert ask(service, "DELETE", f"Users/{people.user_id(0)}").status == 204
    assert people.user_id(0) not in members(service, 0)
    assert ask(service, "GET", f"Users/{people.user_id(0)}").status == 404
    again = {"schemas": [people.USER_URN], "userName": people.user_name(0)}
    assert ask(service, "POST", "Users", again).status == 201
    assert ask(service, "DELETE", f"Groups/{people.group_id(1)}").status == 204
    assert not body_of(ask(service, "GET", f"Users/{people.user_id(12)}")).get("groups")


def test_put_replaces_all_but_the_id(service: Service) -> None:
    target = f"Users/{people.user_id(3)}"
    wanted = {"schemas": [people.USER_URN], "userName": "mscott"}
    body = body_of(ask(service, "PUT", target, wanted))
    assert (body["userName"], body["id"]) == ("mscott", people.user_id(3))
    assert "title" not in body
    assert names(ask(service, "GET", 'Users?filter=userName+eq+"mscott"')) == ["mscott"]


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "title", "value": "Manager"},
        {"op": "Replace", "value": {"title": "Manager"}},
        {"op": "add", "path": f"{people.USER_URN}:title", "value": "Manager"},
    ],
)
def test_patch_sets_an_attribute(service: Service, operation: dict[str, Any]) -> None:
    reply = patched(service, f"Users/{people.user_id(0)}", operation)
    assert body_of(reply)["title"] == "Manager"


def test_patch_of_parts(service: Service) -> None:
    urn = people.ENTERPRISE_URN
    reply = patched(
        service,
        f"Users/{people.user_id(0)}?attributes=name,emails,{urn}",
        {"op": "replace", "path": "name.givenName", "value": "Michael"},
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "m@example.com"},
        {"op": "remove", "path": 'emails[type eq "home"]'},
        {"op": "remove", "path": f"{urn}:department"},
        {"op": "add", "value": {urn: {"costCenter": "1"}}},
    )
    body = body_of(reply)
    assert body["name"] == {"givenName": "Michael", "familyName": "Family0"}
    assert body["emails"] == [{"value": "m@example.com", "type": "work", "primary": True}]
    assert body[urn] == {"employeeNumber": "00000000", "costCenter": "1"}


def test_refused_patch_changes_nothing(service: Service) -> None:
    before = members(service)
    target = f"Groups/{people.group_id(0)}"
    rows = [{"value": people.user_id(20)}, {"value": "nobody"}]
    reply = patched(service, target, {"op": "add", "path": "members", "value": rows})
    assert reply.status == 400
    assert members(service) == before


def test_members_join_and_leave(service: Service) -> None:
    target = f"Groups/{people.group_id(0)}"
    ids = [people.user_id(number) for number in range(25)]
    patched(service, target, {"op": "add", "path": "members", "value": [{"value": ids[20]}]})
    assert members(service) == [*ids[:10], ids[20]]
    by_filter = f'members[value eq "{ids[0]}" or value eq "{ids[1]}"]'
    patched(service, target, {"op": "remove", "path": by_filter})
    assert members(service) == [*ids[2:10], ids[20]]
    rows = [{"value": one} for one in ids[3:10]]
    patched(service, target, {"op": "remove", "path": "members", "value": rows})
    assert members(service) == [ids[2], ids[20]]
    wanted = {"displayName": "Sales", "members": [{"value": ids[5]}]}
    patched(service, target, {"op": "replace", "value": wanted})
    assert members(service) == [ids[5]]
    user = body_of(ask(service, "GET", f"Users/{ids[5]}"))
    assert [row["display"] for row in user["groups"]] == ["Sales"]
    patched(service, target, {"op": "remove", "path": "members"})
    assert members(service) == []


def test_discovery_is_read_by_scim2_models(service: Service) -> None:
    config = ServiceProviderConfig.model_validate_json(
        ask(service, "GET", "ServiceProviderConfig").data
    )
    assert config.bulk and config.bulk.max_operations == 1000
    types = ListResponse[ResourceType].model_validate_json(
        ask(service, "GET", "ResourceTypes").data
    )
    assert [one.name for one in types.resources or []] == ["User", "Group"]
    schemas = ListResponse[Schema].model_validate_json(ask(service, "GET", "Schemas").data)
    assert [one.name for one in schemas.resources or []] == ["User", "Group", "EnterpriseUser"]


def bulk(service: Service, *operations: dict[str, Any], **more: Any) -> Reply:
    return ask(service, "POST", "Bulk", {"schemas": [BULK], "Operations": list(operations), **more})


def creation(name: str) -> dict[str, Any]:
    data = {"schemas": [people.USER_URN], "userName": name}
    return {"method": "POST", "path": "/Users", "bulkId": name, "data": data}


def test_bulk_creates_users_and_a_group_that_names_them(service: Service) -> None:
    rows = [{"value": "bulkId:a"}, {"value": "bulkId:b"}]
    data = {"schemas": [people.GROUP_URN], "displayName": "Sales", "members": rows}
    group = {"method": "POST", "path": "/Groups", "bulkId": "g", "data": data}
    reply = bulk(service, group, creation("a"), creation("b"))
    assert reply.operations == 3
    BulkResponse[PERSON].model_validate_json(reply.data)
    results = body_of(reply)["Operations"]
    assert [(one["bulkId"], one["status"]) for one in results] == [
        ("g", "201"),
        ("a", "201"),
        ("b", "201"),
    ]
    made = body_of(ask(service, "GET", f"Groups/{results[0]['location'].rpartition('/')[2]}"))
    users = [one["location"].rpartition("/")[2] for one in results[1:]]
    assert [row["value"] for row in made["members"]] == users


def test_bulk_goes_on_after_an_error_unless_told(service: Service) -> None:
    operations = [creation("user000000"), creation("b"), creation("USER000001"), creation("c")]
    results = body_of(bulk(service, *operations))["Operations"]
    assert [one["status"] for one in results] == ["409", "201", "409", "201"]
    assert results[0]["response"]["scimType"] == "uniqueness"
    results = body_of(bulk(service, *operations, failOnErrors=1))["Operations"]
    assert [one["status"] for one in results] == ["409"]


def test_bulk_has_limits(service: Service) -> None:
    service.operations = 1
    assert bulk(service, creation("a"), creation("b")).status == 413
    service.operations, service.payload = 1000, 10
    assert bulk(service, creation("a")).status == 413
    service.bulk = False
    assert bulk(service, creation("a")).status == 501


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [("GET", "Nothing", 404), ("POST", "Users/1", 405), ("POST", "Users", 400)],
)
def test_what_is_no_scim_is_refused(
    service: Service, method: str, target: str, status: int
) -> None:
    reply = ask(service, method, target, {"schemas": [people.USER_URN]})
    assert reply.status == status
    Error.model_validate_json(reply.data)
