# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service is known to refuse is told before anything is sent, in check mode too."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._converge.survey import (
    list_groups_with_members,
)
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Limit, Policy
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    overridden,
)
from ansible_collections.identity.scim.tests.unit.faults.hostile import hostile
from ansible_collections.identity.scim.tests.unit.faults.hostile import run as hosted
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirky


def office() -> Quirky:
    server = Quirky()
    for name in ("jim", "pam", "roy"):
        server.user(name, title="Boss", **{"urn:example:User": {"badge": "7"}})
    server.group("staff", ["jim", "pam"])
    return server


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    "caps, wanted, said",
    [
        ({"groups": False}, {"groups": [{"display_name": "red"}]}, "the service has no groups"),
        (
            {"groups": False},
            {"teams": [{"name": "red", "members": [{"user_name": "jim"}]}]},
            "the service has no groups",
        ),
        (
            {"groups": False},
            {"users": [{"user_name": "jim", "groups": {"add": ["staff"]}}]},
            "the service has no groups, so this cannot be done: user 'jim'",
        ),
        (
            {"create": {"groups": False}},
            {"groups": [{"display_name": "red"}, {"display_name": "blue"}]},
            "the service does not create groups: blue, red",
        ),
        (
            {"delete": {"users": False}},
            {"users": [{"user_name": "jim", "state": "absent"}]},
            "the service does not delete users: jim; use state: inactive",
        ),
        (
            {"required": ["User.emails", "User.name.familyName", "Group.externalId"]},
            {"users": [{"user_name": "a"}, {"user_name": "b"}, {"user_name": "jim"}]},
            "the service creates no user without emails, name.familyName; set this for a, b",
        ),
        (
            {"required": ["User.emails", "User.title"], "email_by_name": True},
            {"users": [{"user_name": "a"}, {"user_name": "b@"}, {"user_name": "@example.com"}]},
            "the service creates no user without emails (or a user_name that is an e-mail address)"
            ", title; set this for @example.com, a, b@",
        ),
        (
            {"required": ["User.title"], "email_by_name": True},
            {"users": [{"user_name": "a@example.com"}]},
            "the service creates no user without title; set this for a@example.com",
        ),
        (
            {"required": ["User.emails"]},
            {"users": [{"user_name": "a@example.com"}]},
            "the service creates no user without emails; set this for a@example.com",
        ),
        (
            {"reserved": ["owners", "sso"]},
            {"groups": [{"display_name": "Owners"}]},
            "the service keeps the name 'Owners' for itself",
        ),
        (
            {"max_length": {"User.title": 5}},
            {"users": [{"user_name": "jim", "title": "Manager"}]},
            "title of user 'jim' has 7 characters, and the service takes 5",
        ),
        (
            {"not_removable": ["User.title"]},
            {"users": [{"user_name": "jim", "clear": ["title"]}]},
            "the service does not remove title of user 'jim', it only replaces values; set one",
        ),
        (
            {"not_removable": ["User.urn:example:User:badge"]},
            {"users": [{"user_name": "jim", "clear": ["urn:example:User:badge"]}]},
            "the service does not remove urn:example:User:badge of user 'jim'",
        ),
        (
            {"group_size": 2},
            {"groups": [{"display_name": "staff", "members": {"add": ["roy"]}}]},
            "group 'staff' would have 3 members, and the service takes 2",
        ),
    ],
)
def test_a_known_refusal_is_a_sentence_and_nothing_is_written(
    check: bool, caps: dict[str, Any], wanted: dict[str, Any], said: str
) -> None:
    server = office()
    with pytest.raises(ScimError) as caught:
        run(server, caps=caps, check=check, **wanted)
    assert said in str(caught.value)
    assert all(one.method == "GET" for one in server.asked)
    if "groups" in caps:
        assert not server.asked


