# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of hashes says what a dictionary would say."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._plan.key_table import MANY, KeyTable

# Few different places, so that many collide.
HASHES = st.sampled_from((0, 1, 2, 3, 64, 65, 2**62, -2, -3, -(2**63)))


@given(st.lists(st.tuples(HASHES, st.integers(0, 5)), max_size=12), HASHES)
def test_a_table_of_hashes_is_a_dictionary(pairs: list[tuple[int, int]], other: int) -> None:
    wanted: dict[int, set[int]] = {}
    for place, number in pairs:
        wanted.setdefault(place, set()).add(number)
    table = KeyTable(
        array("q", [one for one, _number in pairs]), [number for _one, number in pairs]
    )
    for place, numbers in wanted.items():
        assert table.get(place) == (MANY if len(numbers) > 1 else min(numbers))
    if other not in wanted:
        assert table.get(other) is None
    shared = {one for numbers in wanted.values() if len(numbers) > 1 for one in numbers}
    assert table.shared - {MANY} == shared


def test_a_table_of_nothing_finds_nothing() -> None:
    assert KeyTable(array("q"), ()).get(7) is None
