# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters are evaluated on our side as RFC 7644 section 3.4.2.2 says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    ENTERPRISE_URN,
    GROUP,
    USER,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.scope import BadFilter, condition
from ansible_collections.identity.scim.plugins.module_utils._protocol.filters import any_of, literal

OPERATOR = "an operator (eq, ne, co, sw, ew, gt, ge, lt, le, pr)"
PAM: dict[str, Any] = {
    "id": "1",
    "userName": "Pam",
    "externalId": "Ext-1",
    "active": True,
    "title": "",
    "emails": [
        {"value": "pam@x.org", "type": "work", "primary": True},
        {"value": "pam@home.org", "type": "home"},
    ],
    "name": {"familyName": "Beesly"},
    ENTERPRISE_URN: {"department": "Art", "manager": {"value": "7"}},
    "urn:example:1.0:User": {"floor": 3},
    "custom": "Some",
    "meta": {"created": "2026-01-02T00:00:00Z"},
}


@pytest.mark.parametrize(
    "text, holds",
    [
        ('userName eq "pam"', True),
        ('USERNAME EQ "PAM"', True),
        ('externalId eq "ext-1"', False),
        ('externalId eq "Ext-1"', True),
        ('custom eq "some"', False),
        ('userName ne "jim"', True),
        ('userName ne "pam"', False),
        ('nickName ne "x"', True),
        ("nickName eq null", True),
        ("userName eq null", False),
        ('userName co "A"', True),
        ('userName sw "p"', True),
        ('userName sw "a"', False),
        ('userName ew "m"', True),
        ("active eq true", True),
        ('active eq "true"', False),
        ("active gt false", False),
        ("userName pr", True),
        ("title pr", False),
        ("nickName pr", False),
        ("emails pr", True),
        ('emails co "home.org"', True),
        ('emails.value eq "pam@home.org"', True),
        ('emails.type eq "WORK"', True),
        ('emails[type eq "home" and value co "home"]', True),
        ('emails[type eq "work" and value co "home"]', False),
        ("emails[primary eq true]", True),
        ('emails[(type eq "home") or not (primary pr)].value pr', None),
        ('name.familyName eq "beesly"', True),
        (f'{ENTERPRISE_URN}:department eq "art"', True),
        (f'{ENTERPRISE_URN}:manager.value eq "7"', True),
        ("urn:example:1.0:User:floor gt 2", True),
        ("urn:example:1.0:User:floor ge 3", True),
        ("urn:example:1.0:User:floor lt 3", False),
        ("urn:example:1.0:User:floor le 3.0", True),
        ("urn:example:1.0:User:floor eq 3.0", True),
        ("urn:example:1.0:User:floor co 3", False),
        ("urn:example:1.0:User:floor eq true", False),
        ('urn:example:1.0:User:floor gt "2"', False),
        ('meta.created gt "2026-01-01T00:00:00Z"', True),
        ('meta.created lt "2026-01-01T00:00:00Z"', False),
        ('userName eq "pam" and active eq false', False),
        ('userName eq "jim" or active eq true', True),
        ('userName eq "jim" or userName eq "pam" and active eq false', False),
        ('(userName eq "jim" or userName eq "pam") and active eq true', True),
        ('not (userName eq "pam")', False),
        ('not (userName eq "jim") and active eq true', True),
    ],
)
def test_filters(text: str, holds: bool | None) -> None:
    if holds is None:
        with pytest.raises(BadFilter):
            condition(text, USER)
        return
    assert condition(text, USER)(PAM) is holds


@pytest.mark.parametrize("active, holds", [("True", True), ("false", False), (True, True)])
def test_booleans_as_text(active: Any, holds: bool) -> None:
    assert condition("active eq true", USER)({"active": active}) is holds


def test_entry_as_bare_value() -> None:
    assert condition('roles eq "admin"', USER)({"roles": ["admin", "user"]})
    assert not condition('roles[value eq "admin"]', USER)({"roles": ["admin"]})


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "an attribute is expected before its end (word 1)"),
        (
            "userName",
            f"{OPERATOR} is expected before its end (word 2)",
        ),
        (
            'userName is "x"',
            f"{OPERATOR} is expected before 'is' (word 2)",
        ),
        ("userName eq", "a value, text in double quotes is expected before its end (word 3)"),
        ("userName eq pam", "a value, text in double quotes is expected before 'pam' (word 3)"),
        ('userName eq "a" active', "'and', 'or' or the end is expected before 'active' (word 4)"),
        ('userName eq "a" and', "an attribute is expected before its end (word 5)"),
        ('(userName eq "a"', "')' is expected before its end (word 5)"),
        ('emails[type eq "a"', "']' is expected before its end (word 6)"),
        ("not userName pr", "'(' is expected before 'userName' (word 2)"),
        ("5 eq 5", "an attribute is expected before '5' (word 1)"),
        ('userName eq "a', "'\"a' cannot be read"),
        ("(" * 51 + "active pr" + ")" * 51, "it is nested more than 50 deep"),
    ],
)
def test_what_cannot_be_read_says_where(text: str, said: str) -> None:
    with pytest.raises(BadFilter) as info:
        condition(text, USER)
    assert str(info.value) == said


texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts, texts)
def test_filters_of_our_own_are_read_back(one: str, other: str) -> None:
    found = condition(any_of([("externalId", one), ("id", other)]), GROUP)
    assert found({"externalId": one}) and found({"id": other})
    assert condition(f"externalId eq {literal(one)}", GROUP)({"externalId": one})
    assert not condition(f"externalId ne {literal(one)}", GROUP)({"externalId": one})


@given(texts)
def test_any_text_is_a_filter_or_a_clear_error(text: str) -> None:
    try:
        condition(text, USER)(PAM)
    except BadFilter as error:
        assert str(error)
