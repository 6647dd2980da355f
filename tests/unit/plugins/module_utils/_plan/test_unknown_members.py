# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members by unknown ids: what to look up and what to refuse."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.plugins.module_utils._plan.memberships import Memberships
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Reading
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._plan.targets import Targets
from ansible_collections.identity.scim.plugins.module_utils._plan.unknown_members import (
    doubtful_joins,
    is_unknown,
    known_ids,
    refused_leaves,
    spelt_otherwise,
    suspects,
    unattributed,
    unread_suspects,
)

RED = Key("Group", "g1")
ANN, CAPITAL = Key("User", "a1b2"), Key("User", "A1B2")


def known(*rows: dict[str, object]) -> Snapshot:
    """Return a snapshot of ann and the group ``red`` with these members."""
    snapshot = Snapshot()
    snapshot.add(Reading(kind=USER, resources=({"id": ANN.id, "userName": "ann"},)))
    red = {"id": RED.id, "displayName": "red", "members": list(rows)}
    snapshot.add(Reading(kind=GROUP, resources=(red,), members_shown=True))
    return snapshot


@pytest.mark.parametrize(
    "listed, found",
    [
        ("A1B2", True),
        ("{a1b2}", True),
        (" a1b2 ", True),
        ("00a1b2", True),
        ("a1-b2", True),
        ("Users/a1b2", True),
        ("https://x.example/v2/Users/A1B2/", True),
        ("urn:user:a1b2", True),
        ("a1b3", False),
        ("", False),
    ],
)
def test_an_id_with_something_around_it_is_suspected(listed: str, found: bool) -> None:
    assert suspects([ANN], [Key("User", listed)]) == ([listed] if found else [])
    assert suspects([Key("Group", "a1b2")], [Key("User", listed)]) == []


def test_only_an_id_in_other_letters_of_one_user_is_the_same() -> None:
    rows = [{"id": "a1"}, {"id": "b1"}, {"id": "B1"}, {"id": "c1"}]
    assert spelt_otherwise(["A1", "C1", "D1"], rows) == {"A1": "a1", "C1": "c1"}
    assert not spelt_otherwise(["b1", "c1", "c-1"], rows)


def test_members_that_the_input_names_are_suspected_only_where_they_seem_to_be_missing() -> None:
    named = Memberships(named={RED: frozenset({ANN})})
    assert list(unread_suspects(named, known({"value": "A1B2"}))) == ["A1B2"]
    assert not list(unread_suspects(named, known({"value": "A1B2"}, {"value": "a1b2"})))
    assert not list(unread_suspects(named, known({"value": "A1B2", "type": "Group"})))


def leaving(*joins: Key) -> Memberships:
    """Return a change in which an unlisted member leaves and others join."""
    change = MembershipChange(
        current=frozenset({CAPITAL}), joins=joins, leaves=(CAPITAL,), unlisted=frozenset({CAPITAL})
    )
    return Memberships(changes={RED: change})


def test_an_unnamed_leave_of_an_unknown_id_beside_a_missing_user_is_refused() -> None:
    snapshot = known({"value": "A1B2"})
    (said,) = refused_leaves(leaving(ANN), Targets(), snapshot)
    assert said.startswith("group 'red' has members that no user of the service has as id (A1B2)")
    assert "seems to lack ann; " in said


@pytest.mark.parametrize("joins", [(), (Key("User", "bulkId:ann"),), (Key("Group", "g2"),)])
def test_it_is_not_refused_where_no_existing_user_is_missing(joins: tuple[Key, ...]) -> None:
    assert not list(unattributed(leaving(*joins), known({"value": "A1B2"})))


def test_l1_known_members_prove_a_filter_on_unknown_ids_before_other_users() -> None:
    snapshot = known({"value": "x"}, {"value": "c3"}, {"value": "B1"})
    rows = ({"id": "c3"}, {"id": "b1"}, {"id": "odd id"}, {"id": "d4"})
    snapshot.add(Reading(kind=USER, resources=rows, aliases=(("B1", "b1"),)))
    assert known_ids(["x"], [RED], snapshot) == ((("id", "c3"), ("id", "a1b2")), True)
    assert known_ids(["x", "A1B2"], [RED], snapshot).proofs == (("id", "c3"), ("id", "b1"))
    assert known_ids(["x"], [], snapshot) == ((("id", "a1b2"), ("id", "c3")), False)
    assert known_ids(["x"], [RED], Snapshot()) == ((), False)


def test_groups_and_users_that_were_read_are_known() -> None:
    snapshot = known({"value": "A1B2", "type": "Group"})
    assert not is_unknown(RED, snapshot) and not is_unknown(ANN, snapshot)
    assert is_unknown(CAPITAL, snapshot)


def test_a_member_under_another_id_is_the_user_and_keeps_the_id_in_the_group() -> None:
    snapshot = known({"value": "A1B2", "type": "User"}, {"value": "z"})
    snapshot.add(Reading(kind=USER, aliases=(("A1B2", "a1b2"),)))
    assert snapshot.members(RED) == {ANN, Key("User", "z")}
    assert snapshot.listed_as(RED) == {ANN: "A1B2"}
    assert not known({"value": "A1B2"}).listed_as(RED)


def test_a_named_leave_of_a_user_who_may_be_listed_otherwise_is_refused() -> None:
    named = Memberships(named={RED: frozenset({ANN})})
    (said,) = refused_leaves(named, Targets(), known({"value": "A1B2"}))
    assert "as id (A1B2); they may be ann, to leave; " in said
    assert not list(doubtful_joins(named, Targets(), known({"value": "A1B2"})))
    assert not list(refused_leaves(named, Targets(), known({"value": "other"})))


def test_a_join_of_a_user_who_may_be_listed_otherwise_is_said() -> None:
    change = MembershipChange(current=frozenset({CAPITAL}), joins=(ANN,))
    joining = Memberships(changes={RED: change}, named={RED: frozenset({ANN})})
    (said,) = doubtful_joins(joining, Targets(), known({"value": "A1B2"}))
    assert "as id (A1B2); they may be ann, to join; " in said
    assert not list(refused_leaves(joining, Targets(), known({"value": "A1B2"})))
