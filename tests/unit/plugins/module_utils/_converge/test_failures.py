# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left of later changes after a failure, and which failures end a run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.alone import PartlyRefused
from ansible_collections.identity.scim.plugins.module_utils._converge.effects import Done
from ansible_collections.identity.scim.plugins.module_utils._converge.failures import Failures
from ansible_collections.identity.scim.plugins.module_utils._converge.members import MembersLost
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._plan.change import (
    Change,
    MembershipChange,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.parts import urgent_part
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Limit, Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    group_change,
    user_change,
    users,
)

PAM = user_change("bulkId:pam", None, {"userName": "pam"})
MANAGER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value"
REFUSED = ScimError("no", status=400)


def after(*changes: object) -> Failures:
    failures = Failures()
    for change in changes:
        failures.add(change, REFUSED)  # type: ignore[arg-type]
    return failures


def test_a_user_that_was_not_created_does_not_join() -> None:
    change = group_change(
        "g1",
        "red",
        {"displayName": "red"},
        MembershipChange(current=frozenset(), joins=users("bulkId:pam", "u2")),
    )
    rest, is_partial = after(PAM).feasible(change)
    assert is_partial and rest.joins == users("u2") and rest.verb == "update"
    assert Failures().feasible(change) == (change, False)


@pytest.mark.parametrize("ident", ["bulkId:pam", "u5"])
def test_nothing_is_written_about_or_with_a_resource_that_was_not_created(ident: str) -> None:
    flat = {"userName": "jim", MANAGER: "bulkId:pam"}
    change = user_change(ident, {"userName": "jim"}, flat)
    rest, is_partial = after(PAM).feasible(change)
    assert is_partial and rest.verb == "keep"


def test_a_group_of_that_id_is_not_taken_for_the_user_that_was_not_created() -> None:
    change = group_change(
        "bulkId:pam", "pam", {}, MembershipChange(current=frozenset(), joins=users("u2"))
    )
    assert after(PAM).feasible(change) == (change, False)


def test_users_whose_join_or_removal_failed_do_not_leave() -> None:
    joining = MembershipChange(current=frozenset(), joins=users("u1"))
    failures = after(
        group_change("g1", "red", {"displayName": "red"}, joining),
        user_change("u2", {"userName": "b", "active": True}, {"userName": "b", "active": False}),
        user_change("u3", {"userName": "c"}, None),
        user_change("u4", {"userName": "d"}, {"userName": "d", "title": "x"}),
    )
    leaves = users("u1", "u2", "u3", "u4")
    leaving = MembershipChange(current=frozenset(leaves), leaves=leaves, unlisted=frozenset(leaves))
    rest, is_partial = failures.feasible(
        group_change("g2", "blue", {"displayName": "blue"}, leaving)
    )
    assert is_partial and rest.leaves == users("u4") and rest.membership is not None
    assert rest.membership.unlisted == {*users("u4")}


def leaving(ident: str, *current: str) -> Change:
    """Return the second part of a change: u1 leaves a group of these members."""
    moves = MembershipChange(current=frozenset(users(*current)), leaves=users("u1"))
    return group_change(ident, ident, {"displayName": ident}, moves)


def joining(*idents: str) -> Change:
    moves = MembershipChange(current=frozenset(users("u1")), joins=users(*idents))
    return group_change("g1", "g1", {"displayName": "g1"}, moves)


def test_members_that_did_not_join_are_no_members_later() -> None:
    failures = after(joining("u2"))
    failures.note(joining("u3", "u4"), joining("u4"))
    rest, is_partial = failures.feasible(leaving("g1", "u1", "u2", "u3", "u4"))
    assert not is_partial and rest.moves.current == {*users("u1", "u4")}
    other = leaving("g2", "u1", "u2", "u3", "u4")
    assert failures.feasible(other) == (other, False)


def test_a_user_that_was_not_created_is_no_member_of_any_group_later() -> None:
    rest, is_partial = after(PAM).feasible(leaving("g1", "u1", "bulkId:pam"))
    assert not is_partial and rest.moves.current == {*users("u1")}


