# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imitations do what is documented of each service, behaviour by behaviour.

Here are those that are alike for several services: pages, verbs, filters, what a creation demands,
what never changes. Further ones are in ``test_imitations``, ``test_endings`` (deletions),
``test_limits`` and ``test_filters``.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.rehearsal.imitations import (
    IMITATIONS,
    MAILNICKNAME,
)
from ansible_collections.identity.scim.tests.rehearsal.rosters import row
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import (
    GROUP_URN,
    USER_URN,
)
from ansible_collections.identity.scim.tests.unit.rehearsal.test_imitations import (
    MAIL,
    PATCH,
    Client,
    add,
)

NAME = {"givenName": "Ann", "familyName": "A"}


def whole_user(name: str = "ann") -> dict[str, Any]:
    """Return a user that every service takes."""
    return {
        "schemas": [USER_URN],
        "userName": name,
        "externalId": f"id-{name}",
        "displayName": name,
        "name": NAME,
        "emails": [{**MAIL[0], "value": f"{name}@example.com"}],
        "active": True,
    }


def for_entra(name: str = "ann") -> dict[str, Any]:
    body = {**whole_user(name), "password": "Secret-1", MAILNICKNAME: {"mailNickname": name}}
    return {**body, "schemas": [USER_URN, MAILNICKNAME]}


def created(client: Client, name: str = "ann") -> dict[str, Any]:
    body = for_entra(name) if client.served.imitation.name == "entra" else whole_user(name)
    answer = client.ask("POST", "Users", body)
    assert answer.status == 201, answer
    return dict(answer.body)


@pytest.mark.parametrize(
    ("name", "most"),
    [
        *[(name, 100) for name in ("aws", "entra", "keycloak", "zitadel", "sentry")],
        *[("hcp", 200), ("salesforce", 200), ("slack", 1000), ("interop", 100), ("polis", 50)],
    ],
)
def test_a_page_has_so_many_resources_at_most(name: str, most: int) -> None:
    client = Client(name)
    client.users(most + 5)
    place = "cursor=" if name in ("aws", "entra") else "startIndex=1"
    body = client.ask("GET", f"Users?{place}&count={most + 5}").body
    assert len(body.get("Resources", body.get("resources"))) == most


@pytest.mark.parametrize(("name", "usual"), [("slack", 10), ("gitlab", 20), ("oracle", 50)])
def test_a_page_that_is_not_asked_for_has_few_resources(name: str, usual: int) -> None:
    client = Client(name)
    client.users(120)
    assert len(client.ask("GET", "Users").body["Resources"]) == usual


@pytest.mark.parametrize(
    ("name", "method", "kind"),
    [
        *[(name, "PUT", "Groups") for name in ("aws", "entra", "sentry", "google", "miro")],
        *[(name, "PUT", "Users") for name in ("entra", "gitlab", "interop")],
        *[("miro", "POST", "Groups"), ("miro", "DELETE", "Groups")],
        ("salesforce", "DELETE", "Users"),
    ],
)
def test_a_verb_that_a_service_lacks_is_405(name: str, method: str, kind: str) -> None:
    client = Client(name)
    client.store.judged = False
    ident = client.store.user("u0") if kind == "Users" else client.store.group("g0")
    path = kind if method == "POST" else f"{kind}/{ident}"
    assert client.ask(method, path, {} if method != "DELETE" else None).status == 405


@pytest.mark.parametrize("name", ["gitlab", "gitlab_self_managed", "github_org", "zitadel"])
def test_a_service_without_groups_has_no_such_endpoint(name: str) -> None:
    assert Client(name).ask("GET", "Groups").status == 404
    assert Client(name).group("staff").status == 404


def without(body: dict[str, Any], path: str) -> dict[str, Any]:
    found = copy.deepcopy(body)
    name, dot, sub = (path, "", "") if path.startswith("urn:") else path.partition(".")
    if dot:
        del found[name][sub]
    else:
        del found[name]
    if name == MAILNICKNAME:
        found["schemas"] = [USER_URN]
    return found


@pytest.mark.parametrize(
    ("name", "path"),
    [
        *[("entra", one) for one in ("password", "displayName", "active", MAILNICKNAME)],
        *[("entra", one) for one in ("name.givenName", "name.familyName")],
        *[("gitlab", one) for one in ("externalId", "emails", "name")],
        *[("atlassian", "emails"), ("zitadel", "name"), ("zitadel", "emails")],
        *[("newrelic", "emails"), ("newrelic", "active")],
        *[("aws", "displayName"), ("aws", "name.givenName"), ("aws", "name.familyName")],
    ],
)
def test_what_a_creation_must_have(name: str, path: str) -> None:
    client = Client(name)
    client.store.judged = False
    body = for_entra() if name == "entra" else whole_user()
    assert client.ask("POST", "Users", without(body, path)).status == 400
    assert client.ask("POST", "Users", body).status == 201


