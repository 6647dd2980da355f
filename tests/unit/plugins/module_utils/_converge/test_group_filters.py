# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What filters say of groups that may have more members than they show."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.group_filters import (
    any_users_in,
    counted,
    homes,
    users_in,
)
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import (
    Question,
    Reading,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.lists_quirks import (
    groups_by_user,
    users_by_group,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirk, Quirky


def service(*quirks: Quirk) -> tuple[Quirky, Service, Snapshot]:
    """A service with ann and bob in two groups each, of which one is known."""
    server = Quirky(*quirks)
    server.user("ann")
    server.user("bob")
    server.group("hidden", ["ann"])
    server.group("shown", ["ann", "bob"])
    snapshot = Snapshot()
    group = server["shown"]
    snapshot.add(Reading(kind=GROUP, resources=(group,), members_shown=True))
    return server, Service(server, overridden({})), snapshot


@pytest.mark.parametrize(
    ("totals", "status", "expected", "asked"),
    [
        ({"g2": 3}, 200, (True, 3), 5),
        ({}, 200, (False, 0), 4),
        ({"g1": 4, "g1-none": 4}, 200, (False, 0), 3),
        ({}, 400, (False, 0), 2),
    ],
    ids=["honoured", "nobody", "ignored", "refused"],
)
def test_l16_users_of_groups_are_counted_by_a_filter_that_is_honoured(
    totals: dict[str, int], status: int, expected: tuple[bool, int], asked: int
) -> None:
    counted = []

    def quirk(_server: Quirky, one: Asked, _honest: Honest) -> Answer:
        counted.append(one.query["filter"])
        total = totals.get(one.query["filter"].split('"')[1], 0)
        return Answer(status, {"totalResults": total, "Resources": []})

    _server, known, _snapshot = service(quirk)
    found = any_users_in(known, ["g1", "g2", "g3"]), users_in(known, "g2")
    assert found == expected and len(counted) == asked


def test_l13_the_groups_of_each_user_are_found_by_a_filter() -> None:
    server, one, snapshot = service(groups_by_user)
    ids = (server.id_of("ann"), server.id_of("bob"))
    found = homes(one, Question(kind=USER, ids=ids, homes=True), snapshot)
    hidden, shown = server.id_of("hidden"), server.id_of("shown")
    assert found.homes == {ids[0]: frozenset({hidden, shown}), ids[1]: frozenset({shown})}


def test_l13_a_filter_that_does_not_find_what_is_shown_is_asked_once() -> None:
    server, one, snapshot = service()
    ids = (server.id_of("ann"), server.id_of("bob"))
    found = homes(one, Question(kind=USER, ids=ids, homes=True), snapshot)
    assert found.homes == dict.fromkeys(ids, frozenset())
    assert len(server.asked) == 1


def test_l13_a_list_of_groups_that_is_not_whole_is_an_error() -> None:
    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if not asked.query.get("filter", "").startswith("members.value"):
            return honest(asked)
        return Answer(200, {"totalResults": 3, "startIndex": 1, "Resources": []})

    server, one, snapshot = service(quirk)
    question = Question(kind=USER, ids=(server.id_of("ann"),), homes=True)
    with pytest.raises(ScimError, match="the answer is not complete"):
        homes(one, question, snapshot)


def test_l13_the_users_of_a_group_are_counted_by_a_filter() -> None:
    server, one, _snapshot = service(users_by_group)
    ids = (server.id_of("shown"),)
    found = counted(one, Question(kind=GROUP, ids=ids, counted=True))
    assert found.counted == {ids: 2}
