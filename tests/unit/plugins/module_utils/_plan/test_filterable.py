# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which keys a filter finds, as capabilities say it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.filterable import (
    after_answer,
    any_askable,
    askable,
    cut,
    may_be_missed,
    proves_absence,
    settled_without,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Question, Reading
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    Capabilities,
    overridden,
)

NAME, EXTERNAL = ("userName", "ann"), ("externalId", "e1")


@pytest.mark.parametrize(
    ("caps", "found"),
    [
        ({}, [NAME, EXTERNAL]),
        ({"filter_attributes": ["User.userName"]}, [NAME]),
        ({"filter_attributes": ["username", "Group.externalId"]}, [NAME]),
        ({"filter_attributes": ["Group.displayName"]}, [NAME, EXTERNAL]),
        ({"filter_unsafe": ["e1"]}, [NAME]),
    ],
)
def test_keys_are_asked_by_the_attributes_of_their_type(caps: dict[str, Any], found: Any) -> None:
    known = overridden(caps)
    assert list(askable(USER, [NAME, EXTERNAL], known)) == found
    assert any_askable(USER, [EXTERNAL], known) is (EXTERNAL in found)


def test_comparisons_stand_alone_for_their_type_only() -> None:
    known = overridden({"filter_alone": ["User.externalId"]})
    other = ("userName", "bob")
    assert cut(USER, [NAME, EXTERNAL, other], known) == [(NAME, other), (EXTERNAL,)]
    assert cut(USER, [NAME, other], known, alone=True) == [(NAME,), (other,)]
    assert cut(GROUP, [EXTERNAL, ("displayName", "red")], known) == [
        (EXTERNAL, ("displayName", "red"))
    ]


def test_a_key_is_settled_by_a_resource_that_has_it_or_if_it_is_never_stored() -> None:
    readings = [Reading(kind=USER, resources=({"id": "u1", "externalId": "e1"},))]
    known = Capabilities()
    asked = Question(kind=USER)
    assert settled_without(asked, [NAME, EXTERNAL], readings, known) == (EXTERNAL,)
    unsaved = overridden({"unsaved": ["User.externalId"]})
    assert settled_without(asked, [NAME, EXTERNAL], [], unsaved) == (EXTERNAL,)


@pytest.mark.parametrize(
    ("caps", "name", "external"),
    [
        ({}, True, True),
        ({"filter_case": "exact"}, False, True),
        ({"filter_unknown": "empty"}, False, False),
        ({"filter_unknown": "empty", "filter_attributes": ["User.userName"]}, True, False),
    ],
)
def test_an_empty_answer_proves_absence(caps: dict[str, Any], name: bool, external: bool) -> None:
    known = overridden(caps)
    assert proves_absence(USER, NAME[0], known) is name
    assert proves_absence(USER, EXTERNAL[0], known) is external
    assert may_be_missed(USER, NAME, known) is not name


def test_a_key_without_a_filter_may_be_missed() -> None:
    known = overridden({"filter_attributes": ["User.userName"]})
    assert may_be_missed(USER, EXTERNAL, known)
    assert not may_be_missed(USER, EXTERNAL, overridden({"unsaved": ["User.externalId"]}))


@pytest.mark.parametrize(
    ("caps", "settled", "unknown", "needs_listing"),
    [
        ({}, (NAME, EXTERNAL), (), False),
        ({"filter_case": "exact"}, (EXTERNAL,), (), True),
        ({"filter_unknown": "empty"}, (), (NAME, EXTERNAL), False),
        (
            {"filter_unknown": "empty", "filter_attributes": ["userName"]},
            (NAME,),
            (EXTERNAL,),
            False,
        ),
    ],
)
def test_what_an_empty_answer_says_of_each_key(
    caps: dict[str, Any], settled: Any, unknown: Any, needs_listing: bool
) -> None:
    found = after_answer(USER, (NAME, EXTERNAL), (), overridden(caps))
    assert found == (settled, unknown, needs_listing)
    assert after_answer(USER, (NAME,), (NAME,), overridden(caps)).settled == (NAME,)
