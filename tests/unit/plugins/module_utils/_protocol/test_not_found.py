# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that mean that nothing was found, and those that do not."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._protocol.not_found import (
    is_empty_list,
    is_list,
    means_nothing,
)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, None),
        (410, {"detail": "gone"}),
        (204, None),
        (200, []),
        (200, {}),
        (200, None),
        (200, {"schemas": [], "startIndex": 1}),
        (200, {"Status": "404", "detail": "none"}),
        (400, {"scimType": "noTarget"}),
    ],
)
def test_d3_answers_that_can_only_mean_nothing(status: int, body: Any) -> None:
    assert means_nothing(status, body)


@pytest.mark.parametrize(
    ("status", "body", "text"),
    [
        (200, {"totalResults": 0, "Resources": []}, ""),
        (200, {"totalResults": 3}, ""),
        (200, {"id": "u1", "status": "404"}, ""),
        (200, {"userName": "ann"}, ""),
        (200, None, "<html>"),
        (400, {"scimType": "invalidFilter"}, ""),
        (403, None, ""),
        (500, None, ""),
    ],
)
def test_d3_answers_that_mean_something_else(status: int, body: Any, text: str) -> None:
    assert not means_nothing(status, body, text)


def test_an_envelope_without_resources_is_an_empty_list() -> None:
    assert is_empty_list({"TotalResults": 0, "Resources": None})
    assert not is_empty_list({"totalResults": 2}) and not is_empty_list({"id": "u1"})
    assert not is_empty_list({}) and not is_empty_list(None) and not is_empty_list([])


@pytest.mark.parametrize(
    "body", [{"Resources": []}, {"totalResults": 2}, {"schemas": [], "startIndex": 1}]
)
def test_d3_a_list_proves_that_an_endpoint_exists(body: Any) -> None:
    assert is_list(body)


@pytest.mark.parametrize("body", [None, {}, [], {"status": "404"}, {"id": "u1"}, {"status": "up"}])
def test_d3_another_answer_does_not_prove_that_an_endpoint_exists(body: Any) -> None:
    assert not is_list(body)
