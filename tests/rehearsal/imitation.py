# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an imitation of a service is: quirks around a strict service in memory.

Knows no service by name, and nothing of the collection's profiles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.identity.scim.tests.rehearsal.limits import Limits
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirk, Quirky

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def scim_error(answer: Answer) -> Any:
    """Return the body of a refusal as RFC 7644 section 3.12 says."""
    known = answer.body or {}
    body = {"schemas": [ERROR], "status": str(answer.status), "detail": known.get("detail", "")}
    if known.get("scimType"):
        body["scimType"] = known["scimType"]
    return body


class Imitated(Quirky):
    """The store of an imitation.

    ``ended`` says how users ended that the service does not simply delete: by id, or by the
    address of an account that is left.
    """

    def __init__(self, *quirks: Quirk, **more: Any) -> None:
        super().__init__(*quirks, **more)
        self.ended: dict[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class Imitation:
    """One service, as far as its documentation tells.

    ``base`` is the path of its base URL, ``endpoints`` are those that are elsewhere than usual.
    ``user`` and ``group`` are options of the modules that it demands at creation, with a value
    for a rehearsal; ``{user_name}`` in a value stands for the user name. ``made``: of these
    options, those that a profile sets. ``judged``: every request must
    be one that SCIM allows. ``limits`` are those of the strict service, ``throttled`` those in time.
    ``groups_made``: groups are made in the service itself, so rehearsals find theirs there.
    """

    name: str
    title: str
    base: str = "/scim/v2"
    quirks: Sequence[Quirk] = ()
    endpoints: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)
    errors: Callable[[Answer], Any] = scim_error
    judged: bool = True
    needs_agent: bool = False
    media_type: str = "application/scim+json"
    alike: bool = False
    throttled: Limits = Limits()
    user: Mapping[str, Any] = field(default_factory=dict)
    made: tuple[str, ...] = ()
    mail_names: bool = False
    groups_made: bool = False

    def store(self) -> Imitated:
        """Return an empty service."""
        limits = {"member_remove": "both", **self.limits}
        return Imitated(*self.quirks, judged=self.judged, limits=limits, alike=self.alike)

    def kind_of(self, segment: str) -> str:
        """Return the usual name of an endpoint, empty if the service has none there."""
        for usual, own in self.endpoints.items():
            if own == segment:
                return usual
        return "" if segment in self.endpoints else segment
