# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests in bulk, and results as services give them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._protocol.bulk import (
    Result,
    bulk,
    fitting,
    operation,
    results,
)

POST = operation("0", "POST", ("Users",), {"userName": "pam"})
PATCH = operation("1", "PATCH", ("Users", "u7"), {"Operations": []}, 'W/"3"')
DELETE = operation("2", "DELETE", ("Users", "a b"), None)
SENT = [POST, PATCH, DELETE]
ROWS: list[dict[str, Any]] = [
    {"method": "POST", "bulkId": "0", "status": "201", "location": "https://x/v2/Users/u9"},
    {"method": "PATCH", "bulkId": "1", "status": "200", "location": "https://x/v2/Users/u7"},
    {"method": "DELETE", "bulkId": "2", "status": "204", "location": "https://x/v2/Users/a%20b"},
]
FOUND = [Result(201, "u9"), Result(200, "u7"), Result(204, "a b")]


def without(*names: str) -> list[dict[str, Any]]:
    return [{key: value for key, value in one.items() if key not in names} for one in ROWS]


def test_an_operation_has_a_name_a_path_a_version_and_data() -> None:
    assert POST == {
        "method": "POST",
        "bulkId": "0",
        "path": "/Users",
        "data": {"userName": "pam"},
    }
    assert (PATCH["path"], PATCH["version"]) == ("/Users/u7", 'W/"3"')
    assert DELETE == {"method": "DELETE", "bulkId": "2", "path": "/Users/a%20b"}


def test_a_request_says_after_how_many_errors_it_ends() -> None:
    body = bulk(SENT, 3)
    assert body["failOnErrors"] == 3 and body["Operations"] == SENT
    assert "failOnErrors" not in bulk(SENT)


def test_as_many_as_fit() -> None:
    assert fitting(SENT, 2, 10**6) == 2 and fitting(SENT, 9, 10**6) == 3
    assert fitting(SENT, 9, 300) == 1 and fitting(SENT, 9, 100) == 0
    assert fitting([operation("0", "POST", ("Users",), {"userName": "é" * 100})], 9, 500) == 1


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (ROWS, FOUND),
        (ROWS[::-1], FOUND),
        ([{key.upper(): value for key, value in one.items()} for one in ROWS], FOUND),
        (without("bulkId"), FOUND),
        (without("bulkId", "method"), FOUND),
        (without("location"), [Result(201), *FOUND[1:]]),
        ([{**one, "status": int(one["status"])} for one in ROWS], FOUND),
        ([{**one, "status": {"code": one["status"]}} for one in ROWS], FOUND),
        (ROWS[1:], [None, *FOUND[1:]]),
        (without("bulkId")[1:], [None, *FOUND[1:]]),
        ([{**one, "bulkId": "0"} for one in ROWS], [None, *FOUND[1:]]),
        (without("status"), [None] * 3),
        ([{**one, "status": "?"} for one in ROWS], [None] * 3),
        ([{**one, "method": "PUT"} for one in ROWS], [None] * 3),
        ([{**one, "location": "https://x/v2/Users/zz"} for one in ROWS[1:]], [None] * 3),
        ([*ROWS, {"status": "201"}], FOUND),
        ([None, "x", 7], [None] * 3),
        ([], [None] * 3),
    ],
    ids=[
        "as in the RFC",
        "reversed",
        "capitals",
        "in their places",
        "only places and locations",
        "without locations",
        "numbers",
        "codes",
        "one is missing",
        "one is missing, no names",
        "one name for all",
        "no status",
        "odd status",
        "other method",
        "other resource",
        "one more",
        "no objects",
        "nothing",
    ],
)
def test_a_result_is_found_by_name_path_or_place(rows: Any, expected: Any) -> None:
    assert results(SENT, {"Operations": rows}) == expected


@pytest.mark.parametrize("body", [None, [], {}, {"Operations": {}}, {"Operations": None}])
def test_an_answer_without_results_proves_nothing(body: Any) -> None:
    assert results(SENT, body) == [None] * 3


def test_a_refusal_of_one_operation_is_its_result() -> None:
    row = {**ROWS[0], "status": "409", "response": {"scimType": "uniqueness"}}
    assert results([POST], {"Operations": [row]})[0] == Result(
        409, "u9", {"scimType": "uniqueness"}
    )
