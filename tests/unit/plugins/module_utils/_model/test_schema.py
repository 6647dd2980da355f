# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of attributes, their paths and the options that state them."""

from __future__ import annotations


import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    ENTERPRISE_URN,
    GROUP,
    KINDS,
    USER,
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


def test_names_are_told_apart_as_the_standard_says() -> None:
    assert [
        USER.at(path).case_exact for path in ("userName", "displayName", "externalId", "custom")
    ] == [False, False, True, True]
    assert USER.at("urn:example:1.0:User:title").type == "any"
