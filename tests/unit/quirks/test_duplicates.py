# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creations that are refused with any status because the resource exists (D7)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Limit, Policy
from ansible_collections.identity.scim.tests.unit.faults import hostile as web
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.bulky import Bulky
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    run,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.creates_quirks import (
    answering,
    hidden_until_posted,
    refusing_duplicates,
)
from ansible_collections.identity.scim.tests.unit.quirks.lookups_quirks import listed
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
)

# The credentials, the size or the form of the request, too many requests.
OWN_MEANING = [401, 406, 413, 414, 415, 429, 431]
MAY_BE = [400, 402, 403, 404, 405, 408, 409, 410, 412, 416, 417, 418, 421, 422, 423, 424, 425, 428]
MAY_BE += [451, 499, 500, 501, 502, 503, 504, 505, 507, 508, 520, 522, 524, 599]
# The creation may have been made after all.
UNSURE = [500, 502, 503, 504, 520, 522, 524]
LOOKED_UP_ONCE = [400, 402, 403, 404, 405, 410, 412, 422, 423, 424, 428, 451, 501, 505, 507]
NO_LISTING = [403, 405, 501]
MANY_FAILURES = Policy(bulk="auto", stop_after=Limit(count=1000), stop_on_error=False)


def refusing_creations(status: int, body: Any = None) -> Quirk:
    """Refuse every creation."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        return Answer(status, body) if asked.method == "POST" else honest(asked)

    return quirk


def after_the_post(server: Quirky) -> list[Asked]:
    methods = [one.method for one in server.asked]
    return server.asked[methods.index("POST") + 1 :]


def existing(status: int, name: str, body: Any = None) -> Quirky:
    server = Quirky(hidden_until_posted(name), refusing_duplicates(status, body))
    server.user("ann")
    server.user("bob")
    server.group("red", ["bob"])
    server.forget()
    return server


@pytest.mark.parametrize("body", [None, {"detail": "Bad Request"}])
@pytest.mark.parametrize("status", MAY_BE)
def test_d7_a_user_that_exists_is_found_whatever_the_status(status: int, body: Any) -> None:
    server = existing(status, "ann", body)
    rows = {"users": [{"user_name": "ann", "title": "x"}]}
    found = run(server, **rows)
    assert not found.failures and found.changed and server["ann"]["title"] == "x"
    assert len(server.held["Users"]) == 2
    if status not in UNSURE:
        assert [one.change.verb for one in found.done] == ["update"]
    server.forget()
    assert not run(server, **rows).changed


@pytest.mark.parametrize("status", MAY_BE)
def test_d7_a_group_that_exists_is_found_whatever_the_status(status: int) -> None:
    server = existing(status, "red")
    rows = {"groups": [{"display_name": "red", "members": {"set": ["ann"]}}]}
    found = run(server, **rows)
    assert not found.failures and found.changed and server.members("red") == {"ann"}
    assert len(server.held["Groups"]) == 1
    server.forget()
    assert not run(server, **rows).changed


@pytest.mark.parametrize("status", [400, 403, 404, 409, 410, 422, 451, 500, 501])
def test_d7_any_resource_that_exists_is_found_whatever_the_status(status: int) -> None:
    server = existing(status, "ann")
    with web.hostile(store=server) as service:
        attributes = {"userName": "ann", "title": "x"}
        said = web.run(
            service,
            "scim_resource",
            endpoint="Users",
            attributes=attributes,
            match_by=["userName"],
        )
    assert not said.failure and said.changed and server["ann"]["title"] == "x"
    assert len(server.held["Users"]) == 2


@pytest.mark.parametrize("status", OWN_MEANING)
def test_d7_what_says_something_else_is_not_looked_up(status: int) -> None:
    server = Quirky(refusing_creations(status))
    found = run(server, users=[{"user_name": "ann", "title": "x"}])
    assert f"the service answered {status}" in str(found.failures[0].error)
    assert status == 429 or not [one for one in after_the_post(server) if one.method == "GET"]


@pytest.mark.parametrize("status", sorted({*OWN_MEANING, 403, 404} - {401, 429}))
def test_d7_words_prevail_over_the_status(status: int) -> None:
    server = existing(status, "ann", {"detail": "this user already exists"})
    found = run(server, users=[{"user_name": "ann", "title": "x"}])
    assert not found.failures and server["ann"]["title"] == "x"


@pytest.mark.parametrize("status", LOOKED_UP_ONCE)
def test_d7_a_refusal_for_another_reason_costs_one_look(status: int) -> None:
    server = Quirky(refusing_creations(status, {"detail": "no"}))
    server.user("zoe")
    found = run(server, users=[{"user_name": "ann", "title": "x"}])
    assert f"the service answered {status}: no" in str(found.failures[0].error)
    later = [one for one in after_the_post(server) if one.kind == "Users"]
    assert [one.method for one in later] == ["GET"] * (1 if status in NO_LISTING else 2)
    assert sum(one.is_listing for one in later) == (status not in NO_LISTING)
    assert not server.waited


@pytest.mark.parametrize("at_once", [1, 8])
@pytest.mark.parametrize("on_error", [True, False])
def test_d7_rights_that_are_lacking_end_the_run_after_one_look(
    on_error: bool, at_once: int
) -> None:
    server = Quirky(refusing_creations(403, {"detail": "no"}))
    rows = [{"user_name": f"n{number}", "title": "x"} for number in range(30)]
    found = run(server, users=rows, at_once=at_once, policy=Policy(stop_on_error=on_error))
    assert len(found.failures) == 1 and len(server.sent("POST")) == 1
    assert len(after_the_post(server)) == 1


@pytest.mark.parametrize("status", [405, 501])
def test_d7_a_method_that_is_missing_is_looked_up_once_a_run(status: int) -> None:
    server = Quirky(refusing_creations(status))
    rows = [{"user_name": f"n{number}", "title": "x"} for number in range(5)]
    found = run(server, users=rows, policy=Policy(stop_on_error=False))
    assert len(found.failures) == 5
    assert sum(one.method == "GET" for one in after_the_post(server)) == 1


@pytest.mark.parametrize("status", [403, 404])
def test_d7_a_look_that_fails_leaves_the_refusal(status: int) -> None:
    posted = []

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "POST":
            posted.append(asked)
            return Answer(status, {"detail": "the first"})
        return Answer(403, {"detail": "the second"}) if posted else honest(asked)

    found = run(Quirky(quirk), users=[{"user_name": "ann", "title": "x"}])
    assert ": the first" in str(found.failures[0].error)


# in bulk


def refused_in_bulk(status: int, said: str = "no") -> Any:
    def alter(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for one in rows:
            if one["status"] == "409":
                one["status"], one["response"] = str(status), {"detail": said}
        return rows

    return alter


def singly_too(status: int) -> Any:
    """Single creations are refused in the same way."""

    def fault(
        store: Faulty, method: str, segments: tuple[str, ...], query: Any, body: Any
    ) -> Answer | None:
        if method != "POST" or segments != ("Users",):
            return None
        answer = store.really(method, segments, query, body)
        return Answer(status, {"detail": "no"}) if answer.status == 409 else answer

    return fault


def hides_inactive(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
    if method != "GET" or segments != ("Users",) or "filter" in query:
        return None
    shown = [one for one in store.held["Users"].values() if one.get("active") is not False]
    return listed(shown, query)


@pytest.mark.parametrize("status", [400, 403, 404, 410, 422, 451, 501])
def test_d7_duplicates_of_a_bulk_request_are_found_together(status: int) -> None:
    server = Bulky(hides_inactive, singly_too(status), alter=refused_in_bulk(status))
    for number in range(30):
        server.user(f"other{number}")
    for number in range(150, 200):
        server.user(f"n{number:03}", active=False)
    rows = [{"user_name": f"n{number:03}", "title": "Boss"} for number in range(200)]
    found = run(server, policy=MANY_FAILURES, at_once=8, users=rows)
    assert not found.failures, [str(one.error) for one in found.failures]
    assert len(server.held["Users"]) == 230
    alone = [one for one in server.queries if one.get("filter", "").count(" eq ") == 1]
    assert len(alone) <= 8
    assert not run(server, policy=MANY_FAILURES, at_once=8, users=rows).changed


@pytest.mark.parametrize("status", [403, 400, 405])
def test_d7_refusals_of_a_bulk_request_are_one_listing_or_one_look(status: int) -> None:
    def refused(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**one, "status": str(status), "response": {"detail": "no"}} for one in rows]

    server = Bulky(alter=refused)
    server.skips = lambda one: True
    rows = [{"user_name": f"n{number:03}", "title": "Boss"} for number in range(60)]
    found = run(server, policy=MANY_FAILURES, users=rows)
    assert found.failures
    asked = [one for one in server.queries if "count" in one]
    listings = [one for one in asked if "filter" not in one]
    assert len(listings) <= 3
    if status != 400:
        assert len(asked) <= 6


@pytest.mark.parametrize("status", [520, 522, 524])
@pytest.mark.parametrize(
    "method, row", [("PATCH", {"title": "x"}), ("DELETE", {"state": "absent"})]
)
def test_d7_what_a_proxy_did_not_see_may_be_done(
    method: str, row: dict[str, Any], status: int
) -> None:
    server = Quirky(answering(method, "Users", lambda body: None, status))
    server.user("ann")
    found = run(server, users=[{"user_name": "ann", **row}])
    assert not found.failures and found.changed
