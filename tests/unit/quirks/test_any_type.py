# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources of any other type: a filter that lies leads to no second one (rows D1, D2 and D3).

Names of such types may repeat, so no refusal shows that a resource exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.faults.hostile import Said, hostile, run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan import store
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks import lookups_quirks as lies
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirk, Quirky

URN = "urn:example:2.0:Device"
LIES: dict[str, list[Quirk]] = {
    "honest": [],
    "first only": [lies.filtering(lies.first_only)],
    "last only": [lies.filtering(lies.last_only)],
    "second only": [lies.filtering(lies.second_only)],
    "blind": [lies.filtering(lies.blind)],
    "plain only": [lies.filtering(lies.plain_only)],
    "ignored": [lies.filtering(lies.ignored)],
    "others too": [lies.filtering(lies.others)],
    "404": [lies.answering(lies.NOT_FOUND)],
    "204": [lies.answering(Answer(204))],
    "one comparison": [lies.one_comparison()],
    "one comparison, blind": [lies.one_comparison(), lies.filtering(lies.blind)],
}


@pytest.fixture(autouse=True)
def _devices(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(store.KINDS, "Devices", ("d", "displayName", URN))
    monkeypatch.setitem(lies.NAMES, "Devices", "displayName")
    yield


class Shelf(Quirky):
    """A service with devices, of which names and serial numbers may repeat."""

    def __init__(self, *quirks: Quirk, names: str) -> None:
        super().__init__(*quirks, judged=False)
        self.held["Devices"] = {}
        self.count["Devices"] = 0
        for number in range(4):
            name = names.format(number)
            self._put("Devices", {"schemas": [URN], "displayName": name, "serial": f"s{number}"})

    def _check(self, kind: str, body: Any, but: str = "") -> None:
        if kind != "Devices":
            super()._check(kind, body, but)

    @property
    def devices(self) -> list[str]:
        return sorted(one["displayName"] for one in self.held["Devices"].values())


def go(server: Quirky, check: bool = False, **options: Any) -> Said:
    more = {"endpoint": "Devices", "schema": URN, **options}
    with hostile(server) as service:
        return run(service, "scim_resource", check=check, **more)


@pytest.mark.parametrize("names", ["dev{}", "dev {}", "d\u00e9v/{}"])
@pytest.mark.parametrize("wanted", ["new", "new one", "dev9"])
@pytest.mark.parametrize("keys", [["displayName"], ["serial"], ["serial", "displayName"]])
@pytest.mark.parametrize("lie", LIES)
def test_a_filter_that_lies_never_makes_a_second_resource(
    lie: str, keys: list[str], wanted: str, names: str
) -> None:
    server = Shelf(*LIES[lie], names=names)
    attributes = {"displayName": wanted, "serial": "z9", "color": "red"}
    for number in range(3):
        check = go(server, True, match_by=keys, attributes=attributes)
        said = go(server, match_by=keys, attributes=attributes)
        assert server.devices.count(wanted) <= 1, number
        assert said.failure or said.changed is check.changed
        assert said.failure or said.changed is (number == 0)


@pytest.mark.parametrize("names", ["dev{}", "dev {}", "d\u00e9v/{}"])
@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize("lie", LIES)
def test_a_filter_that_lies_hides_no_resource_that_is_there(
    lie: str, state: str, names: str
) -> None:
    server = Shelf(*LIES[lie], names=names)
    name = names.format(2)
    for number in range(2):
        attributes = {"displayName": name, "color": "red"}
        said = go(server, match_by=["displayName"], attributes=attributes, state=state)
        assert not said.failure and said.changed is (number == 0), said.failure
        assert server.devices.count(name) == (1 if state == "present" else 0)
    assert len(server.devices) == (4 if state == "present" else 3)


@pytest.mark.parametrize("names", ["dev{}", "dev {}"])
def test_a_creation_on_an_honest_service_takes_three_requests_more_at_most(names: str) -> None:
    server = Shelf(names=names)
    said = go(server, match_by=["displayName"], attributes={"displayName": "new"})
    assert said.changed and said.result["requests"] <= 5
    said = go(server, match_by=["displayName"], attributes={"displayName": "new"})
    assert not said.changed and said.result["requests"] == 1
