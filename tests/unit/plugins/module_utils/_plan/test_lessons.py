# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What refusals of writes teach: the whole table, and what it must not teach."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._plan.lessons import Lesson, lesson_of
from ansible_collections.identity.scim.plugins.module_utils._plan.requests import Request
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden


def request(joins: int = 0, leaves: int = 0, method: str = "PATCH", **more: Any) -> Request:
    """Return a write about so many members."""
    return Request(
        method=method,
        segments=("Groups", "g1"),
        joins=tuple(Key("User", f"j{number}") for number in range(joins)),
        leaves=tuple(Key("User", f"l{number}") for number in range(leaves)),
        **more,
    )


ATTRIBUTES = request(query={"attributes": "title"})


@pytest.mark.parametrize(
    "sent, status, scim_type, expected",
    [
        (request(leaves=3), 501, "", {"member_remove": "list"}),
        (request(leaves=1), 400, "invalidPath", {"member_remove": "list"}),
        (request(leaves=3), 400, "invalidFilter", {"member_remove": "list"}),
        (request(leaves=3), 422, "invalidPath", {"member_remove": "list"}),
        (request(leaves=1), 400, "", {"member_remove": "list"}),
        (request(leaves=4), 400, "", {"removals_per_patch": 2}),
        (request(leaves=5), 413, "tooMany", {"removals_per_patch": 2}),
        (request(joins=6), 400, "", {"members_per_patch": 3}),
        (request(joins=1, leaves=1), 413, "", {"members_per_patch": 1}),
        (request(joins=1), 501, "", {"patch": False}),
        (request(joins=9), 405, "", {"patch": False}),
        (request(), 501, "", {"patch": False}),
        (ATTRIBUTES, 400, "", {"patch_attributes": False}),
        (ATTRIBUTES, 405, "", {"patch": False}),
    ],
)
def test_a_refusal_teaches_the_form_to_try_next(
    sent: Request, status: int, scim_type: str, expected: dict[str, Any]
) -> None:
    lesson = lesson_of(sent, status, scim_type, overridden({}), "Group")
    assert lesson is not None and lesson.values == expected
    assert lesson.source.startswith(f"answer to PATCH /Groups: {status}")
    assert lesson.source.endswith(" with attributes=") is ("patch_attributes" in expected)


@pytest.mark.parametrize(
    "sent, status, scim_type",
    [
        (request(joins=1), 400, ""),
        (request(joins=2), 403, ""),
        (request(leaves=2), 404, ""),
        (request(joins=1), 400, "invalidPath"),
        (request(method="PUT"), 501, ""),
        (request(method="PUT", leaves=2), 400, ""),
        (request(method="POST", joins=3), 413, ""),
    ],
)
def test_a_refusal_without_another_form_teaches_nothing(
    sent: Request, status: int, scim_type: str
) -> None:
    assert lesson_of(sent, status, scim_type, overridden({}), "Group") is None


@pytest.mark.parametrize(
    "options, sent, status",
    [
        ({"member_remove": "filter"}, request(leaves=1), 501),
        ({"removals_per_patch": 10}, request(leaves=2), 400),
        ({"patch": True}, request(joins=1), 501),
        ({"patch_attributes": True}, ATTRIBUTES, 400),
    ],
)
def test_an_option_is_never_unlearnt(options: dict[str, Any], sent: Request, status: int) -> None:
    assert lesson_of(sent, status, "", overridden(options), "Group") is None


def test_what_is_known_already_is_no_lesson() -> None:
    first = lesson_of(request(joins=1), 501, "", overridden({}), "Group")
    assert first is not None
    assert lesson_of(request(joins=1), 405, "", first.applied(overridden({})), "Group") is None


def test_many_members_are_halved_down_to_one_before_their_form_changes() -> None:
    known, seen = overridden({}), []
    leaves = 8
    while (lesson := lesson_of(request(leaves=leaves), 400, "", known, "Group")) is not None:
        seen.append(dict(lesson.values))
        known = lesson.applied(known)
        leaves = min(leaves, known.of("Group").removals_per_patch)
    assert seen == [
        {"removals_per_patch": 4},
        {"removals_per_patch": 2},
        {"removals_per_patch": 1},
        {"member_remove": "list"},
    ]


def test_e6_a_refusal_that_may_be_due_to_what_was_written_carries_a_proof() -> None:
    for sent, is_certain in [(request(joins=1), False), (request(leaves=1), True)]:
        lesson = lesson_of(sent, 501, "", overridden({}), "Group")
        assert lesson is not None and lesson.kind == "Group"
        assert (lesson.proof is None) is is_certain


def test_a_lesson_says_where_it_comes_from() -> None:
    known = Lesson(source="answer to PATCH /Users: 501", values={"patch": False}).applied(
        overridden({})
    )
    assert known.get("patch") is False and known.source("patch") == "answer to PATCH /Users: 501"