@pytest.mark.parametrize("name", IMITATIONS)
def test_a_user_of_a_rehearsal_has_what_the_service_demands(name: str) -> None:
    """The options that a greeting and the pages show are enough."""
    demanded = row(IMITATIONS[name].user, "ann")
    assert demanded["user_name"] == "ann" and "{user_name}" not in str(demanded)


EQ, AND, OR = '{} eq "x"', '{0} eq "x" and {0} eq "y"', '{0} eq "x" or {0} eq "y"'
FILTERS: dict[str, dict[str, tuple[str, ...]]] = {
    "aws": {
        "Users": ("userName", "externalId", "groups.value"),
        "Groups": ("displayName", "externalId", "members.value"),
    },
    "entra": {
        "Users": ("userName", "externalId", "id", "groups.value"),
        "Groups": ("displayName", "id", "members.value"),
    },
    "gitlab": {"Users": ("id",)},
    "atlassian": {"Users": ("userName", "externalId"), "Groups": ("displayName",)},
    "sentry": {"Users": ("userName",), "Groups": ("displayName",)},
    "hcp": {"Groups": ("displayName", "externalId")},
    "miro": {"Users": ("userName",)},
}


@pytest.mark.parametrize("name", FILTERS)
def test_filters_are_known_for_these_attributes_and_refused_for_others(name: str) -> None:
    client = Client(name)
    more = {"cursor": ""} if name in ("aws", "entra") else {}
    for kind, paths in FILTERS[name].items():
        for path in paths:
            assert client.find(kind, EQ.format(path), **more).status == 200, path
        refused = client.find(kind, EQ.format("nickName"), **more)
        assert refused.status == 400


@pytest.mark.parametrize(
    ("name", "condition", "status"),
    [
        *[("aws", AND, 200), ("aws", OR, 400), ("aws", '{} sw "x"', 400)],
        *[("entra", EQ, 200), ("entra", AND, 400), ("entra", OR, 400)],
        *[("databricks", one, 200) for one in (AND, OR, '{} co "x"', '{} sw "x"', '{} ne "x"')],
        ("databricks", '{} ew "x"', 400),
        *[("newrelic", EQ, 200), ("newrelic", AND, 400), ("newrelic", OR, 400)],
        *[("interop", AND, 200), ("interop", OR, 400), ("interop", '{} co "x"', 400)],
        *[("sentry", EQ, 200), ("sentry", OR, 400), ("atlassian", OR, 400)],
    ],
)
def test_operators_and_joins_of_filters(name: str, condition: str, status: int) -> None:
    more = {"cursor": ""} if name in ("aws", "entra") else {}
    assert Client(name).find("Users", condition.format("userName"), **more).status == status


@pytest.mark.parametrize(("name", "path"), [("snowflake", "nickName"), ("keycloak", "id")])
def test_an_unknown_filter_finds_nothing(name: str, path: str) -> None:
    client = Client(name)
    client.users(1)
    found = client.find("Users", EQ.format(path))
    assert found.status == 200 and found.body["totalResults"] == 0


@pytest.mark.parametrize(("name", "most"), [("keycloak", 2048), ("zitadel", 1000)])
def test_a_filter_has_a_length(name: str, most: int) -> None:
    rest = len(EQ.format("userName")) - 1
    for length, status in ((most, 200), (most + 1, 400)):
        value = "x" * (length - rest)
        assert Client(name).find("Users", f'userName eq "{value}"').status == status


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        *[("gitlab", one, "new") for one in ("userName", "displayName")],
        *[("gitlab", "name", NAME), ("gitlab", "emails", MAIL)],
        *[("databricks", "userName", "new"), ("databricks", "emails", MAIL)],
    ],
)
def test_changes_that_are_ignored(name: str, path: str, value: Any) -> None:
    client = Client(name)
    made = created(client, "bob")
    change = {"op": "replace", "path": path, "value": value}
    answer = client.patch(f"Users/{made['id']}", change)
    held = client.store.held["Users"][made["id"]]
    assert answer.status == 200 and held[path] == made[path]


