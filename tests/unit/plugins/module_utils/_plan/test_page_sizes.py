# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How large a page is asked for, and what a refusal says of it."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.page_sizes import (
    is_too_large,
    look_up_size,
    smaller_sizes,
)


def test_e8_a_look_up_asks_for_twice_its_keys_and_at_least_ten() -> None:
    assert [look_up_size(keys) for keys in (1, 5, 6, 40)] == [10, 10, 12, 80]


def test_e8_a_refused_size_is_halved_down_to_25() -> None:
    assert list(smaller_sizes(1000)) == [500, 250, 125, 62, 31, 25]
    assert list(smaller_sizes(26)) == [25] and not list(smaller_sizes(25))


@pytest.mark.parametrize(
    "size, status, scim_type, text, filtered, expected",
    [
        (1000, 400, "", "", False, True),
        (1000, 422, "tooMany", "", True, True),
        (1000, 400, "invalidFilter", "", True, False),
        (1000, 400, "expiredCursor", "", False, False),
        (1000, 403, "", "count", False, False),
        (1000, 500, "", "count", False, False),
        (25, 400, "", "count", False, False),
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
    assert is_too_large(size, status, scim_type, text, filtered=filtered) is expected
