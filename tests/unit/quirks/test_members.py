# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A membership write never ends with fewer people than were to be in."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.quirks.members_quirks import (
    a_new_name_drops_members,
    add_replaces,
    add_takes_the_last,
    answers_with_a_cut_list,
    answers_with_no_members,
    answers_without_members,
    hidden_members,
    joins_are_ignored,
    put_drops_members,
    remove_takes_all,
    remove_takes_all_for_good,
    remove_takes_the_first,
    removals_are_ignored,
    silent,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirk, Quirky

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
        groups=[{"display_name": name, "members": {"add": ["eve"]}} for name in ("red", "zed")],
    )
    assert [one.not_saved for one in found.done] == [("members",)] * 2 and reads(server) == 2
    assert not found.changed


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
    assert found.changed and reads(server) == 1
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
