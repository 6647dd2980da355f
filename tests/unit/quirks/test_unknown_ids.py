# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ids of members that no user is known to have: who is it, and at what cost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.faults import hostile as web
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.quirks import lookups_quirks as lookups
from ansible_collections.identity.scim.tests.unit.quirks.members_quirks import members_listed_as
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Quirk, Quirky

PEOPLE = ("ann", "bob", "cid", "dan", "eve", "fay")
GONE = tuple(f"gone{number:03}" for number in range(100))
LEAVING = {"teams": [{"name": "red", "members": [{"user_name": one} for one in PEOPLE[:5]]}]}


def with_remains(*quirks: Quirk, gone: int = 39, users: int = 0, **more: Any) -> Quirky:
    """The group ``red`` with six users, of whom ``fay`` leaves, and ids that no one has."""
    server = Quirky(*quirks, **more)
    for name in PEOPLE:
        server.user(name)
    server.group("red", PEOPLE)
    for number in range(users):
        server.user(f"other{number}")
    server["red"]["members"] += [{"value": ident} for ident in GONE[:gone]]
    return server


def addresses(server: Quirky) -> int:
    """How many requests read one user by the address."""
    return sum(len(one.segments) == 2 for one in server.sent("GET", "Users"))


def is_by_id(asked: Asked) -> bool:
    return asked.query.get("filter", "").startswith("id ")


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("gone, most", [(0, 1), (1, 1), (39, 1), (40, 2), (100, 3)])
@pytest.mark.parametrize("leavers", ["inactive", "absent"])
def test_l1_ids_that_no_one_has_cost_one_request_in_forty_where_users_leave(
    gone: int, most: int, check: bool, leavers: str
) -> None:
    server = with_remains(gone=gone)
    found = run(server, check=check, policy=Policy(leavers=leavers), **LEAVING)
    planned = {found.named(one.key): one.reason for one in found.plan.changes}
    assert planned["fay"] == "leaver" and not found.failures
    assert sum(map(is_by_id, server.sent("GET", "Users"))) <= most
    if check:
        assert addresses(server) == 0
    else:
        assert server.members("red") == set(PEOPLE[:5])


PARTLY: list[tuple[Quirk, int]] = [
    (lookups.filtering(lookups.first_only), 3),
    (lookups.filtering(lookups.last_only), 3),
    (lookups.filtering(lookups.first_two), 3),
    (lookups.filtering(lookups.second_only), 3),
    (lookups.one_comparison(), 4),
    (lookups.filtering(lookups.blind), 3),
    (lookups.no_ids, 4),
    (lookups.filtering(lookups.blind_for_ids), 3),
]


@pytest.mark.parametrize("leavers", ["inactive", "absent"])
@pytest.mark.parametrize("quirk, most", PARTLY)
def test_l1_a_list_says_who_is_gone_where_filters_on_ids_prove_nothing(
    quirk: Quirk, most: int, leavers: str
) -> None:
    server = with_remains(quirk, gone=60, users=20)
    found = run(server, check=True, policy=Policy(leavers=leavers), **LEAVING)
    planned = {found.named(one.key): one.reason for one in found.plan.changes}
    assert planned["fay"] == "leaver" and set(planned) == {"fay", "red"}
    by_id = addresses(server) + sum(map(is_by_id, server.sent("GET", "Users")))
    assert by_id <= most


@pytest.mark.parametrize("quirk, _most", PARTLY)
def test_l1_a_leaver_is_found_whatever_part_of_a_filter_is_evaluated(
    quirk: Quirk, _most: int
) -> None:
    server = with_remains(quirk, gone=3, users=20)
    run(server, policy=Policy(leavers="inactive"), **LEAVING)
    assert server["fay"]["active"] is False and server.members("red") == set(PEOPLE[:5])


def test_l1_a_protected_user_that_lists_hide_is_read_by_the_address() -> None:
    server = with_remains(
        lookups.filtering(lookups.blind_for_ids), lookups.without_inactive, gone=60, users=20
    )
    server["fay"]["active"] = False
    policy = Policy(leavers="inactive", protected={"User": ("fay",)})
    with pytest.raises(ScimError) as refused:
        run(server, policy=policy, **LEAVING)
    assert "user 'fay' is protected" in str(refused.value)


