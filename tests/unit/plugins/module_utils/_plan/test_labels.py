# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which parts of entries are written follows from what was read (E3)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.pairing import Edit
from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.plugins.module_utils._plan.labels import (
    KeptLabels,
    plain_texts,
    without_parts,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Reading
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot

WORK = {"value": "a@x.org", "type": "work"}
BARE = {"value": "a@x.org"}


def kept(*users: dict[str, Any]) -> KeptLabels:
    snapshot = Snapshot()
    resources = tuple({"id": str(number), **one} for number, one in enumerate(users))
    snapshot.add(Reading(kind=USER, resources=resources))
    return KeptLabels(snapshot)


@pytest.mark.parametrize("wish", [[WORK], Edit(add=[WORK]), Edit(whole=[BARE, WORK])])
def test_e3_a_type_is_lost_unless_another_resource_shows_one(wish: Any) -> None:
    before = {"emails": [BARE]}
    assert kept({"emails": [BARE]}).of(USER, {"emails": wish}, before).lost == ("emails.type",)
    found = kept({"emails": [BARE]}, {"emails": [WORK]}).of(USER, {"emails": wish}, before)
    assert (found.typed, found.lost) == ({"emails"}, ())


@pytest.mark.parametrize(
    "wish, before",
    [
        ([WORK], {}),
        ([WORK], {"emails": []}),
        ([WORK], {"emails": [BARE, WORK]}),
        ([BARE], {"emails": [BARE]}),
        (Edit(remove=[WORK]), {"emails": [BARE]}),
        ("text", {"emails": [BARE]}),
        ([1], {"emails": [BARE]}),
    ],
)
def test_e3_nothing_is_asked_where_it_makes_no_difference(
    wish: Any, before: dict[str, Any]
) -> None:
    found = kept().of(USER, {"emails": wish}, before)
    assert (found.typed, found.lost) == (frozenset(), ())


def test_e3_odd_lists_of_other_resources_show_nothing() -> None:
    odd = ({"emails": "a@x.org"}, {"emails": ["a", None, {"type": ""}]}, {})
    assert kept(*odd).of(USER, {"emails": [WORK]}, {"emails": [BARE]}).lost == ("emails.type",)


def test_e3_parts_that_are_not_kept_are_left_out() -> None:
    both = [WORK, {**WORK, "type": "home"}]
    attributes = {"emails": both, "title": "x", "ims": Edit(add=both, remove=[{"type": "x"}])}
    found, dropped = without_parts(
        USER, attributes, {"emails.type", "ims.type", "title", "name.givenName", "photos.type"}
    )
    assert found == {
        "emails": [BARE],
        "title": "x",
        "ims": Edit(add=[BARE], remove=[{"type": "x"}]),
    }
    assert dropped == ("emails.type", "ims.type")
    assert attributes["emails"] == both
    whole = {"emails": Edit(whole=[{**BARE, "odd": 1}])}
    assert without_parts(USER, whole, {"emails.odd"})[0] == {
        "emails": Edit(whole=[BARE], add=[], remove=[])
    }


@pytest.mark.parametrize(
    "rows, parts",
    [
        (["a@x.org"], ("emails.type", "emails.primary", "emails.display")),
        ([], ()),
        ([BARE], ()),
        (["a@x.org", BARE], ()),
        ("a@x.org", ()),
    ],
)
def test_e3_plain_texts_have_no_parts(rows: Any, parts: tuple[str, ...]) -> None:
    assert tuple(plain_texts(USER, {"emails": [WORK], "title": "x"}, {"emails": rows})) == parts
