# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service refuses, says and only pretends to do: L13, L15, W1, W2."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Limit, Policy
from ansible_collections.identity.scim.tests.unit.faults import hostile
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import team
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirk, Quirky
from ansible_collections.identity.scim.tests.unit.quirks.wire_quirks import (
    deactivates_instead,
    deletes_late,
    deletes_nothing,
    keeps_active,
    keeps_active_silently,
    keeps_deleted_members,
    repeats_what_was_sent,
)

ACTIVE = [keeps_active, keeps_active_silently, repeats_what_was_sent]


def policy(leavers: str) -> Policy:
    """Return the policy of a directory."""
    return Policy(leavers=leavers, stop_on_error=False, stop_after=Limit())


def office(*quirks: Quirk, **more: Any) -> Quirky:
    """Return a service with a team of three, and one user beside it."""
    server = Quirky(*quirks, **more)
    for name in ("ann", "bob", "cat", "dan"):
        server.user(name)
    server.group("red", ["ann", "bob", "cat"])
    return server


def leave(server: Quirky, leavers: str = "inactive", *staying: str, **more: Any) -> Outcome:
    """Run the team with these members only."""
    return run(server, policy=policy(leavers), teams=[team("red", *(staying or ("ann",)))], **more)


def sentences(outcome: Outcome) -> list[str]:
    """Return the failures as they are printed."""
    return [str(one.error) for one in outcome.failures]


@pytest.mark.parametrize("quirk", ACTIVE)
@pytest.mark.parametrize("caps", [{}, {"patch": False}, {"unsaved": ["active"]}])
def test_l15_a_leaver_that_stays_active_stays_in_the_team_and_is_reported_in_every_run(
    quirk: Quirk, caps: dict[str, Any]
) -> None:
    server = office(quirk)
    for _run in range(3):
        outcome = leave(server, caps=caps)
        assert server.members("red") == {"ann", "bob", "cat"}
        assert len(outcome.failures) == 2 and not outcome.changed
        for name, said in zip(("bob", "cat"), sentences(outcome)):
            assert f"user '{name}'" in said and "still active" in said


@pytest.mark.parametrize("quirk", ACTIVE)
def test_l15_the_others_leave(quirk: Quirk) -> None:
    """Only one user is kept active, as an owner of the service would be."""

    def owner(server: Quirky, asked: Any, honest: Any) -> Any:
        if asked.segments[-1] == server["cat"]["id"]:
            return quirk(server, asked, honest)
        return honest(asked)

    server = office(owner)
    outcome = leave(server)
    if quirk is not repeats_what_was_sent:  # the first deactivation alone is read back there
        assert server.members("red") == {"ann", "cat"}
        assert len(outcome.failures) == 1 and not server["bob"]["active"]


def test_l15_other_attributes_of_a_user_that_stays_active_count_as_changed() -> None:
    server = office(keeps_active)
    users = [{"user_name": "bob", "title": "Dr", "active": False}]
    outcome = run(server, policy=policy("keep"), users=users)
    (done,) = outcome.performed
    assert done.verb == "update" and server["bob"]["title"] == "Dr"
    assert "still active" in sentences(outcome)[0]


def test_l15_offboarded_users_that_stay_active_stay_members_of_every_group() -> None:
    server = office(keeps_active)
    server.group("all", ["ann", "bob", "cat"])
    gone = team("red", "bob", "cat", state="offboarded", groups=["all"])
    outcome = run(server, policy=policy("inactive"), teams=[gone])
    assert server.members("red") == server.members("all") == {"ann", "bob", "cat"}
    assert len(outcome.failures) == 2


@pytest.mark.parametrize("state", ["inactive", "absent"])
def test_l15_purged_users_that_stay_are_failures(state: str) -> None:
    server = office(keeps_active, deletes_nothing())
    purge = Policy(purge={"User": state}, stop_on_error=False, stop_after=Limit())
    users = [{"user_name": name} for name in ("ann", "bob", "cat")]
    outcome = run(server, policy=purge, users=users)
    assert "dan" in sentences(outcome)[0] and not outcome.changed


