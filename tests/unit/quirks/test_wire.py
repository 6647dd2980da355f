# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service refuses, says and only pretends to do: L13, L15, W1, W2."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._ansible.perform import perform
from ansible_collections.identity.scim.plugins.module_utils._converge.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Limit, Policy
from ansible_collections.identity.scim.tests.unit.faults import hostile
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import team
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Quirk, Quirky
from ansible_collections.identity.scim.tests.unit.quirks.wire_quirks import (
    deactivates_instead,
    deletes_late,
    deletes_nothing,
    keeps_active,
    keeps_active_silently,
    keeps_deleted_members,
    lists_without_members,
    refuses,
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
    for _run in range(2):
        outcome = leave(server)
        assert server.members("red") == {"ann", "cat"}
        (said,) = sentences(outcome)
        assert "user 'cat'" in said and "still active" in said and not server["bob"]["active"]
        assert "cat" not in [one.name for one in outcome.performed]


@pytest.mark.parametrize("silent", [False, True])
def test_l15_a_deactivation_that_shows_late_is_waited_for(silent: bool) -> None:
    left: dict[str, int] = {}

    def late(server: Quirky, asked: Any, honest: Any) -> Any:
        answer = honest(asked)
        ident = asked.segments[-1]
        if asked.method == "PATCH" and asked.kind == "Users":
            left[ident] = 2
            return Answer(204) if silent else answer
        if asked.method == "GET" and left.get(ident, 0) > 0:
            left[ident] -= 1
            return replace(answer, body={**answer.body, "active": True})
        return answer

    server = office(late)
    outcome = leave(server)
    assert not outcome.failures and server.members("red") == {"ann"}
    assert not leave(server).changed


def test_l15_offboarded_users_that_an_answer_calls_inactive_are_read_before_they_leave() -> None:
    def owner(server: Quirky, asked: Any, honest: Any) -> Any:
        if asked.segments[-1] == server["cat"]["id"]:
            return repeats_what_was_sent(server, asked, honest)
        return honest(asked)

    server = office(owner)
    server.group("all", ["ann", "bob", "cat"])
    gone = team("red", "bob", "cat", state="offboarded", groups=["all"])
    outcome = run(server, policy=policy("inactive"), teams=[gone])
    assert server.members("red") == server.members("all") == {"ann", "cat"}
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


def test_l15_leavers_cost_one_read_for_the_first_and_one_for_the_others() -> None:
    server = office()
    for number in range(15):
        server.user(f"n{number}")
        server["red"]["members"].append({"value": server.id_of(f"n{number}")})
    leave(server)
    begun = [number for number, one in enumerate(server.asked) if one.method == "PATCH"]
    reads = [one for one in server.asked[begun[0] :] if one.method == "GET" and one.kind == "Users"]
    assert len(server.sent("PATCH", "Users")) == 17 and len(reads) == 2


def test_l15_a_single_leaver_costs_one_read() -> None:
    server = office()
    leave(server, "inactive", "ann", "bob")
    begun = [number for number, one in enumerate(server.asked) if one.method == "PATCH"]
    reads = [one for one in server.asked[begun[0] :] if one.method == "GET" and one.kind == "Users"]
    assert len(server.sent("PATCH", "Users")) == 1 and len(reads) == 1


@pytest.mark.parametrize("status", [200, 204])
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


def test_l16_a_leaver_whose_deletion_is_promised_for_ever_is_pending_in_every_run() -> None:
    server = office(deletes_nothing(status=202))
    for _run in range(2):
        outcome = leave(server, "absent")
        assert server.members("red") == {"ann", "bob", "cat"}
        assert len(outcome.promised) == 2 and not outcome.failures and outcome.changed


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


# L13: reads that only judge leavers


def listing_groups(asked: Asked) -> bool:
    """Whether all groups are listed."""
    return asked.is_listing and asked.kind == "Groups"


REFUSALS = [
    (403, "", "no"),
    (404, "", ""),
    (400, "tooMany", "too many results"),
    (413, "", "too large"),
    (501, "", ""),
    (500, "", "broken"),
]


@pytest.mark.parametrize(("status", "scim_type", "detail"), REFUSALS)
@pytest.mark.parametrize("check", [False, True])
def test_l13_a_refused_list_of_groups_leaves_leavers_their_accounts(
    status: int, scim_type: str, detail: str, check: bool
) -> None:
    server = office(refuses(listing_groups, status, scim_type, detail))
    outcome = leave(server, check=check)
    assert [one.verb for one in outcome.performed] == ["update"] and not outcome.failures
    (note,) = outcome.notes
    assert str(status) in note and detail in note and note.endswith("deactivated: bob, cat")
    assert server["bob"]["active"] and server["cat"]["active"]
    assert server.members("red") == ({"ann", "bob", "cat"} if check else {"ann"})


def test_l13_refused_credentials_end_the_run() -> None:
    server = office(refuses(listing_groups, 401))
    with pytest.raises(ScimError, match="401"):
        leave(server)
    assert not server.log


@pytest.mark.parametrize("leavers", ["inactive", "absent"])
@pytest.mark.parametrize("status", [400, 403, 501])
def test_l13_a_refused_group_beside_the_team_leaves_leavers_their_accounts(
    status: int, leavers: str
) -> None:
    def secret(asked: Asked) -> bool:
        return asked.segments == ("Groups", server.id_of("secret"))

    server = office(refuses(secret, status), lists_without_members)
    server.group("secret", ["bob"])
    outcome = leave(server, leavers, caps={"members_read": "get"})
    (note,) = outcome.notes
    assert "the members of secret cannot be read" in note and str(status) in note
    assert note.endswith(": bob, cat")
    assert server.members("red") == {"ann"} and server["cat"]["active"]


def test_l13_groups_that_do_not_count_may_be_refused() -> None:
    def secret(asked: Asked) -> bool:
        return asked.segments == ("Groups", server.id_of("secret"))

    server = office(refuses(secret), lists_without_members)
    server.group("secret", ["bob"])
    ignoring = Policy(leavers="inactive", ignored_groups=("secret",))
    run(server, policy=ignoring, teams=[team("red", "ann")], caps={"members_read": "get"})
    assert not server["bob"]["active"] and not server["cat"]["active"]


@pytest.mark.parametrize("status", [403, 501])
@pytest.mark.parametrize("caps", [{}, {"filter_ids": True}, {"filter_ids": False}])
def test_l13_leavers_that_cannot_be_read_keep_their_accounts(
    status: int, caps: dict[str, Any]
) -> None:
    def leavers(asked: Asked) -> bool:
        by_id = asked.kind == "Users" and len(asked.segments) == 2
        return by_id or "id eq" in asked.query.get("filter", "")

    server = office(refuses(leavers, status))
    outcome = leave(server, caps=caps)
    assert server.members("red") == {"ann"} and not outcome.failures
    assert server["bob"]["active"] and server["cat"]["active"]
    (note,) = outcome.notes
    assert "these users could not be read" in note and str(status) in note
    for name in ("bob", "cat"):
        assert server.id_of(name) in note


def test_l13_members_that_change_must_be_readable() -> None:
    server = office(refuses(lambda asked: asked.segments == ("Groups", server.id_of("red"))))
    server.quirks.append(lists_without_members)
    with pytest.raises(ScimError, match="403"):
        leave(server, caps={"members_read": "get"})
    assert not server.log


def test_l13_an_exact_list_of_groups_needs_all_of_them() -> None:
    server = office(refuses(listing_groups))
    with pytest.raises(ScimError, match="403"):
        run(server, users=[{"user_name": "bob", "groups": {"set": ["red"]}}])
    assert not server.log


@pytest.mark.parametrize(("status", "scim_type", "detail"), REFUSALS)
def test_l13_where_users_cannot_be_counted_leavers_keep_their_accounts(
    status: int, scim_type: str, detail: str
) -> None:
    def listing(asked: Asked) -> bool:
        return asked.is_listing and asked.kind == "Users"

    server = office(refuses(listing, status, scim_type, detail))
    few = Policy(leavers="inactive", thresholds={"users_removed": Limit(percent=60)})
    outcome = run(server, policy=few, teams=[team("red", "ann")])
    (note,) = outcome.notes
    assert str(status) in note and note.endswith(": bob, cat")
    assert server.members("red") == {"ann"} and server["bob"]["active"]


def test_l13_users_are_not_counted_twice_where_it_is_refused() -> None:
    """What the input itself deactivates still needs the number of users."""
    server = office(refuses(lambda asked: asked.is_listing and asked.kind == "Users"))
    few = Policy(leavers="inactive", thresholds={"users_removed": Limit(percent=20)})
    rows = [{"user_name": name, "active": False} for name in ("bob", "cat")]
    with pytest.raises(ScimError, match="403"):
        run(server, policy=few, users=rows)
    assert not server.log


# K1: credentials of another address


def test_k1_nothing_of_one_service_is_sent_to_another() -> None:
    with hostile.hostile(store=office()) as service:
        environment = {"SCIM_SERVER_URL": "https://a.example.com", "SCIM_TOKEN": "canary"}
        params = {"server_url": service.url, "user_name": "bob", "state": "absent"}
        finished = perform("scim_user", params, environment, check=False, diff=False)
        assert finished.failure is not None and "SCIM_TOKEN belongs to" in finished.failure
        assert not service.seen and finished.result["requests"] == 0
        assert "canary" not in str(finished)


# W1: why a service refuses


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"errors": {"title": ["is too long"]}}, "title: is too long"),
        ({"error": {"message": "<b>not</b> \x1b[31m today"}}, "not [31m today"),
        ({"Errors": [{"description": f"token {hostile.TOKEN} is old"}]}, "token ******** is old"),
        ({"message": '{"errors": [{"scimType": "invalidValue", "detail": "inner"}]}'}, "inner"),
        ({"message": "x" * 150 + " " + hostile.TOKEN * 9}, "x" * 150),
    ],
)
def test_w1_a_refusal_says_why(body: dict[str, Any], said: str) -> None:
    def spell(asked: Any, honest: Any) -> Any:
        return hostile.Reply(400, body) if asked.method == "PATCH" else honest()

    with hostile.hostile(store=office(), spell=spell) as service:
        found = hostile.run(service, "scim_user", user_name="bob", title="Dr")
    assert f"the service answered 400: {said}" in found.failure
    assert len(found.failure) < 600


def test_w1_a_list_of_errors_says_why() -> None:
    def spell(asked: Any, honest: Any) -> Any:
        reply = hostile.Reply(400, [{"field": "title", "message": "is too long"}])
        return reply if asked.method == "PATCH" else honest()

    with hostile.hostile(store=office(), spell=spell) as service:
        found = hostile.run(service, "scim_user", user_name="bob", title="Dr")
    assert "title: is too long" in found.failure
