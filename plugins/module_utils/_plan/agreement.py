# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the keys that are set agree with the resource that one of them found.

Knows no request and no order.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .._model.errors import first_of
from .._model.flat import boolean
from .._model.schema import KINDS
from .desired import Desired
from .questions import Resource
from .value_index import values

SHOWN = 10
EXTERNAL_ID = "externalId"


class Contradiction(NamedTuple):
    """A resource that one key found and that holds another value of a key that is set.

    ``found_by`` is the path of the key that found it, ``by`` the same in words. ``path`` is the key
    that contradicts.
    """

    desired: Desired
    resource: Resource
    found_by: str
    by: str
    path: str
    wanted: str

    @property
    def held(self) -> str:
        """Return the value that the resource holds."""
        return str(self.resource[self.path])

    @property
    def sentence(self) -> str:
        """Return it in words, with what to do about it."""
        inactive = "the inactive " if boolean(self.resource.get("active")) is False else ""
        return self.desired.refused(
            f"{self.by} finds {inactive}'{self._name}' (id {self.resource['id']}), whose "
            f"{self.path} is '{self.held}', not '{self.wanted}'; {_advice(self.desired)}"
        )

    @property
    def short(self) -> str:
        """Return it as one of a list."""
        place = f"{self.desired.place} " if self.desired.place else ""
        return f"{place}'{self._name}' holds '{self.held}', not '{self.wanted}'"

    @property
    def _name(self) -> str:
        return str(self.resource.get(self.desired.kind.name_attribute) or self.resource["id"])


def contradiction(
    desired: Desired, resource: Resource, found_by: str, by: str
) -> Contradiction | None:
    """Return the key that is set and that a resource contradicts, if any.

    An empty value is none, and the id that the service gave decides alone. ``found_by`` is the path
    of the first key that found the resource, "" for a former name; ``by`` is the same in words. An
    external id contradicts whichever key found the resource. A name does not: a resource that is
    found by a stronger key is renamed. Of other types, each key contradicts that is more trusted
    than the one that found the resource.
    """
    if found_by == "id":
        return None
    is_listed = desired.kind.name in KINDS
    for path, wanted in desired.keys:
        if path == found_by and not is_listed:
            return None
        if path != EXTERNAL_ID and (is_listed or path == "id"):
            continue
        held = resource.get(path)
        if held is not None and _spelling(str(held)) not in ("", _spelling(wanted)):
            return Contradiction(desired, resource, found_by, by, path, wanted)
    return None


def _spelling(value: str) -> str:
    """Return a value without what services change: case, composition, spaces."""
    return unicodedata.normalize("NFC", value).strip().casefold()


def contradictions(found: Sequence[Contradiction]) -> Iterator[str]:
    """Yield one sentence for the contradictions of each kind and key."""
    kinds: dict[tuple[str, str, str], dict[str, Contradiction]] = {}
    for one in found:
        advice = _advice(one.desired)
        of_kind = kinds.setdefault((one.desired.kind.name, one.path, advice), {})
        of_kind.setdefault(one.short, one)
    for (kind, path, advice), of_kind in kinds.items():
        if len(of_kind) == 1:
            (only,) = of_kind.values()
            yield only.sentence
            continue
        shown = first_of(of_kind, SHOWN)
        yield (
            f"{len(of_kind)} {kind.lower()}s that other keys find hold another {path} than the one "
            f"that is set: {shown}; {advice}"
        )


def _advice(desired: Desired) -> str:
    if desired.team is not None:
        return (
            "correct the external id, or change it first with scim_group and "
            "match_by: [display_name]"
        )
    account = "account" if desired.kind.name == "User" else desired.kind.name.lower()
    return (
        f"correct the keys, or leave external_id out of match_by to keep the {account} and change "
        "its external id"
    )


def is_adopted_inactive(desired: Desired, resource: Resource, found_by: str | None) -> bool:
    """Return whether an inactive account is taken over.

    It is found by none of its ids, and gets another identity: an external id, or the name of the
    input where an address or a former name found it.
    """
    if boolean(resource.get("active")) is not False or desired.state != "present":
        return False
    if found_by in ("id", EXTERNAL_ID):
        return False
    wanted = desired.content.attributes.get(EXTERNAL_ID)
    takes_id = wanted is not None and wanted not in values(resource, EXTERNAL_ID)
    return takes_id or found_by != desired.kind.name_attribute
