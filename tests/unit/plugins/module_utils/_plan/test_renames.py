# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Probable renames (O23): a new row and a leaver that may be one user are left alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    overridden,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    INACTIVE,
    active,
    carry_out,
    plan,
    refusals,
    team,
    verbs,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import (
    ENTERPRISE_URN,
    Store,
)

MAIL = {"emails": [{"value": "pam@x.org", "type": "work"}]}
HELD = {
    "emails": [{"value": "Pam@X.org", "type": "home"}],
    "name": {"givenName": "Pam"},
    ENTERPRISE_URN: {"employeeNumber": "007", "department": "Sales"},
}
SAME: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "mail": (MAIL, ("e-mail address",)),
    "added mail": ({"emails": {"add": [{"value": "PAM@x.org"}]}}, ("e-mail address",)),
    "number": ({"enterprise": {"employee_number": "007"}}, ("employee number",)),
    "name": (
        {"name": {"given_name": "PAM"}, "enterprise": {"department": "sales"}},
        ("given name and department",),
    ),
    "all": (
        {
            **MAIL,
            "name": {"given_name": "Pam"},
            "enterprise": {"department": "Sales", "employee_number": "007"},
        },
        ("e-mail address", "employee number", "given name and department"),
    ),
}
OTHER: dict[str, dict[str, Any]] = {
    "mail": {"emails": [{"value": "pam@y.org"}]},
    "number": {"enterprise": {"employee_number": "7"}},
    "given name alone": {"name": {"given_name": "Pam"}},
    "department alone": {"enterprise": {"department": "Sales"}},
    "nothing": {},
}


def store(**groups: list[str]) -> Store:
    """Return a service with pam, who is to leave, and jim, who stays."""
    found = Store()
    found.user("pam")
    found["pam"].update(HELD)
    found.user("jim")
    for name, members in {"red": ["pam", "jim"], **groups}.items():
        found.group(name, members)
    return found


def new(**options: Any) -> dict[str, Any]:
    return {"user_name": "pamela", **options}


@pytest.mark.parametrize("leavers", ["inactive", "absent", "keep"])
@pytest.mark.parametrize("case", SAME)
def test_a_new_row_and_a_leaver_with_the_same_mark_are_both_left_out(
    case: str, leavers: str
) -> None:
    options, same = SAME[case]
    held = store()
    made = plan(held, wanted(teams=[team("red", "jim", new(**options))]), Policy(leavers=leavers))
    assert not verbs(made) and not refusals(made)
    assert [(one.new, one.old, one.same) for one in made.renames] == [("pamela", "pam", same)]
    assert "set previous_user_names: [pam] for 'pamela'" in made.renames[0].sentence
    assert "list 'pam' with state: inactive" in made.renames[0].sentence


@pytest.mark.parametrize("case", OTHER)
def test_other_marks_are_another_person(case: str) -> None:
    made = plan(store(), wanted(teams=[team("red", "jim", new(**OTHER[case]))]), INACTIVE)
    assert ("create", "pamela") in verbs(made) and ("deactivate", "pam") in verbs(made)
    assert not made.renames


def test_the_rest_goes_on() -> None:
    held = store(blue=["pam"])
    teams = [team("red", new(**MAIL), "kim"), team("blue", "kim")]
    made = plan(held, wanted(teams=teams), INACTIVE)
    carry_out(held, made, overridden({}))
    assert held.names("Users") == {"pam", "jim", "kim"} and active(held) == {"pam", "kim"}
    assert held.members("red") == {"pam", "kim"} and held.members("blue") == {"pam", "kim"}
    again = plan(held, wanted(teams=teams), INACTIVE)
    assert not verbs(again) and len(again.renames) == 1


@pytest.mark.parametrize(
    "extra, row",
    [
        ([], {"previous_user_names": ["pam"]}),
        ([{"user_name": "pam", "state": "inactive"}], {}),
        ([{"user_name": "pam", "state": "absent"}], {}),
        ([{"user_name": "pam", "active": False}], {}),
    ],
)
def test_a_previous_name_or_a_state_settles_it(
    extra: list[dict[str, Any]], row: dict[str, Any]
) -> None:
    held = store()
    teams = [team("red", "jim", new(**MAIL, **row))]
    made = plan(held, wanted(teams=teams, users=extra), INACTIVE)
    assert not made.renames and not refusals(made)
    carry_out(held, made, overridden({}))
    assert "pamela" in active(held) and "pam" not in active(held)
    assert "pamela" in held.members("red")


def test_a_state_inside_of_the_team_settles_it() -> None:
    held = store()
    people = ["jim", new(**MAIL), {"user_name": "pam", "state": "inactive"}]
    made = plan(held, wanted(teams=[team("red", *people)]), INACTIVE)
    assert not made.renames and verbs(made)[0] == ("create", "pamela")


def test_members_listed_in_an_offboarded_team_are_settled() -> None:
    teams = [team("red", "pam", state="offboarded"), team("blue", new(**MAIL))]
    made = plan(store(), wanted(teams=teams), INACTIVE)
    assert not made.renames and ("create", "pamela") in verbs(made)


