# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many resources to ask for on a page, and what a refusal says of it; pure.

Knows no service and no list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .reading import REFUSED_FILTER

SMALLEST = 25
LEAST_FOUND = 10
MOST_FOUND = 100
# What these say is not about the size of a page: credentials, the address, a lost place, a filter.
OTHER_STATUSES = frozenset({401, 403, 404, 405, 429})
OTHER_TYPES = frozenset({"expiredCursor", "invalidCursor", "invalidFilter"})
ABOUT_COUNT = re.compile(r"count|page.?size|per.?page|results|limit|maxim", re.IGNORECASE)


def look_up_size(keys: int) -> int:
    """Return how many resources a look-up of so many keys asks for.

    Two resources may have one key, so that is twice the number of keys.
    """
    return max(LEAST_FOUND, 2 * keys)


def smaller_sizes(size: int) -> Iterator[int]:
    """Yield the sizes to ask for after a refused one: half of it, down to 25."""
    while size > SMALLEST:
        size = max(SMALLEST, size // 2)
        yield size


def is_too_large(size: int, status: int, scim_type: str, text: str, *, filtered: bool) -> bool:
    """Return whether a refusal may be about the size of a page.

    Of a short list, a refusal may be about the filter instead, unless it says something else.
    """
    if size <= SMALLEST or not 400 <= status < 500 or status in OTHER_STATUSES:
        return False
    if scim_type in OTHER_TYPES:
        return False
    if not filtered or size > MOST_FOUND or status not in REFUSED_FILTER:
        return True
    return ABOUT_COUNT.search(f"{scim_type} {text}") is not None
