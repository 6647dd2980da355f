# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ids that came under several names: what is certain, what is asked, what is said."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import (
    Question,
    Reading,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._plan.twins import (
    twin_notes,
    twin_problems,
    twin_questions,
)

KEY = Key("User", "1")


def known(*names: str, paged: bool = False, together: bool = False) -> Snapshot:
    """A snapshot of one id that came under these names, in turn or in one answer."""
    snapshot = Snapshot()
    rows = [{"id": "1", "userName": name} for name in names]
    for answer in [tuple(rows)] if together else [(one,) for one in rows]:
        snapshot.add(Reading(kind=USER, resources=answer, paged=paged))
    return snapshot


@pytest.mark.parametrize(
    ("names", "more", "certain"),
    [
        (("ann", "bob"), {"together": True}, True),
        (("ann", "bob"), {}, False),
        (("ann", "bob"), {"paged": True}, False),
        (("ann", "bob", "ann"), {"paged": True}, False),
        (("ann", "bob", "ann", "bob"), {"paged": True}, True),
        (("ann", "bob", "ann", "bob"), {}, False),
    ],
)
def test_n6_two_names_are_two_resources_if_no_renaming_explains_them(
    names: tuple[str, ...], more: dict[str, Any], certain: bool
) -> None:
    snapshot = known(*names, **more)
    assert KEY in snapshot.twins and (KEY in snapshot.twins.certain) is certain
    asked = twin_questions([KEY], snapshot)
    assert asked == (() if certain else (Question(kind=USER, ids=("1",), names=("ann", "bob")),))


def test_n6_both_names_are_found_until_it_is_known_that_it_is_one() -> None:
    snapshot = known("ann", "bob")
    assert [one["userName"] for one in snapshot.shown(USER, "userName", "ANN")] == ["ann"]
    snapshot.add(
        Reading(kind=USER, resources=({"id": "1", "userName": "bob"},), told_apart=("1", False))
    )
    assert KEY not in snapshot.twins and not snapshot.shown(USER, "userName", "ann")
    assert snapshot.shown(USER, "userName", "bob")


def test_n6_one_sentence_names_the_id_and_all_names() -> None:
    snapshot = known("ann", "bob", "eva", together=True)
    (said,) = twin_problems([KEY], snapshot)
    assert said.startswith("the service has 3 users with the id '1', 'ann', 'bob' and 'eva', so ")
    assert [*twin_notes(frozenset(), snapshot)] == [
        "the service returned several users with the same id, which are not changed: "
        "'1' ('ann', 'bob' and 'eva')"
    ]
    assert not [*twin_notes(frozenset({KEY}), snapshot)]