def test_l15_a_deactivation_costs_no_read_of_its_own_where_its_answer_shows_it() -> None:
    server = office()
    run(server, users=[{"user_name": "bob", "active": False}])
    assert server.requests == 2


def test_l15_leavers_cost_one_read_for_all_of_them() -> None:
    server = office()
    leave(server)
    by_id = [one for one in server.sent("GET", "Users") if len(one.segments) == 2]
    before = len(server.sent("PATCH", "Users")) + 2  # those that leave are read before
    assert len(server.sent("PATCH", "Users")) == 2 and len(by_id) <= before - 1


@pytest.mark.parametrize("status", [200, 202, 204])
@pytest.mark.parametrize("kept", [(), (keeps_deleted_members,)])
def test_l15_a_leaver_that_is_not_deleted_stays_in_the_team(
    status: int, kept: tuple[Quirk, ...]
) -> None:
    server = office(deletes_nothing(status=status), *kept)
    for _run in range(3):
        outcome = leave(server, "absent")
        assert server.members("red") == {"ann", "bob", "cat"}
        assert len(outcome.failures) == 2 and not outcome.changed
        assert all("still exists" in one for one in sentences(outcome))


def test_l15_a_later_deletion_that_is_not_done_keeps_its_user_in_every_group() -> None:
    """The first deletion is done, so the next one is believed until the user is to leave."""
    server = office(deletes_nothing(but=1), keeps_deleted_members)
    server.group("blue", ["ann", "bob", "cat"])
    teams = [team("red", "ann"), team("blue", "ann")]
    outcome = run(server, policy=policy("absent"), teams=teams)
    assert "bob" not in server.names("Users")
    ident = server.id_of("cat")
    for group in ("red", "blue"):
        assert {"value": ident} in server[group]["members"] and len(server[group]["members"]) == 2
    (said,) = sentences(outcome)
    assert "user 'cat'" in said and "still exists" in said
    assert [one.name for one in outcome.performed if one.verb == "delete"] == ["bob"]


def test_l15_users_of_a_service_that_only_deactivates_leave() -> None:
    server = office(deactivates_instead)
    outcome = leave(server, "absent")
    assert not outcome.failures and server.members("red") == {"ann"}
    assert not server["bob"]["active"]
    server.forget()
    assert not leave(server, "absent").changed


def test_l15_a_deletion_that_shows_late_is_waited_for() -> None:
    server = office(deletes_late(reads=2))
    with hostile.hostile(store=server) as service:
        said = hostile.run(
            service,
            "scim_user",
            user_name="bob",
            state="absent",
            connection={"consistency_wait": 2},
        )
    assert not said.failure and said.changed


@pytest.mark.parametrize("kind", ["Users", "Groups"])
@pytest.mark.parametrize("status", [200, 204])
def test_l15_a_module_fails_for_what_it_could_not_delete(kind: str, status: int) -> None:
    with hostile.hostile(store=office(deletes_nothing(kind, status))) as service:
        for _run in range(2):
            if kind == "Users":
                said = hostile.run(service, "scim_user", user_name="bob", state="absent")
            else:
                said = hostile.run(service, "scim_group", display_name="red", state="absent")
            assert "still exists" in said.failure and not said.changed


def test_l15_one_deletion_is_proved_for_all_of_a_type() -> None:
    server = office()
    run(server, users=[{"user_name": one, "state": "absent"} for one in ("bob", "cat", "dan")])
    by_id = [one for one in server.sent("GET", "Users") if len(one.segments) == 2]
    assert len(by_id) == 1 and server.names("Users") == {"ann"}


@pytest.mark.parametrize("quirk", [keeps_active, keeps_active_silently])
def test_l15_a_module_fails_for_what_it_could_not_deactivate(quirk: Quirk) -> None:
    with hostile.hostile(store=office(quirk)) as service:
        for _run in range(2):
            said = hostile.run(service, "scim_user", user_name="bob", state="inactive")
            assert "still active" in said.failure and not said.changed
            assert said.result["not_saved"] == ["active"]