@pytest.mark.parametrize(
    ("name", "kind", "path"),
    [
        *[("atlassian", "Groups", "displayName"), ("keycloak", "Groups", "externalId")],
        *[("jfrog", "Users", "userName"), ("jfrog", "Groups", "displayName")],
    ],
)
def test_changes_that_are_refused(name: str, kind: str, path: str) -> None:
    client = Client(name)
    made = created(client) if kind == "Users" else client.group("staff", externalId="1").body
    change = {"op": "replace", "path": path, "value": "new"}
    assert client.patch(f"{kind}/{made['id']}", change).status == 400


def test_jfrog_gives_names_as_ids() -> None:
    client = Client("jfrog")
    assert created(client)["id"] == "ann" and client.group("staff").body["id"] == "staff"


@pytest.mark.parametrize(("name", "kept"), [("hcp", True), ("newrelic", True), ("oracle", False)])
def test_a_put_keeps_what_it_omits_where_it_merges(name: str, kept: bool) -> None:
    client = Client(name)
    made = created(client)
    body = {"schemas": [USER_URN], "id": made["id"], "userName": "ann", "active": True}
    assert client.ask("PUT", f"Users/{made['id']}", body).status == 200
    assert ("emails" in client.store.held["Users"][made["id"]]) == kept


@pytest.mark.parametrize(
    ("kind", "path", "most"),
    [
        *[("Users", "userName", 100), ("Users", "displayName", 100), ("Users", "externalId", 255)],
        *[("Groups", "displayName", 255), ("Groups", "externalId", 255)],
    ],
)
def test_figma_takes_values_up_to_a_length(kind: str, path: str, most: int) -> None:
    for length, status in ((most, 201), (most + 1, 400)):
        client = Client("figma")
        body = {"schemas": [GROUP_URN], "displayName": "staff", path: "x" * length}
        if kind == "Users":
            body = {**whole_user(), path: "x" * length}
        assert client.ask("POST", kind, body).status == status


def test_miro_takes_8000_members_in_one_patch() -> None:
    client = Client("miro")
    client.store.judged = False
    group = f"Groups/{client.store.group('staff')}"
    people = [f"u{number}" for number in range(8001)]
    assert client.patch(group, add(*people)).status == 413
    assert client.patch(group, add(*people[:8000])).status != 413


def test_hcp_keeps_two_names_for_itself() -> None:
    for name in ("owners", "sso"):
        assert Client("hcp").group(name).status == 409
    assert Client("hcp").group("staff").status == 201


def test_zitadel_takes_writes_in_bulk() -> None:
    client = Client("zitadel")
    client.store.judged = False
    schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]
    first = {"method": "POST", "path": "/Users", "bulkId": "1", "data": whole_user()}
    off = {"op": "replace", "path": "active", "value": False}
    patch = {"schemas": [PATCH], "Operations": [off]}
    second = {"method": "PATCH", "path": "/Users/bulkId:1", "data": patch}
    bad = {"method": "POST", "path": "/Users", "data": {"schemas": [USER_URN], "userName": "bob"}}
    done = client.ask("POST", "Bulk", {"schemas": schemas, "Operations": [first, second, bad]})
    assert [one["status"] for one in done.body["Operations"]] == ["201", "200", "400"]
    assert done.body["Operations"][2]["response"]["detail"] == "name is required"
    assert client.store["ann"]["active"] is False
    many = {"schemas": schemas, "Operations": [first] * 101}
    assert client.ask("POST", "Bulk", many).status == 413
    config = client.ask("GET", "ServiceProviderConfig").body
    assert config["bulk"]["supported"] is True and config["bulk"]["maxOperations"] == 100


@pytest.mark.parametrize("name", ["aws", "snowflake"])
def test_one_entry_of_a_list_is_kept_or_more_are_refused(name: str) -> None:
    client = Client(name)
    two = [*MAIL, {"value": "a@example.org", "type": "home"}]
    answer = client.ask("POST", "Users", {**whole_user(), "emails": two})
    if name == "aws":
        assert answer.status == 400
    else:
        assert answer.body["emails"] == MAIL


def test_github_org_and_slack_keep_few_parts() -> None:
    body = {**whole_user(), "title": "Boss", "nickName": "A"}
    held = Client("github_org").ask("POST", "Users", body).body
    assert not {"title", "nickName", "displayName"} & set(held) and held["emails"] == body["emails"]
    address = [{"type": "work", "locality": "Scranton"}]
    held = Client("slack").ask("POST", "Users", {**whole_user(), "addresses": address}).body
    assert held["addresses"] == [{"locality": "Scranton"}]
