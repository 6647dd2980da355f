# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a service.

Which look-ups are complete, of which kind members are, and what a later answer changes.
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    GROUP,
    USER,
)
from ansible_collections.identity.scim.plugins.module_utils._model.user_keys import UserKeys
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import (
    EMAIL,
    Reference,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import (
    Reading,
    Resource,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot, key_of
from ansible_collections.identity.scim.plugins.module_utils._provider.schemas import listed


def users(*rows: Resource, **more: Any) -> Reading:
    return Reading(kind=USER, resources=rows, **more)


def groups(*rows: Resource, **more: Any) -> Reading:
    return Reading(kind=GROUP, resources=rows, members_shown=True, **more)


def known(*readings: Reading) -> Snapshot:
    snapshot = Snapshot()
    for reading in readings:
        snapshot.add(reading)
    return snapshot


def red(*members: Any) -> Resource:
    return {"id": "g1", "displayName": "red", "members": list(members)}


def test_resources_are_found_by_every_key_as_the_schema_says() -> None:
    pam = {"id": "u1", "userName": "Pam", "externalId": "x", "emails": [{"value": "P@x.org"}]}
    snapshot = known(users(pam))
    for path, value, found in (
        ("userName", "PAM", True),
        ("externalId", "x", True),
        ("externalId", "X", False),
        (EMAIL, "p@X.ORG", True),
        ("id", "u1", True),
        ("id", "U1", False),
    ):
        assert bool(snapshot.find(USER, path, value)) is found, path
    assert snapshot.resolve(Reference("User", "userName", "pam")) == [Key("User", "u1")]
    assert snapshot.get(Key("User", "u1")) is pam and snapshot.get(Key("Group", "u1")) is None
    assert key_of(USER, pam) == Key("User", "u1")


def test_a_user_that_was_renamed_is_not_found_by_the_old_name() -> None:
    snapshot = known(users({"id": "u1", "userName": "pam"}), users({"id": "u1", "userName": "x"}))
    assert not snapshot.find(USER, "userName", "pam") and snapshot.find(USER, "userName", "x")


def test_a_look_up_is_known_if_it_was_answered_or_everything_was_listed() -> None:
    snapshot = known(users(answered=(("userName", "pam"), ("id", "u1"))))
    assert snapshot.knows(USER, "userName", "PAM") and snapshot.knows(USER, "id", "u1")
    assert not snapshot.knows(USER, "userName", "jim") and not snapshot.knows(GROUP, "id", "u1")
    assert snapshot.listed(USER) is None
    snapshot.add(users(listed=False, came="2 of 3 came", total=3))
    assert not snapshot.knows(USER, "userName", "jim")
    assert (snapshot.listed(USER), snapshot.came(USER), snapshot.total(USER)) == (
        False,
        "2 of 3 came",
        3,
    )
    snapshot.add(users(listed=True))
    assert snapshot.knows(USER, "userName", "jim") and not snapshot.knows(USER, "id", "u2")
    assert (snapshot.came(GROUP), snapshot.total(GROUP)) == ("", None)


# members


@pytest.mark.parametrize(
    "row, kind",
    [
        ({"value": "1"}, "User"),
        ({"value": "1", "type": "User"}, "User"),
        ({"value": "1", "type": "group"}, "Group"),
        ({"value": "1", "$ref": "https://x/scim/v2/Groups/1"}, "Group"),
        ({"value": "1", "$ref": "../Users/1"}, "User"),
        ({"value": "1", "type": "User", "$ref": "https://x/Groups/1"}, "User"),
        ({"value": "1", "type": "direct"}, "User"),
        ({"value": 1}, "User"),
        ("1", "User"),
    ],
)
def test_members_say_their_kind_or_are_users(row: Any, kind: str) -> None:
    snapshot = known(groups(red(row)))
    assert snapshot.members(Key("Group", "g1")) == {Key(kind, "1")}


def test_a_member_without_a_kind_is_a_group_if_only_a_group_of_that_id_is_known() -> None:
    snapshot = known(groups(red({"value": "1"}), {"id": "1", "displayName": "blue"}))
    group = Key("Group", "g1")
    assert snapshot.members(group) == {Key("Group", "1")} and snapshot.member("1").kind == "Group"
    snapshot.add(users({"id": "1", "userName": "pam"}))
    assert snapshot.members(group) == {Key("User", "1")} and snapshot.member("1").kind == "User"
    assert snapshot.member("7") == Key("User", "7")


def test_a_nested_group_that_one_row_names_is_known_by_its_id_elsewhere() -> None:
    snapshot = known(groups(red({"value": "7", "type": "Group"})))
    assert snapshot.member("7") == Key("Group", "7")


def test_members_are_unknown_until_an_answer_shows_them() -> None:
    group = Key("Group", "g1")
    row = {"id": "g1", "displayName": "red"}
    snapshot = known(Reading(kind=GROUP, resources=(row,)))
    assert snapshot.members(group) is None
    snapshot.add(groups(row))
    assert snapshot.members(group) == frozenset()
    snapshot.add(Reading(kind=GROUP, resources=(red({"value": "u1"}),)))
    assert snapshot.members(group) == {Key("User", "u1")}
    snapshot.add(Reading(kind=GROUP, resources=(row,)))
    assert snapshot.members(group) == {Key("User", "u1")}


@pytest.mark.parametrize(
    "odd", ["u1", [{"display": "Pam"}], [{"value": ""}], [{"value": True}], [{"value": None}]]
)
def test_n1_members_that_cannot_be_told_are_noted_by_the_name_of_the_group(odd: Any) -> None:
    members = [*odd, {"value": "u2"}] if isinstance(odd, list) else odd
    snapshot = known(groups({"id": "g1", "displayName": "red", "members": members}))
    assert snapshot.members(Key("Group", "g1")) is None
    seen = {Key("User", "u2")} if isinstance(odd, list) else set()
    assert snapshot.seen_members(Key("Group", "g1")) == seen
    assert snapshot.notes == ("groups with members without an id, so not all are known: 'red'",)


def test_a_single_member_may_come_without_a_list() -> None:
    snapshot = known(groups({"id": "g1", "displayName": "red", "members": {"value": "u1"}}))
    assert snapshot.members(Key("Group", "g1")) == {Key("User", "u1")}


# what is only partly known


def test_a_partial_answer_keeps_what_was_read_whole() -> None:
    whole = {"id": "u1", "userName": "pam", "title": "x"}
    snapshot = known(users(whole), users({"id": "u1", "userName": "pam2"}, partial=True))
    key = Key("User", "u1")
    assert snapshot.get(key) == {"id": "u1", "userName": "pam2", "title": "x"}
    assert not snapshot.is_partial(key)


def test_a_partial_answer_without_members_empties_a_group_only_if_members_are_shown() -> None:
    key = Key("Group", "g1")
    row = {"id": "g1", "displayName": "red"}
    for shown, left in ((False, True), (True, False)):
        snapshot = known(groups(red({"value": "u1"})))
        snapshot.add(Reading(kind=GROUP, resources=(row,), partial=True, members_shown=shown))
        assert bool(snapshot.members(key)) is left
        assert ("members" in (snapshot.get(key) or {})) is left


def test_a_resource_is_partial_until_it_is_read_whole() -> None:
    key = Key("User", "u1")
    snapshot = known(users({"id": "u1", "userName": "pam"}, partial=True))
    assert snapshot.is_partial(key)
    snapshot.add(users({"id": "u1", "userName": "pam"}, partial=True))
    assert snapshot.is_partial(key)
    snapshot.add(users({"id": "u1", "userName": "pam"}))
    assert not snapshot.is_partial(key)


def test_users_and_groups_of_one_id_are_two() -> None:
    snapshot = known(
        users({"id": "1", "userName": "pam"}, partial=True),
        groups({"id": "1", "displayName": "red"}),
    )
    assert snapshot.is_partial(Key("User", "1")) and not snapshot.is_partial(Key("Group", "1"))
    assert snapshot.name(Key("User", "1")) == "pam" and snapshot.name(Key("Group", "1")) == "red"


# names, and the account of the credentials


def test_a_name_is_the_name_attribute_the_display_name_of_a_member_or_the_id() -> None:
    snapshot = known(groups(red({"value": "u1", "display": "Pam B."}, {"value": "u2"})))
    assert [snapshot.name(Key("User", ident)) for ident in ("u1", "u2", "bulkId:new")] == [
        "Pam B.",
        "u2",
        "new",
    ]
    snapshot.add(users({"id": "u1", "userName": "pam"}))
    assert snapshot.name(Key("User", "u1")) == "pam"
    snapshot.add(users({"id": "u3", "userName": "x" * 5000}))
    assert len(snapshot.name(Key("User", "u3"))) < 300


def test_the_account_is_known_by_id_name_or_external_id() -> None:
    snapshot = Snapshot(account=["robot"])
    assert not snapshot.account_asked
    assert snapshot.is_account({"id": "u1", "userName": "robot"})
    assert not snapshot.is_account({"id": "u2", "userName": "pam"}) and not snapshot.is_account(
        None
    )
    snapshot.add_account(["u2", ""])
    assert snapshot.account_asked and snapshot.account >= {"robot", "u2"}
    assert snapshot.is_account({"id": "u2", "userName": "pam"})
    assert snapshot.is_account({"id": "u3", "externalId": "robot"})
    assert not snapshot.is_account({"id": "u4"})


def test_keys_are_those_of_the_known_resources() -> None:
    snapshot = known(users({"id": "u1", "userName": "pam"}), groups(red()))
    assert snapshot.keys(USER) == [Key("User", "u1")]
    assert snapshot.keys(GROUP) == [Key("Group", "g1")]


def test_display_of_a_member_names_only_that_kind() -> None:
    snapshot = Snapshot()
    row = {"value": "1", "type": "Group", "display": "inner"}
    group = {"id": "2", "displayName": "outer", "members": [row]}
    snapshot.add(Reading(kind=GROUP, resources=(group,), members_shown=True))
    assert snapshot.name(Key("Group", "1")) == "inner"
    assert snapshot.name(Key("User", "1")) == "1"


def test_what_is_odd_in_answers_is_noted_once() -> None:
    snapshot = Snapshot()
    for _time in range(2):
        snapshot.add(Reading(kind=USER, notes=("a row without an id was left out",)))
    assert snapshot.notes == ("a row without an id was left out",)


def test_e1_schemas_say_nothing_until_they_are_known() -> None:
    snapshot = Snapshot()
    assert snapshot.schemas is None and snapshot.lists("User", "title") is None
    row = {"id": USER.schema, "attributes": [{"name": "title"}]}
    snapshot.add_schemas(listed([row]))
    assert snapshot.lists("User", "title") is True and snapshot.lists("User", "nickName") is False
    assert snapshot.lists("Group", "title") is None and snapshot.lists("Device", "x") is None


def rewriting(form: str, *readings: Reading) -> Snapshot:
    snapshot = Snapshot((), lambda kind: {"displayname": form} if kind == GROUP.name else {})
    for reading in readings:
        snapshot.add(reading)
    return snapshot


def test_a_group_is_found_by_what_the_service_made_of_its_name() -> None:
    rows = ({"id": "g1", "displayName": "big-team"}, {"id": "g2", "displayName": "Big Team"})
    assert rewriting("slug", groups(rows[0])).find(GROUP, "displayName", "Big Team") == [rows[0]]
    assert rewriting("slug", groups(*rows)).find(GROUP, "displayName", "Big Team") == [rows[1]]
    assert not rewriting("slug", groups(rows[0])).find(GROUP, "displayName", "Team")
    assert not rewriting("slug", groups(rows[0])).find(GROUP, "externalId", "Big Team")
    found = list(rewriting("slug").also_named(GROUP, ("displayName", "Big Team")))
    assert found == [("displayName", "Big Team"), ("displayName", "big-team")]
    assert list(known().also_named(GROUP, ("displayName", "A b"))) == [("displayName", "A b")]


@pytest.mark.parametrize("count, form, found", [(1, "opaque", 1), (2, "opaque", 0), (1, "", 0)])
def test_an_opaque_name_is_the_one_group_that_a_filter_gives(
    count: int, form: str, found: int
) -> None:
    rows = tuple({"id": f"g{one}", "displayName": f"S/{one}"} for one in range(count))
    clause = ("displayName", "red")
    reading = groups(*rows, answered=(clause,), strangers=((clause, rows),))
    snapshot = rewriting(form, reading)
    assert len(snapshot.find(GROUP, *clause)) == found
    assert not snapshot.find(GROUP, "displayName", "blue")


@pytest.mark.parametrize(
    ("members", "as_ids"),
    [
        ([{"value": "1"}, {"value": "2"}], True),
        ([{"value": "1", "type": "User"}, {"value": "g1", "type": "User"}], True),
        ([{"value": "1"}, {"value": "g1"}], False),
        ([{"value": "1", "type": "Group"}], False),
        ([{"value": "1"}, {"value": "2", "display": "Ann"}], False),
        ([{"value": "1"}, {"value": "4"}], False),
    ],
)
def test_members_are_a_set_of_ids_if_all_are_certainly_users(
    members: list[dict[str, str]], as_ids: bool
) -> None:
    more: dict[str, Any] = {"aliases": {"4": "5"}} if members[-1]["value"] == "4" else {}
    snapshot = known(users({"id": "1", "userName": "ann"}, **more), groups(red(*members)))
    seen = snapshot.seen_members(Key("Group", "g1"))
    assert isinstance(seen, UserKeys) is as_ids
    each = frozenset[Key]()
    for one in members:
        alone = known(
            users({"id": "1", "userName": "ann"}, **more), groups(red(one), {**red(), "id": "g2"})
        )
        each |= alone.seen_members(Key("Group", "g1"))
    assert seen == each
