# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of an answer as the schema spells them (RFC 7643 section 2.1).

Knows the attribute table, but no service and no request.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, NamedTuple

from .schema import USER, Attribute, ResourceType

SECRET = "password"
META = ("resourceType", "created", "lastModified", "location", "version")
REFERENCE = ("value", "$ref", "type", "display", "primary")


class Name(NamedTuple):
    """One name as the schema spells it, and the names below it."""

    spelt: str
    below: Mapping[str, Name]


Names = dict[str, Name]


def lower_names(body: Any) -> dict[str, Any]:
    """Return a JSON object with names in lower case, and nothing for any other value.

    A name that is spelt in two ways counts as it came first.
    """
    if not isinstance(body, Mapping):
        return {}
    found: dict[str, Any] = {}
    for name, value in body.items():
        found.setdefault(str(name).lower(), value)
    return found


def respelt(kind: ResourceType | None, resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource with the names that SCIM knows as the schema spells them.

    ``kind`` None stands for a type of which only the common names are known (RFC 7643 section
    3.1). Unknown names, and all values, stay exactly as they came. So does a name that is there in
    the schema's spelling as well.
    """
    return _respelt(COMMON if kind is None else _names_of(kind), resource)


def is_spelt(kind: ResourceType | None, resource: Any) -> bool:
    """Return whether names are spelt as in the schema, and no secret is there."""
    if not isinstance(resource, dict):
        return False
    names, exact = _exact_of(kind)
    for name, value in resource.items():
        known = exact.get(name)
        if known is None:
            if not _is_spelt(names, {name: value}):
                return False
        elif isinstance(value, dict):
            if not (value.keys() <= known and _LEAVES.issuperset(map(type, value.values()))):
                if not _is_spelt(names, {name: value}):
                    return False
        elif isinstance(value, list) and not _are_exact(known, value):
            if not _is_spelt(names, {name: value}):
                return False
    return True


def need_no_spelling(kind: ResourceType | None, names: Set[str]) -> bool:
    """Return whether none of the names may have to be respelt, or is that of a secret.

    They are those of many resources, at any depth. False says nothing.
    """
    return _plain_names_of(kind).has_all(names)


class PlainNames:
    """The names that need no spelling anywhere in a resource of one type.

    These are the known ones as the schema spells them, if no other attribute has the same letters
    in another case, and all names whose letters are those of no known one.
    """

    def __init__(self, names: Names) -> None:
        spellings: dict[str, set[str]] = {}
        for one in _all_of(names):
            spellings.setdefault(one.lower(), set()).add(one)
        spellings[SECRET] = set()
        self._spellings = spellings

    def has_all(self, names: Set[str]) -> bool:
        """Return whether these names need no spelling."""
        return all(map(self._is_plain, names))

    def _is_plain(self, name: str) -> bool:
        known = self._spellings.get(name.lower())
        return known is None or known == {name}


def _all_of(names: Mapping[str, Name]) -> Iterator[str]:
    """Yield every name as the schema spells it, at any depth."""
    for known in names.values():
        yield known.spelt
        yield from _all_of(known.below)


def _plain_names_of(kind: ResourceType | None) -> PlainNames:
    names = COMMON if kind is None else _names_of(kind)
    found = _PLAIN.get(id(names))
    if found is None:
        found = _PLAIN[id(names)] = PlainNames(names)
    return found


def _are_exact(known: frozenset[str], entries: list[Any]) -> bool:
    for one in entries:
        if isinstance(one, dict):
            if not (one.keys() <= known and _LEAVES.issuperset(map(type, one.values()))):
                return False
        elif isinstance(one, list):
            return False
    return True


def _exact_of(kind: ResourceType | None) -> tuple[Names, dict[str, frozenset[str]]]:
    """Return the names of a type, and those below each name as the schema spells it."""
    if kind is None:
        return COMMON, _EXACT_COMMON
    names = _names_of(kind)
    exact = _EXACT.get(id(names))
    if exact is None:
        exact = _EXACT[id(names)] = _exact(names)
    return names, exact


def _exact(names: Names) -> dict[str, frozenset[str]]:
    found = {}
    for name, known in names.items():
        if known.spelt == name and name != SECRET:
            found[name] = frozenset(one.spelt for one in known.below.values()) - {SECRET}
    return found


def _is_spelt(names: Mapping[str, Name], place: dict[str, Any]) -> bool:
    """Return whether each name is spelt as in the schema, or of no known attribute."""
    for name, value in place.items():
        known = names.get(name)
        if known is None:
            lower = name.lower()
            if isinstance(value, dict) or lower in names or lower == SECRET:
                return False
        elif name == SECRET or known.spelt != name:
            return False
        elif known.below:
            if not _are_spelt(known.below, value):
                return False
        elif isinstance(value, dict):
            return False
    return True


def _are_spelt(names: Mapping[str, Name], value: Any) -> bool:
    if isinstance(value, dict):
        return _is_spelt(names, value)
    if isinstance(value, list):
        for one in value:
            if isinstance(one, dict) and not _is_spelt(names, one):
                return False
            if isinstance(one, list):
                return False
    return True


def _respelt(names: Mapping[str, Name], place: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in place.items():
        known = names.get(name) or names.get(name.lower())
        if known is None or not _is_meant(known, name, place, found):
            found[name] = value
        elif known.below:
            found[known.spelt] = _below(known.below, value)
        else:
            found[known.spelt] = value
    return found


def _is_meant(known: Name, name: str, place: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Return whether a name stands for a known one that is not there by itself."""
    return known.spelt == name or not (known.spelt in place or known.spelt in found)


def _below(names: Mapping[str, Name], value: Any) -> Any:
    if isinstance(value, Mapping):
        return _respelt(names, value)
    if isinstance(value, list):
        return [_below(names, one) for one in value]
    return value


def _table(named: Iterable[Name]) -> Names:
    """Return names by their spelling, which most answers use, and by lower case."""
    found: Names = {}
    for one in named:
        found[one.spelt] = found[one.spelt.lower()] = one
    return found


def _plain(names: Iterable[str]) -> Names:
    return _table(Name(one, {}) for one in names)


def _of(attribute: Attribute) -> Name:
    below = _plain(one.name for one in attribute.sub)
    if attribute.many or attribute.references:
        below = {**_plain(REFERENCE), **below}
    return Name(attribute.name, below)


COMMON = _table(
    [Name("schemas", {}), Name("id", {}), Name("externalId", {}), Name("meta", _plain(META))]
)
_ROWS = _plain(REFERENCE)
_KNOWN: dict[int, Names] = {}
_EXACT: dict[int, dict[str, frozenset[str]]] = {}
_EXACT_COMMON = _exact(COMMON)
_PLAIN: dict[int, PlainNames] = {}
_LEAVES = frozenset({str, bool, int, float, type(None)})


def _names_of(kind: ResourceType) -> Names:
    """Return the names of a resource type; types with the same tables share them."""
    known = _KNOWN.get(id(kind.index))
    if known is None:
        known = _KNOWN[id(kind.index)] = _made(kind)
    return known


def _made(kind: ResourceType) -> Names:
    core = {**COMMON, **_table(map(_of, kind.attributes))}
    rows = "groups" if kind.name == USER.name else "members"
    core.update(_table([Name(rows, _ROWS)]))
    urns = [Name(one.urn, _table(map(_of, one.attributes))) for one in kind.extensions]
    if kind.schema:
        urns.append(Name(kind.schema, core))
    return {**core, **_table(urns)}
