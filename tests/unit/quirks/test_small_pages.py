# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that refuse large pages in a way that may mean something else (E8)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.faults import hostile as web
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.lists_quirks import large_pages_refused
from ansible_collections.identity.scim.tests.unit.quirks.lookups_quirks import answering, no_list
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirky

PURGE = Policy(purge={"User": "inactive"})
SAYS = "count must be at most"


def people(server: Quirky, number: int) -> Quirky:
    for one in range(number):
        server.user(f"n{one}")
    return server


def named(number: int) -> list[dict[str, Any]]:
    return [{"user_name": f"n{one}"} for one in range(number)]


def sizes(server: Quirky) -> list[int]:
    return [int(one.query["count"]) for one in server.sent("GET", "Users") if one.lists]


def count_of(server: Quirky, size: int) -> int:
    return sizes(server).count(size)


# E8: 403 may mean the rights, and the size


@pytest.mark.parametrize("most", [25, 40])
def test_e8_a_list_that_is_forbidden_is_tried_once_with_25_and_that_is_learnt(most: int) -> None:
    server = people(Quirky(large_pages_refused(most, 403), page=1000), 60)
    assert run(server, users=named(59), policy=PURGE).changed
    assert sizes(server)[:2] == [1000, 25] and max(sizes(server)[1:]) == 25
    assert not server["n59"]["active"]


@pytest.mark.parametrize("most", [25, 40])
def test_e8_a_look_up_that_is_forbidden_is_tried_once_with_25(most: int) -> None:
    server = people(Quirky(large_pages_refused(most, 403), page=1000), 40)
    assert not run(server, users=named(40)).changed
    asked = sizes(server)
    assert asked[1] == 25 and max(asked[1:]) == 25
    assert len(asked) < 8


@pytest.mark.parametrize("status", [403, 404, 405, 410, 400, 422])
@pytest.mark.parametrize("most", [5, 10, 13, 20, 30])
def test_e8_the_number_in_the_words_of_a_refusal_is_asked_for(most: int, status: int) -> None:
    says = f"{SAYS} {most}"
    server = people(Quirky(large_pages_refused(most, status, says), page=1000), 60)
    assert run(server, users=named(59), policy=PURGE).changed
    assert sizes(server)[:2] == [1000, most] and max(sizes(server)[1:]) == most


@pytest.mark.parametrize("status", [403, 404, 405, 410, 400, 422])
def test_e8_an_exclusive_number_is_gone_below(status: int) -> None:
    says = "count must be less than 50"
    server = people(Quirky(large_pages_refused(49, status, says), page=1000), 60)
    assert run(server, users=named(59), policy=PURGE).changed
    assert sizes(server)[1:3] == [50, {400: 31, 422: 31}.get(status, 25)]


def test_e8_rights_that_are_lacking_are_one_more_read() -> None:
    server = people(Quirky(no_list("Users", 403)), 3)
    with pytest.raises(ScimError, match="403: no$|403: no[^a-z]"):
        run(server, users=named(1), policy=PURGE)
    assert sizes(server) == [1000, 25]