def test_members_that_could_not_be_read_stay_unknown() -> None:
    change = group_change(
        "g1", "g1", {"displayName": "g1"}, MembershipChange(current=None, leaves=users("u1"))
    )
    assert after(joining("u2")).feasible(change) == (change, False)


def further(*idents: str) -> Change:
    """Return a change: users leave a further group of the team that they leave."""
    leaves = users(*idents)
    moves = MembershipChange(
        current=frozenset(users("u1", "u2", "u3")),
        leaves=leaves,
        unlisted=frozenset(leaves),
        given=frozenset(leaves),
    )
    return group_change("g3", "branch", {"displayName": "branch"}, moves)


def test_users_that_did_not_leave_a_further_group_do_not_leave_their_team() -> None:
    own = leaving("g1", "u1", "u2")
    rest, is_partial = after(further("u1")).feasible(own)
    assert is_partial and not rest.leaves
    assert after(further("u2")).feasible(own) == (own, False)
    failures = Failures()
    failures.note(further("u1", "u2"), further("u2"))
    assert failures.feasible(own)[0].leaves == ()
    assert after(leaving("g2", "u1")).feasible(own) == (own, False)


def test_members_of_a_group_that_is_not_changed_stay_where_they_are() -> None:
    """The group takes a name that another one kept, so nobody joins it."""
    failures = after(replace(joining("u9"), key=Key("Group", "g8"), frees=("displayName",)))
    waiting = replace(joining("u1"), waits_for=frozenset({Key("Group", "g8")}))
    rest, is_partial = failures.feasible(waiting)
    assert is_partial and rest.verb == "keep"
    assert not failures.feasible(leaving("g2", "u1"))[0].leaves


@pytest.mark.parametrize(
    "policy, status, ends",
    [
        (Policy(), 400, True),
        (Policy(stop_on_error=False), 400, False),
        (Policy(stop_on_error=False), 401, True),
        (Policy(stop_on_error=False), 403, True),
        (Policy(stop_on_error=False, stop_after=Limit(count=1)), 400, True),
        (Policy(stop_on_error=False, stop_after=Limit(count=2)), 400, False),
        (Policy(stop_on_error=False, stop_after=Limit(percent=10)), 400, True),
        (Policy(stop_on_error=False, stop_after=Limit(percent=11)), 400, False),
        (Policy(stop_on_error=False, stop_after=Limit()), 400, False),
    ],
)
def test_policy_and_status_decide_whether_the_run_ends(
    policy: Policy, status: int, ends: bool
) -> None:
    failures = Failures()
    failures.add(PAM, ScimError("no", status=status))
    assert failures.end_run(policy, planned=10) is ends


def test_a_user_that_did_not_join_does_not_leave_another_group() -> None:
    failures = Failures()
    flat = {"displayName": "red"}
    joining = group_change(
        "g1", "red", flat, MembershipChange(current=frozenset(), joins=users("u1", "u2"))
    )
    done = group_change("g1", "red", flat, MembershipChange(current=frozenset(), joins=users("u2")))
    failures.note(joining, done)
    leaving = group_change(
        "g2",
        "blue",
        {"displayName": "blue"},
        MembershipChange(current=frozenset(users("u1", "u2")), leaves=users("u1", "u2")),
    )
    rest, is_partial = failures.feasible(leaving)
    assert is_partial and rest.leaves == users("u2")


def test_members_that_were_lost_end_every_run() -> None:
    failures = after(PAM)
    goes_on = Policy(stop_on_error=False)
    assert not failures.end_run(goes_on, 9)
    failures.add(PAM, MembersLost("no", None, doing="", hint=""))
    assert failures.end_run(goes_on, 9)


def titled(number: int) -> Change:
    return user_change(f"u{number}", {"userName": "x"}, {"userName": "x", "title": str(number)})


def test_e2_refused_attributes_stop_other_attributes_and_nothing_else() -> None:
    policy = Policy(stop_on_error=False, stop_after=Limit(count=3))
    failures = after(*map(titled, range(3)))
    assert not failures.end_run(policy, 50)
    assert failures.is_skipped(titled(4), policy, 50)
    leaver = user_change(
        "u9", {"userName": "z", "active": True}, {"userName": "z", "active": False}
    )
    leaves = MembershipChange(current=frozenset(users("u1")), leaves=users("u1"))
    leaving = group_change("g1", "red", {"displayName": "red"}, leaves)
    for change in (leaver, leaving, PAM, user_change("u8", {"userName": "y"}, None)):
        assert not failures.is_skipped(change, policy, 50)
    failures.add(leaver, ScimError("no", status=500))
    assert not failures.end_run(policy, 50)
    for _time in range(2):
        failures.add(leaver, ScimError("no", status=500))
    assert failures.end_run(policy, 50)


