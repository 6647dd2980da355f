# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What breaks tools that keep users in sync: where lists, look-ups and retries end.

The other sentences are in ``test_breaking.py`` and beside it.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.faults import hostile as web
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
    altered,
)

PURGE = Policy(purge={"User": "absent"})


def of(number: int, *quirks: Quirk, **more: Any) -> Quirky:
    """A service with so many users."""
    server = Quirky(*quirks, **more)
    for one in range(number):
        server.user(f"n{one:02}")
    return server


def rows(number: int) -> list[dict[str, Any]]:
    return [{"user_name": f"n{one:02}"} for one in range(number)]


def lists(server: Quirky) -> list[dict[str, str]]:
    return [one.query for one in server.sent("GET", "Users") if one.is_listing]


# --- B1: where a list ends -------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 9, 10, 11, 20, 35])
def test_b1_no_page_is_asked_for_behind_the_total(number: int) -> None:
    """A service refuses a ``startIndex`` behind ``totalResults``."""

    def strict(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        start = int(asked.query.get("startIndex", 1))
        if asked.is_listing and asked.kind == "Users" and start > number:
            return Answer(404, {"detail": "there is no such page"})
        return honest(asked)

    server = of(number, strict, page=10)
    assert not run(server, policy=PURGE, users=rows(number)).changed
    asked = [int(one["startIndex"]) for one in lists(server)]
    # a full last page may have been cut, so one page is asked for behind it
    behind = [one for one in asked if one > number]
    assert len(behind) <= (number % 10 == 0)
    assert [one for one in asked if one <= number] == list(range(1, number + 1, 10))


@pytest.mark.parametrize("missing", [1, 7])
def test_b1_an_empty_page_ends_a_list_that_promised_more(missing: int) -> None:
    def promising(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        def more(body: Any) -> Any:
            return {**body, "totalResults": body["totalResults"] + missing}

        return altered(honest(asked), more) if asked.is_listing else honest(asked)

    server = of(25, promising, page=10)
    with pytest.raises(ScimError, match="not complete"):
        run(server, policy=PURGE, users=rows(20))
    assert not server.log and len(lists(server)) <= 10


# --- B6: ids of this run ---------------------------------------------------------------------


def test_b6_members_are_changed_by_ids_that_this_run_has_read() -> None:
    read: list[str] = []
    unread: list[str] = []

    def watching(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "PATCH":
            for one in asked.body["Operations"]:
                values = one.get("value") or [{"value": one["path"].split('"')[1]}]
                unread.extend(row["value"] for row in values if row["value"] not in text())
        answer = honest(asked)
        if answer.status < 300:
            read.append(json.dumps(answer.body))
        return answer

    def text() -> str:
        return " ".join(read)

    server = of(9, watching)
    server.group("staff", ["n00", "n01", "n02"])
    wanted = {"set": ["n02", "n03", "n04", "new"]}
    groups = [{"display_name": "staff", "members": wanted}]
    assert run(server, users=[{"user_name": "new"}], groups=groups).changed
    assert server.members("staff") == {"n02", "n03", "n04", "new"} and not unread


# --- B9: how a user is looked up again -------------------------------------------------------


@pytest.mark.parametrize("status", [503, 429])
def test_b9_the_external_id_is_looked_up_before_the_name(status: int) -> None:
    refused: list[Asked] = []

    def losing(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method != "POST" or refused:
            return honest(asked)
        refused.append(asked)
        if status != 429:
            honest(asked)
        return Answer(status, {"detail": "try later"})

    server = Quirky(losing)
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_user", user_name="jim", external_id="7")
        assert not said.failure and len(server.held["Users"]) == 1
    if status == 429:  # it was refused for its pace, so it was not done
        return
    number = server.asked.index(refused[0])
    filters = [one.query["filter"] for one in server.asked[number:] if "filter" in one.query]
    assert filters and "externalId" in filters[0]
    assert all("userName" not in one.partition("externalId")[0] for one in filters)


def test_b9_a_conflict_names_what_is_wanted_and_what_is_there() -> None:
    """The name is taken by a user with another external id, whom the look-up did not show."""

    def hiding(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.lists and not server.sent("POST"):
            nothing = {"Resources": [], "totalResults": 0}
            return altered(honest(asked), lambda body: {**body, **nothing})
        if asked.method == "POST":
            return Answer(409, {"detail": "exists", "scimType": "uniqueness"})
        return honest(asked)

    server = Quirky(hiding)
    server.user("jim", externalId="8")
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_user", user_name="jim", external_id="7")
    assert "'jim'" in said.failure and "'7'" in said.failure, said.failure
    assert server["jim"]["externalId"] == "8" and not server.sent("PATCH")


# --- B14, B15: how often ---------------------------------------------------------------------


@pytest.mark.parametrize("retries", [0, 2, 5])
@pytest.mark.parametrize("status", [500, 503])
def test_b14_no_write_is_sent_more_than_three_times(status: int, retries: int) -> None:
    """Each time the group is read before, because the lost write may have been done."""

    def failing(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "PATCH":
            return Answer(status, {"detail": "boom"})
        return honest(asked)

    server = of(8, failing)
    server.group("staff")
    sent: dict[str, int] = {}
    with web.hostile(store=server) as service:
        wanted = {"add": [one["user_name"] for one in rows(8)]}
        more = {"display_name": "staff", "members": wanted}
        said = web.run(service, "scim_group", connection={"retries": retries}, **more)
        assert f"answered {status}" in said.failure
    for one in server.sent("PATCH"):
        body = json.dumps(one.body)
        sent[body] = sent.get(body, 0) + 1
    assert sent and max(sent.values()) <= 3
    if status == 500:  # then the members are halved, down to single ones: one of them may be bad
        assert {text.count('"value": "') for text in sent} >= {8, 4, 2, 1}
