# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What answers say of ids, without a service."""

from __future__ import annotations

from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Question
from ansible_collections.identity.scim.plugins.module_utils._plan.sought_ids import SoughtIds


def sought(*ids: str, **more: Any) -> SoughtIds:
    return SoughtIds(Question(kind=USER, ids=ids, listed_ids=True, **more))


def portion(*ids: str) -> tuple[tuple[str, str], ...]:
    return tuple(("id", one) for one in ids)


def test_a_filter_tells_what_was_found_under_which_id_and_what_is_lacking() -> None:
    ids = sought("U1", "u2", "x")
    found = ids.judged(portion("U1", "u2", "x"), [{"id": "u1"}, {"id": "u2"}, {"id": "u9"}])
    assert [one["id"] for one in found.fitting] == ["u1", "u2"]
    assert found.aliases == {"U1": "u1"} and found.lacking == ("x",)
