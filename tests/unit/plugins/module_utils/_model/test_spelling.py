# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Known names get the schema's spelling; everything else stays as it came."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    ENTERPRISE_URN,
    GROUP,
    USER,
)
from ansible_collections.identity.scim.plugins.module_utils._model.spelling import (
    lower_names,
    is_spelt,
    need_no_spelling,
    respelt,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.examples import (
    plain_json,
)

ANN: dict[str, Any] = {
    "schemas": [USER.schema],
    "id": "1",
    "externalId": "e",
    "userName": "ann",
    "name": {"familyName": "Lee"},
    "emails": [{"value": "a@x.org", "type": "work", "primary": True}],
    "groups": [{"value": "g", "$ref": "../Groups/g", "display": "G", "type": "direct"}],
    "meta": {"resourceType": "User", "version": 'W/"1"', "lastModified": "2026"},
    ENTERPRISE_URN: {"costCenter": "7", "manager": {"value": "2", "$ref": "../Users/2"}},
}


def upper(value: Any) -> Any:
    if isinstance(value, dict):
        return {name.upper(): upper(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [upper(one) for one in value]
    return value


def test_l9_every_known_name_is_respelt_at_every_depth() -> None:
    assert respelt(USER, upper(ANN)) == ANN
    group = {"displayName": "G", "members": [{"value": "1", "$ref": "x", "type": "User"}]}
    assert respelt(GROUP, upper(group)) == group
    assert respelt(USER, {USER.schema.upper(): {"USERNAME": "a"}}) == {
        USER.schema: {"userName": "a"}
    }


def test_l9_an_unknown_type_has_the_common_names() -> None:
    assert respelt(None, {"ID": "1", "Meta": {"Version": "2"}, "Colour": {"Value": 1}}) == {
        "id": "1",
        "meta": {"version": "2"},
        "Colour": {"Value": 1},
    }


@pytest.mark.parametrize("pairs", [(("ID", "2"), ("id", "1")), (("id", "1"), ("ID", "2"))])
def test_l9_a_name_in_the_schemas_spelling_goes_before_another(pairs: Any) -> None:
    assert respelt(USER, dict(pairs)) == {"id": "1", "ID": "2"}
    assert list(respelt(USER, {"ID": "1", "Id": "2"}).items()) == [("id", "1"), ("Id", "2")]


@given(st.dictionaries(st.sampled_from(["x", "Colour", "dotted.name", "urn:x:y"]), plain_json))
def test_l9_unknown_attributes_stay_as_they_came(unknown: dict[str, Any]) -> None:
    held = {**ANN, **unknown, "urn:example:2.0:User": unknown}
    found = respelt(USER, held)
    assert found == held and list(found) == list(held)
    assert respelt(USER, found) == found


@pytest.mark.parametrize("value", [None, 1, "x", [], [None, 1, [{"a": 1}]], {"a": {}}])
def test_l9_values_of_the_wrong_shape_stay_as_they_came(value: Any) -> None:
    for name in ("name", "emails", "meta", "groups", "id", ENTERPRISE_URN):
        assert respelt(USER, {name.upper(): value}) == {name: value}


def test_lower_names_of_a_json_object() -> None:
    assert lower_names({"Resources": 1, "RESOURCES": 2}) == {"resources": 1}
    assert lower_names([]) == lower_names(None) == {}


@pytest.mark.parametrize(
    ("resource", "is_plain"),
    [
        ({"id": "1", "userName": "a", "name": {"givenName": "A"}}, True),
        ({"id": "1", "emails": [{"value": "a@x", "type": "work"}], "x": 1}, True),
        ({"ID": "1"}, False),
        ({"emails": [{"Value": "a@x"}]}, False),
        ({"name": {"GIVENNAME": "A"}}, False),
        ({"password": "p"}, False),
        ({"PassWord": "p"}, False),
        ({"name": {"password": "p"}}, False),
        ({"urn:x:y": {"password": "p"}}, False),
        ({"userName": {"password": "p"}}, False),
        ([], False),
    ],
)
def test_what_is_spelt_and_has_no_secret_is_taken_as_it_is(resource: Any, is_plain: bool) -> None:
    assert is_spelt(USER, resource) is is_plain
    if is_plain:
        assert respelt(USER, resource) == resource


NAMES = ("id", "ID", "userName", "username", "name", "value", "Value", "display", "x", "password")


def _any_json(chance: random.Random, depth: int) -> Any:
    kind = chance.random()
    if depth == 0 or kind < 0.4:
        return chance.choice(["a", 1, True, None])
    if kind < 0.6:
        return [_any_json(chance, depth - 1) for _number in range(chance.randrange(3))]
    names = chance.sample((*NAMES, ENTERPRISE_URN), chance.randrange(4))
    return {name: _any_json(chance, depth - 1) for name in names}


def names_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {*value}.union(*map(names_in, value.values()))
    return set[str]().union(*map(names_in, value)) if isinstance(value, list) else set()


def _has_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_secret, value.values())) or any(n.lower() == "password" for n in value)
    return isinstance(value, list) and any(map(_has_secret, value))


@pytest.mark.parametrize("kind", [None, USER, GROUP])
def test_resources_that_need_no_spelling_stay_as_they_are(kind: Any) -> None:
    chance = random.Random(12)
    certain = 0
    for _number in range(3000):
        resources = [{"id": "1", "emails": _any_json(chance, 3), "y": _any_json(chance, 2)}]
        resources.append({chance.choice(NAMES): _any_json(chance, 3)})
        if need_no_spelling(kind, names_in(resources)):
            certain += 1
            assert [respelt(kind, one) for one in resources] == resources
            assert not _has_secret(resources)
    assert certain > 100


def test_names_as_services_write_them_need_no_spelling() -> None:
    resource = {
        "schemas": ["s"],
        "id": "1",
        "userName": "a",
        "name": {"givenName": "A"},
        "emails": [{"value": "a@x", "type": "work", "primary": True}],
        "meta": {"resourceType": "User", "location": "x", "version": "1"},
        "groups": [{"value": "g", "$ref": "x", "display": "G"}],
        ENTERPRISE_URN: {"department": "D", "manager": {"value": "2", "displayName": "B"}},
        "urn:other": {"x": [[{"y": 1}]]},
    }
    assert need_no_spelling(USER, names_in([resource]))
    assert not need_no_spelling(USER, names_in([resource, {"Id": "1"}]))