@pytest.mark.parametrize(
    "caps, wanted",
    [
        ({"required": ["User.emails"]}, {"users": [{"user_name": "jim", "title": "x"}]}),
        (
            {"required": ["User.emails"], "email_by_name": True},
            {"users": [{"user_name": "new@example.com"}]},
        ),
        ({"reserved": ["owners"]}, {"groups": [{"display_name": "owner"}]}),
        ({"max_length": {"User.title": 5}}, {"users": [{"user_name": "jim", "title": "12345"}]}),
        (
            {"group_size": 2},
            {"groups": [{"display_name": "staff", "members": {"remove": ["pam"]}}]},
        ),
        ({"groups": False}, {"users": [{"user_name": "jim", "title": "x"}]}),
        ({"not_removable": ["User.title"]}, {"users": [{"user_name": "jim", "title": "x"}]}),
        ({"not_removable": ["User.title"]}, {"users": [{"user_name": "new", "clear": ["title"]}]}),
        ({"not_removable": ["User.title"]}, {"users": [{"user_name": "jim", "state": "absent"}]}),
        ({"create": {"groups": False}}, {"users": [{"user_name": "new"}]}),
    ],
)
def test_what_is_within_the_limits_is_done(caps: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert run(office(), caps=caps, **wanted).changed


@pytest.mark.parametrize(
    "module, options",
    [
        ("scim_group_info", {}),
        ("scim_group_info", {"display_name": "staff"}),
        ("scim_group_info", {"id": "x"}),
        ("scim_group_info", {"filter": "displayName pr", "limit": 1}),
        ("scim_resource_info", {"endpoint": "Groups"}),
        ("scim_resource", {"endpoint": "Groups", "attributes": {"displayName": "red"}}),
        ("scim_group_membership", {"group": "staff", "members": ["jim"]}),
    ],
)
def test_a_task_about_groups_sends_nothing_where_there_are_none(
    module: str, options: dict[str, Any]
) -> None:
    server = office()
    with hostile(store=server) as service:
        found = hosted(service, module, connection={"capabilities": {"groups": False}}, **options)
    assert found.failure.startswith("the service has no groups")
    assert not server.asked


@pytest.mark.parametrize("state", ["absent", "inactive", "present"])
def test_users_are_managed_where_there_are_no_groups(state: str) -> None:
    server = office()
    row = {"user_name": "jim", "state": state, **({"title": "x"} if state == "present" else {})}
    assert run(server, caps={"groups": False}, users=[row]).changed
    assert {one.kind for one in server.asked} == {"Users"}


def test_the_inventory_has_no_groups_where_there_are_none() -> None:
    server = office()
    service = Service(server, overridden({"groups": False}))
    assert not list_groups_with_members(service, "displayName pr").everything(GROUP)
    assert not server.asked


def test_what_cannot_come_back_is_announced() -> None:
    caps = {"irreversible": ["user"], "inactive": "removed"}
    users = [{"user_name": "jim", "state": "absent"}, {"user_name": "pam", "state": "inactive"}]
    found = run(office(), caps=caps, users=users)
    assert "users deleted on this service cannot come back: jim" in found.notes
    assert "deactivation removes users from this service: pam" in found.notes


def test_deactivations_count_where_they_remove_users() -> None:
    users = [{"user_name": name, "state": "inactive"} for name in ("jim", "pam", "roy")]
    policy = Policy(thresholds={"users_removed": Limit(count=2)})
    with pytest.raises(ScimError, match="users_removed: 3 of 3"):
        run(office(), caps={"inactive": "removed"}, users=users, policy=policy)
    assert run(office(), users=users, policy=policy).changed


def test_more_than_an_hour_takes_is_announced() -> None:
    caps = {"quota": {"users_per_hour": 2, "members_per_group_per_hour": 1}}
    users = [{"user_name": f"new{n}"} for n in range(5)]
    groups = [{"display_name": "staff", "members": {"add": ["roy"], "remove": ["pam"]}}]
    found = run(office(), caps=caps, users=users, groups=groups)
    assert any("2 changes of users in an hour, and these are 5" in one for one in found.notes)
    assert any("members of group 'staff'" in one and "about 2 hours" in one for one in found.notes)


def test_a_list_of_users_with_one_that_does_not_exist_is_only_a_sample() -> None:
    server = office()
    server.user("synthesis_user")
    policy = Policy(purge={"User": "absent"}, thresholds={})
    rows = [{"user_name": name} for name in ("jim", "pam", "roy")]
    with pytest.raises(ScimError, match="list of all users is not complete.*only a sample"):
        run(server, caps={"fake": ["synthesis_user"]}, users=rows, policy=policy)
    names = {one["userName"] for one in server.held["Users"].values()}
    assert names == {"jim", "pam", "roy", "synthesis_user"}


def test_a_list_of_groups_with_one_that_does_not_exist_is_only_a_sample() -> None:
    server = office()
    server.group("synthetic_group", [])
    server.user("star", displayName="synthetic_group")
    policy = Policy(purge={"User": "absent", "Group": "absent"}, thresholds={})
    rows = [{"user_name": name} for name in ("jim", "pam", "roy")]
    caps = {"fake": ["synthetic_group"]}
    with pytest.raises(ScimError, match="list of all groups is not complete.*only a sample"):
        run(server, caps=caps, users=rows, groups=[{"display_name": "staff"}], policy=policy)
    names = {one["displayName"] for one in server.held["Groups"].values()}
    assert names == {"staff", "synthetic_group"}
    assert "star" in {one["userName"] for one in server.held["Users"].values()}


@pytest.mark.parametrize(
    "module, said", [("scim_user_info", "users"), ("scim_group_info", "groups")]
)
def test_info_modules_pass_over_what_does_not_exist(module: str, said: str) -> None:
    server = office()
    server.user("synthesis_user")
    server.group("synthetic_group", [])
    connection = {"capabilities": {"fake": ["synthesis_user", "synthetic_group"]}}
    with hostile(store=server) as service:
        found = hosted(service, module, connection=connection)
    assert not found.failure and "synth" not in str(found.result[said])
    assert len(found.result[said]) == (3 if said == "users" else 1)


@pytest.mark.parametrize("path", ["User.USERTYPE", "user.userType", "Users.usertype", "userType"])
def test_names_in_limits_ignore_case(path: str) -> None:
    row = {"user_name": "new", "user_type": "Manager"}
    assert run(office(), caps={"required": [path]}, users=[row]).changed
    with pytest.raises(ScimError, match="userType of user 'new' has 7 characters"):
        run(office(), caps={"max_length": {path: 5}}, users=[row])
    server = office()
    run(server, caps={"only": ["User.USERNAME", path]}, users=[{**row, "title": "x"}])
    held = server.held["Users"][server.id_of("new")]
    assert held["userType"] == "Manager" and "title" not in held


def test_what_is_not_among_the_few_attributes_is_not_sent() -> None:
    server = office()
    caps = {"only": ["User.userName", "User.name.givenName", "User.active"]}
    row = {"user_name": "new", "title": "x", "name": {"given_name": "A", "family_name": "B"}}
    found = run(server, caps=caps, users=[row])
    held = server.held["Users"][server.id_of("new")]
    assert held["name"] == {"givenName": "A"} and "title" not in held
    assert sorted(*found.plan.not_saved.values()) == ["name.familyName", "title"]
    assert not run(server, caps=caps, users=[row]).changed


def purging(users: str = "none", groups: str = "none") -> Policy:
    return Policy(
        purge={USER.name: users, GROUP.name: groups},
        thresholds={"users_removed": Limit(), "groups_removed": Limit()},
    )


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("policy", [purging(users="inactive"), purging(groups="absent")])
def test_a_service_without_pages_is_never_purged(check: bool, policy: Policy) -> None:
    """A list without pages may be cut, and its total says nothing of that."""
    server = office()
    with pytest.raises(ScimError, match="lists of this service have no pages.*nothing is purged"):
        run(
            server,
            caps={"paging": "none"},
            check=check,
            policy=policy,
            users=[{"user_name": "jim"}, {"user_name": "pam"}],
        )
    assert not server.asked
    rows = [{"user_name": name} for name in ("jim", "pam", "roy")]
    vouched = {"paging": "none", "totals": True}
    groups = [{"display_name": "staff"}]
    run(server, caps=vouched, check=check, policy=policy, users=rows, groups=groups)


@pytest.mark.parametrize("provider, pages", [("auto", [5]), ("aws", [100]), ("slack", [1000])])
def test_a_page_is_never_larger_than_the_service_takes(provider: str, pages: list[int]) -> None:
    """Only where nothing is known of it, the number that a user sets is asked for as it is."""
    wanted = 5 if provider == "auto" else 5000
    with hostile(store=office()) as service:
        hosted(
            service,
            "scim_user_info",
            connection={"service_provider": provider},
            page_size=wanted,
        )
        counts = [one.query.get("count") for one in service.seen]
    assert counts[:1] == [str(*pages)]
