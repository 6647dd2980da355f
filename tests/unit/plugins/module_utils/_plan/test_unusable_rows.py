# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows without an id: how they are named, and which keys they may have."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.unusable_rows import (
    in_doubt,
    row_notes,
)


def test_n1_rows_without_an_id_are_one_sentence_by_name() -> None:
    assert row_notes(USER, [{"userName": "ann"}, None, {"x": 1}, {"USERNAME": "bob"}]) == (
        "the service returned users without a usable id, left out: 'ann', 'bob', 2 without a name",
    )
    many = [{"displayName": f"g{one}"} for one in range(9)]
    assert row_notes(GROUP, many)[0].endswith("left out: 'g0', 'g1', 'g2', 'g3', 'g4' and 4 more")
    assert row_notes(USER, []) == ()


@pytest.mark.parametrize(
    "row, doubted",
    [
        (None, True),
        ("x", True),
        ({}, True),
        ({"userName": "ANN"}, True),
        ({"userName": "bob"}, False),
        ({"externalId": "1"}, True),
    ],
)
def test_n1_a_row_may_be_what_it_does_not_deny(row: Any, doubted: bool) -> None:
    clause = ("userName", "ann")
    assert in_doubt(USER, [row], [clause]) == ((clause,) if doubted else ())


def test_n1_without_odd_rows_nothing_is_in_doubt() -> None:
    assert in_doubt(USER, (), [("userName", "ann")]) == ()
