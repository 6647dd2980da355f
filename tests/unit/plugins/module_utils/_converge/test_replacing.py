# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What proves that a group has no other members than it shows."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirky

PEOPLE = [f"p{number:02}" for number in range(20)]


def changed(size: int, others: int = 0, **caps: Any) -> ScimError | None:
    """The failure of a change by PUT of a group of that size."""
    server = Quirky()
    for name in PEOPLE:
        server.user(name)
    server.group("red", PEOPLE[:size])
    server.group("blue", PEOPLE[:others])
    row = {"display_name": "red", "external_id": "x"}
    found = run(server, caps={"patch": False, **caps}, groups=[row])
    assert server.members("red") == set(PEOPLE[:size])
    return found.error


@pytest.mark.parametrize(
    "size, others, caps, is_refused",
    [
        (0, 0, {}, True),
        (0, 1, {}, False),
        (0, 0, {"members_read": "ask"}, False),
        (1, 0, {}, False),
        (10, 0, {}, True),
        (10, 10, {}, True),
        (10, 11, {}, False),
        (10, 0, {"members_limit": 0}, False),
        (10, 0, {"members_limit": 11}, False),
        (10, 0, {"members_limit": 10}, True),
        (11, 0, {}, False),
        (11, 0, {"members_limit": 10}, True),
    ],
)
def test_a_put_rests_on_members_that_are_all(
    size: int, others: int, caps: dict[str, Any], is_refused: bool
) -> None:
    failure = changed(size, others, **caps)
    assert (failure is not None) is is_refused
    if failure is not None:
        setting = "members_limit" if size else "members_read"
        assert "replacing the group by PUT" in str(failure) and setting in str(failure)
