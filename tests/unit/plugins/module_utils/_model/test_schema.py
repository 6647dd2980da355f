# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of attributes, their paths and their options."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    ENTERPRISE_URN,
    KINDS,
    USER,
    Attribute,
    ResourceType,
    snake,
    split_path,
    top_path,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.examples import paths


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_path_finds_its_attribute_in_any_case(kind: ResourceType) -> None:
    for path, attribute in paths(kind):
        assert kind.at(path) is attribute
        assert kind.at(path.upper() if not path.startswith("urn:") else path.lower()) is attribute


@pytest.mark.parametrize(
    "path, spelt",
    [
        ("USERNAME", "userName"),
        ("name.GIVENNAME", "name.givenName"),
        ("Name.Other", "name.Other"),
        ("name.", "name"),
        ("Badge.Number", "Badge.Number"),
        (USER.schema.upper() + ":nickname", "nickName"),
        (USER.schema + ":Badge", "Badge"),
        (ENTERPRISE_URN.upper(), ENTERPRISE_URN),
        (ENTERPRISE_URN.lower() + ":MANAGER.value", f"{ENTERPRISE_URN}:manager.value"),
        (ENTERPRISE_URN.upper() + ":Badge", f"{ENTERPRISE_URN}:Badge"),
        ("urn:Example:1.0:User:Floor", "urn:Example:1.0:User:Floor"),
    ],
)
def test_paths_are_spelt_as_in_the_table(path: str, spelt: str) -> None:
    assert USER.spelt(path) == spelt
    assert USER.spelt(spelt) == spelt


@pytest.mark.parametrize(
    "path", ["badge", "name.badge", "urn:example:1.0:User:badge", "title.badge"]
)
def test_unknown_path_is_case_exact_and_of_any_shape(path: str) -> None:
    found = USER.at(path)
    assert (found.name, found.type, found.case_exact, found.many) == ("badge", "any", True, False)


def test_copy_with_other_keys_finds_the_same_attributes() -> None:
    copy = dataclasses.replace(USER, match_by=("userName",))
    assert copy.match_by == ("userName",) and copy != USER
    assert copy.index is USER.index
    assert all(copy.at(path) is attribute for path, attribute in paths(USER))


def test_copy_with_other_attributes_has_its_own_index() -> None:
    badge = Attribute(name="badge", doc="", type="binary")
    copy = dataclasses.replace(USER, attributes=(*USER.attributes, badge))
    assert copy.at("Badge") is badge and copy.find("BADGE") is badge
    assert USER.at("badge").type == "any" and USER.find("badge") is None
    assert dataclasses.replace(copy, extensions=()).extension(ENTERPRISE_URN) is None


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_path_is_made_of_its_parts(kind: ResourceType) -> None:
    """P5: of every attribute of the tables."""
    for path, _attribute in paths(kind):
        urn, name, sub = split_path(path)
        assert (f"{urn}:" if urn else "") + name + (f".{sub}" if sub else "") == path
        assert top_path(path) == path.removesuffix(f".{sub}" if sub else "")
        assert top_path(top_path(path)) == top_path(path)


NAMES = st.from_regex(r"[A-Za-z$][A-Za-z0-9_$-]{0,8}", fullmatch=True)
URNS = st.from_regex(r"(urn|URN):[a-z0-9]{2,6}(:[A-Za-z0-9._-]{1,8}){1,4}", fullmatch=True)


@given(st.one_of(st.just(""), URNS), NAMES, st.one_of(st.just(""), NAMES))
def test_p5_any_path_is_made_of_its_parts(urn: str, name: str, sub: str) -> None:
    """P5: of attributes that no table knows, below URNs with versions in them."""
    path = (f"{urn}:" if urn else "") + name + (f".{sub}" if sub else "")
    assert split_path(path) == (urn, name, sub)


@pytest.mark.parametrize(
    "path, parts",
    [
        ("userName", ("", "userName", "")),
        ("name.givenName", ("", "name", "givenName")),
        (f"{ENTERPRISE_URN}:manager.value", (ENTERPRISE_URN, "manager", "value")),
        ("URN:Example:2.0:User:floor", ("URN:Example:2.0:User", "floor", "")),
    ],
)
def test_split_path(path: str, parts: tuple[str, str, str]) -> None:
    assert split_path(path) == parts


@pytest.mark.parametrize(
    "name, option",
    [
        ("userName", "user_name"),
        ("x509Certificates", "x509_certificates"),
        ("externalId", "external_id"),
        ("phoneNumbers", "phone_numbers"),
        ("ims", "ims"),
        ("profileUrl", "profile_url"),
        ("honorificPrefix", "honorific_prefix"),
    ],
)
def test_options_are_called_in_snake_case(name: str, option: str) -> None:
    assert snake(name) == option


def test_case_counts_where_the_schema_says_so() -> None:
    assert [
        USER.at(path).case_exact for path in ("userName", "displayName", "externalId", "custom")
    ] == [False, False, True, True]
    assert USER.at("urn:example:1.0:User:title").type == "any"
