# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How large a page is asked for, and what a refusal says of it."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.page_sizes import (
    Refusal,
    is_too_large,
    look_up_size,
    sizes_after,
    smaller_sizes,
    stated_limit,
)


def test_e8_a_look_up_asks_for_twice_its_keys_and_at_least_ten() -> None:
    assert [look_up_size(keys) for keys in (1, 5, 6, 40)] == [10, 10, 12, 80]


def test_e8_a_refused_size_is_halved_down_to_25_and_then_10() -> None:
    assert list(smaller_sizes(1000)) == [500, 250, 125, 62, 31, 25, 10]
    assert list(smaller_sizes(26)) == [25, 10] and list(smaller_sizes(25)) == [10]
    assert not list(smaller_sizes(10))


@pytest.mark.parametrize(
    "size, status, scim_type, text, filtered, expected",
    [
        (1000, 400, "", "", False, True),
        (1000, 422, "tooMany", "", True, True),
        (1000, 400, "invalidFilter", "", True, False),
        (1000, 400, "expiredCursor", "", False, False),
        (1000, 500, "", "count", False, False),
        (10, 400, "", "count", False, False),
        (25, 400, "", "", False, True),
        (24, 400, "", "one comparison is the limit", True, False),
        (24, 400, "", "count must be at most 20", True, True),
        (80, 400, "", "", True, False),
        (80, 400, "", "itemsPerPage must be at most 50 per page", True, True),
        (80, 422, "", "", True, False),
        (80, 416, "", "", True, True),
        (80, 400, "", "", False, True),
    ],
)
def test_e8_a_refusal_may_be_about_the_size(
    size: int, status: int, scim_type: str, text: str, filtered: bool, expected: bool
) -> None:
    refusal = Refusal(size, status, scim_type, text, filtered)
    assert bool(sizes_after(refusal)) is expected
    assert is_too_large(refusal) or not expected


@pytest.mark.parametrize("filtered", [True, False])
@pytest.mark.parametrize(
    "size, status, text, expected",
    [
        (1000, 403, "", (25,)),
        (1000, 403, "you may not list users", (25,)),
        (1000, 403, "no more than 50 results", (50,)),
        (1000, 403, "count must not exceed 50", (50, 25, 10)),
        (1000, 404, "count must be between 1 and 20", (20, 10)),
        (1000, 405, "count: too many per page", (25, 10)),
        (25, 403, "", ()),
        (20, 403, "count is too large", (10,)),
        (10, 403, "count is too large", ()),
        (1000, 405, "", ()),
        (1000, 401, "count must not exceed 50", ()),
        (1000, 429, "count must not exceed 50", ()),
        (1000, 503, "count must not exceed 50", ()),
    ],
)
def test_e8_a_status_that_may_mean_the_rights_is_tried_once(
    size: int, status: int, text: str, filtered: bool, expected: tuple[int, ...]
) -> None:
    assert sizes_after(Refusal(size, status, "", text, filtered)) == expected


@pytest.mark.parametrize("status", [404, 410])
def test_e8_what_is_not_there_has_no_page_of_any_size(status: int) -> None:
    assert sizes_after(Refusal(1000, status, "", "", False)) == ()
    assert sizes_after(Refusal(80, status, "", "", True)) == (25,)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", None),
        ("see rule 20", None),
        ("count must not exceed 50", 50),
        ("count 1000 exceeds the maximum of 50 (code 612)", 50),
        ("count must be between 1 and 20", 20),
        ("count must be between 1 and 5", 5),
        ("count: 1-20", 20),
        ("HTTP 400: at most 100 results per page", 100),
        ("400 Bad Request: count", None),
        ("a page has 200 results", 200),
        ("count is limited to 1", None),
        ("the maximum page size is 5", 5),
        ("count is wrong (error 7)", None),
        ("count is limited to 2,000", None),
        ("count, RFC 7644, SCIM 2.0, v30, a-40", None),
    ],
)
def test_e8_the_words_of_a_refusal_may_name_the_size(text: str, expected: int | None) -> None:
    assert stated_limit(Refusal(1000, 400, "", text, False)) == expected
