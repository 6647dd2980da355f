# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A probe of a service: what its checks share, and in which order they run.

Knows how to ask and how to note what was found; knows no check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._model.errors import ScimError
from .._model.schema import ResourceType
from .._model.spelling import lower_names, respelt
from .._protocol.filters import any_of
from .findings import OK, Finding
from .service import Answer, Resource, Service, refused

Clauses = Sequence[tuple[str, str]]
MISSING = "create one, or use probe: writes"


class Probe:
    """A probe under way. ``findings`` are what it found so far."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.findings: list[Finding] = []

    def note(
        self, about: str, found: str, *, status: str = OK, remedy: str = "", **capabilities: Any
    ) -> None:
        """Add a line, once. What could not be seen before is left out then."""
        line = Finding(
            about=about, status=status, found=found, remedy=remedy, capabilities=capabilities
        )
        if line not in self.findings:
            left = (one for one in self.findings if one.about != about or one.remedy != MISSING)
            self.findings = [*left, line]

    def ask(
        self,
        method: str,
        *segments: str,
        query: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> Answer:
        """Return the answer to a request. Raise ScimError if none came."""
        doing = f"probing {method} /{'/'.join(segments)}"
        return self.service.send(method, segments, doing, query=query, body=body)

    def rows(self, kind: ResourceType, **query: str) -> list[Resource] | None:
        """Return the rows of one page of a list, None if it is refused or no list."""
        return rows_of(kind, self.ask("GET", kind.endpoint, query=query))

    def matches(self, kind: ResourceType, clauses: Clauses) -> list[str] | None:
        """Return the ids that a filter finds, None if it is refused."""
        query = {"filter": any_of(clauses), "startIndex": "1", "count": "25"}
        rows = self.rows(kind, **query)
        return None if rows is None else [str(one.get("id")) for one in rows]

    def read(self, kind: ResourceType, ident: str, **query: str) -> Resource | None:
        """Return one resource by its id, None if it cannot be read."""
        answer = self.ask("GET", kind.endpoint, ident, query=query)
        if answer.status != 200 or not isinstance(answer.body, Mapping):
            return None
        found = respelt(kind, answer.body)
        return found if "id" in found else None


def rows_of(kind: ResourceType, answer: Answer) -> list[Resource] | None:
    """Return the resources of an answer that is a list, None if it is none."""
    if answer.status != 200 or not isinstance(answer.body, Mapping):
        return None
    rows = lower_names(answer.body).get("resources", [])
    if not isinstance(rows, list):
        return None
    return [respelt(kind, one) for one in rows if isinstance(one, Mapping)]


def total_of(answer: Answer) -> int | None:
    """Return how many resources a list says there are."""
    total = lower_names(answer.body).get("totalresults")
    return total if isinstance(total, int) and not isinstance(total, bool) else None


def reason_of(answer: Answer) -> str:
    """Return why a request was refused, in one sentence."""
    problem: ScimError = refused(answer, "")
    return str(problem).strip(": ")
