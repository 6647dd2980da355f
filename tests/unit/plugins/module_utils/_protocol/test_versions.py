# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions in answers: the entity tags that can be sent back."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._protocol.versions import (
    demands_version,
    is_entity_tag,
    version_of,
)


@pytest.mark.parametrize(
    "body, headers, version",
    [
        ({"meta": {"version": 'W/"1"'}}, {}, 'W/"1"'),
        ({"meta": {"version": '"1"'}}, {"etag": '"2"'}, '"1"'),
        ({"meta": {"version": "3"}}, {"etag": '"2"'}, '"2"'),
        ({"meta": {"version": "3"}}, {}, "3"),
        ({}, {"etag": "W/3"}, "W/3"),
        ({"meta": {"version": "3 4"}}, {}, ""),
        ({}, {"etag": 'W/"x y"'}, ""),
        ({"meta": {"version": '"a\r\nb"'}}, {}, ""),
        ({"meta": {"version": 7}}, {}, ""),
        ({"meta": "x"}, {}, ""),
        (None, {"etag": '"2"'}, '"2"'),
        (["x"], {}, ""),
        ({"meta": {"version": f'"{"x" * 2000}"'}}, {}, ""),
    ],
)
def test_l12_version_of_an_answer(body: Any, headers: dict[str, str], version: str) -> None:
    assert version_of(body, headers) == version


@pytest.mark.parametrize(
    "version, is_one", [('W/"1"', True), ('""', True), ("1", False), ("", False)]
)
def test_l12_only_a_version_in_quotes_is_an_entity_tag(version: str, is_one: bool) -> None:
    assert is_entity_tag(version) is is_one


@pytest.mark.parametrize(
    "status, body, is_demand",
    [
        (428, None, True),
        (412, {"detail": "x"}, True),
        (400, {"detail": "If-Match is required"}, True),
        (403, {"errors": [{"message": "the if-match header"}]}, True),
        (409, {"detail": "a precondition is missing"}, True),
        (400, {"detail": "title is required"}, False),
        (400, None, False),
        (500, {"detail": "If-Match"}, False),
        (200, {"detail": "If-Match"}, False),
    ],
)
def test_l12_a_demand_for_a_version_in_any_words(status: int, body: Any, is_demand: bool) -> None:
    assert demands_version(status, body) is is_demand
