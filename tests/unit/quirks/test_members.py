# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A membership write never ends with fewer people than were to be in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    Capabilities,
)
from ansible_collections.identity.scim.tests.unit.faults.hostile import hostile, run as go
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.lists_quirks import members_cut
from ansible_collections.identity.scim.tests.unit.quirks.members_quirks import (
    a_new_name_drops_members,
    add_replaces,
    add_takes_the_last,
    always_busy,
    answers_with_a_cut_list,
    answers_with_no_members,
    answers_without_members,
    external_ids_are_ignored,
    external_ids_are_refused,
    first_answer_is_lost,
    hidden_members,
    joins_are_ignored,
    members_listed_as,
    put_drops_members,
    remove_takes_all,
    remove_takes_all_for_good,
    remove_takes_the_first,
    removals_are_ignored,
    silent,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Quirk, Quirky

PEOPLE = ("ann", "bob", "cid", "dan", "eve", "fay")
VERIFY = ("removals", "writes", "none")
GOES_ON = {"stop_on_error": False}


def service(*quirks: Quirk, members: tuple[str, ...] = PEOPLE[:3], **more: Any) -> Quirky:
    """A service with six users, some of them in the group ``red``."""
    server = Quirky(*quirks, **more)
    for name in PEOPLE:
        server.user(name)
    server.group("red", members)
    return server


def reads(server: Quirky) -> int:
    """How many requests read one group by its id."""
    return sum(len(one.segments) == 2 for one in server.sent("GET", "Groups"))


ANSWERS: tuple[tuple[Quirk, ...], ...] = (
    (),
    (silent,),
    (answers_without_members,),
    (answers_with_no_members,),
    (answers_with_a_cut_list,),
)


@pytest.mark.parametrize("verify", VERIFY)
@pytest.mark.parametrize("answers", ANSWERS)
def test_l2_members_that_an_add_replaced_are_added_back_and_named(
    answers: tuple[Quirk, ...], verify: str
) -> None:
    server = service(*answers, add_replaces)
    found = run(
        server,
        policy=Policy(verify=verify),
        groups=[{"display_name": "red", "members": {"add": ["dan"]}}],
    )
    assert server.members("red") == {"ann", "bob", "cid", "dan"}
    assert "more members left the group than this run removed: ann, bob, cid" in str(found.error)
    assert "they were added back" in str(found.error)


@pytest.mark.parametrize("verify", VERIFY)
@pytest.mark.parametrize("answers", ANSWERS)
@pytest.mark.parametrize(
    "quirk, options, caps",
    [
        (a_new_name_drops_members, {"external_id": "x"}, {}),
        (put_drops_members, {"external_id": "x", "update_method": "put"}, {}),
        (put_drops_members, {"members": {"add": ["dan"]}, "update_method": "put"}, {}),
        (remove_takes_all, {"members": {"remove": ["ann"]}}, {}),
        (remove_takes_all, {"members": {"set": ["bob", "cid"]}}, {"patch_mix": "members_apart"}),
    ],
)
def test_l2_any_write_of_a_group_is_checked_for_members_that_left(
    quirk: Quirk,
    options: dict[str, Any],
    caps: dict[str, Any],
    answers: tuple[Quirk, ...],
    verify: str,
) -> None:
    server = service(*answers, quirk)
    found = run(
        server,
        policy=Policy(verify=verify),
        caps=caps,
        groups=[{"display_name": "red", **options}],
    )
    assert {"bob", "cid"} <= server.members("red")
    said = str(found.error)
    assert "bob, cid" in said and "they were added back" in said


def test_l2_nothing_more_is_written_after_the_first_group_lost_members() -> None:
    server = service(silent, remove_takes_all)
    server.group("zed", ["ann", "bob", "cid"])
    found = run(
        server,
        policy=Policy(**GOES_ON),
        groups=[
            {"display_name": name, "members": {"set": ["bob", "cid"]}} for name in ("red", "zed")
        ],
    )
    assert len(found.failures) == 1 and server.members("zed") == {"ann", "bob", "cid"}


def test_l2_members_that_cannot_be_added_back_are_named() -> None:
    server = service(remove_takes_all_for_good)
    found = run(server, groups=[{"display_name": "red", "members": {"remove": ["ann"]}}])
    assert "removed: bob, cid; they could not be added back" in str(found.error)


@pytest.mark.parametrize("verify", VERIFY)
@pytest.mark.parametrize(
    "quirk, members",
    [
        (remove_takes_the_first, {"remove": ["ann", "bob"]}),
        (remove_takes_the_first, {"set": ["cid"]}),
        (removals_are_ignored, {"set": ["cid"]}),
        (add_takes_the_last, {"add": ["dan", "eve"]}),
        (joins_are_ignored, {"add": ["dan"]}),
    ],
)
@pytest.mark.parametrize("answers", ANSWERS)
def test_l3_what_was_accepted_and_not_done_is_not_saved(
    quirk: Quirk, members: dict[str, Any], answers: tuple[Quirk, ...], verify: str
) -> None:
    server = service(*answers, quirk)
    before = server.members("red")
    found = run(
        server,
        policy=Policy(verify=verify),
        groups=[{"display_name": "red", "members": members}],
    )
    assert [one.not_saved for one in found.done] == [("members",)] and not found.failures
    (done,) = found.done
    joined = {found.named(key) for key in done.change.joins}
    left = {found.named(key) for key in done.change.leaves}
    assert (before | joined) - left == server.members("red")
    assert found.changed is (server.members("red") != before)


@pytest.mark.parametrize("answers", ANSWERS)
def test_l3_a_user_who_did_not_join_stays_in_the_old_group(answers: tuple[Quirk, ...]) -> None:
    server = service(*answers, joins_are_ignored)
    server.group("blue", ["fay"])
    found = run(
        server,
        policy=Policy(**GOES_ON),
        groups=[
            {"display_name": "blue", "members": {"set": ["ann", "fay"]}},
            {"display_name": "red", "members": {"set": ["cid"]}},
        ],
    )
    assert server.members("red") == {"ann", "cid"} and server.members("blue") == {"fay"}
    assert ("members",) in [one.not_saved for one in found.done]


def test_l3_a_service_that_ignored_a_join_is_read_back_each_time() -> None:
    server = service(silent, joins_are_ignored)
    server.group("zed", ["fay"])
    found = run(
        server,
        wait=0,
        groups=[{"display_name": name, "members": {"add": ["eve"]}} for name in ("red", "zed")],
    )
    assert [one.not_saved for one in found.done] == [("members",)] * 2 and reads(server) == 2
    assert not found.changed
    assert sum("the capability members_read says" in note for note in found.notes) == 2


def test_l3_a_join_of_a_group_that_hides_its_members_is_believed() -> None:
    server = service(silent, hidden_members, members=())
    found = run(server, groups=[{"display_name": "red", "members": {"add": ["ann"]}}])
    assert found.changed and [one.not_saved for one in found.done] == [()]


@pytest.mark.parametrize(
    "answers, verify, options, expected",
    [
        ((), "removals", {"members": {"add": ["eve"]}}, 0),
        ((), "none", {"members": {"remove": ["ann"]}}, 0),
        ((), "removals", {"external_id": "x"}, 0),
        ((silent,), "removals", {"members": {"add": ["eve"]}}, 1),
        ((silent,), "none", {"members": {"add": ["eve"]}}, 1),
        ((silent,), "none", {"members": {"remove": ["ann"]}}, 1),
        ((silent,), "removals", {"members": {"remove": ["ann"]}}, 1),
        ((silent,), "removals", {"external_id": "x"}, 1),
        ((answers_without_members,), "removals", {"external_id": "x"}, 1),
        ((answers_without_members,), "none", {"members": {"add": ["eve"]}}, 1),
    ],
)
def test_l2_the_first_write_is_read_once_unless_its_answer_shows_the_members(
    answers: tuple[Quirk, ...], verify: str, options: dict[str, Any], expected: int
) -> None:
    server = service(*answers)
    found = run(server, policy=Policy(verify=verify), groups=[{"display_name": "red", **options}])
    assert found.changed and not found.failures and reads(server) == expected


@pytest.mark.parametrize("first", [("fay",), ()])
def test_l2_a_proven_form_is_not_read_back_again(first: tuple[str, ...]) -> None:
    server = service(silent, members=first)
    for name in ("two", "three", "four"):
        server.group(name, first)
    rows = [
        {"display_name": name, "members": {"add": ["ann", "bob"]}}
        for name in ("red", "two", "three", "four")
    ]
    found = run(server, groups=rows)
    # Where no list shows a member of any group, one group by its id, in each form, says why.
    assert found.changed and reads(server) == (1 if first else 1 + 2)
    server.forget()
    assert not run(server, groups=rows).changed and reads(server) == 0


def test_l2_one_member_proves_nothing_of_several() -> None:
    server = service(silent, members=("fay",))
    server.group("two", ["fay"])
    rows = [
        {"display_name": "red", "members": {"add": ["ann"]}},
        {"display_name": "two", "members": {"add": ["ann", "bob"]}},
    ]
    assert run(server, groups=rows).changed and reads(server) == 2


ADDED = {"add": ["ann", "bob"]}


@pytest.mark.parametrize(
    ("caps", "change", "verify", "expected"),
    [
        ({}, ADDED, "removals", 1),
        ({"member_writes": ["add"]}, ADDED, "removals", 0),
        ({"member_writes": ["add"]}, ADDED, "none", 0),
        ({"member_writes": ["add"]}, ADDED, "writes", 3),
        ({"member_writes": ["remove_by_filter"]}, ADDED, "removals", 1),
        ({"member_writes": ["remove_by_filter"]}, {"remove": ["fay", "eve"]}, "none", 0),
        ({"member_writes": ["remove_by_list"]}, {"remove": ["fay", "eve"]}, "none", 1),
        ({"member_writes": ["add", "remove_by_filter"]}, {"set": ["ann"]}, "none", 0),
        ({"member_writes": ["add"]}, {"set": ["ann"]}, "none", 1),
        ({"member_writes": ["put"], "patch": False}, ADDED, "removals", 0),
        ({"patch": False}, ADDED, "removals", 1),
    ],
)
def test_l2_a_form_that_a_user_vouches_for_is_not_read_back_before_the_next_group(
    caps: dict[str, Any], change: dict[str, Any], verify: str, expected: int
) -> None:
    server = service(silent, members=("dan", "eve", "fay"))
    for name in ("two", "three"):
        server.group(name, ("dan", "eve", "fay"))
    rows = [{"display_name": name, "members": change} for name in ("red", "two", "three")]
    # Before a PUT each group is read, since a list may show only some of its members.
    before = 3 if "patch" in caps else 0
    found = run(server, policy=Policy(verify=verify), caps=caps, groups=rows)
    assert found.changed and not found.failures and reads(server) - before == expected


def profiled(name: str) -> Quirky:
    server = service(silent, members=("fay",), judged=False)
    server.group("two", ("fay",))
    with hostile(store=server) as web:
        said = go(
            web,
            "scim_directory",
            connection={"service_provider": name},
            groups=[{"display_name": one, "members": ADDED} for one in ("red", "two")],
        )
    assert not said.failure and said.changed
    return server


@pytest.mark.parametrize(("profile", "expected"), [("hcp", 0), ("interop", 1), ("wso2", 1)])
def test_l2_a_form_that_a_profile_proves_is_not_read_back(profile: str, expected: int) -> None:
    assert reads(profiled(profile)) == expected


@pytest.mark.parametrize("answers", [(), (answers_with_a_cut_list,)])
@pytest.mark.parametrize("verify", ["removals", "writes"])
def test_l1_the_end_state_is_checked_whatever_is_vouched_for(
    answers: tuple[Quirk, ...], verify: str
) -> None:
    server = service(*answers, add_replaces)
    server.group("two", PEOPLE[:3])
    found = run(
        server,
        policy=Policy(verify=verify, **GOES_ON),
        caps={"member_writes": ["add", "remove_by_filter"]},
        groups=[{"display_name": one, "members": {"add": ["dan"]}} for one in ("red", "two")],
    )
    assert "they were added back" in str(found.error)
    assert server.members("red") == set(PEOPLE[:4]) and server.members("two") == set(PEOPLE[:3])


@pytest.mark.parametrize("answers", ANSWERS)
def test_l17_members_are_added_back_although_the_run_must_end(
    answers: tuple[Quirk, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    views: list[Service] = []
    real = Service.viewed_with

    def seen(self: Service, capabilities: Capabilities) -> Service:
        views.append(self)
        return real(self, capabilities)

    def ends(_server: Quirky, asked: Asked, honest: Any) -> Answer:
        if asked.method == "PATCH":
            views[0].interrupted = True
        return honest(asked)

    monkeypatch.setattr(Service, "viewed_with", seen)
    server = service(ends, *answers, add_replaces)
    found = run(server, groups=[{"display_name": "red", "members": {"add": ["dan"]}}])
    assert "they were added back" in str(found.failures[0].error)
    assert server.members("red") == set(PEOPLE[:4])


def big(*quirks: Quirk) -> Quirky:
    """A service whose groups show 37 members of 60, in every answer."""
    server = Quirky(members_cut(37), *quirks)
    for number in range(61):
        server.user(f"n{number}")
    server.group("big", [f"n{number}" for number in range(60)])
    return server


@pytest.mark.parametrize("quirks", [(), (silent,)])
def test_l2_a_member_that_was_not_shown_before_says_that_lists_are_cut(
    quirks: tuple[Quirk, ...],
) -> None:
    server = big(*quirks)
    row = {"display_name": "big", "members": {"remove": ["n0", "n1"]}}
    found = run(server, groups=[row])
    assert found.changed and not found.failures and len(server.members("big")) == 58
    (note,) = [one for one in found.notes if "members_limit" in one]
    assert "capabilities: {members_limit: 37}" in note


def test_l2_a_leaver_keeps_the_account_once_lists_are_known_to_be_cut() -> None:
    server = big()
    server.group("first", [f"n{number}" for number in range(60)])
    server.group("team", ["n50", "n60"])
    groups = [{"display_name": "first", "members": {"add": ["n60"], "remove": ["n0"]}}]
    team = {"name": "team", "members": [{"user_name": "n60"}]}
    run(server, policy=Policy(leavers="inactive"), groups=groups, teams=[team])
    assert server["n50"]["active"] is True and "n50" in server.members("big")


def test_l2_an_exact_list_of_a_group_that_is_cut_is_refused_once_that_is_known() -> None:
    server = big()
    server.group("a first", [f"n{number}" for number in range(60)])
    rows = [
        {"display_name": "a first", "members": {"remove": ["n0"]}},
        {"display_name": "big", "members": {"set": ["n1", "n2"]}},
    ]
    found = run(server, groups=rows, policy=Policy(stop_on_error=False))
    assert len(server.members("a first")) == 59 and len(server.members("big")) == 60
    (failure,) = found.failures
    assert "an exact list cannot be applied" in str(failure.error)
    assert "shows members that it did not show before" in str(failure.error)


def test_l2_another_client_that_adds_members_to_a_small_group_is_no_cut_list() -> None:
    def another(server: Quirky, asked: Asked, honest: Any) -> Answer:
        answer = honest(asked)
        if asked.method == "PATCH":
            server.held["Groups"][server.id_of("red")]["members"].append({"value": "x"})
        return answer

    server = service(another, silent)
    row = {"display_name": "red", "members": {"remove": ["ann"]}}
    assert not [one for one in run(server, groups=[row]).notes if "members_limit" in one]


SIX = {"display_name": "red", "members": {"set": list(PEOPLE)}}
SPELLINGS: list[Callable[[str], Any]] = [
    str.upper,
    lambda ident: f"{{{ident}}}",
    lambda ident: f"Users/{ident}",
    lambda ident: f"{ident} ",
    lambda ident: f"00{ident}",
    lambda ident: f"no-{ident}-at-all",
]


def look_ups(server: Quirky) -> int:
    """How many requests looked users up by ids of members."""
    return sum(
        len(one.segments) == 2 or one.query.get("filter", "").startswith("id ")
        for one in server.sent("GET", "Users")
    )


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("by_filter, by_address", [(True, False), (False, True), (True, True)])
def test_l1_members_in_other_letters_are_the_users(
    by_filter: bool, by_address: bool, check: bool
) -> None:
    quirk = members_listed_as(str.upper, by_filter=by_filter, by_address=by_address)
    server = service(quirk, members=PEOPLE)
    found = run(server, check=check, groups=[SIX])
    assert not found.changed and not server.log
    assert look_ups(server) == (1 if by_filter else 1 + len(PEOPLE))


@pytest.mark.parametrize("spelt", SPELLINGS)
@pytest.mark.parametrize("by_filter", [True, False])
@pytest.mark.parametrize("by_address", [True, False])
@pytest.mark.parametrize("wanted", [PEOPLE, PEOPLE[:5], ("fay",)])
@pytest.mark.parametrize("verify", VERIFY)
@pytest.mark.parametrize("as_team", [False, True])
def test_l1_however_members_are_listed_nobody_who_is_to_be_in_leaves(
    spelt: Callable[[str], Any],
    by_filter: bool,
    by_address: bool,
    wanted: tuple[str, ...],
    verify: str,
    as_team: bool,
) -> None:
    quirk = members_listed_as(spelt, by_filter=by_filter, by_address=by_address)
    server = service(quirk, members=PEOPLE)
    rows: dict[str, Any] = {"groups": [{"display_name": "red", "members": {"set": list(wanted)}}]}
    if as_team:
        rows = {"teams": [{"name": "red", "members": [{"user_name": one} for one in wanted]}]}
    try:
        found = run(server, policy=Policy(verify=verify), **rows)
    except ScimError as refused:
        assert not server.log and server.members("red") == set(PEOPLE)
        assert spelt("u1") in str(refused) and wanted[0] in str(refused)
        assert not by_address or "/" in spelt("u1"), "such an id would be another address"
        return
    assert not found.failures and server.members("red") == set(wanted)
    server.forget()
    assert not run(server, **rows).changed


def test_l1_unknown_ids_are_looked_up_forty_at_a_time() -> None:
    server = Quirky(members_listed_as(str.upper, by_filter=True))
    names = [f"n{number:03}" for number in range(100)]
    for name in names:
        server.user(name)
    server.group("red", names)
    found = run(server, groups=[{"display_name": "red", "members": {"set": names}}])
    assert not found.changed and look_ups(server) <= 3


def test_l1_unknown_ids_that_no_one_knows_cost_one_request_in_forty() -> None:
    server = service(members=PEOPLE)
    server["red"]["members"] += [{"value": f"gone{number}"} for number in range(20)]
    found = run(server, check=True, groups=[SIX])
    assert [len(one.leaves) for one in found.plan.changes] == [20]
    assert look_ups(server) == 1


def test_l1_unknown_ids_leave_where_everybody_was_found_by_id() -> None:
    server = service(members=PEOPLE[:5])
    server["red"]["members"].append({"value": "gone"})
    found = run(server, groups=[{"display_name": "red", "members": {"set": list(PEOPLE[:5])}}])
    assert found.changed and server.members("red") == set(PEOPLE[:5])


def test_l1_an_unknown_id_beside_a_missing_user_refuses_the_removal_and_names_both() -> None:
    server = service(members=PEOPLE[:5])
    server["red"]["members"].append({"value": "gone"})
    with pytest.raises(ScimError) as refused:
        run(server, groups=[SIX])
    assert "gone" in str(refused.value) and "fay" in str(refused.value) and not server.log
    named = {"display_name": "red", "members": {"remove": [{"id": "gone"}]}}
    assert run(server, groups=[named]).changed
    assert run(server, groups=[SIX]).changed and server.members("red") == set(PEOPLE)


def test_l1_a_user_that_is_created_now_is_not_one_of_the_unknown_ids() -> None:
    server = service(members_listed_as(lambda ident: ident.replace("u6", "gone")), members=PEOPLE)
    rows = [{"display_name": "red", "members": {"set": [*PEOPLE[:5], "new"]}}]
    found = run(server, users=[{"user_name": "new"}], groups=rows)
    assert found.changed and server.members("red") == {*PEOPLE[:5], "new"}


def test_l1_groups_as_members_count_as_known() -> None:
    server = service(members=PEOPLE[:5])
    server.group("blue", [])
    server["red"]["members"].append({"value": server.id_of("blue")})
    found = run(server, groups=[SIX])
    assert found.changed and server.members("red") == set(PEOPLE)


def test_l1_a_group_of_users_who_are_all_listed_asks_nothing_more() -> None:
    server = service(members=PEOPLE)
    assert not run(server, groups=[SIX]).changed
    assert look_ups(server) == 0 and server.requests == 2


@pytest.mark.parametrize("by_filter", [True, False])
def test_l1_named_members_in_other_letters_join_and_leave_once(by_filter: bool) -> None:
    quirk = members_listed_as(str.upper, by_filter=by_filter, by_address=True)
    server = service(silent, quirk, members=PEOPLE[:3])
    add = {"display_name": "red", "members": {"add": ["ann", "dan"]}}
    found = run(server, groups=[add])
    assert [one.not_saved for one in found.done] == [()]
    assert [found.named(key) for key in found.done[0].change.joins] == ["dan"]
    assert not run(server, groups=[add]).changed
    remove = {"display_name": "red", "members": {"remove": ["ann"]}}
    assert run(server, groups=[remove]).changed
    assert server.members("red") == {"bob", "cid", "dan"}
    removal = server.log[-1][2]["Operations"][0]["path"]
    assert removal == 'members[value eq "U1"]' or removal == 'members[value eq "u1"]'
    assert not run(server, groups=[remove]).changed


def test_l1_a_member_leaves_by_the_id_under_which_the_group_lists_it() -> None:
    server = service(members_listed_as(str.upper, by_filter=True), members=PEOPLE)
    rows = [{"display_name": "red", "members": {"set": list(PEOPLE[:5])}}]
    found = run(server, groups=rows)
    assert [found.named(key) for key in found.done[0].change.leaves] == ["fay"]
    (patched,) = server.sent("PATCH")
    assert patched.body["Operations"][0]["path"] == 'members[value eq "U6"]'


@pytest.mark.parametrize("alike", [True])
def test_l1_ids_as_numbers_are_the_ids_as_text(alike: bool) -> None:
    server = service(members_listed_as(int), members=PEOPLE, alike=alike)
    assert not run(server, groups=[SIX]).changed


def test_l1_a_users_own_groups_are_found_in_other_letters() -> None:
    server = service(members_listed_as(str.upper, by_filter=True), members=PEOPLE)
    server.group("blue", ["ann"])
    rows = [{"user_name": "ann", "groups": {"set": ["blue"]}}]
    found = run(server, users=rows)
    assert found.changed and server.members("red") == set(PEOPLE) - {"ann"}
    assert server.members("blue") == {"ann"}
    assert not run(server, users=rows).changed


def test_l2_what_was_done_before_the_loss_counts_as_changed() -> None:
    server = service(silent, add_replaces)
    found = run(server, groups=[{"display_name": "red", "members": {"add": ["dan"]}}])
    assert found.changed and found.failures and found.operations[0]["method"] == "PATCH"
    (done,) = found.done
    assert done.failed and [found.named(key) for key in done.change.joins] == ["dan"]


def test_l2_members_that_a_write_with_a_lost_answer_removed_are_added_back() -> None:
    server = service(first_answer_is_lost(), a_new_name_drops_members)
    found = run(server, groups=[{"display_name": "red", "external_id": "x"}])
    assert server.members("red") == set(PEOPLE[:3]) and "ann, bob, cid" in str(found.error)


def test_l2_members_that_a_failed_write_removed_are_added_back() -> None:
    server = service(always_busy, a_new_name_drops_members)
    found = run(server, groups=[{"display_name": "red", "external_id": "x"}])
    assert server.members("red") == set(PEOPLE[:3]) and "ann, bob, cid" in str(found.error)


@pytest.mark.parametrize("quirk", [external_ids_are_ignored, external_ids_are_refused])
@pytest.mark.parametrize("answers", ANSWERS)
def test_l2_members_that_left_are_not_lost_when_attributes_are_sent_again(
    quirk: Quirk, answers: tuple[Quirk, ...]
) -> None:
    server = service(*answers, quirk)
    row = {"display_name": "red", "external_id": "x", "members": {"set": ["bob", "dan"]}}
    found = run(server, groups=[row])
    assert server.members("red") == {"bob", "dan"} and found.changed
    assert "more members left" not in str(found.error)
