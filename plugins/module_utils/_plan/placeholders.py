# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ids that check mode returned for what an earlier task would create.

Such an id is ``bulkId:NAME``. Knows no request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .._model.schema import KINDS, ResourceType
from .desired import Desired
from .questions import Reading

PREFIX = "bulkId:"
_IN_FILTER = re.compile(r'\beq\s+"(bulkId:[^"]*)"', re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_OTHERWISE = re.compile(r"\b(or|not)\b", re.IGNORECASE)


class Placeholder(NamedTuple):
    """One such id, and the desired state that names it."""

    kind: ResourceType
    ident: str
    desired: Desired

    @property
    def name(self) -> str:
        """Return the name of the resource that the earlier task would create."""
        name = self.ident.removeprefix(PREFIX)
        return name.removeprefix(f"{self.kind.name}:") or name

    @property
    def refusal(self) -> str:
        """Return why it is an error outside of check mode."""
        return self.desired.refused(
            f"the id '{self.ident}' is what check mode returns for a {self.kind.name.lower()} that "
            "does not exist yet; use the result of a task that was not run in check mode"
        )


def asked_for(ident: str | None, filter_text: str | None) -> str:
    """Return the placeholder that a read is about, empty if there is none.

    That is an id, or one that a filter compares with. A filter with other ways to match has none.
    """
    if ident is not None:
        return ident if ident.startswith(PREFIX) else ""
    found = _IN_FILTER.search(filter_text or "")
    if found is None or _OTHERWISE.search(_QUOTED.sub("", filter_text or "")):
        return ""
    return found.group(1)


def placeholders(desired: Sequence[Desired]) -> Iterator[Placeholder]:
    """Yield every placeholder that is a key or a reference, each once."""
    seen = set()
    for one in desired:
        named = [(one.kind, value) for path, value in one.keys if path == "id"]
        for reference in one.references:
            if reference.path == "id":
                named.append((KINDS[reference.kind], reference.value))
        for kind, ident in named:
            if ident.startswith(PREFIX) and (kind.name, ident) not in seen:
                seen.add((kind.name, ident))
                yield Placeholder(kind, ident, one)


def stand_ins(desired: Sequence[Desired]) -> Iterator[Reading]:
    """Yield readings in which the resources of placeholders exist, for check mode."""
    for one in placeholders(desired):
        resource = {"id": one.ident, one.kind.name_attribute: one.name}
        yield Reading(
            kind=one.kind,
            resources=(resource,),
            members_shown=True,
            answered=(("id", one.ident),),
        )
