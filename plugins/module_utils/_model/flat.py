# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A resource as one flat table {SCIM path: value}, and back.

Knows the attribute table, but neither services nor changes. PATCH, diff and ``not_saved`` speak
in paths, so the flat form is the one that is compared. ``members`` and the attributes that only
the service writes (``id``, ``meta``, ``groups``, ``schemas``) are not part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .schema import READ_ONLY, Attribute, ResourceType, split_path, top_path, unknown

Flat = dict[str, Any]
Entry = dict[str, Any]
APART = READ_ONLY | {"schemas", "members"}
BOOLEANS = {"true": True, "false": False}
YES = frozenset({"true", "1", "yes", "y", "t", "on", "active", "enabled"})
NO = frozenset({"false", "0", "no", "n", "f", "off", "inactive", "disabled"})
TEXTS = frozenset({"string", "reference", "binary"})
# What a path takes for a name: nothing that would separate names or begin a filter in it.
NAMEABLE = re.compile(r"[^\s.:\[\]\"]+")
_UNKNOWN = unknown("")


def flatten(kind: ResourceType, resource: Mapping[str, Any]) -> Flat:
    """Return a resource (as JSON) as {path: value}, without nulls and empty lists.

    A complex attribute becomes one path for each sub-attribute, an extension one for each
    attribute. A multi-valued attribute stays one path with a list of entries. Null and an empty
    list mean "no value" (RFC 7643 section 2.5). An attribute with a name that no path can say, such
    as ``dotted.name``, is left out, since its path would be that of another.
    """
    flat: Flat = {}
    for key, value in resource.items():
        if key in APART:
            continue
        attribute = kind.find(key)
        if attribute is not None:
            _add(flat, attribute.name, attribute, value)
        elif not isinstance(value, Mapping):
            _add_unknown(flat, key, value)
        elif key.lower() == kind.schema.lower():
            flat.update(flatten(kind, value))
        elif key.lower().startswith("urn:"):
            _add_extension(flat, kind, key, value)
        elif NAMEABLE.fullmatch(key):
            _add(flat, key, _UNKNOWN, value)
    return flat


def _add_unknown(flat: Flat, key: str, value: Any) -> None:
    """Add a value that is no object, if a path can say its name.

    It may be an attribute of an extension under its whole name, unless the extension holds it too.
    """
    urn, name, sub = split_path(key)
    is_whole_name = bool(urn) and not sub and bool(NAMEABLE.fullmatch(name))
    if NAMEABLE.fullmatch(key) or (is_whole_name and key not in flat):
        _add(flat, key, _UNKNOWN, value)


def _add_extension(flat: Flat, kind: ResourceType, key: str, values: Mapping[str, Any]) -> None:
    """Add the attributes under the URN ``key``."""
    extension = kind.extension(key)
    if extension is None:
        for name, value in values.items():
            if NAMEABLE.fullmatch(name):
                _add(flat, f"{key}:{name}", _UNKNOWN, value)
        return
    for name, value in values.items():
        attribute = extension.by_name.get(name.lower(), _UNKNOWN)
        if attribute.name or NAMEABLE.fullmatch(name):
            _add(flat, f"{extension.urn}:{attribute.name or name}", attribute, value)


