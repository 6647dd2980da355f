# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many resources to ask for on a page, and what a refusal says of it; pure.

Knows no service and no list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .._protocol.not_found import GONE
from .reading import REFUSED_FILTER

SMALLEST = 25
LEAST_FOUND = 10
MOST_FOUND = 100
FORBIDDEN = 403
# What these say may be about something else than the size of a page: the rights, the address, or
# that nothing was found.
UNCLEAR = frozenset({FORBIDDEN, 405}) | GONE
# What these say is never about it: credentials, too many requests.
OTHER_STATUSES = frozenset({401, 429})
OTHER_TYPES = frozenset({"expiredCursor", "invalidCursor", "invalidFilter", "noTarget"})
ABOUT_COUNT = re.compile(r"count|page.?size|per.?page|results|limit|maxim", re.IGNORECASE)
_COUNT = re.compile(r"\bcount\b|page.?size|per.?page", re.IGNORECASE)
_LIMIT = re.compile(
    r"\b(max|limit|exceed)\w*|\bat most|\bup to|\b(more|less|great\w*|larg\w*|high\w*) than|"
    r"too (large|big|many|high|great)|\bbetween\b|\brange\b|<=|≤",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(
    r"not found|\bno(ne)? (such |matching )?(user|group|resource|result|record|entr|match|item)|"
    r"(not|n't) (exist|find)",
    re.IGNORECASE,
)
# The least of a range may stand between the word and its number.
_NAMES_LIMIT = re.compile(rf"(?:{_LIMIT.pattern})[^0-9]*(?:\b[01]\b[^0-9]*)?$", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.,])(?<![A-Za-z]-)[0-9]{1,6}(?!\w|[.,][0-9])")
# How far a number stands behind the word that makes it a limit.
_NEAR = 30


class Refusal(NamedTuple):
    """A page that was refused: its size, and what was answered.

    ``filtered``: it is the answer to a look-up or another filter.
    """

    size: int
    status: int
    scim_type: str
    text: str
    filtered: bool

    @property
    def says_too_large(self) -> bool:
        """Return whether it says in words that the page is too large."""
        if self.status in GONE and _NOT_FOUND.search(self.text):
            return False
        return bool(_COUNT.search(self.text) and _LIMIT.search(self.text))

    @property
    def is_unclear(self) -> bool:
        """Return whether it may mean something else, and no word says what."""
        return self.status in UNCLEAR and not self.says_too_large

    @property
    def is_final(self) -> bool:
        """Return whether no smaller page is worth asking for."""
        if self.size <= LEAST_FOUND or not 400 <= self.status < 500:
            return True
        return self.status in OTHER_STATUSES or self.scim_type in OTHER_TYPES


def look_up_size(keys: int) -> int:
    """Return how many resources a look-up of so many keys asks for.

    Two resources may have one key, so that is twice the number of keys.
    """
    return max(LEAST_FOUND, 2 * keys)


def smaller_sizes(size: int) -> Iterator[int]:
    """Yield the sizes to ask for after a refused one: half of it, down to 25, then 10."""
    while size > SMALLEST:
        size = max(SMALLEST, size // 2)
        yield size
    if size > LEAST_FOUND:
        yield LEAST_FOUND


def sizes_after(refusal: Refusal) -> tuple[int, ...]:
    """Return the sizes to ask for in turn after a refusal, none if it is final.

    The number that the service names comes first.
    """
    if refusal.is_final:
        return ()
    said = stated_limit(refusal)
    if refusal.is_unclear:
        return (said or SMALLEST,) if _may_be_too_large(refusal) else ()
    if refusal.status in UNCLEAR:
        sizes = tuple(one for one in (SMALLEST, LEAST_FOUND) if one < refusal.size)
    elif is_too_large(refusal):
        sizes = tuple(smaller_sizes(refusal.size))
    else:
        return ()
    if said is None:
        return sizes
    return (said, *(one for one in sizes if one < said))


def is_too_large(refusal: Refusal) -> bool:
    """Return whether a refusal may be about the size of a page.

    Of a short list, a refusal may be about the filter instead, unless it says something else.
    """
    if not refusal.filtered or refusal.size > MOST_FOUND or refusal.status not in REFUSED_FILTER:
        return True
    if refusal.size <= SMALLEST:
        return refusal.says_too_large
    return ABOUT_COUNT.search(f"{refusal.scim_type} {refusal.text}") is not None


def _may_be_too_large(refusal: Refusal) -> bool:
    """Return whether a silent refusal is worth one smaller page.

    An address that does not exist, or that takes no GET, has no page of any size. What is forbidden
    may be the size. What answers 404 to a filter found nothing, or takes no such page.
    """
    if refusal.size <= SMALLEST:
        return False
    return refusal.status == FORBIDDEN or (refusal.filtered and refusal.status in GONE)


def stated_limit(refusal: Refusal) -> int | None:
    """Return the size that a refusal names as the largest, None if it names none.

    The number after a word such as "maximum" is that, else the largest below what was asked for.
    """
    text = refusal.text
    if not ABOUT_COUNT.search(text):
        return None
    named, others = [], []
    for found in _NUMBER.finditer(text):
        number = int(found.group())
        if not 1 < number < refusal.size or number == refusal.status:
            continue
        before = text[max(0, found.start() - _NEAR) : found.start()]
        if _NAMES_LIMIT.search(before):
            named.append(number)
        elif number >= LEAST_FOUND:
            others.append(number)
    return max(named or others, default=None)