def test_a_previous_name_of_another_user_settles_nothing() -> None:
    row = new(**MAIL, previous_user_names=["nobody"])
    made = plan(store(), wanted(teams=[team("red", "jim", row)]), INACTIVE)
    assert len(made.renames) == 1 and not verbs(made)


def test_a_leaver_in_another_group_is_left_out_too() -> None:
    made = plan(store(staff=["pam"]), wanted(teams=[team("red", "jim", new(**MAIL))]), INACTIVE)
    assert len(made.renames) == 1 and not verbs(made) and not made.still_member


def test_a_mover_is_no_leaver() -> None:
    teams = [team("red", "jim", new(**MAIL)), team("blue", "pam")]
    made = plan(store(blue=[]), wanted(teams=teams), INACTIVE)
    assert not made.renames and ("create", "pamela") in verbs(made)


@pytest.mark.parametrize("purge", ["inactive", "absent"])
def test_a_purged_user_is_left_out_too(purge: str) -> None:
    held = store()
    made = plan(
        held,
        wanted(users=[{"user_name": "jim"}, new(**MAIL)]),
        Policy(purge={"User": purge}),
    )
    assert len(made.renames) == 1 and not verbs(made)


def test_a_row_that_may_be_two_leavers_and_two_rows_of_one_leaver_are_all_left_out() -> None:
    held = store()
    held.user("pat", **MAIL)
    held.group("blue", ["pat", "jim"])
    rows = [new(**MAIL), {"user_name": "paula", "enterprise": {"employee_number": "007"}}]
    made = plan(held, wanted(teams=[team("red", *rows), team("blue", "jim")]), INACTIVE)
    pairs = {(one.new, one.old) for one in made.renames}
    assert pairs == {("pamela", "pam"), ("pamela", "pat"), ("paula", "pam")}
    assert verbs(made) == [("leaves", "red")]  # jim


def test_users_managed_by_a_row_that_is_left_out_keep_their_manager() -> None:
    held = store()
    row = {"user_name": "jim", "enterprise": {"manager": "pamela"}, "title": "Clerk"}
    kim = {"user_name": "kim", "enterprise": {"manager": "pamela"}}
    made = plan(held, wanted(teams=[team("red", row, kim, new(**MAIL))]), INACTIVE)
    assert verbs(made) == [("create", "kim"), ("update", "jim"), ("joins", "red")]
    assert any("user 'jim': " in one and "'pamela' was left out" in one for one in made.notes)
    carry_out(held, made, overridden({}))
    assert "manager" not in held["kim"].get(ENTERPRISE_URN, {})


PEOPLE = ("ann", "bob", "cid", "dan")
marks = st.fixed_dictionaries(
    {},
    optional={
        "mail": st.sampled_from(("x@o.org", "y@o.org")),
        "number": st.sampled_from(("1", "2")),
        "given": st.sampled_from(("Pam", "Jim")),
        "department": st.sampled_from(("Sales", "IT")),
    },
)


def is_same(one: dict[str, str], other: dict[str, str]) -> bool:
    def both(*names: str) -> bool:
        return all(name in one and one[name] == other.get(name) for name in names)

    return both("mail") or both("number") or both("given", "department")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(marks, min_size=4, max_size=4),
    st.lists(marks, max_size=3),
    st.sets(st.sampled_from(PEOPLE)),
    st.sampled_from(("inactive", "absent", "keep")),
)
def test_no_account_is_doubled_and_everything_else_is_done(
    held: list[dict[str, str]], rows: list[dict[str, str]], stay: set[str], leavers: str
) -> None:
    service = Store()
    for name, one in zip(PEOPLE, held):
        emails = [{"value": one["mail"], "type": "work"}] if "mail" in one else []
        number = {"employeeNumber": one["number"]} if "number" in one else {}
        department = {"department": one["department"]} if "department" in one else {}
        service.user(name, emails=emails)
        service[name]["name"] = {"givenName": one.get("given", "")}
        service[name][ENTERPRISE_URN] = {**number, **department}
    service.group("red", PEOPLE)
    members: list[Any] = [{"user_name": one} for one in sorted(stay)]
    for number_, one in enumerate(rows):
        members.append(
            {
                "user_name": f"new{number_}",
                "emails": [{"value": one["mail"]}] if "mail" in one else None,
                "name": {"given_name": one.get("given")},
                "enterprise": {
                    "employee_number": one.get("number"),
                    "department": one.get("department"),
                },
            }
        )
    desired = wanted(teams=[team("red", *members)])
    made = plan(service, desired, Policy(leavers=leavers))
    expected = {
        (f"new{at}", name)
        for at, row in enumerate(rows)
        for name, one in zip(PEOPLE, held)
        if name not in stay and is_same(row, one)
    }
    assert {(one.new, one.old) for one in made.renames} == expected
    carry_out(service, made, overridden({}))
    left_out = {name for pair in expected for name in pair}
    assert service.members("red") == (
        (stay | {f"new{at}" for at in range(len(rows))} - left_out) | (left_out & set(PEOPLE))
    )
    if leavers == "inactive":
        gone = set(PEOPLE) - stay - left_out
        assert active(service) == service.names("Users") - gone
    again = plan(service, desired, Policy(leavers=leavers))
    assert not verbs(again) and again.renames == made.renames
