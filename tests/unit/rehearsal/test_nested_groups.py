# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups in groups on services that show members by filters only.

``Rehearsal.step`` holds that check mode says the same, and that a second run writes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._provider.profiles import PROFILES
from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.rehearsal import Refusal, Rehearsal
from ansible_collections.identity.scim.tests.rehearsal.scenarios import person
from ansible_collections.identity.scim.tests.rehearsal.serve import Served, serving
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirky

ON_SERVICES = pytest.mark.parametrize("service", ["aws", "entra"])
INNER = {"group": "Inner"}


def started(served: Served, service: str, **more: Any) -> Rehearsal:
    """Return a rehearsal with two users and three groups, one of them with a user."""
    it = Rehearsal(served, service, **more)
    for name in ("ann", "bob"):
        it.task("scim_user", **person(it, name))
    for name in ("Inner", "Second"):
        it.task("scim_group", display_name=name, members={"set": ["ann"]})
    it.task("scim_group", display_name="Outer")
    return it


def inside(it: Rehearsal, name: str = "Outer") -> set[str]:
    """Return the ids of the members of a group."""
    groups = it.served.store.held["Groups"].values()
    (found,) = [one for one in groups if one["displayName"] == name]
    return {one["value"] for one in found.get("members", ())}


def ids(it: Rehearsal, *names: str) -> set[str]:
    """Return the ids of users and groups by their names."""
    return {it.served.store.id_of(one) for one in names}


@ON_SERVICES
def test_a_group_joins_and_leaves_a_group_once(service: str) -> None:
    with serving(IMITATIONS[service]) as served:
        it = started(served, service)
        it.step("scim_group", display_name="Outer", members={"add": [INNER]})
        assert inside(it) == ids(it, "Inner")
        it.step("scim_group", display_name="Outer", members={"add": ["bob", {"group": "Second"}]})
        assert inside(it) == ids(it, "Inner", "Second", "bob")
        it.step("scim_group", display_name="Outer", members={"remove": [INNER]})
        assert inside(it) == ids(it, "Second", "bob")
        assert not it.warnings


@ON_SERVICES
@pytest.mark.parametrize("key", ["display_name", "id"])
def test_a_complete_list_has_groups(service: str, key: str) -> None:
    with serving(IMITATIONS[service]) as served:
        it = started(served, service)
        (outer,) = ids(it, "Outer")
        named = {"display_name": "Outer", **({"id": outer} if key == "id" else {})}
        it.step("scim_group", **named, members={"set": [INNER, "ann"]})
        it.step("scim_group", **named, members={"set": [INNER, "bob"]})
        assert inside(it) == ids(it, "Inner", "bob")
        assert not it.warnings
        it.step("scim_group", **named, members={"set": ["ann"]})
        assert inside(it) == ids(it, "Inner", "ann")
        assert any("only if a task names them" in one for one in PROFILES[service].limits)


@ON_SERVICES
def test_a_new_group_has_groups_and_a_directory_keeps_them(service: str) -> None:
    with serving(IMITATIONS[service]) as served:
        it = started(served, service)
        groups = [
            {"display_name": "Whole", "members": {"set": [INNER, {"group": "Second"}]}},
            {"display_name": "Outer", "members": {"set": [INNER, "bob"]}},
        ]
        it.step("scim_directory", groups=groups)
        assert inside(it, "Whole") == ids(it, "Inner", "Second")
        assert inside(it) == ids(it, "Inner", "bob")


@ON_SERVICES
def test_a_membership_of_a_group_is_set_alone(service: str) -> None:
    with serving(IMITATIONS[service]) as served:
        it = started(served, service)
        it.step("scim_group_membership", group="Outer", members=[INNER])
        it.step("scim_group_membership", group="Outer", members=[INNER], state="absent")
        assert not inside(it) and not it.warnings


def test_a_group_that_contains_itself_through_another_one_is_refused() -> None:
    with serving(IMITATIONS["entra"]) as served:
        it = started(served, "entra")
        it.step("scim_group", display_name="Outer", members={"add": [INNER]})
        groups = [
            {"display_name": "Inner", "members": {"add": [{"group": "Outer"}]}},
            {"display_name": "Outer", "members": {"add": [INNER]}},
        ]
        with pytest.raises(Refusal, match="would contain itself"):
            it.step("scim_directory", membership="additive", groups=groups)


@pytest.mark.parametrize("members", [{"add": [INNER]}, {"set": [INNER]}, {"remove": [INNER]}])
def test_where_no_filter_finds_groups_in_groups_they_are_refused(members: dict[str, Any]) -> None:
    known = {"filter_attributes": ["User.userName", "User.groups.value", "Group.displayName"]}
    with serving(IMITATIONS["aws"]) as served:
        it = started(served, "aws", capabilities=known)
        with pytest.raises(Refusal, match="does not show which groups are members of a group"):
            it.step("scim_group", display_name="Outer", members=members)
        it.step("scim_group", display_name="Outer", members={"set": ["ann"]})


UNNESTED = (
    "group 'Outer': the service takes users only as members of groups, so these cannot join or "
    "leave it: Inner; leave them out, and name their users instead"
)


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("service", ["better-auth", "django-scim2", "django-scim2-server"])
def test_where_members_are_users_only_groups_are_refused_before_any_write(
    service: str, check: bool
) -> None:
    """better-auth answers 400, django-scim2-server 200, and django-scim2 takes another member."""
    with serving(IMITATIONS[service]) as served:
        it = Rehearsal(served, service)
        for name in ("Inner", "Outer"):
            it.task("scim_group", display_name=name)
        row = {"display_name": "Outer", "members": {"add": [INNER]}}
        for module, options in (
            ("scim_group", row),
            ("scim_group", {**row, "members": {"set": [INNER]}}),
            ("scim_group_membership", {"group": "Outer", "members": [INNER]}),
            ("scim_directory", {"groups": [row], "membership": "additive"}),
        ):
            said = it.task(module, check=check, **options)
            assert said.failure == UNNESTED and not served.writes


def test_a_capability_says_that_members_are_users_only() -> None:
    with serving(IMITATIONS["scimmy"]) as served:
        it = Rehearsal(served, "scimmy", {"nested_groups": False})
        for name in ("Inner", "Outer"):
            it.task("scim_group", display_name=name)
        with pytest.raises(Refusal, match="takes users only as members"):
            it.step("scim_group", display_name="Outer", members={"set": [INNER]})


@ON_SERVICES
def test_a_service_that_ignores_the_filter_is_not_believed(service: str) -> None:
    def ignores(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        is_about = "members.value" in asked.query.get("filter", "")
        return honest(asked.without("filter") if is_about else asked)

    imitation = IMITATIONS[service]
    with serving(replace(imitation, quirks=(ignores, *imitation.quirks))) as served:
        it = started(served, service)
        with pytest.raises(Refusal, match="does not honour a filter on members.value"):
            it.step("scim_group", display_name="Outer", members={"add": [INNER]})


@ON_SERVICES
def test_without_groups_in_groups_nothing_more_is_asked(service: str) -> None:
    with serving(IMITATIONS[service]) as served:
        it = started(served, service)
        served.store.forget()
        it.step("scim_group", display_name="Outer", members={"set": ["ann"]})
        filters = [one.query.get("filter", "") for one in served.store.asked]
        assert not any("members.value" in one for one in filters)
