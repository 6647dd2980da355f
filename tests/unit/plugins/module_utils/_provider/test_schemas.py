# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Schemas list, whatever they look like (E1, E3)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._provider.schemas import (
    Schemas,
    believed,
    listed,
)

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
TYPED = {"name": "emails", "subAttributes": [{"name": "value"}, {"name": "type"}]}


def row(*attributes: Any, urn: str = USER.schema) -> dict[str, Any]:
    return {"id": urn, "attributes": list(attributes)}


@pytest.mark.parametrize(
    "path, said",
    [
        ("emails.type", True),
        ("EMAILS.Type", True),
        ("emails.display", False),
        ("emails", True),
        (f"{USER.schema}:emails.type", True),
        ("nickName", False),
        ("externalId", None),
        ("id", None),
        ("title", True),
        ("title.part", None),
        (f"{ENTERPRISE}:department", None),
        (ENTERPRISE, None),
    ],
)
def test_e3_attributes_and_their_parts_are_listed_or_not(path: str, said: bool | None) -> None:
    found = listed([row(TYPED, {"name": "title"})])
    assert found.has(USER, path) is said
    assert found.has(GROUP, "displayName") is None


def test_e1_extensions_and_other_letters() -> None:
    upper = {"ID": ENTERPRISE.upper(), "Attributes": [{"NAME": "Department"}]}
    found = listed([row(TYPED), upper])
    assert found.has(USER, f"{ENTERPRISE}:department") is True
    assert found.has(USER, f"{ENTERPRISE}:division") is False


@pytest.mark.parametrize(
    "rows",
    [
        None,
        {},
        "text",
        [None, 1, "x", []],
        [row()],
        [row(None, 1, {"name": 1}, {"name": None})],
        [{"id": USER.schema, "attributes": {"name": "emails"}}],
        [{"attributes": [TYPED]}],
        [{"id": 7, "attributes": [TYPED]}],
        [row({"name": "emails"})],
        [row({"name": "emails", "subAttributes": []})],
        [row({"name": "emails", "subAttributes": [None, "type"]})],
    ],
)
def test_e3_odd_schemas_say_nothing(rows: Any) -> None:
    assert listed(rows).has(USER, "emails.type") is None


json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.sampled_from((USER.schema, "emails"))),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(("id", "attributes", "name", "subAttributes", "x")), inner, max_size=4
        ),
    ),
    max_leaves=12,
)


@given(json)
def test_e3_any_json_is_read(rows: Any) -> None:
    assert listed(rows).has(USER, "emails.type") in (None, True, False)
    assert Schemas().has(USER, "emails.type") is None


EXTENDED = [{"name": "User", "schemaExtensions": [{"schema": ENTERPRISE, "required": False}]}]


@pytest.mark.parametrize(
    ("types", "said"),
    [
        (EXTENDED, True),
        ([{"NAME": "User", "SchemaExtensions": [{"Schema": ENTERPRISE.upper()}]}], True),
        ([{"name": "User"}, *EXTENDED], True),
        ([{"name": "User"}], None),
        ([{"name": "User", "schemaExtensions": "none"}], None),
        ([{"name": "User", "schemaExtensions": [{"schema": "urn:other"}, None]}], None),
        # What cannot be read contradicts nothing.
        (None, True),
        ([], True),
        ("text", True),
        ([None], True),
    ],
)
def test_schemas_with_an_extension_of_no_resource_type_say_nothing(types: Any, said: Any) -> None:
    found = listed([row(TYPED), row({"name": "department"}, urn=ENTERPRISE)])
    assert believed(found, types).has(USER, "emails.type") is said


def test_schemas_without_extensions_need_no_resource_types() -> None:
    found = listed([row(TYPED)])
    assert not found.extensions and believed(found, [{"name": "User"}]) == found
