# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans on a service that numbers users and groups alike: a user and a group of one id are two resources."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._plan.plan import make_plan
from ansible_collections.identity.scim.plugins.module_utils._plan.purge import Purge
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    Capabilities,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    INACTIVE,
    converge,
    plan,
    read,
    settled,
    team,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store


def alike() -> Store:
    """User 1 is pam and user 2 jim; group 1 is Sales, with jim in it."""
    store = Store(alike=True)
    store.user("pam")
    store.user("jim")
    store.group("Sales", ["jim"])
    return store


def test_joining_a_group_plans_nothing_for_the_user_of_its_id() -> None:
    store = alike()
    made = plan(
        store,
        wanted(
            users=[{"user_name": "pam", "title": "x"}, {"user_name": "jim"}],
            groups=[{"display_name": "Sales", "members": {"add": ["pam"]}}],
        ),
    )
    assert {one.key: (one.paths, bool(one.joins)) for one in made.changes} == {
        Key("User", "1"): (("title",), False),
        Key("Group", "1"): ((), True),
    }


def test_purging_a_user_keeps_the_change_of_the_group_of_its_id() -> None:
    store = alike()
    desired = wanted(
        users=[{"user_name": "jim"}], groups=[{"display_name": "Sales", "members": {"set": []}}]
    )
    made = make_plan(desired, read(store), Capabilities(), purge=Purge(users="inactive"))
    assert {(one.key, one.verb) for one in made.changes} == {
        (Key("User", "1"), "deactivate"),
        (Key("Group", "1"), "update"),
    }


def test_deleting_a_group_keeps_the_leave_of_the_user_of_its_id() -> None:
    store = alike()
    store.group("Office", ["pam"])
    desired = wanted(
        groups=[
            {"display_name": "Sales", "state": "absent"},
            {"display_name": "Office", "members": {"set": []}},
        ]
    )
    converge(store, desired)
    settled(store, desired)
    assert store.names("Groups") == {"Office"} and not store.members("Office")


def test_a_leaver_with_the_id_of_a_group_is_deactivated() -> None:
    store = alike()
    store.group("Office", ["pam"])
    desired = wanted(teams=[team("Sales", "pam")])
    converge(store, desired, INACTIVE)
    settled(store, desired, INACTIVE)
    assert store.members("Sales") == {"pam"}
    assert {name: store[name]["active"] for name in ("pam", "jim")} == {"pam": True, "jim": False}
