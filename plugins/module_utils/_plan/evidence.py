# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which lessons are proven, and for how much of a service; pure.

Knows neither requests nor answers.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from .._model.schema import GROUP, USER
from .._provider.capabilities import FIELDS, Capabilities
from .lessons import Lesson, Proof

Claim = tuple[str, str, str]
BOTH = (USER.name, GROUP.name)


class Evidence:
    """The proofs of a run so far.

    What one resource refuses may be due to that resource, or to what was written to it. So a lesson
    with a proof holds for a resource type once a second, different proof is there. It holds for all
    types once users and groups have proven it. A lesson without a proof is certain.
    """

    def __init__(self) -> None:
        self._proofs: defaultdict[Claim, set[Proof]] = defaultdict(set)
        self._denied: set[Claim] = set()

    def deny(self, name: str, value: Any, kind: str) -> None:
        """Note that a value is wrong for a type: the opposite was seen."""
        self._denied.add(_claim(name, value, kind))

    def is_denied(self, name: str, value: Any, kind: str) -> bool:
        """Return whether a value is known to be wrong for a type."""
        return _claim(name, value, kind) in self._denied

    def weighed(self, lesson: Lesson, capabilities: Capabilities) -> Capabilities:
        """Return the capabilities with a lesson, as far as it is proven."""
        for one in lesson.single:
            if self._is_proven(one):
                capabilities = _of_all_types(one, one.applied(capabilities))
        return capabilities

    def _is_proven(self, lesson: Lesson) -> bool:
        if lesson.proof is None:
            return True
        ((name, value),) = lesson.values.items()
        claim = _claim(name, value, lesson.kind)
        proofs = self._proofs[claim]
        proofs.add(lesson.proof)
        if claim in self._denied:
            return False
        return any(one.differs_from(lesson.proof) for one in proofs)


def _claim(name: str, value: Any, kind: str) -> Claim:
    return name, repr(value), kind


def _of_all_types(lesson: Lesson, capabilities: Capabilities) -> Capabilities:
    """Return the capabilities with a lesson for all types, if both prove it."""
    if lesson.kind not in BOTH:
        return capabilities
    for name, value in lesson.values.items():
        known = [capabilities.of(kind) for kind in BOTH]
        is_learnt = all(one.get(name) == value and one.is_learnt(name) for one in known)
        if is_learnt and not FIELDS[name].adds:
            capabilities = capabilities.learn(lesson.source, rank=lesson.rank, **{name: value})
    return capabilities
