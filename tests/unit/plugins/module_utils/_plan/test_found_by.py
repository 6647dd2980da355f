# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""By which attributes filters find resources."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.found_by import (
    Filtered,
    FoundBy,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Reading
from ansible_collections.identity.scim.plugins.module_utils._plan.verdicts import judged

ANN = {"id": "1", "userName": "ann", "externalId": "a"}
NAME, IDENT = ("userName", "ann"), ("externalId", "a")


def test_d2_a_resource_that_two_attributes_may_have_brought_proves_names_only() -> None:
    found = FoundBy(USER)
    assert not found.works((NAME,)) and not found.works((IDENT,)) and not found.works(())
    both = judged(USER, (NAME, IDENT), [ANN])
    found.add(both.found_by, both.found)
    assert found.works((NAME,)) and found.works(()) and not found.works((IDENT,))
    assert found.without((IDENT,)) == {"filter_attributes": ("User.userName",)}
    found.add({"externalId"}, [IDENT])
    assert found.works((IDENT,)) and FoundBy(USER).without((IDENT,)) == {"filters": False}


def test_d2_the_attributes_that_find_are_known_for_each_type() -> None:
    filtered = Filtered()
    filtered.add(Reading(kind=USER, answered=(IDENT,), found_by=frozenset({"externalId"})))
    assert filtered.finds_by(USER, "externalId") and not filtered.finds_by(USER, "userName")
    assert not filtered.finds_by(GROUP, "externalId") and not filtered.tried
    filtered.add(Reading(kind=USER, resources=(ANN,), answered=(NAME,)))
    assert filtered.tried == {"User"} and ("User", "userName", "ann") in filtered.proven