def test_e2_other_failures_skip_no_single_update() -> None:
    policy = Policy(stop_on_error=False, stop_after=Limit(count=1))
    assert not after(PAM).is_skipped(titled(1), policy, 50) and after(PAM).end_run(policy, 50)


LEAVER = user_change(
    "u9", {"userName": "z", "active": True}, {"userName": "z", "active": False, "title": "x"}
)
GOES_ON = Policy(stop_on_error=False)


def partly(status: int, made: Change) -> PartlyRefused:
    return PartlyRefused(
        ScimError("no", status=status), Done(change=made, resource=None, changed=True)
    )


@pytest.mark.parametrize("status", [400, 403, 500, 503])
def test_e2_a_leaver_that_was_deactivated_leaves_though_its_attributes_were_refused(
    status: int,
) -> None:
    made = urgent_part(LEAVER)
    assert made is not None
    moves = MembershipChange(current=frozenset(users("u9")), leaves=users("u9"))
    leaving = group_change("g1", "red", {"displayName": "red"}, moves)
    failures = Failures()
    failures.add(LEAVER, partly(status, made))
    assert failures.feasible(leaving) == (leaving, False)
    assert not failures.end_run(GOES_ON, 50)
    failures.add(LEAVER, ScimError("no", status=status))
    assert failures.feasible(leaving)[0].leaves == ()
    assert failures.end_run(GOES_ON, 50) is (status == 403)


def test_e2_a_403_of_attributes_ends_these_and_a_second_one_the_run() -> None:
    failures = Failures()
    failures.add(titled(1), ScimError("no", status=403))
    assert not failures.end_run(GOES_ON, 50)
    assert failures.is_skipped(titled(2), GOES_ON, 50)
    left, is_partial = failures.feasible(LEAVER)
    assert is_partial and left.paths == ("active",)
    failures.add(PAM, ScimError("no", status=403))
    assert failures.end_run(GOES_ON, 50)


def test_e2_a_401_of_attributes_ends_the_run() -> None:
    failures = Failures()
    failures.add(titled(1), ScimError("no", status=401))
    assert failures.end_run(GOES_ON, 50)


def test_e2_a_policy_that_stops_may_leave_out_attributes() -> None:
    failures = after(titled(1))
    assert failures.end_run(Policy(), 50)
    assert not failures.end_run(Policy(stop_on_attributes=False), 50)
    failures.add(PAM, REFUSED)
    assert failures.end_run(Policy(stop_on_attributes=False), 50)


def test_e2_members_that_joined_are_in_though_an_attribute_was_refused() -> None:
    failures = Failures()
    failures.add(joining("u2", "u3"), partly(400, joining("u2")))
    rest, is_partial = failures.feasible(leaving("g1", "u1", "u2", "u3"))
    assert not is_partial and rest.moves.current == {*users("u1", "u2")}
    moves = MembershipChange(current=frozenset(users("u2", "u3")), leaves=users("u2", "u3"))
    rest, is_partial = failures.feasible(group_change("g2", "g2", {"displayName": "g2"}, moves))
    assert is_partial and rest.leaves == users("u2")


def test_e2_after_refused_attributes_there_is_room_for_everything_else() -> None:
    policy = Policy(stop_on_error=False, stop_after=Limit(count=3))
    failures = after(titled(0), titled(1))
    assert failures.room(policy, 50) == 1
    failures.add(titled(2), REFUSED)
    assert failures.room(policy, 50) == 3
    failures.add(PAM, REFUSED)
    assert failures.room(policy, 50) == 2
    share = Policy(stop_on_error=False, stop_after=Limit(percent=10))
    failures = Failures()
    failures.add(titled(0), ScimError("no", status=403))
    assert failures.room(share, 50) == 5