def test_e8_the_first_refusal_is_the_failure() -> None:
    number = [0]

    def counting(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if not asked.is_listing or asked.kind != "Users":
            return honest(asked)
        number[0] += 1
        return Answer(403, {"detail": f"refused for count {asked.query['count']}"})

    server = people(Quirky(counting), 3)
    with pytest.raises(ScimError, match="refused for count 1000"):
        run(server, users=named(1), policy=PURGE)
    assert number == [2]


@pytest.mark.parametrize("status", [401, 404, 405, 410, 429])
def test_e8_what_cannot_mean_the_size_is_no_further_read(status: int) -> None:
    server = people(Quirky(no_list("Users", status)), 3)
    with pytest.raises(ScimError, match=str(status)):
        run(server, users=named(1), policy=PURGE)
    assert sizes(server) == [1000]


def test_e8_the_size_that_a_user_sets_is_not_made_smaller() -> None:
    server = people(Quirky(large_pages_refused(25, 403)), 3)
    with pytest.raises(ScimError, match="403"):
        run(server, users=named(1), policy=PURGE, caps={"page_size": 50})
    assert sizes(server) == [50]


def test_e8_groups_that_may_not_be_listed_cost_one_more_read_and_leavers_stay() -> None:
    """L13: what only judges leavers does not stop the run."""
    server = people(Quirky(no_list("Groups", 403)), 3)
    server.group("staff", ["n0", "n1", "n2"])
    teams = [{"name": "staff", "members": named(2)}]
    found = run(server, teams=teams, policy=Policy(leavers="inactive"))
    assert not found.failures and server.members("staff") == {"n0", "n1"}
    assert server["n2"]["active"]
    listings = [one for one in server.asked if one.is_listing and one.kind == "Groups"]
    assert [one.query["count"] for one in listings if int(one.query["count"]) > 10] == [
        "1000",
        "25",
    ]


# E8: a limit below 25


@pytest.mark.parametrize("status", [400, 413, 422])
@pytest.mark.parametrize("most", [10, 20, 24])
def test_e8_a_limit_below_25_is_10(most: int, status: int) -> None:
    server = people(Quirky(large_pages_refused(most, status), page=1000), 60)
    assert run(server, users=named(59), policy=PURGE, caps={"filters": False}).changed
    assert sizes(server)[:8] == [1000, 500, 250, 125, 62, 31, 25, 10]
    assert set(sizes(server)[8:]) <= {10, 1} and not server["n59"]["active"]


@pytest.mark.parametrize("says", ["no", f"{SAYS} 10", "count is too large"])
@pytest.mark.parametrize("status", [400, 413, 422])
@pytest.mark.parametrize("users", [1, 6, 12, 40])
def test_e8_look_ups_carry_no_more_keys_than_a_page_holds(
    users: int, status: int, says: str
) -> None:
    server = people(Quirky(large_pages_refused(10, status, says), page=1000), 60)
    assert not run(server, users=named(users)).changed
    assert run(server, users=[{"user_name": "n1", "title": "x"}]).changed
    filters = {one.query.get("filter", "") for one in server.sent("GET", "Users")}
    assert sum(one.count(" eq ") > 10 for one in filters) < 2 + (status == 413)
    assert len(server.asked) < 22


@pytest.mark.parametrize("status", [403, 404])
def test_e8_a_look_up_whose_refusal_names_the_size_is_not_a_user_that_is_missing(
    status: int,
) -> None:
    server = people(Quirky(large_pages_refused(10, status, f"{SAYS} 10"), page=1000), 40)
    assert not run(server, users=named(40)).changed
    assert not server.log


def test_e8_a_size_that_is_never_small_enough_is_no_missing_user() -> None:
    server = people(Quirky(large_pages_refused(9, 404, "count is too large")), 40)
    with pytest.raises(ScimError, match="count is too large"):
        run(server, users=named(40))
    assert not server.log


def test_e8_a_silent_404_for_a_large_page_is_no_missing_user() -> None:
    server = people(Quirky(large_pages_refused(25, 404)), 20)
    assert not run(server, users=named(20)).changed and not server.log
    assert sizes(server)[:3] != [40, 25, 1]


# D3: nobody found is answered 404


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize(
    "says", ["user not found", "no results found for count 10, limit 20", "it does not exist"]
)
def test_d3_nobody_found_may_be_said_with_a_number(says: str, status: int) -> None:
    server = Quirky(answering(Answer(status, {"detail": says})))
    for rows in (named(1), named(20)):
        assert not run(server, users=rows).failures


@pytest.mark.parametrize("status", [404, 410])
def test_d3_nobody_found_is_one_more_read_a_run(status: int) -> None:
    nobody = Answer(status, {"detail": "no user found"})
    server = Quirky(answering(nobody))
    rows = named(60)
    found = run(server, users=rows, caps={"filter_clauses": 20})
    assert not found.failures and len(server.held["Users"]) == 60
    assert count_of(server, 25) <= 1


@pytest.mark.parametrize("status", [404, 410])
def test_d3_nobody_found_on_a_service_with_small_pages(status: int) -> None:
    nobody = Answer(status, {"detail": "no user found"})
    server = Quirky(large_pages_refused(25, 403), answering(nobody))
    assert len(run(server, users=named(30)).done) == 30
    assert sizes(server)[0] > 25 and max(sizes(server)[1:]) <= 25


def test_e8_modules_that_only_read_learn_the_size_too() -> None:
    server = people(Quirky(large_pages_refused(20, 403, f"{SAYS} 20")), 45)
    with web.hostile(store=server) as service:
        assert len(web.run(service, "scim_user_info").result["users"]) == 45
        assert web.run(service, "scim_user_info", user_name="n1").result["users"]


def test_e8_users_that_leave_are_read_in_small_pages() -> None:
    server = people(Quirky(large_pages_refused(50)), 12)
    server.group("staff", [f"n{one}" for one in range(12)])
    teams = [{"name": "staff", "members": named(6)}]
    assert run(server, teams=teams, policy=Policy(leavers="inactive")).changed
    assert sum(one["active"] for one in server.held["Users"].values()) == 6
    by_id = [one for one in server.asked if one.query.get("filter", "").startswith("id eq")]
    assert by_id and max(int(one.query["count"]) for one in by_id) <= 40


@pytest.mark.parametrize("at_once", [1, 8])
@pytest.mark.parametrize(
    "status, says, limits",
    [
        (403, f"{SAYS} {{}}", [3, 10, 20, 50]),
        (400, f"{SAYS} {{}}", [3, 10, 20, 50]),
        (404, "at most {} resources per page", [3, 10, 20, 50]),
        (403, "no", [25, 50]),
        (400, "no", [10, 24, 50]),
        (413, "no", [10, 24, 50]),
    ],
)
def test_e8_a_team_is_managed_with_small_pages_and_no_larger_one_is_sent(
    status: int, says: str, limits: list[int], at_once: int
) -> None:
    for most in limits:
        server = people(Quirky(large_pages_refused(most, status, says.format(most))), 45)
        server.group("staff", [f"n{one}" for one in range(40)])
        for one in range(15):
            server.group(f"g{one}")
        server.forget()
        teams = [{"name": "staff", "members": [*named(35), {"user_name": "new"}]}]
        policy = Policy(leavers="inactive", purge={"Group": "absent"})
        found = run(server, teams=teams, policy=policy, at_once=at_once)
        assert not found.failures and server.members("staff") >= {"new", "n0", "n34"}
        assert not server["n39"]["active"] and len(server.held["Users"]) == 46
        counts = [int(one.query["count"]) for one in server.asked if "count" in one.query]
        accepted = next(place for place, count in enumerate(counts) if count <= most)
        assert max(counts[accepted:]) <= most
        server.forget()
        assert not run(server, teams=teams, policy=policy, at_once=at_once).changed
