# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How SCIM writes a filter (RFC 7644 section 3.4.2.2); knows neither services nor what is looked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote as percent

Clause = tuple[str, str]


def literal(value: str | bool | int | float | None) -> str:
    """A value as it stands in a filter: a JSON literal (RFC 7644 section 3.4.2.2, RFC 8259).

    Raises ValueError for text that is not Unicode (a lone surrogate), since no service could answer it rightly.
    """
    text = json.dumps(value, ensure_ascii=False)
    text.encode("utf-8")
    return text


def any_of(clauses: Iterable[Clause]) -> str:
    """Comparisons → one filter that is true where any of them is."""
    return " or ".join(f"{path} eq {literal(value)}" for path, value in clauses)


def chunks(clauses: Iterable[Clause], most: int, length: int) -> Iterator[tuple[Clause, ...]]:
    """Comparisons in portions of at most ``most``, each filter at most ``length`` characters long as sent in an address."""
    portion: list[Clause] = []
    size = 0
    for clause in clauses:
        cost = len(percent(f" or {any_of([clause])}", safe=""))
        if portion and (len(portion) == most or size + cost > length):
            yield tuple(portion)
            portion, size = [], 0
        portion.append(clause)
        size += cost
    if portion:
        yield tuple(portion)
