# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service that answers requests in any order, and how a run looks that sends many at once."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._converge.converge import Outcome
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer

LONGEST = 0.001


class Scattered(Faulty):
    """A service in memory whose requests and answers take a while, by chance.

    ``most`` is how many were under way at the same time. ``groups_at_once`` are the groups that
    were written twice at the same time.
    """

    def __init__(self, *faults: Any, seed: int = 0, **more: Any) -> None:
        super().__init__(*faults, **more)
        self.chance = random.Random(seed)
        self.lock = threading.RLock()
        self.under_way: list[tuple[str, ...]] = []
        self.most = 0
        self.groups_at_once: list[tuple[str, ...]] = []

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
        what = (method, *segments)
        with self.lock:
            is_write = method != "GET" and segments[0] == "Groups" and len(segments) == 2
            if is_write and what in self.under_way:
                self.groups_at_once.append(what)
            self.under_way.append(what)
            self.most = max(self.most, len(self.under_way))
            before, after = self.chance.random(), self.chance.random()
        try:
            time.sleep(before * LONGEST)
            with self.lock:
                return super().send(
                    method, segments, query=query, body=body, if_match=if_match, **more
                )
        finally:
            time.sleep(after * LONGEST)
            with self.lock:
                self.under_way.remove(what)


def told(outcome: Outcome) -> dict[str, Any]:
    """What a run tells, without what depends on ids."""
    return {
        "changed": outcome.changed,
        "operations": outcome.operations,
        "done": [(one.change.key, one.change.verb, one.not_saved) for one in outcome.done],
        "failures": [(one.change.key, str(one.error)) for one in outcome.failures],
        "not tried": [one.key for one in outcome.not_tried],
        "in part": [one.key for one in outcome.in_part],
        "notes": outcome.notes,
    }
