# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules for one resource, run against a service.

What is changed, what a second run does, and what is shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.identity.scim.tests.unit.faults.hostile import (
    Asked,
    Hostile,
    Reply,
    Said,
    hostile,
    people,
    run,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import (
    ENTERPRISE_URN,
    Store,
)

URN = "urn:example:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
OLD = "canary-old-4321987"
NEW = "canary-new-4321988"


def settled(service: Hostile, module: str, **options: Any) -> Said:
    """Return what a run says.

    Check mode predicts it, and a second run changes nothing.
    """
    predicted = run(service, module, check=True, **options)
    said = run(service, module, **options)
    assert not said.failure and not predicted.failure
    assert (
        predicted.changed == said.changed
        and predicted.result["operations"] == said.result["operations"]
    )
    again = run(service, module, **options)
    assert not again.changed and not service.writes
    return said


# clear, with a sub-attribute of the cleared attribute set


@pytest.mark.parametrize("more, caps", [({}, {}), ({"update_method": "put"}, {"patch": False})])
@pytest.mark.parametrize("held", ["Pam", "Pamela"])
def test_the_rest_of_what_is_cleared_goes(
    held: str, more: dict[str, str], caps: dict[str, bool]
) -> None:
    store = people("pam", **{ENTERPRISE_URN: {"department": "Sales", "division": "North"}})
    store["pam"]["name"] = {"givenName": held, "familyName": "Beesly"}
    with hostile(store) as service:
        said = settled(
            service,
            "scim_user",
            user_name="pam",
            clear=["name", "enterprise"],
            name={"given_name": "Pam"},
            enterprise={"department": "Sales"},
            **more,
        )
        assert (
            said.changed
            and store["pam"]["name"] == {"givenName": "Pam"}
            and store["pam"][ENTERPRISE_URN] == {"department": "Sales"}
        )
        store["pam"]["name"]["familyName"] = "Halpert"
        said = settled(
            service,
            "scim_resource",
            endpoint="Users",
            match_by=["userName"],
            clear=["Name"],
            attributes={"userName": "pam", "name": {"givenName": "R"}},
            **more,
        )
        assert said.changed and store["pam"]["name"] == {"givenName": "R"}


def test_an_empty_list_below_a_urn_removes_the_entries() -> None:
    store = people("pam", **{URN: {"lockers": [1, 2], "floor": 3}})
    with hostile(store) as service:
        assert settled(
            service, "scim_user", user_name="pam", attributes={URN: {"lockers": []}}
        ).changed
        assert store["pam"][URN] == {"floor": 3}
        assert settled(
            service,
            "scim_resource",
            endpoint="Users",
            match_by=["userName"],
            attributes={"userName": "pam", f"{URN}:floor": []},
        ).changed
        assert not store["pam"].get(URN)


# secrets

SECRET = {"pin": NEW, "vpn": {"key": NEW}, URN: {"badge": NEW}}
HELD = {"pin": OLD, "vpn": {"key": OLD, "host": "h"}, URN: {"badge": OLD, "floor": 3}}


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("always", [False, True])
@pytest.mark.parametrize(
    "module, given",
    [
        (
            "scim_user",
            {
                "user_name": "pam",
                "title": "Painter",
                "update_method": "put",
                "secret_attributes": SECRET,
            },
        ),
        ("scim_user", {"user_name": "pam", "title": "Painter", "secret_attributes": SECRET}),
        (
            "scim_user",
            {
                "user_name": "pam",
                "clear": [f"{URN}:floor"],
                "attributes": {"vpn": {"host": "i"}},
                "secret_attributes": SECRET,
            },
        ),
        (
            "scim_user",
            {
                "user_name": "pam",
                "title": "Painter",
                "update_method": "put",
                "secret_attributes": {
                    CORE: {"PIN": NEW},
                    "Vpn.Key": NEW,
                    URN.upper(): {"badge": NEW},
                },
            },
        ),
        (
            "scim_resource",
            {
                "endpoint": "Users",
                "match_by": ["userName"],
                "attributes": {"userName": "pam", "title": "Painter"},
                "update_method": "put",
                "secret_attributes": SECRET,
            },
        ),
        (
            "scim_directory",
            {
                "users": [
                    {
                        "user_name": "pam",
                        "title": "Painter",
                        "update_method": "put",
                        "secret_attributes": SECRET,
                    }
                ],
                "return": "full",
            },
        ),
    ],
)
def test_secret_attributes_are_not_shown_for_any_current_value(
    module: str, given: dict[str, Any], always: bool, check: bool
) -> None:
    store = people("pam", **HELD)
    policy = {"update_password": "always" if always else "on_create"}
    if module == "scim_directory":
        given = {**given, "users": [{**given["users"][0], **policy}]}
    else:
        given = {**given, **policy}
    with hostile(store) as service:
        said = run(service, module, check=check, **given)
        assert said.changed and not said.failure
        assert "canary" not in json.dumps([said.result, said.warnings, said.failure]), said.result
        assert check or store["pam"]["vpn"]["key"] == (
            NEW if always else OLD
        )  # a PUT loses nothing
        assert check or store["pam"][URN]["badge"] == (NEW if always else OLD)


def test_secret_attributes_of_a_group_are_not_shown() -> None:
    store = Store()
    store.group("red", pin=OLD)
    with hostile(store) as service:
        said = run(
            service,
            "scim_group",
            display_name="red",
            attributes={"note": "n"},
            update_method="put",
            secret_attributes={f"{CORE_GROUP}:pin": NEW},
        )
        assert (
            said.changed and "canary" not in json.dumps(said.result) and store["red"]["pin"] == OLD
        )


def test_the_schema_of_a_secret_is_named() -> None:
    with hostile() as service:
        given = {
            "user_name": "pam",
            "secret_attributes": {URN: {"badge": NEW}},
            "update_method": "put",
        }
        assert run(service, "scim_user", **given).changed
        assert service.store["pam"]["schemas"] == [CORE, URN] and service.store["pam"][URN] == {
            "badge": NEW
        }
        del service.store["pam"][URN]
        service.store["pam"]["schemas"] = [CORE]
        assert run(service, "scim_user", **given, update_password="always").changed
        assert service.store["pam"][URN] == {"badge": NEW} and service.store["pam"]["schemas"] == [
            CORE,
            URN,
        ]


# members that do not exist


def red() -> Store:
    store = people("pam", "jim", "dwight")
    store.group("red", ["pam", "jim"])
    return store


@pytest.mark.parametrize(
    "module, given",
    [
        ("scim_group", {"display_name": "red", "members": {"remove": ["ghost"]}}),
        ("scim_user", {"user_name": "pam", "groups": {"remove": ["ghosts"]}}),
        ("scim_group_membership", {"group": "red", "members": ["ghost"], "state": "absent"}),
        ("scim_directory", {"groups": [{"display_name": "red", "members": {"remove": ["ghost"]}}]}),
    ],
)
def test_removal_of_missing_members_changes_nothing(module: str, given: dict[str, Any]) -> None:
    with hostile(red()) as service:
        said = run(service, module, check=True, **given)
        missing = "group 'ghosts'" if module == "scim_user" else "user 'ghost'"
        assert not said.changed and said.warnings == [
            f"{missing} is listed for removal but does not exist; fix the name, unless an earlier task creates it"
        ]
        said = run(service, module, **given)
        advice = ", or set missing_members: ignore" if module == "scim_group_membership" else ""
        assert (
            said.failure
            == f"{missing} is listed for removal but does not exist; fix the name or remove the entry{advice}"
        )


def test_missing_member_may_be_created_by_an_earlier_task() -> None:
    with hostile(red()) as service:
        given = {"display_name": "red", "members": {"add": ["ghost"], "remove": ["spook"]}}
        said = run(service, "scim_group", check=True, **given)
        assert (
            said.changed
            and "user 'ghost' does not exist yet; an earlier task may create it" in said.warnings
        )
        assert run(service, "scim_group", **given).failure == (
            "there is no user 'ghost'; create what is missing first, or correct the names | "
            "user 'spook' is listed for removal but does not exist; fix the name or remove the entry"
        )


# what was done, and no more


def ignores_groups(asked: Asked, honest: Callable[[], Reply]) -> Reply:
    """Nested groups are left out of whatever is written, and answered well."""
    if asked.method == "PATCH" and asked.body:
        for one in asked.body["Operations"]:
            if one["path"] == "members" and isinstance(one.get("value"), list):
                one["value"] = [
                    row for row in one["value"] if not str(row["value"]).startswith("g")
                ]
    return honest()


def test_member_that_did_not_join_is_not_reported() -> None:
    store = red()
    store.group("blue")
    with hostile(store, ignores_groups) as service:
        said = run(
            service,
            "scim_group_membership",
            group="red",
            members=[{"group": "blue"}, "dwight"],
            verify="writes",
        )
        assert (
            said.changed
            and said.result["added"] == ["dwight"]
            and said.result["not_saved"] == ["members"]
        )
        assert said.result["diff"]["after"]["members"] == "2 -> 3, + dwight"
        store["red"]["members"] = store["red"]["members"][:2]
        said = run(
            service,
            "scim_directory",
            groups=[{"display_name": "red", "members": {"add": [{"group": "blue"}, "dwight"]}}],
            verify="writes",
        )
        assert said.changed and said.result["summary"]["memberships_added"] == 1


def ignores_patches(asked: Asked, honest: Callable[[], Reply]) -> Reply:
    return Reply(204) if asked.method == "PATCH" else honest()


def members_shown(service: Hostile, said: Said) -> set[str]:
    """Return the names of the members in a result."""
    shown = {one["value"] for one in said.result["group"]["members"]}
    return {name for name in ("pam", "jim", "dwight") if service.store[name]["id"] in shown}


@pytest.mark.parametrize("given", [{"set": ["pam"]}, {"remove": ["jim"]}])
def test_member_that_did_not_leave_is_still_shown(given: dict[str, Any]) -> None:
    with hostile(red(), ignores_patches) as service:
        said = run(service, "scim_group", display_name="red", members=given)
        assert not said.changed and said.result["not_saved"] == ["members"]
        assert members_shown(service, said) == {"pam", "jim"}


def test_member_that_did_not_join_is_not_shown() -> None:
    with hostile(red(), ignores_patches) as service:
        said = run(
            service, "scim_group", display_name="red", members={"add": ["dwight"]}, verify="writes"
        )
        assert not said.changed and said.result["not_saved"] == ["members"]
        assert members_shown(service, said) == {"pam", "jim"}


@pytest.mark.parametrize("verify", ["none", "removals", "writes"])
def test_member_that_left_is_not_shown(verify: str) -> None:
    def answers_without_body(asked: Asked, honest: Callable[[], Reply]) -> Reply:
        reply = honest()
        return Reply(204) if asked.method == "PATCH" else reply

    with hostile(red(), answers_without_body) as service:
        said = run(
            service, "scim_group", display_name="red", members={"set": ["pam"]}, verify=verify
        )
        assert said.changed and members_shown(service, said) == {"pam"}


def test_a_write_that_was_refused_and_done_is_among_the_operations() -> None:
    def done_and_denied(asked: Asked, honest: Callable[[], Reply]) -> Reply:
        made = honest()
        return Reply(400, {"detail": "odd"}) if asked.method == "PATCH" and asked.query else made

    with hostile(people("pam"), done_and_denied) as service:
        said = settled(service, "scim_user", user_name="pam", title="Painter")
        assert said.changed and [one["method"] for one in said.result["operations"]] == ["PATCH"]


def test_attribute_known_not_to_be_kept_is_not_called_accepted() -> None:
    with hostile(people("pam")) as service:
        said = run(
            service,
            "scim_user",
            connection={"capabilities": {"unsaved": ["title"]}},
            user_name="pam",
            title="x",
            nick_name="y",
        )
        assert not said.warnings and said.result["notes"] == [
            "title of user 'pam' was not sent because the service is known not to keep it"
        ]
        assert said.result["not_saved"] == ["title"]


# an id is a key


def test_unknown_id_is_not_passed_over() -> None:
    with hostile(people("pam")) as service:
        said = run(
            service, "scim_user", id="nonsense", user_name="pam", match_by=["user_name"], title="x"
        )
        assert "there is no user with id 'nonsense'" in said.failure and not service.writes


# certificates


def test_a_certificate_is_the_same_however_it_is_broken_into_lines() -> None:
    def normalises(asked: Asked, honest: Callable[[], Reply]) -> Reply:
        reply = honest()
        for row in (reply.body or {}).get("x509Certificates", []):
            row["value"] = (
                row["value"].replace("\n", "")[:4] + "\n" + row["value"].replace("\n", "")[4:]
            )
        return reply

    with hostile(people("pam"), normalises) as service:
        given = {"user_name": "pam", "x509_certificates": [{"value": "MIID\nQzCC\nAqyg\n"}]}
        said = settled(service, "scim_user", **given)
        assert (
            said.changed
            and said.result["not_saved"] == []
            and service.store["pam"]["x509Certificates"] == [{"value": "MIIDQzCCAqyg"}]
        )