def _add(flat: Flat, path: str, attribute: Attribute, value: Any) -> None:
    """Add the paths of one attribute's value, as ``flatten`` documents."""
    if value in (None, [], {}):
        return
    if attribute.many:
        flat[path] = _entries(attribute, value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if inner is not None and name:
                sub = attribute.by_name.get(name.lower(), _UNKNOWN)
                flat[f"{path}.{sub.name or name}"] = _plain(sub, inner)
    elif attribute.references and not isinstance(value, list):
        # Services that come from SCIM 1.1 return the manager as a bare id.
        flat[f"{path}.value"] = _plain(attribute.by_name["value"], value)
    else:
        flat[path] = _plain(attribute, value)


def _entries(attribute: Attribute, value: Any) -> list[dict[str, Any]]:
    """Return the entries that hold anything; a single value counts as a list of one."""
    rows = value if isinstance(value, list) else [value]
    found = []
    for one in rows:
        plain = entry(attribute, one)
        if plain and one is not None:
            found.append(plain)
    return found


def entry(attribute: Attribute, value: Any) -> dict[str, Any]:
    """Return one entry of a multi-valued attribute as a dictionary without nulls.

    A bare value becomes the ``value`` of the entry.
    """
    if not isinstance(value, Mapping):
        value = {"value": value}
    plain: dict[str, Any] = {}
    for name, inner in value.items():
        if inner is not None:
            sub = attribute.by_name.get(name.lower(), _UNKNOWN)
            plain[sub.name or name] = _plain(sub, inner)
    return plain


def _plain(attribute: Attribute, value: Any) -> Any:
    """Return a value without variations that carry no meaning.

    Those are another JSON type than the schema's, such as booleans and numbers as text or texts as
    numbers, and line breaks in base64 (RFC 7643 section 2.3).
    """
    if attribute.type == "boolean":
        return boolean(value)
    if isinstance(value, str):
        return "".join(value.split()) or value if attribute.type == "binary" else value
    return number_text(value) if attribute.type in TEXTS else value


def are_entries(value: Any) -> bool:
    """Return whether a value is a list of entries."""
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def boolean(value: Any) -> Any:
    """Return a boolean that some services write as text or as 1 and 0, as a boolean.

    Any other value is returned unchanged.
    """
    if isinstance(value, bool):
        return value
    text = number_text(value)
    if not isinstance(text, str):
        return value
    word = text.strip().lower()
    return word in YES if word in YES | NO else value


def number_text(value: Any) -> Any:
    """Return a number as the text that it is in JSON, any other value unchanged."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def unflatten(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Return {path: value} as nested JSON; the inverse of ``flatten``."""
    resource: dict[str, Any] = {}
    for path, value in flat.items():
        urn, name, sub = split_path(path)
        place = resource
        if urn:
            place = resource.setdefault(urn, {})
        if sub:
            place.setdefault(name, {})[sub] = value
        else:
            place[name] = value
    return resource


def body(kind: ResourceType, flat: Mapping[str, Any]) -> dict[str, Any]:
    """Return {path: value} as the JSON of a POST or PUT.

    It names the ``schemas`` in use (RFC 7643 section 3).
    """
    schemas = sorted({split_path(path)[0] for path in flat} - {"", kind.schema})
    if kind.schema:
        schemas.insert(0, kind.schema)
    return {"schemas": schemas, **unflatten(flat)}


def values_at(resource: Any, path: str) -> list[Any]:
    """Return all values of a resource (as JSON) at a path; names ignore case.

    Each entry of a multi-valued attribute is a value of its own.
    """
    urn, name, sub = split_path(path)
    steps = [name, sub]
    if _inner(resource, urn) is not None:
        steps.insert(0, urn)
    places: list[Any] = [resource]
    for step in steps:
        if step:
            places = _below(places, step)
    return places


def _below(places: list[Any], step: str) -> list[Any]:
    """Return the values one step below each place, lists as their elements."""
    found: list[Any] = []
    for place in places:
        value = _inner(place, step)
        if isinstance(value, list):
            found.extend(value)
        elif value is not None:
            found.append(value)
    return found


def _inner(place: Any, step: str) -> Any:
    """Return the value under a name that ignores case, or None."""
    if not isinstance(place, Mapping) or not step:
        return None
    name = same_name(place, step)
    return None if name is None else place[name]


def same_name(place: Mapping[str, Any], name: str) -> str | None:
    """Return the name as an object spells it, None if it has no such name.

    Names ignore case (RFC 7643 section 2.1).
    """
    if name in place:
        return name
    lower = name.lower()
    for key in place:
        if str(key).lower() == lower:
            return key
    return None


def spelt_as(paths: Iterable[str], flat: Flat) -> Flat:
    """Return ``flat`` with the paths that are in ``paths`` spelt as there.

    Names ignore case (RFC 7643 section 2.1). Those that the schema knows are spelt alike already.
    """
    wanted = {path.lower(): path for path in paths if path not in flat}
    if not wanted:
        return flat
    found = {}
    for path, value in flat.items():
        found[wanted.get(path.lower(), path)] = value
    return found


def under(path: str, flat: Mapping[str, Any]) -> list[str]:
    """Return the paths of ``flat`` at or below ``path``.

    ``path`` may be the URN of an extension.
    """
    return [one for one in flat if path in (one, top_path(one), split_path(one)[0])]
