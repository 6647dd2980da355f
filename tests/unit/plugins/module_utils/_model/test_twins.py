# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two rows of one id: one resource, two, or perhaps two."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.twins import (
    is_twin,
    twins_among,
)

ANN = {"id": "1", "userName": "ann"}


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        ({"id": "1", "userName": "bob"}, True),
        ({"id": "1", "userName": "ANN"}, False),
        ({"id": "1", "userName": ""}, False),
        ({"id": "1", "userName": None}, False),
        ({"id": "1", "userName": 7}, False),
        ({"id": "1"}, False),
        ({"id": "1", "userName": "ann", "title": "x"}, False),
    ],
)
def test_n6_a_twin_has_another_name(other: dict[str, Any], differs: bool) -> None:
    assert is_twin("userName", ANN, other) is is_twin("userName", other, ANN) is differs


def test_n6_two_names_on_one_page_are_two_resources_and_on_two_pages_perhaps() -> None:
    bob = {"id": "1", "userName": "bob"}
    eva = {"id": "2", "userName": "eva"}
    assert twins_among("userName", [ANN, eva, bob, ANN], {}) == ([bob], [])
    assert twins_among("userName", [bob, eva], {"1": ANN}) == ([], [bob])
    assert twins_among("userName", [bob, eva], {"1": None}) == ([], [])
    assert twins_among("userName", [ANN, eva], {"1": ANN}) == ([], [])
