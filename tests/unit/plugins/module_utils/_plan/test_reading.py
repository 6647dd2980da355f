# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Look-ups or a listing, by cost, and what a refused filter teaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Question
from ansible_collections.identity.scim.plugins.module_utils._plan.reading import (
    MEMBER_ATTRIBUTES,
    Listed,
    Step,
    after_refusal,
    looking_up,
    member_attributes,
    next_step,
    parameters,
    portions,
    requests_of,
    satisfies,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden


def first_page(rows: int, total: int | None) -> Listed:
    return Listed(pages=1, rows=rows, total=total, promised=total)


@pytest.mark.parametrize(
    "look_ups, listed, expected",
    [
        (0, Listed(), Step.DONE),
        (1, Listed(), Step.LOOK_UP),
        (3, Listed(), Step.LOOK_UP),
        (4, Listed(), Step.PAGE),
        (4, Listed(total=3_000), Step.PAGE),
        (4, Listed(total=4_000), Step.LOOK_UP),
        (250, Listed(total=100_000), Step.PAGE),
        (4, Listed(ended=True), Step.LOOK_UP),
        (25, first_page(1_000, 2_000), Step.PAGE),
        (225, first_page(1_000, 10_000), Step.PAGE),
        (20, first_page(1_000, 100_000), Step.LOOK_UP),
        (9, first_page(1_000, 10_000), Step.LOOK_UP),
        (10, first_page(1_000, 10_000), Step.PAGE),
        (1, first_page(1_000, 1_001), Step.LOOK_UP),
        (2, first_page(1_000, 1_001), Step.PAGE),
    ],
)
def test_whichever_needs_fewer_requests_is_next(
    look_ups: int, listed: Listed, expected: Step
) -> None:
    assert next_step(look_ups, listed, 1000) is expected


def test_pages_that_are_smaller_than_asked_are_counted_as_they_come() -> None:
    assert next_step(25, first_page(100, 2_000), 1000) is Step.PAGE
    assert next_step(19, first_page(100, 2_000), 1000) is Step.LOOK_UP


@pytest.mark.parametrize(
    "listed",
    [
        first_page(1_000, None),
        Listed(pages=2, rows=2_000, total=5_000, promised=None),
        Listed(pages=1, rows=1_000, total=500, promised=500, ended=True),
        Listed(pages=1, rows=0, total=5_000, promised=5_000, ended=True),
        Listed(pages=5, rows=50, total=80, promised=31),
    ],
    ids=["no total", "no total at first", "too small a total", "an empty page", "it grows"],
)
def test_a_total_that_is_absent_or_wrong_leads_to_look_ups(listed: Listed) -> None:
    assert next_step(25, listed, 1000) is Step.LOOK_UP


def test_an_answer_of_several_pages_is_counted_as_such() -> None:
    assert requests_of(5, 40, Listed()) == 5
    assert requests_of(5, 40, first_page(50, 9_000)) == 5
    assert requests_of(5, 40, first_page(10, 9_000)) == 20


def requests_for(users: int, total: int, page: int, clauses: int = 40) -> int:
    """Count requests for users that are spread evenly over a directory."""
    requests, listed = 0, Listed()
    remaining = users
    while True:
        step = next_step(-(-remaining // clauses), listed, page)
        if step is Step.DONE:
            return requests
        requests += 1
        if step is Step.LOOK_UP:
            remaining = max(0, remaining - clauses)
            continue
        rows = min(total, listed.rows + page)
        listed = Listed(pages=listed.pages + 1, rows=rows, total=total, promised=total)
        remaining = users - users * rows // total


@pytest.mark.parametrize(
    "users, total, requests",
    [
        (1_000, 1_000, 1),
        (2_000, 2_000, 2),
        (5_000, 5_000, 5),
        (10_000, 10_000, 10),
        (100_000, 100_000, 100),
        (20, 100_000, 1),
        (120, 100_000, 3),
        (160, 100_000, 5),
        (500, 100_000, 14),
        (500, 5_000, 5),
    ],
)
def test_the_requests_of_users_in_a_directory(users: int, total: int, requests: int) -> None:
    assert requests_for(users, total, 1000) == requests


def test_many_users_of_a_large_directory_cost_no_more_than_a_page_more_than_look_ups() -> None:
    for users in (1, 20, 100, 121, 500, 2_000, 7_000, 20_000):
        for total in (users, 2 * users, 10 * users, 100 * users):
            look_ups, pages = -(-users // 40), -(-total // 1000)
            assert requests_for(users, total, 1000) <= min(look_ups + 1, max(pages, 3))


# refusals


def keys(number: int, path: str = "userName") -> tuple[tuple[str, str], ...]:
    return tuple((path, f"n{one}") for one in range(number))


def sizes(found: Sequence[Sequence[Any]]) -> list[int]:
    return [len(one) for one in found]


@pytest.mark.parametrize("status", [400, 501])
def test_e9_a_quarter_of_a_filter_is_left_whose_form_was_refused(status: int) -> None:
    retry = after_refusal(keys(9), status, overridden({}))
    assert retry is not None and sizes(retry.portions) == [2, 2, 2, 2, 1]
    last = after_refusal(keys(3), status, overridden({}))
    assert last is not None and sizes(last.portions) == [1, 1, 1]


@pytest.mark.parametrize("status", [413, 414, 431, 500])
def test_a_refused_filter_is_halved_down_to_one(status: int) -> None:
    retry = after_refusal(keys(9), status, overridden({}))
    assert retry is not None and sizes(retry.portions) == [4, 4, 1]
    assert retry.lesson.values == {"filter_clauses": 4}
    last = after_refusal(keys(1), status, overridden({}))
    assert last is not None and last.portions == [] and last.lesson.values == {"filters": False}
    assert last.lesson.source == f"answer to a filter: {status}"


@pytest.mark.parametrize("status", [None, 401, 403, 404, 429, 503])
def test_other_refusals_are_final(status: int | None) -> None:
    assert after_refusal(keys(9), status, overridden({})) is None


def test_a_refusal_is_final_where_the_option_says_that_there_are_filters() -> None:
    assert after_refusal(keys(9), 400, overridden({"filters": True})) is None


def test_refused_ids_are_followed_by_one_id_and_never_end_filters_of_names() -> None:
    retry = after_refusal(keys(9, "id"), 400, overridden({}))
    assert retry is not None and sizes(retry.portions) == [1, 4, 4]
    retry = after_refusal(keys(9, "id"), 400, overridden({}), ids_work=True)
    assert retry is not None and sizes(retry.portions) == [4, 4, 1]
    last = after_refusal(keys(1, "id"), 400, overridden({}))
    assert last is not None and last.portions == []
    assert last.lesson.values == {"filter_ids": False}


def test_portions_are_limited_by_number_and_by_length() -> None:
    assert sizes(portions(keys(90), overridden({}))) == [40, 40, 10]
    assert sizes(portions(keys(3), overridden({"filter_clauses": 1}))) == [1, 1, 1]
    long = [("userName", "x" * 150)] * 3
    assert sizes(portions(long, overridden({"filter_length": 400}))) == [2, 1]


# answers and parameters


def test_a_resource_satisfies_a_comparison_as_the_schema_says() -> None:
    pam = {"id": "1", "userName": "Pam", "externalId": "X", "emails": [{"value": "P@x.org"}]}
    assert satisfies(USER, pam, [("userName", "pAM")])
    assert satisfies(USER, pam, [("emails.value", "p@X.org")])
    assert not satisfies(USER, pam, [("externalId", "x"), ("id", "2")])
    assert satisfies(USER, pam, [("externalId", "x"), ("id", "1")])


def test_what_is_looked_up_is_named_as_long_as_that_is_short() -> None:
    assert looking_up(USER, keys(2)) == "looking up user by userName 'n0' or userName 'n1'"
    assert looking_up(GROUP, [*keys(3, "displayName"), ("externalId", "1")]) == (
        "looking up 4 groups by displayName, externalId"
    )


@pytest.mark.parametrize(
    "reads, asks, by_id",
    [
        ("ask", True, (MEMBER_ATTRIBUTES,)),
        ("inline", False, ("",)),
        ("get", False, ("", MEMBER_ATTRIBUTES)),
        ("none", False, ("",)),
    ],
)
def test_members_are_asked_for_as_the_service_shows_them(
    reads: str, asks: bool, by_id: tuple[str, ...]
) -> None:
    known = overridden({"members_read": reads})
    wanted = {"attributes": MEMBER_ATTRIBUTES} if asks else {}
    assert parameters(Question(kind=GROUP, members=True), known) == wanted
    assert parameters(Question(kind=GROUP, members=True, whole=True), known) == {}
    assert parameters(Question(kind=GROUP), known) == {}
    assert member_attributes(known) == by_id


def test_members_that_one_form_of_an_answer_hides_are_sought_in_the_other() -> None:
    known = overridden({})
    assert member_attributes(known) == (MEMBER_ATTRIBUTES, "")
    listed = Question(kind=GROUP, listed=True)
    assert member_attributes(known, replace(listed, whole=True)) == ("", MEMBER_ATTRIBUTES)
    assert member_attributes(known, listed) == ("",)
    assert member_attributes(known, replace(listed, resting=True)) == ("", MEMBER_ATTRIBUTES)
