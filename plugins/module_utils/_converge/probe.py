# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A probe of a service: what its checks share, and in which order they run.

Knows how to ask and how to note what was found; knows no check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from .._model.errors import ScimError
from .._model.schema import ResourceType
from .._model.spelling import lower_names, respelt
from .._protocol.filters import any_of
from .._provider.abilities import pages_by
from .._provider.choices import Paging
from .._provider.profiles import token_of
from .._provider.tokens import UNKNOWN, Fact
from .findings import OK, WARNING, Finding, advice
from .service import Answer, Resource, Service, refused

Clauses = Sequence[tuple[str, str]]
MISSING = "create one, or use probe: writes"
PAGE = 25
WAYS = get_args(Paging)
# What to do about a refusal, and which part of what is known of a token says more.
TOKEN_REMEDIES = {
    401: ("the token is wrong or has expired: make a new one", "made"),
    403: ("the token lacks rights: give it those to manage users and groups", "rights"),
    404: (
        "server_url is not the base of a SCIM service: look for a path such as /scim/v2",
        "base_url",
    ),
}
# Refusals that may be due to the form in which a page was asked for.
NO_PAGE = frozenset({400, 422, 501})


class Probe:
    """A probe under way.

    ``findings`` are what it found so far. ``paging`` is how pages are asked for. ``left`` are the
    names of what it created and could not remove.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self.paging = pages_by(service.capabilities)
        self.findings: list[Finding] = []
        self.left: list[str] = []

    def note(
        self, about: str, found: str, *, status: str = OK, remedy: str = "", **capabilities: Any
    ) -> None:
        """Add a line, once. What could not be seen before is left out then."""
        line = Finding(
            about=about, status=status, found=found, remedy=remedy, capabilities=capabilities
        )
        if not remedy:
            line = replace(line, remedy=advice(line, self.service.capabilities))
        if line not in self.findings:
            left = (one for one in self.findings if one.about != about or one.remedy != MISSING)
            self.findings = [*left, line]

    def remedy(self, status: int, otherwise: str) -> str:
        """Return what to do about a refusal of the token or the address.

        A profile says how a token is made, what it needs and what the address looks like.
        """
        if status not in TOKEN_REMEDIES:
            return otherwise
        general, part = TOKEN_REMEDIES[status]
        profile = self.service.profile
        known: Fact = getattr(token_of(profile), part)
        if known is UNKNOWN:
            return general
        return f"{general}; for {profile}: {known.text.replace('`', '')} ({known.source})"

    def forget(self, about: str) -> None:
        """Drop the lines of a check that is made again with more to see."""
        self.findings = [one for one in self.findings if one.about != about]

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

    def page(self, count: int) -> dict[str, str]:
        """Return the parameters of a first page of so many resources."""
        if self.paging == "none":
            return {}
        place = {"cursor": ""} if self.paging == "cursor" else {"startIndex": "1"}
        return {**place, "count": str(count)}

    def first(self, kind: ResourceType) -> Answer:
        """Return the answer to the first page of one resource.

        If it is refused, the other ways to ask for a page are tried. One that works is used from
        then on.
        """
        answer = self.ask("GET", kind.endpoint, query=self.page(1))
        if answer.status not in NO_PAGE:
            return answer
        usual = self.paging
        for way in WAYS:
            self.paging = way
            other = answer if way == usual else self.ask("GET", kind.endpoint, query=self.page(1))
            if rows_of(kind, other) is not None:
                found = f"a first page by {usual} is refused, and one by {way} is not"
                if way == "none":
                    found = f"a first page by {usual} is refused, and a list without pages is not"
                self.note(paging_of(kind), found, status=WARNING, paging=way)
                return other
        self.paging = usual
        return answer

    def rows(
        self, kind: ResourceType, query: Mapping[str, str] | None = None, count: int = PAGE
    ) -> list[Resource] | None:
        """Return the rows of a first page, None if it is refused or no list."""
        asked = {**self.page(count), **(query or {})}
        return rows_of(kind, self.ask("GET", kind.endpoint, query=asked))

    def matches(self, kind: ResourceType, clauses: Clauses) -> list[str] | None:
        """Return the ids that a filter finds, None if it is refused."""
        rows = self.rows(kind, {"filter": any_of(clauses)})
        return None if rows is None else [str(one.get("id")) for one in rows]

    def finds(self, kind: ResourceType, ident: str, *clauses: tuple[str, str]) -> bool:
        """Return whether a filter finds a resource."""
        return ident in (self.matches(kind, clauses) or ())

    def read(self, kind: ResourceType, ident: str, **query: str) -> Resource | None:
        """Return one resource by its id, None if it cannot be read."""
        answer = self.ask("GET", kind.endpoint, ident, query=query)
        if answer.status != 200 or not isinstance(answer.body, Mapping):
            return None
        found = respelt(kind, answer.body)
        return found if "id" in found else None


def paging_of(kind: ResourceType) -> str:
    """Return the name of the check of pages of a type."""
    return f"paging of {kind.endpoint.lower()}"


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
