# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which parts of entries are written follows from what was read (E3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.pairing import Edit
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.kept_types import (
    KeptTypes,
    plain_texts,
    without_parts,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Reading
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    Capabilities,
    Rank,
    Source,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.schemas import Schemas, listed

WORK = {"value": "a@x.org", "type": "work"}
BARE = {"value": "a@x.org"}


def kept(*users: dict[str, Any], schemas: Schemas | None = None) -> KeptTypes:
    snapshot = Snapshot()
    snapshot.add_schemas(schemas)
    resources = tuple({"id": str(number), **one} for number, one in enumerate(users))
    snapshot.add(Reading(kind=USER, resources=resources))
    return KeptTypes(snapshot)


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


def says(*parts: str) -> Schemas:
    mails = {"name": "emails", "subAttributes": [{"name": one} for one in ("value", *parts)]}
    return listed([{"id": USER.schema, "attributes": [mails]}])


@pytest.mark.parametrize(
    "schemas, asks, found, lost",
    [
        (None, True, set(), ("emails.type",)),
        (Schemas(), False, set(), ("emails.type",)),
        (says(), False, set(), ("emails.type",)),
        (says("type"), False, {"emails"}, ()),
    ],
)
def test_e3_schemas_decide_where_no_resource_shows_a_type(
    schemas: Schemas | None, asks: bool, found: set[str], lost: tuple[str, ...]
) -> None:
    types = kept({"emails": [BARE]}, schemas=schemas)
    made = types.of(USER, {"emails": [WORK]}, {"emails": [BARE]})
    assert (made.typed, made.listed, made.lost) == (set(), found, lost)
    assert types.asks_schemas is asks


def test_e3_schemas_are_not_asked_for_where_it_makes_no_difference() -> None:
    types = kept({"emails": [BARE]}, {"emails": [WORK]})
    types.of(USER, {"emails": [WORK]}, {"emails": [BARE]})
    types.of(USER, {"emails": [WORK]}, {})
    other = replace(GROUP, name="Device", schema="")
    types.of(other, {"emails": [WORK]}, {"emails": [BARE]})
    single = types.of(USER, {"ims": [WORK]}, {"ims": [BARE]}, ("ims",))
    assert not types.asks_schemas and single.lost == ("ims.type",)
    listed_one = kept(schemas=says("type")).of(
        USER, {"emails": [WORK]}, {"emails": [BARE]}, ("emails",)
    )
    assert listed_one.lost == ("emails.type",) and not listed_one.listed


PHONE = {"value": "+1", "type": "work"}


@pytest.mark.parametrize(
    "schemas, found",
    [
        (None, set()),
        (Schemas(), {"emails"}),
        (says(), set()),
        (says("type"), {"emails"}),
    ],
    ids=["not asked yet", "no Schemas", "Schemas without types", "Schemas with types"],
)
def test_e3_entries_of_other_lists_decide_where_schemas_say_nothing(
    schemas: Schemas | None, found: set[str]
) -> None:
    for other in ({"emails": [BARE], "phoneNumbers": [PHONE]}, {"phoneNumbers": [PHONE]}):
        types = kept(other, {"emails": [BARE]}, schemas=schemas)
        made = types.of(USER, {"emails": [WORK]}, {"emails": [BARE]})
        assert made.listed == found and bool(made.lost) is not bool(found)
        assert types.asks_schemas is (schemas is None)


@pytest.mark.parametrize("name", ["groups", "roles"])
def test_e3_types_that_the_service_sets_itself_show_nothing(name: str) -> None:
    types = kept({name: [{"value": "1", "type": "direct"}]}, schemas=Schemas())
    assert types.of(USER, {"emails": [WORK]}, {"emails": [BARE]}).lost == ("emails.type",)


@pytest.mark.parametrize(
    "values, rank, found",
    [
        ({"unsaved": ["User.title"]}, Rank.PROFILE, {"emails"}),
        ({"unsaved": ["User.emails.type"]}, Rank.PROFILE, set()),
        ({"only": ["User.emails.value", "User.emails.type"]}, Rank.PROFILE, {"emails"}),
        ({"only": ["User.emails"]}, Rank.PROFILE, {"emails"}),
        ({"only": ["User.emails.value"]}, Rank.PROFILE, set()),
        ({"unsaved": ["User.title"]}, Rank.OPTION, set()),
        ({"page_size": 7}, Rank.PROFILE, set()),
    ],
)
def test_e3_a_profile_that_says_what_is_kept_decides(
    values: dict[str, Any], rank: Rank, found: set[str]
) -> None:
    known = Capabilities().stated(values, Source("it", rank))
    types = KeptTypes(Snapshot(), known)
    made = types.of(USER, {"emails": [WORK]}, {"emails": [BARE]})
    assert made.listed == found and types.asks_schemas is not bool(found)