@pytest.mark.parametrize("by_filter, by_address", [(True, False), (False, True)])
def test_l1_leavers_in_other_letters_are_found_where_the_whole_team_is_new(
    by_filter: bool, by_address: bool
) -> None:
    quirk = members_listed_as(str.upper, by_filter=by_filter, by_address=by_address)
    server = with_remains(quirk, gone=0)
    server["red"]["members"] = server["red"]["members"][:4]
    team = {"name": "red", "members": [{"user_name": one} for one in ("new", "newer")]}
    run(server, policy=Policy(leavers="inactive"), teams=[team])
    assert [server[one]["active"] for one in PEOPLE[:4]] == [False] * 4
    assert server.members("red") == {"new", "newer"}


@pytest.mark.parametrize("gone", [0, 30, 100])
def test_l1_names_of_members_cost_one_request_in_forty_ids(gone: int) -> None:
    """Those that are found prove the filter for the others, which may be groups."""
    server = with_remains(gone=gone)
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_group_info", members="names")
    named = [one["user_name"] for one in said.result["memberships"] if one["user_name"]]
    assert sorted(named) == sorted(PEOPLE) and len(said.result["memberships"]) == 6 + gone
    assert addresses(server) == 0
    by_id = [one for one in server.asked if is_by_id(one)]
    assert len(by_id) <= 2 * (-(-(6 + gone) // 40) + 1)


FILTERS: list[tuple[Quirk, ...]] = [(), *((quirk,) for quirk, _most in PARTLY)]
LISTS: list[tuple[Quirk, ...]] = [(), (lookups.without_inactive,), (lookups.no_list("Users"),)]
ONLY_BY_FILTER: tuple[Quirk, ...] = (members_listed_as(str.upper, by_filter=True),)
BLIND = FILTERS[-3:]
SPELT: list[tuple[Quirk, ...]] = [
    (),
    (members_listed_as(lambda ident: f"{{{ident}}}", by_address=True),),
    ONLY_BY_FILTER,
    (members_listed_as(str.upper, by_address=True),),
    (members_listed_as(str.upper, by_filter=True, by_address=True),),
]


@settings(max_examples=100)
@given(
    spelt=st.sampled_from(SPELT),
    filters=st.sampled_from(FILTERS),
    lists=st.sampled_from(LISTS),
    staying=st.integers(0, 3),
    leaving=st.integers(1, 3),
    joining=st.sampled_from([(), ("new",), ("zoe",)]),
    inactive=st.booleans(),
    gone=st.sampled_from([0, 1, 3, 45]),
    others=st.sampled_from([0, 30]),
)
def test_l1_no_leaver_is_taken_for_an_id_that_no_one_has(
    spelt: tuple[Quirk, ...],
    filters: tuple[Quirk, ...],
    lists: tuple[Quirk, ...],
    staying: int,
    leaving: int,
    joining: tuple[str, ...],
    inactive: bool,
    gone: int,
    others: int,
) -> None:
    """They are to be deactivated, or the plan is refused, or they are named."""
    assume(staying or joining)
    # A user that neither the address nor any one filter finds cannot be told from nobody. Nor can
    # one if nothing shows that filters take ids in other letters.
    is_told = staying > 0 and filters not in BLIND
    assume(spelt is not ONLY_BY_FILTER or not filters or is_told)
    server = Quirky(*spelt, *lists, *filters)
    for name in (*PEOPLE, "zoe", *(f"other{number}" for number in range(others))):
        server.user(name)
    leavers = PEOPLE[3 : 3 + leaving]
    server[leavers[0]]["active"] = not inactive
    server.group("red", (*PEOPLE[:staying], *leavers))
    server["red"]["members"] += [{"value": ident} for ident in GONE[:gone]]
    members = [{"user_name": one} for one in (*PEOPLE[:staying], *joining)]
    policy = Policy(leavers="inactive")
    try:
        found = run(server, check=True, policy=policy, teams=[{"name": "red", "members": members}])
    except ScimError:
        return
    gone_names = {found.named(one.key) for one in found.plan.changes if one.verb == "deactivate"}
    named = " ".join(found.notes)
    for name in leavers:
        assert server[name]["active"] is False or name in gone_names or name in named
    left = {key.id.lower().strip("{}") for one in found.plan.changes for key in one.leaves}
    assert left == {*map(server.id_of, leavers), *GONE[:gone]}
    by_id = addresses(server) + sum(map(is_by_id, server.sent("GET", "Users")))
    assert by_id <= 2 * (staying + leaving + gone) + 3


@pytest.mark.parametrize("leaving", [1, 3])
@pytest.mark.parametrize(
    "quirk",
    [lookups.filtering(one) for one in (lookups.first_only, lookups.last_only, lookups.first_two)],
)
def test_l1_leavers_in_other_letters_are_found_by_a_filter_of_their_own(
    quirk: Quirk, leaving: int
) -> None:
    """Filters take ids in other letters and evaluate a part; addresses take them as they are."""
    server = Quirky(*ONLY_BY_FILTER, quirk, lookups.no_list("Users"))
    for name in PEOPLE:
        server.user(name)
    server.group("red", PEOPLE[: 3 + leaving])
    team = {"name": "red", "members": [{"user_name": one} for one in PEOPLE[:3]]}
    run(server, policy=Policy(leavers="inactive"), teams=[team])
    assert [server[one]["active"] for one in PEOPLE[3 : 3 + leaving]] == [False] * leaving
    assert server.members("red") == set(PEOPLE[:3])


@pytest.mark.parametrize("kind", ["users", "groups"])
@pytest.mark.parametrize("known", [0, 3])
@pytest.mark.parametrize("gone, most", [(3, 3), (4, 0), (38, 0), (200, 0)])
def test_l1_ids_in_the_input_that_do_not_exist_cost_one_request_in_forty(
    gone: int, most: int, known: int, kind: str
) -> None:
    server = with_remains(gone=0)
    for name in ("blue", "gray"):
        server.group(name, ())
    there = [f"u{number}" for number in range(1, 1 + known)]
    if kind == "groups":
        there = [server.id_of(name) for name in ("red", "blue", "gray")][:known]
    rows = [{"id": ident, "state": "absent"} for ident in (*there, *(f"x{n}" for n in range(gone)))]
    found = run(server, check=True, policy=Policy(), **{kind: rows})
    assert len(found.plan.steps[0] if known else ()) == known
    read = server.sent("GET", kind.capitalize())
    assert sum(len(one.segments) == 2 for one in read) <= most
    assert len(read) <= 2 * (-(-(known + gone) // 38)) + 1 + most


@pytest.mark.parametrize("quirk", [lookups.without_inactive, *(quirk for quirk, _most in PARTLY)])
def test_l1_an_id_in_the_input_is_found_whatever_filters_and_lists_leave_out(quirk: Quirk) -> None:
    server = with_remains(quirk, gone=0, users=30)
    server["fay"]["active"] = False
    idents = (*(f"x{number}" for number in range(20)), "u6", "u2")
    found = run(server, users=[{"id": one, "state": "absent"} for one in idents])
    assert not found.failures and {"bob", "fay"}.isdisjoint(server.names("Users"))


@pytest.mark.parametrize("as_team, most", [(True, 0), (False, 2)])
def test_l1_a_whole_list_of_groups_says_that_a_member_is_none(as_team: bool, most: int) -> None:
    server = with_remains(gone=3)
    server["red"]["members"] = [one for one in server["red"]["members"] if one["value"] != "u6"]
    rows: dict[str, Any] = {"groups": [{"display_name": "red", "members": {"set": list(PEOPLE)}}]}
    if as_team:
        members = [{"user_name": one} for one in (*PEOPLE[:4], "fay")]
        rows = {"teams": [{"name": "red", "members": members}]}
    with pytest.raises(ScimError) as refused:
        run(server, policy=Policy(leavers="inactive"), **rows)
    assert "gone000" in str(refused.value) and "fay" in str(refused.value)
    of_groups = [one for one in server.sent("GET", "Groups") if "gone000" in str(one)]
    assert len(of_groups) == most
