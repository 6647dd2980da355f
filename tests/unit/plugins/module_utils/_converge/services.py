# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that go wrong.

The strict one in memory, with faults that are put in its way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._converge.converge import (
    Outcome,
    converge,
)
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._input.directory import directory_of
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.plugins.module_utils._transport.errors import TransportError
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import (
    Answer,
    Store,
)

Fault = Callable[["Faulty", str, tuple[str, ...], Mapping[str, str], Any], Any]


class Faulty(Store):
    """A store that asks each of its faults before it answers.

    A fault gives an answer, raises, or gives None to let it pass.
    """

    def __init__(
        self,
        *faults: Fault,
        page: int = 100,
        limits: Mapping[str, Any] | None = None,
        alike: bool = False,
    ) -> None:
        super().__init__(limits, page, alike)
        self.faults = list(faults)
        self.etags = False

    @property
    def secrets(self) -> tuple[str, ...]:
        return ()

    def send(
        self,
        method: str,
        segments: Sequence[str],
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        if_match: str | None = None,
        **more: Any,
    ) -> Answer:
        for fault in self.faults:
            found = fault(self, method, tuple(segments), dict(query or {}), body)
            if found is not None:
                self.requests += 1
                return found
        return super().send(method, segments, query=query, body=body, if_match=if_match, **more)

    def really(
        self, method: str, segments: Sequence[str], query: Mapping[str, str], body: Any
    ) -> Answer:
        """Do it without a fault."""
        return Store.send(self, method, segments, query=query, body=body)


def once(method: str, kind: str, then: Fault, times: int = 1) -> Fault:
    """A fault for the first requests of that method and kind only."""
    left = [times]

    def fault(
        store: Faulty, did: str, segments: tuple[str, ...], query: Mapping[str, str], body: Any
    ) -> Any:
        if did != method or segments[0] != kind or left[0] <= 0:
            return None
        left[0] -= 1
        return then(store, did, segments, query, body)

    return fault


def lost(
    store: Faulty, method: str, segments: tuple[str, ...], query: Mapping[str, str], body: Any
) -> Any:
    """Do it, and lose the answer."""
    store.really(method, segments, query, body)
    raise TransportError(kind="reset", reason="the connection was reset", sent=True)


def vanished(
    store: Faulty, method: str, segments: tuple[str, ...], query: Mapping[str, str], body: Any
) -> Any:
    """Lose it without doing it, which looks the same as ``lost``."""
    raise TransportError(kind="reset", reason="the connection was reset", sent=True)


def silent(
    store: Faulty, method: str, segments: tuple[str, ...], query: Mapping[str, str], body: Any
) -> Any:
    """Do it, and answer without a body."""
    found = store.really(method, segments, query, body)
    return Answer(204) if found.status < 300 else found


def answers(status: int, scim_type: str = "", detail: str = "no") -> Fault:
    """Return a fault that refuses."""
    return lambda *_: Answer(status, {"detail": detail, "scimType": scim_type})


def run(
    store: Faulty,
    check: bool = False,
    policy: Policy = Policy(),
    caps: Mapping[str, Any] | None = None,
    wait: float = 5.0,
    at_once: int = 1,
    **directory: Any,
) -> Outcome:
    """Converge once. ``wait`` is the option ``consistency_wait``; nothing really waits.

    ``at_once`` is the option ``concurrency``.
    """
    service = Service(store, overridden(caps or {}))
    service.consistency_wait = wait
    service.concurrency = at_once
    desired = directory_of({"membership": "exact", **directory})
    return converge(service, desired, policy, check=check)
