# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists leave out the members of groups where nothing rests on them."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirky,
    altered,
    resources,
)
from ansible_collections.identity.scim.tests.unit.quirks.services_quirks import attributes_refused
from ansible_collections.identity.scim.tests.unit.quirks.test_siblings import (
    directory,
    fresh,
    group,
    teams,
)

NAMES = [f"Team {number}" for number in range(6)]
ROWS = [{"display_name": name, "external_id": f"X {name}"} for name in NAMES]
MEMBERS = ["ann", "bob", "cid"]
LEFT_OUT = "excludedAttributes"


class Sizes:
    """A quirk that leaves out what it is asked to, and notes how long answers are."""

    def __init__(self, honours: bool = True) -> None:
        self.honours = honours
        self.longest = 0

    def __call__(self, _server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if self.honours and asked.query.get(LEFT_OUT) == "members":
            answer = altered(answer, without_members)
        if asked.kind == "Groups":
            self.longest = max(self.longest, len(json.dumps(answer.body)))
        return answer


def without_members(body: Any) -> Any:
    for one in resources(body):
        one.pop("members", None)
    return body


def patches_refused(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    return Answer(501, {"detail": "no PATCH"}) if asked.method == "PATCH" else honest(asked)


def no_filters(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    if "filter" in asked.query:
        return Answer(400, {"detail": "no filters", "scimType": "invalidFilter"})
    return honest(asked)


def served(*quirks: Any) -> Quirky:
    return fresh(*quirks, **{name: MEMBERS for name in NAMES})


def left_out(server: Quirky) -> list[Asked]:
    return [one for one in server.sent("GET", "Groups") if LEFT_OUT in one.query]


@pytest.mark.parametrize("more", [(), (no_filters,)], ids=["filters", "listing"])
def test_answers_are_shorter_without_members_and_the_result_is_the_same(more: Any) -> None:
    short, long = Sizes(), Sizes(honours=False)
    results = []
    for sizes in (short, long):
        server = served(sizes, *more)
        said = directory(server, groups=ROWS)
        assert not said.failure and left_out(server)
        assert all(server.members(name) == set(MEMBERS) for name in NAMES)
        # The first group is read before it is written, if no list shows its members.
        first = sum(len(one.segments) == 2 for one in server.sent("GET", "Groups"))
        assert first == (1 if sizes.honours else 0)
        sent = len(server.asked) - first
        results.append((said.result["changed"], said.result["operations"], sent))
        server.forget()
        again = directory(server, groups=ROWS)
        assert not again.failure and not again.result["changed"]
    assert results[0] == results[1]
    assert short.longest < long.longest * 0.8


@pytest.mark.parametrize(
    ("more", "refused"), [((), 1), ((no_filters,), 2)], ids=["filters", "listing"]
)
def test_a_service_that_refuses_the_parameter_is_asked_without_it(more: Any, refused: int) -> None:
    server = served(attributes_refused, *more)
    said = directory(server, groups=ROWS)
    assert not said.failure and said.result["changed"]
    assert len(left_out(server)) == refused
    assert all(server[name]["externalId"] == f"X {name}" for name in NAMES)
    assert all(server.members(name) == set(MEMBERS) for name in NAMES)


def test_a_group_that_is_replaced_keeps_members_that_a_list_left_out() -> None:
    server = served(Sizes(), patches_refused)
    said = directory(server, groups=ROWS)
    assert not said.failure and left_out(server) and server.sent("PUT", "Groups")
    assert all(server.members(name) == set(MEMBERS) for name in NAMES)
    assert all(server[name]["externalId"] == f"X {name}" for name in NAMES)


def test_members_are_read_where_a_task_or_its_report_needs_them() -> None:
    for ask in (
        lambda server: teams(server, **{name: MEMBERS for name in NAMES}),
        lambda server: group(server, NAMES[0]),
        lambda server: directory(
            server, groups=[{**copy.deepcopy(ROWS[0]), "state": "absent"}, ROWS[1]]
        ),
        lambda server: directory(
            server, groups=[ROWS[0], {**ROWS[1], "members": {"add": [{"user_name": "dan"}]}}]
        ),
    ):
        server = served(Sizes())
        assert not ask(server).failure
        assert not left_out(server)
