# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A resource as one flat table {SCIM path: value}, and back; knows the attribute table and nothing of services or change.

Every reading of a difference (PATCH, diff, not_saved) speaks in paths, so the flat form is the one that is compared.
``members`` and what only the service writes (``id``, ``meta``, ``groups``, ``schemas``) are not part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .schema import READ_ONLY, Attribute, ResourceType, split_path, top_path

Flat = dict[str, Any]
APART = READ_ONLY | {"schemas", "members"}


def flatten(kind: ResourceType, resource: Mapping[str, Any]) -> Flat:
    """A resource as JSON → {path: value}; nulls and empty lists are left out (RFC 7643 section 2.5).

    A complex attribute becomes one path for each sub-attribute, an extension one for each attribute;
    a multi-valued attribute stays one path with a list of entries.
    """
    flat: Flat = {}
    for key, value in resource.items():
        if key in APART or value is None:
            continue
        if key.lower() == kind.schema.lower() and isinstance(value, Mapping):
            flat.update(flatten(kind, value))
        elif key.lower().startswith("urn:") and isinstance(value, Mapping):
            extension = kind.extension(key)
            urn = extension.urn if extension else key
            known = {a.name.lower(): a for a in extension.attributes} if extension else {}
            for name, inner in value.items():
                attribute = known.get(name.lower())
                flat.update(
                    _leaves(f"{urn}:{attribute.name if attribute else name}", attribute, inner)
                )
        else:
            attribute = kind.find(key)
            flat.update(_leaves(attribute.name if attribute else key, attribute, value))
    return flat


def _leaves(path: str, attribute: Attribute | None, value: Any) -> Iterator[tuple[str, Any]]:
    if value is None or value == [] or value == {}:
        return
    if isinstance(value, Mapping) and not (attribute and attribute.many):
        names = {sub.name.lower(): sub.name for sub in attribute.sub} if attribute else {}
        for name, inner in value.items():
            if inner is not None:
                yield f"{path}.{names.get(name.lower(), name)}", inner
    elif attribute and attribute.references and isinstance(value, str):
        yield f"{path}.value", value  # the manager as a bare id, as SCIM 1.1 servers answer it
    elif attribute and attribute.many:
        found = value if isinstance(value, list) else [value]
        yield path, [plain for plain in (entry(attribute, one) for one in found) if plain]
    else:
        yield path, boolean(value) if attribute and attribute.type == "boolean" else value


def entry(attribute: Attribute, value: Any) -> dict[str, Any]:
    """One entry of a multi-valued attribute as a dictionary without nulls; a bare value is its ``value``."""
    if not isinstance(value, Mapping):
        return {"value": value}
    subs = {sub.name.lower(): sub for sub in attribute.sub}
    plain: dict[str, Any] = {}
    for name, inner in value.items():
        if inner is not None:
            sub = subs.get(name.lower())
            plain[sub.name if sub else name] = _plain(sub, inner) if sub else inner
    return plain


def _plain(sub: Attribute, value: Any) -> Any:
    """A value without what does not count: booleans in words, line breaks in base64 (RFC 7643 section 2.3.6)."""
    if sub.type == "binary" and isinstance(value, str):
        return "".join(value.split()) or value
    return boolean(value) if sub.type == "boolean" else value


def boolean(value: Any) -> Any:
    """``"True"`` and ``"false"``, as some services write booleans, as booleans; anything else as it is."""
    text = value.lower() if isinstance(value, str) else ""
    return {"true": True, "false": False}.get(text, value)


def unflatten(flat: Mapping[str, Any]) -> dict[str, Any]:
    """{path: value} → nested JSON; the inverse of ``flatten``."""
    resource: dict[str, Any] = {}
    for path, value in flat.items():
        urn, name, sub = split_path(path)
        place = resource.setdefault(urn, {}) if urn else resource
        if sub:
            place.setdefault(name, {})[sub] = value
        else:
            place[name] = value
    return resource


def body(kind: ResourceType, flat: Mapping[str, Any]) -> dict[str, Any]:
    """{path: value} → the JSON of a POST or PUT, with its ``schemas`` (RFC 7643 section 3)."""
    urns = sorted({split_path(path)[0] for path in flat} - {"", kind.schema})
    return {"schemas": [*filter(None, (kind.schema,)), *urns], **unflatten(flat)}


def values_at(resource: Any, path: str) -> list[Any]:
    """All values of a resource (as JSON) at a path, names ignoring case; each entry of a multi-valued attribute is one."""
    urn, name, sub = split_path(path)
    place: list[Any] = [resource]
    for step in filter(None, (urn if _inner(resource, urn) is not None else "", name, sub)):
        place = [value for one in place for value in _listed(_inner(one, step))]
    return place


def _inner(one: Any, step: str) -> Any:
    if not isinstance(one, Mapping) or not step:
        return None
    return (
        one[step]
        if step in one
        else next((value for key, value in one.items() if str(key).lower() == step.lower()), None)
    )


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def under(path: str, flat: Mapping[str, Any]) -> list[str]:
    """The paths of ``flat`` at or below ``path``; ``path`` may also be the URN of an extension."""
    return [p for p in flat if path in (p, top_path(p), split_path(p)[0])]
