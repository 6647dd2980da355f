# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How SCIM writes a filter (RFC 7644 section 3.4.2.2).

Knows neither services nor what is looked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote as percent

Clause = tuple[str, str]
# What is the same in JSON, in a URL and in a filter.
UNRESERVED = re.compile("[A-Za-z0-9._~-]*")


def literal(value: str | bool | int | float | None) -> str:
    """Return a value as a JSON literal for a filter (RFC 8259).

    Raise ValueError for text that is not Unicode (a lone surrogate), because no service could
    compare it.
    """
    text = json.dumps(value, ensure_ascii=False)
    text.encode("utf-8")
    return text


def any_of(clauses: Iterable[Clause]) -> str:
    """Return one filter that is true where any of the comparisons is."""
    return " or ".join(f"{path} eq {literal(value)}" for path, value in clauses)


def _cost(clause: Clause) -> int:
    """Return the length of one comparison in a URL."""
    path, value = clause
    if UNRESERVED.fullmatch(value):
        return _cost_of_path(path) + len(value)
    return len(percent(f" or {any_of([clause])}", safe=""))


@lru_cache(maxsize=64)
def _cost_of_path(path: str) -> int:
    return len(percent(f" or {any_of([(path, '')])}", safe=""))


def cost(clauses: Iterable[Clause]) -> int:
    """Return the length of several comparisons in a URL."""
    return sum(map(_cost, clauses))


def chunks(clauses: Iterable[Clause], most: int, length: int) -> Iterator[tuple[Clause, ...]]:
    """Yield the comparisons in portions, one for each filter to send.

    A portion has at most ``most`` comparisons. Its filter has at most ``length`` characters, as
    encoded in a URL, unless a single comparison is longer.
    """
    portion: list[Clause] = []
    size = 0
    for clause in clauses:
        cost = _cost(clause)
        if portion and (len(portion) == most or size + cost > length):
            yield tuple(portion)
            portion = []
            size = 0
        portion.append(clause)
        size += cost
    if portion:
        yield tuple(portion)
