# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services whose totals of filters count everything (L4, D8)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.faults import hostile as web
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.quirks.creates_quirks import names_may_repeat
from ansible_collections.identity.scim.tests.unit.quirks.lists_quirks import totals_of_everything
from ansible_collections.identity.scim.tests.unit.quirks.lookups_quirks import (
    blind,
    filtering,
    first_only,
    minding_case,
    plain_only,
    repeating_ids,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
    altered,
)


def people(*quirks: Quirk, number: int = 40) -> Quirky:
    server = Quirky(totals_of_everything, *quirks)
    for one in range(number):
        server.user(f"n{one}", externalId=f"e{one}")
    server.group("red", ["n1"])
    server.group("blue", ["n2"])
    server.forget()
    return server


def named(*numbers: int, **more: Any) -> list[dict[str, Any]]:
    return [{"user_name": f"n{one}", **more} for one in numbers]


@pytest.mark.parametrize("numbers", [[1], [1, 2, 3], range(12)])
def test_l4_users_that_a_filter_finds_are_found_whatever_its_total(numbers: Any) -> None:
    server = people()
    assert not run(server, users=named(*numbers)).changed
    assert len(server.asked) == 2
    assert run(server, users=named(*numbers, title="x")).changed
    assert server["n1"]["title"] == "x"


def test_l4_a_user_that_two_keys_find_costs_one_more_read_a_run() -> None:
    server = people()
    rows = [{"user_name": f"n{one}", "external_id": f"e{one}"} for one in (1, 2)]
    assert not run(server, users=rows).changed
    assert len(server.asked) == 3


def test_l4_a_group_that_a_filter_finds_is_found_whatever_its_total() -> None:
    server = people()
    groups = [{"display_name": "red", "members": {"set": ["n1", "n2"]}}]
    assert run(server, groups=groups).changed and server.members("red") == {"n1", "n2"}
    server.forget()
    assert not run(server, groups=groups).changed


def test_l4_two_groups_of_a_name_stay_two() -> None:
    server = people(names_may_repeat)
    server.group("green", [])
    server.held["Groups"][server.id_of("green")]["displayName"] = "red"
    with pytest.raises(ScimError, match="red"):
        run(server, groups=[{"display_name": "red", "members": {"set": ["n2"]}}])
    assert not server.log


@pytest.mark.parametrize("row", [{"user_name": "new"}, {"user_name": "new", "external_id": "x"}])
def test_l4_a_new_user_is_sought_in_a_listing(row: dict[str, Any]) -> None:
    server = people()
    assert run(server, users=[row, *named(1)]).changed
    assert [one for one in server.sent("GET", "Users") if one.is_listing]
    assert len(server.held["Users"]) == 41
    server.forget()
    assert not run(server, users=[row, *named(1)]).changed


@pytest.mark.parametrize("row", [{"user_name": "n7"}, {"user_name": "N7"}, {"external_id": "e7"}])
@pytest.mark.parametrize("choose", [blind, minding_case, first_only, plain_only])
def test_l4_not_found_is_not_trusted_where_totals_count_everything(
    choose: Any, row: dict[str, Any]
) -> None:
    row = {"user_name": "n7", **row}
    server = people(filtering(choose), repeating_ids)
    try:
        run(server, users=[row])
    except ScimError as refusal:
        assert "the answer is not complete" in str(refusal)
    assert not server.sent("POST") and len(server.held["Users"]) == 40


@pytest.mark.parametrize("state", ["absent", "inactive"])
@pytest.mark.parametrize("choose", [blind, minding_case])
def test_l4_a_user_that_a_filter_does_not_find_is_not_said_to_be_absent(
    choose: Any, state: str
) -> None:
    server = people(filtering(choose))
    try:
        assert run(server, users=[{"user_name": "N7", "state": state}]).changed
    except ScimError as refusal:
        assert "the answer is not complete: 0 of 40 came" in str(refusal)
    else:
        assert server.held["Users"].get("n7", {}).get("active") is not True


@pytest.mark.parametrize("name", ["red", "Red", "blue"])
@pytest.mark.parametrize("choose", [blind, minding_case, plain_only])
def test_l4_no_second_group_is_made(choose: Any, name: str) -> None:
    server = people(filtering(choose), names_may_repeat)
    try:
        run(server, groups=[{"display_name": name}])
    except ScimError as refusal:
        assert "the answer is not complete" in str(refusal)
    assert len(server.held["Groups"]) == 2


def test_l4_leavers_are_inactive_and_leave() -> None:
    server = people()
    server.group("staff", ["n1", "n2", "n3"])
    server.forget()
    teams = [{"name": "staff", "members": named(2, 3)}, {"name": "red", "members": []}]
    run(server, teams=teams, policy=Policy(leavers="inactive"))
    assert not server["n1"]["active"] and server.members("staff") == {"n2", "n3"}
    server.forget()
    assert not run(server, teams=teams, policy=Policy(leavers="inactive")).changed


def test_l4_an_option_that_sets_filters_prevails() -> None:
    server = people()
    with pytest.raises(ScimError, match="the answer is not complete: 0 of 40 came"):
        run(server, users=[{"user_name": "new"}], caps={"filters": True})
    assert run(server, users=[{"user_name": "new"}], caps={"totals": False}).changed


def test_l4_a_module_that_only_reads_finds_a_user() -> None:
    with web.hostile(store=people()) as service:
        assert web.run(service, "scim_user_info", user_name="n1").result["users"]
        assert web.run(service, "scim_group_info", display_name="red").result["groups"]
        missing = web.run(service, "scim_user_info", user_name="nobody")
        assert "the answer is not complete: 0 of 40 came" in missing.failure


def test_l4_what_a_filter_of_a_task_finds_is_returned() -> None:
    with web.hostile(store=people()) as service:
        both = 'userName eq "n1" or userName eq "n2"'
        found = web.run(service, "scim_user_info", filter=both).result
        assert len(found["users"]) == found["total_results"] == 2
        said = web.run(service, "scim_user_info", filter='userName eq "nobody"')
        assert "the list is not complete: 0 of 40 came" in said.failure
        capabilities = {"capabilities": {"totals": False}}
        said = web.run(service, "scim_user_info", connection=capabilities, filter=both)
        assert len(said.result["users"]) == 2


def test_l4_a_filter_that_loses_users_returns_none() -> None:
    """A total that is right says what is lacking."""

    def losing(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if "filter" not in asked.query:
            return answer

        def without(body: Any) -> Any:
            rows = [one for one in body["Resources"] if one["userName"] != "n2"]
            return {**body, "Resources": rows}

        return altered(answer, without)

    server = Quirky(losing)
    for one in range(3):
        server.user(f"n{one}")
    with web.hostile(store=server) as service:
        both = 'userName eq "n1" or userName eq "n2"'
        said = web.run(service, "scim_user_info", filter=both)
        assert "the list is not complete: 1 of 2 came" in said.failure
