# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From targets to changes: what is set completed with what is there.

The ways of real servers (docs/servers.md) are capabilities.
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.plugins.module_utils._plan.requests import (
    Request,
    requests_for,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Reading
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    GROUP,
    USER,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    INACTIVE,
    converge,
    office,
    plan,
    planned,
    refusals,
    team,
    verbs,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def written(store: Store, directory: dict[str, Any], **caps: Any) -> list[Request]:
    made = plan(store, wanted(**directory), **caps)
    return [
        request for change in made.changes for request in requests_for(change, overridden(caps))
    ]


def asked(request: Request) -> set[str]:
    return set(request.query.get("attributes", "").split(",")) - {""}


def test_a_patch_names_all_current_attributes_for_services_that_lose_the_rest() -> None:
    """scimmy applies a PATCH to what attributes= shows of the resource, and stores only that."""
    store = Store()
    store.user(
        "pam",
        title="Receptionist",
        externalId="7",
        emails=[{"value": "pam@x.org", "type": "work"}],
        **{ENTERPRISE: {"department": "Office"}},
    )
    (request,) = written(store, {"users": [{"user_name": "pam", "nick_name": "Pamcake"}]})
    assert asked(request) == {
        "userName",
        "active",
        "title",
        "externalId",
        "emails",
        f"{ENTERPRISE}:department",
        "nickName",
    }


def test_a_group_that_is_renamed_names_its_members() -> None:
    store = Store()
    store.user("pam")
    store.group("Sales", ["pam"], externalId="g7")
    row = {"display_name": "Sales", "external_id": "g8", "match_by": ["display_name"]}
    (request,) = written(store, {"groups": [row]})
    assert asked(request) == {"displayName", "externalId", "members"}


def test_a_service_that_takes_no_attributes_in_a_patch_gets_none() -> None:
    store = Store()
    store.user("pam", title="Receptionist")
    (request,) = written(
        store, {"users": [{"user_name": "pam", "title": "Artist"}]}, patch_attributes=False
    )
    assert request.query == {}


def mails(*values: str) -> dict[str, Any]:
    return {
        "users": [
            {
                "user_name": "pam",
                "emails": [
                    {"value": one, "type": kind, "primary": kind == "work"}
                    for kind, one in zip(("home", "work"), values)
                ],
            }
        ]
    }


def test_the_primary_of_several_entries_is_written_if_the_service_keeps_one() -> None:
    """django-scim2-server keeps the first e-mail, without its type."""
    store = Store()
    store.user("pam", emails=[{"value": "old@x.org", "primary": True}])
    made = plan(store, wanted(**mails("home@x.org", "work@x.org")), single=["emails"])
    (change,) = made.changes
    assert change.after is not None
    assert change.after["emails"] == [{"value": "work@x.org", "type": "work", "primary": True}]
    assert made.not_saved == {Key("User", store.id_of("pam")): ("emails",)}


def test_the_one_entry_that_the_service_keeps_is_no_difference() -> None:
    store = Store()
    store.user("pam", emails=[{"value": "work@x.org", "primary": True}])
    made = plan(store, wanted(**mails("home@x.org", "work@x.org")), single=["emails"])
    assert not made.size and made.not_saved == {Key("User", store.id_of("pam")): ("emails",)}
    made = plan(
        store,
        wanted(
            users=[
                {
                    "user_name": "pam",
                    "emails": [{"value": "work@x.org", "type": "work", "primary": False}],
                }
            ]
        ),
        single=["emails"],
    )
    assert not made.size
    assert made.not_saved == {Key("User", store.id_of("pam")): ("emails.type",)}


def test_a_display_name_that_users_do_not_keep_is_still_the_name_of_groups() -> None:
    directory = {
        "users": [
            {"user_name": "pam", "display_name": "Pam", "enterprise": {"department": "Office"}}
        ],
        "groups": [{"display_name": "Sales"}],
    }
    user, group = written(Store(), directory, unsaved=["displayName", ENTERPRISE])
    assert user.body == {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "pam",
    }
    assert group.body is not None and group.body["displayName"] == "Sales"


def test_an_inactive_user_without_a_set_state_stays_inactive_with_a_note() -> None:
    store = office(red=["pam"])
    store["pam"]["active"] = False
    made = converge(store, wanted(users=[{"user_name": "pam", "title": "x"}]))
    assert made.notes == (
        "user 'pam' is inactive and stays inactive; set active: true to reactivate the user",
    )
    assert store["pam"]["active"] is False and store["pam"]["title"] == "x"


def test_l10_many_inactive_users_without_a_set_state_are_one_note() -> None:
    store = Store()
    names = [f"n{number:02}" for number in range(20)]
    for name in names:
        store.user(name, active=False)
    made = converge(store, wanted(users=[{"user_name": name, "title": "x"} for name in names]))
    shown = ", ".join(f"user '{name}'" for name in names[:10])
    assert made.notes == (
        f"inactive users stay inactive: {shown} and 10 more; set active: true to reactivate them",
    )


def test_create_only_attributes_are_not_changed_afterwards() -> None:
    store = office(red=["pam"])
    rows = [
        {"user_name": name, "locale": "de-DE", "create_only": ["locale"]} for name in ("pam", "new")
    ]
    converge(store, wanted(users=rows))
    assert "locale" not in store["pam"] and store["new"]["locale"] == "de-DE"


def test_attributes_that_the_service_does_not_keep_are_not_sent_and_named() -> None:
    store = office(red=["pam"])
    made = converge(
        store,
        wanted(
            users=[
                {"user_name": "pam", "nick_name": "x", "locale": "en-GB"},
                {"user_name": "new", "nick_name": "x", "locale": "en-GB"},
            ]
        ),
        unsaved=["nickName"],
        fixed=["locale"],
    )
    assert (
        "nickName" not in store["pam"]
        and "nickName" not in store["new"]
        and store["new"]["locale"] == "en-GB"
        and "locale" not in store["pam"]
    )
    assert {key: set(paths) for key, paths in made.not_saved.items()} == {
        Key("User", store.id_of("pam")): {"nickName", "locale"},
        Key("User", "bulkId:new"): {"nickName"},
    }


def test_paths_that_are_not_kept_are_apart_for_a_user_and_a_group_of_one_name() -> None:
    rows = {
        "users": [{"user_name": "ops", "title": "x"}],
        "groups": [{"display_name": "ops", "external_id": "7"}],
    }
    made = plan(Store(), wanted(**rows), unsaved=["title", "externalId"])
    assert sorted((key.kind, paths) for key, paths in made.not_saved.items()) == [
        ("Group", ("externalId",)),
        ("User", ("title",)),
    ]


def test_unchanged_resources_are_only_counted() -> None:
    store = office(red=["pam", "jim"])
    made = plan(store, wanted(teams=[team("red", "pam", "jim")]))
    assert not made.size and made.unchanged == {"User": 2, "Group": 1}
    made = plan(store, wanted(users=[{"user_name": "pam", "title": "x"}, {"user_name": "jim"}]))
    assert made.size == 1 and made.unchanged == {"User": 1}


def test_a_change_carries_what_it_needs_to_be_made_again() -> None:
    store = office(red=["pam", "jim"])
    rows = [{"user_name": "pam", "enterprise": {"manager": "jim"}, "clear": ["title"]}]
    store["pam"]["title"] = "x"
    (change,) = plan(store, wanted(users=rows)).changes
    content = change.desired.content
    path = f"{ENTERPRISE}:manager.value"
    assert content.attributes == {path: store.id_of("jim")}
    assert content.clear == ("title",) and not content.links
    assert sorted(change.paths) == ["title", path]
    assert (change.key, change.name, change.complete) == (
        Key("User", store.id_of("pam")),
        "pam",
        True,
    )


def test_a_partly_read_resource_makes_an_incomplete_change() -> None:
    store = office(red=["pam"])
    snapshot = Snapshot()
    for kind in (USER, GROUP):
        rows = tuple(store.held[kind.endpoint].values())
        snapshot.add(
            Reading(kind=kind, resources=rows, members_shown=True, partial=True, listed=True)
        )
    (change,) = planned(wanted(users=[{"user_name": "pam", "title": "x"}]), snapshot).changes
    assert not change.complete


def test_a_group_without_a_change_of_members_still_knows_them_for_a_put() -> None:
    store = office(red=["pam"])
    store["red"]["externalId"] = "x-1"
    row = {"display_name": "red", "external_id": "x-2", "update_method": "put"}
    rows = [{**row, "match_by": ["display_name"]}]
    (change,) = plan(store, wanted(groups=rows)).changes
    assert change.membership is not None
    assert change.membership.current == {Key("User", store.id_of("pam"))}
    assert not change.joins and not change.leaves


def test_deleting_an_inactive_user_is_no_change_if_delete_only_deactivates() -> None:
    store = office(red=["pam", "jim"])
    store["pam"]["active"] = False
    rows = [{"user_name": name, "state": "absent"} for name in ("pam", "jim")]
    assert verbs(plan(store, wanted(users=rows), delete_user="inactive")) == [("delete", "jim")]
    assert verbs(plan(store, wanted(users=rows))) == [("delete", "jim"), ("delete", "pam")]


def test_a_password_is_a_change_of_an_existing_user_only_if_it_is_always_set() -> None:
    store = office(red=["pam"])
    row = {"user_name": "pam", "password": "x"}
    assert not plan(store, wanted(users=[row])).size
    (change,) = plan(store, wanted(users=[{**row, "update_password": "always"}])).changes
    assert change.verb == "update" and not change.paths and change.secrets.attributes


@pytest.mark.parametrize("capability", ["unsaved", "fixed"])
def test_a_password_that_is_not_kept_is_no_change_and_is_named(capability: str) -> None:
    store = office(red=["pam"])
    row = {"user_name": "pam", "password": "x"}
    known = {capability: ["User.password"]}
    assert not plan(store, wanted(users=[row]), **known).not_saved
    made = plan(store, wanted(users=[{**row, "update_password": "always"}]), **known)
    assert not made.size and made.not_saved == {Key("User", store.id_of("pam")): ("password",)}
    (change,) = plan(Store(), wanted(users=[row]), **known).changes
    assert bool(change.secrets.attributes) is (capability == "fixed")


def test_a_creation_without_a_name_is_refused() -> None:
    made = plan(Store(), wanted(users=[{"external_id": "x-1", "title": "x"}]))
    assert refusals(made) == [
        "users[0]: user 'x-1' does not exist, and creating it needs user_name"
    ]


def test_more_than_ten_unknown_users_are_counted() -> None:
    rows = [{"user_name": f"n{number:02}", "state": "inactive"} for number in range(12)]
    (note,) = plan(Store(), wanted(users=rows)).notes
    assert note.startswith("not found, so left unchanged: user 'n00', user 'n01'")
    assert note.endswith("user 'n09' and 2 more")


def test_a_manager_that_names_two_users_is_refused() -> None:
    store = office(red=["pam"])
    for name in ("jim", "toby"):
        store.user(name, emails=[{"value": "boss@x.org"}])
    rows = [{"user_name": "pam", "enterprise": {"manager": {"email": "boss@x.org"}}}]
    assert refusals(plan(store, wanted(users=rows))) == [
        f"user 'pam': {ENTERPRISE}:manager.value names 2 users: user with emails.value 'boss@x.org'"
    ]


def test_a_resource_to_be_deleted_that_the_input_needs_is_refused() -> None:
    store = office(red=["pam", "jim"])
    directory = {
        "users": [
            {"user_name": "jim", "state": "absent"},
            {"user_name": "pam", "enterprise": {"manager": "jim"}},
        ]
    }
    assert refusals(plan(store, wanted(**directory))) == [
        "user 'jim' is to be deleted but is named as manager of user 'pam'"
    ]


def test_a_leaver_to_be_deleted_that_the_input_names_as_former_member_is_refused() -> None:
    """The next run would not find the user to be removed."""
    store = office(red=["pam", "jim"], blue=["jim"])
    desired = wanted(
        teams=[team("red", "pam")],
        groups=[{"display_name": "blue", "members": {"remove": ["jim"]}}],
    )
    assert refusals(plan(store, desired, Policy(leavers="absent"))) == [
        "user 'jim' is to be deleted but is named as former member of group 'blue'"
    ]
    assert not refusals(plan(store, desired, INACTIVE))


def test_names_that_look_alike_are_never_merged_and_a_note_says_so() -> None:
    store = Store()
    store.user("Straße")
    made = plan(store, wanted(users=[{"user_name": "strasse"}]))
    assert verbs(made) == [("create", "strasse")]
    assert made.notes == (
        "'Straße' (U+00DF), 'strasse' look alike but are treated as different users",
    )
    made = plan(store, wanted(users=[{"user_name": "Straße"}]))
    assert not made.notes


def test_an_inactive_user_is_not_created_where_the_service_removes_inactive_users() -> None:
    row = {"user_name": "pam", "active": False}
    assert verbs(plan(Store(), wanted(users=[row]))) == [("create", "pam")]
    made = plan(Store(), wanted(users=[row]), inactive="removed")
    assert not made.size and any("not found" in one for one in made.notes)
    joining = wanted(teams=[team("red", {**row, "name": {"given_name": "Pam"}})])
    said = refusals(plan(Store(), joining, inactive="removed"))
    assert any("this service removes inactive users" in one for one in said)
