# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which parts of entries a service keeps, by what this run has read of it.

Pure. Most of all it is the type of an entry that services drop. Where nothing that was read shows
one, the profile and the Schemas of the service decide, and then the types of other lists.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from .._model.flat import Entry, Flat
from .._model.pairing import Edit, wanted_entries
from .._model.schema import USER, Attribute, ResourceType, split_path
from .._provider.abilities import profile_keeps
from .._provider.capabilities import Capabilities
from .questions import Resource
from .snapshot import Snapshot

# Lists whose entries come from clients. The service itself sets the types of groups and members.
SENT = frozenset({"emails", "phoneNumbers", "addresses", "ims", "photos"})


class EntryTypes(NamedTuple):
    """Where types are kept, and which types are set and not sent.

    ``typed``: another resource shows it. ``listed``: only the profile, the Schemas of the service
    or entries of other lists say so.
    """

    typed: frozenset[str]
    listed: frozenset[str]
    lost: tuple[str, ...]


class KeptTypes:
    """What the resources of a snapshot show of types, each question once.

    ``asks_schemas``: it rests on the Schemas, which were not asked for.
    """

    def __init__(self, snapshot: Snapshot, capabilities: Capabilities = Capabilities()) -> None:
        self.asks_schemas = False
        self._snapshot = snapshot
        self._capabilities = capabilities
        self._known: dict[tuple[str, str], bool] = {}

    def of(
        self, kind: ResourceType, attributes: Flat, before: Flat, single: Collection[str] = ()
    ) -> EntryTypes:
        """Return where types are written although the resource itself shows none.

        They are if an entry of any other resource has one, or if the profile or the Schemas list
        them. Where neither says anything, entries of other lists count, such as phone numbers. A
        resource without entries shows nothing, so types are sent, and the answer teaches. Of lists
        in ``single`` one entry is kept, so nothing rests on its type.
        """
        typed = []
        listed = []
        lost = []
        for path in _untyped(attributes, before):
            if self._are_kept(kind, path):
                typed.append(path)
            elif path not in single and self._are_listed(kind, path):
                listed.append(path)
            else:
                lost.append(f"{path}.type")
                self.asks_schemas |= path not in single and self._may_ask(kind)
        return EntryTypes(frozenset(typed), frozenset(listed), tuple(lost))

    def _are_listed(self, kind: ResourceType, path: str) -> bool:
        """Return whether types are said to be kept by what is no entry of that list."""
        if profile_keeps(self._capabilities, kind.name, f"{path}.type"):
            return True
        said = self._snapshot.lists(kind.name, f"{path}.type")
        if said is not None or self._may_ask(kind):
            return bool(said)
        return any(self._are_kept(kind, name) for name in SENT)

    def _may_ask(self, kind: ResourceType) -> bool:
        return bool(kind.schema) and self._snapshot.schemas is None

    def _are_kept(self, kind: ResourceType, path: str) -> bool:
        key = (kind.name, path)
        if key not in self._known:
            shown = self._snapshot.opened(kind)
            is_shown = any(_has_type(one.get(path)) for one in shown)
            if not is_shown and kind.name == USER.name:
                is_shown = self._snapshot.archive.shows_type(path)
            self._known[key] = is_shown
        return self._known[key]


def _untyped(attributes: Flat, before: Flat) -> Iterator[str]:
    """Yield the paths at which types are set and the current entries have none."""
    for path, value in attributes.items():
        rows = before.get(path)
        if not isinstance(value, (list, Edit)) or not isinstance(rows, list) or not rows:
            continue
        if not _has_type(rows):
            wanted = wanted_entries(value)
            if all(map(_is_entry, (*wanted, *rows))) and _has_type(wanted):
                yield path


def _is_entry(value: Any) -> bool:
    return isinstance(value, dict)


def _has_type(rows: Any) -> bool:
    if not isinstance(rows, list):
        return False
    return any(isinstance(one, Mapping) and one.get("type") for one in rows)


def plain_texts(kind: ResourceType, attributes: Flat, resource: Resource) -> Iterator[str]:
    """Yield the parts of entries that are not kept where a resource holds plain texts."""
    for path, value in attributes.items():
        rows = resource.get(path)
        if not isinstance(value, (list, Edit)) or not isinstance(rows, list) or not rows:
            continue
        if not any(isinstance(one, (Mapping, list)) for one in rows):
            for sub in kind.at(path).sub:
                if sub.name != "value":
                    yield f"{path}.{sub.name}"


def without_parts(
    kind: ResourceType, attributes: Flat, unsaved: Collection[str]
) -> tuple[Flat, tuple[str, ...]]:
    """Return attributes without parts of entries that are not kept, and these parts.

    ``unsaved`` are paths such as ``emails.type``.
    """
    if not unsaved:
        return attributes, ()
    kept = dict(attributes)
    dropped = []
    for path in sorted(unsaved):
        _urn, _name, sub = split_path(path)
        top = path.removesuffix(f".{sub}")
        value = kept.get(top)
        if sub and kind.at(top).many and isinstance(value, (list, Edit)):
            kept[top] = _without_part(kind.at(top), value, sub)
            if kept[top] != value:
                dropped.append(path)
    return kept, tuple(dropped)


def _without_part(attribute: Attribute, value: Any, sub: str) -> Any:
    if isinstance(value, Edit):
        whole = None if value.whole is None else _plain(attribute, value.whole, sub)
        add = _plain(attribute, value.add, sub)
        return Edit(whole=whole, add=add, remove=_plain(attribute, value.remove, sub))
    return _plain(attribute, value, sub)


def _plain(attribute: Attribute, entries: Collection[Entry], sub: str) -> list[Entry]:
    """Return entries without one part, each once. One that is nothing else stays."""
    name = attribute.by_name[sub.lower()].name if sub.lower() in attribute.by_name else sub
    found: list[Entry] = []
    for one in entries:
        plain = {key: inner for key, inner in one.items() if key != name} or one
        if plain not in found:
            found.append(plain)
    return found
