# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole lists, and look-ups whose totals say more than they found (L4)."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._converge.whole_lists import (
    counts_everything,
    lists_instead,
    proven,
    read_through,
)
from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.plugins.module_utils._protocol.filters import Clause, any_of
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.quirks.lists_quirks import totals_of_everything
from ansible_collections.identity.scim.tests.unit.quirks.lookups_quirks import blind, filtering
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirk, Quirky

NAMED = ("userName", "n1")
NOBODY = ("userName", "nobody")


def service_of(*quirks: Quirk) -> tuple[Service, Quirky]:
    server = Quirky(*quirks)
    for number in range(5):
        server.user(f"n{number}", externalId=f"e{number}")
    return Service(server, overridden({})), server


def test_an_honest_look_up_is_one_request() -> None:
    service, server = service_of()
    clauses = [NAMED, NOBODY]
    query = {"filter": any_of(clauses)}
    found = read_through(service, USER, query, doing="", clauses=clauses)
    assert found.sound and len(found.resources) == 1 and len(server.asked) == 1
    assert not service.miscounted and not lists_instead(service, USER, clauses, found)


@pytest.mark.parametrize(
    "clauses, requests, sound",
    [
        ([NAMED], 2, True),
        ([("externalId", "e1")], 3, True),
        ([NAMED, NOBODY], 3, False),
        ([NOBODY], 4, False),
    ],
)
def test_l4_a_look_up_is_sound_if_it_found_every_key(
    clauses: list[Clause], requests: int, sound: bool
) -> None:
    service, server = service_of(totals_of_everything)
    query = {"filter": any_of(clauses)}
    found = proven(service, USER, query, doing="", clauses=clauses)
    assert found.sound is sound and len(server.asked) == requests
    assert lists_instead(service, USER, clauses, found) is not sound
    assert service.capabilities.of("User").filters is sound


def test_l4_filters_that_find_nothing_prove_nothing() -> None:
    service, server = service_of(totals_of_everything, filtering(blind))
    found = read_through(service, USER, {"filter": any_of([NAMED])}, doing="", clauses=[NAMED])
    assert not found.sound and not service.miscounted["Users"]
    assert not lists_instead(service, USER, [NAMED], found)
    asked = len(server.asked)
    assert not counts_everything(service, USER, [NAMED], found) and len(server.asked) == asked
