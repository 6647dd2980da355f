# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imitations read filters as RFC 7644 section 3.4.2.2 says, as far as their services do."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.tests.rehearsal.filters import (
    comparisons,
    depth,
    joins,
    parsed,
)
from ansible_collections.identity.scim.tests.unit.rehearsal.test_imitations import Client


def office(name: str) -> Client:
    client = Client(name)
    client.store.judged = False
    work = {"value": "ann@example.com", "type": "work"}
    home = {"value": "ann@example.org", "type": "home"}
    client.store.user("ann", emails=[work, home])
    client.store["ann"]["name"] = {"familyName": "A"}
    client.store.user("bob", emails=[{"value": "bob@example.com", "type": "home"}])
    client.store.user("cid", active=False)
    return client


def found(client: Client, condition: str) -> Any:
    answer = client.find("Users", condition)
    if answer.status != 200:
        return answer.body.get("scimType")
    return [one["userName"] for one in answer.body["Resources"]]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ('userName eq "ann" or userName eq "bob" and active eq false', ["ann"]),
        ('(userName eq "ann" or userName eq "bob") and active eq true', ["ann", "bob"]),
        ('not (userName eq "ann")', ["bob", "cid"]),
        ('emails[type eq "home"]', ["ann", "bob"]),
        ('emails[type eq "work" and value co "example.org"]', []),
        ('emails[type eq "home" and value co "example.org"]', ["ann"]),
        ('emails.type eq "work" and emails.value co "example.org"', ["ann"]),
        ("emails pr", ["ann", "bob"]),
        ('emails[type eq "home"] and not (name.familyName pr)', ["bob"]),
        ('userName ge "bob"', ["bob", "cid"]),
        ('userName eq "a\\"b"', []),
        ('userName eq "ann', "invalidFilter"),
        ('(userName eq "ann"', "invalidFilter"),
        ('emails[type eq "home"', "invalidFilter"),
        ('userName eq "ann" xor active eq true', "invalidFilter"),
    ],
)
def test_filters_of_a_service_with_the_whole_grammar(condition: str, names: Any) -> None:
    assert found(office("oracle"), condition) == names


@pytest.mark.parametrize("number", [0, 1, 10, 11, 40])
def test_keycloak_refuses_more_than_ten_levels(number: int) -> None:
    client = office("keycloak")
    nested = "(" * number + 'userName eq "ann"' + ")" * number
    assert found(client, nested) == (["ann"] if number <= 10 else "invalidFilter")
    inside = "(" * (number - 1) + 'emails[value eq "ann@example.com"]' + ")" * (number - 1)
    assert found(client, inside) == (["ann"] if number <= 10 else "invalidFilter")


def test_keycloak_has_no_and_in_brackets_and_any_number_of_or() -> None:
    client = office("keycloak")
    assert found(client, 'emails[value eq "x" and type eq "work"]') == "invalidFilter"
    assert found(client, 'emails[value eq "ann@example.com"] and userName eq "ann"') == ["ann"]
    assert found(client, " or ".join(['userName eq "ann"'] * 50)) == ["ann"]
    assert found(client, 'userName eq "' + "x" * 2048 + '"') == "invalidFilter"


def test_a_service_with_one_comparison_has_no_parentheses() -> None:
    assert found(office("atlassian"), 'userName eq "ann"') == ["ann"]
    assert found(office("atlassian"), '(userName eq "ann")') == "invalidFilter"


def test_a_tree_knows_its_comparisons_its_words_and_its_depth() -> None:
    tree = parsed('(a eq "1" or b[c eq 2 and d pr]) and not (e eq true)')
    assert [one.path for one in comparisons(tree)] == ["a", "b.c", "b.d", "e"]
    assert sorted(joins(tree)) == ["and", "and", "or"] and list(joins(tree, within=True)) == ["and"]
    assert depth(tree) == 2 and depth(parsed("a pr")) == 0
