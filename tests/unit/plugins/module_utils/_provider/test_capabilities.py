# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the option ``capabilities`` takes, says about wrong values, and wins against."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    FIELDS,
    Capabilities,
    overridden,
)


def sentence(values: dict[str, Any]) -> str:
    with pytest.raises(ValueError) as info:
        overridden(values)
    return str(info.value)


@pytest.mark.parametrize("name", FIELDS)
def test_every_capability_is_documented_and_takes_its_own_default(name: str) -> None:
    one = FIELDS[name]
    assert one.doc.endswith(".") and one.name == name
    assert not one.choices or one.default in one.choices
    found = overridden({name: list(one.default) if one.type == "list" else one.default})
    assert found.get(name) == one.default == Capabilities().get(name)
    assert (found.source(name), Capabilities().source(name)) == ("option capabilities", "assumed")


@pytest.mark.parametrize(
    "name, value, found",
    [
        ("patch", False, False),
        ("patch", "no", False),
        ("patch", "True", True),
        ("members_per_patch", "100", 100),
        ("members_per_patch", 1, 1),
        ("member_remove", "list", "list"),
        ("unsaved", ["nickName"], ("nickName",)),
        ("fixed", [], ()),
        ("filter_length", 200, 200),
    ],
)
def test_values(name: str, value: Any, found: Any) -> None:
    assert overridden({name: value}).get(name) == found


def test_b14_an_unknown_one() -> None:
    assert (
        sentence({"patches": True})
        == f"unknown capability 'patches'; known are: {', '.join(sorted(FIELDS))}"
    )


@pytest.mark.parametrize(
    "name, value, said",
    [
        ("patch", "maybe", "capability 'patch' is true or false, not 'maybe'"),
        ("patch", None, "capability 'patch' is true or false, not 'None'"),
        ("patch", 1, "capability 'patch' is true or false, not '1'"),
        ("page_size", 0, "capability 'page_size' is a whole number of 1 or more, not '0'"),
        ("page_size", True, "capability 'page_size' is a whole number of 1 or more, not 'True'"),
        ("page_size", "-5", "capability 'page_size' is a whole number of 1 or more, not '-5'"),
        ("page_size", 2.5, "capability 'page_size' is a whole number of 1 or more, not '2.5'"),
        (
            "filter_length",
            199,
            "capability 'filter_length' is a whole number of 200 or more, not '199'",
        ),
        ("member_remove", "both", "capability 'member_remove' is one of filter, list, not 'both'"),
        ("unsaved", "nickName", "capability 'unsaved' is a list of SCIM paths, not 'nickName'"),
        ("unsaved", [1], "capability 'unsaved' is a list of SCIM paths, not '[1]'"),
    ],
)
def test_b14_wrong_values(name: str, value: Any, said: str) -> None:
    assert sentence({name: value}) == said


def test_what_is_learnt_says_where() -> None:
    found = Capabilities().learn("answer to PATCH /Groups: 501", patch=False)
    assert found.get("patch") is False and found.source("patch") == "answer to PATCH /Groups: 501"
    assert found.learn("later", patch=True).get("patch") is True


def test_what_is_stated_is_never_unlearnt() -> None:
    found = overridden({"patch": True}).learn(
        "answer to PATCH /Groups: 501", patch=False, put=False
    )
    assert found.get("patch") is True and found.source("patch") == "option capabilities"
    assert found.get("put") is False


def test_learning_changes_no_other_service() -> None:
    one = overridden({"page_size": 5})
    one.learn("x", patch=False)
    assert one.get("patch") is True
