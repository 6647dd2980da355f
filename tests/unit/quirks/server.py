# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small SCIM service in which each oddity of real services is a switch.

Every request is judged by scim2-models. It knows no plan and nothing of the collection.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.judge import complaints


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    segments: tuple[str, ...]
    query: Mapping[str, str]
    body: Any
    if_match: str | None = None
    media_type: str = "application/scim+json"

    @property
    def kind(self) -> str:
        """``Users``, ``Groups``, …"""
        return self.segments[0]

    @property
    def lists(self) -> bool:
        """Whether it reads a list, by a filter or of everything."""
        return self.method == "GET" and len(self.segments) == 1

    @property
    def is_listing(self) -> bool:
        """Whether it reads a list of everything."""
        return self.lists and "filter" not in self.query

    def without(self, *names: str) -> Asked:
        """The same request without some parameters."""
        kept = {name: value for name, value in self.query.items() if name not in names}
        return replace(self, query=kept)

    def asking(self, **query: str) -> Asked:
        """The same request with other parameters."""
        return replace(self, query={**self.query, **query})


Honest = Callable[[Asked], Answer]
Quirk = Callable[["Quirky", Asked, Honest], Answer]


class Quirky(Faulty):
    """A strict service in memory with quirks laid around it, the first one outermost.

    A quirk sees each request and a function that answers it honestly. ``asked`` are the requests
    in order. A request that scim2-models refuses is a failed test, unless ``judged`` is False.
    """

    def __init__(self, *quirks: Quirk, judged: bool = True, **more: Any) -> None:
        super().__init__(**more)
        self.quirks = list(quirks)
        self.judged = judged
        self.asked: list[Asked] = []

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
        asked = Asked(
            method,
            tuple(segments),
            dict(query or {}),
            copy.deepcopy(body),
            if_match,
            self.media_type,
        )
        self.asked.append(asked)
        if self.judged:
            wrong = complaints(asked.method, asked.segments, asked.query, asked.body)
            assert not wrong, f"{method} {'/'.join(segments)} {asked.query} {body}: {wrong}"
        return self._through(0, asked)

    def _through(self, number: int, asked: Asked) -> Answer:
        if number == len(self.quirks):
            return self.honestly(asked)
        return self.quirks[number](self, asked, lambda other: self._through(number + 1, other))

    def honestly(self, asked: Asked) -> Answer:
        """Answer without any quirk."""
        return super().send(
            asked.method,
            asked.segments,
            query=asked.query,
            body=asked.body,
            if_match=asked.if_match,
        )

    def sent(self, method: str, kind: str = "") -> list[Asked]:
        """The requests of that method, and of that endpoint if one is given."""
        return [one for one in self.asked if one.method == method and kind in ("", one.kind)]

    def forget(self) -> None:
        """Forget the requests so far, before a second run."""
        self.asked.clear()
        self.log.clear()
        self.queries.clear()
        self.requests = 0


def altered(answer: Answer, change: Callable[[Any], Any]) -> Answer:
    """The answer with its body changed, if it has one and is no refusal."""
    if answer.status >= 300 or answer.body is None:
        return answer
    return replace(answer, body=change(copy.deepcopy(answer.body)))


def resources(body: Any) -> list[dict[str, Any]]:
    """The resources of an answer: of a list, or the one that it is."""
    return body["Resources"] if "Resources" in body else [body]
