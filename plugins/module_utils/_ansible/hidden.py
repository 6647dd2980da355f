# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task names in ``secret_attributes`` is shown nowhere, whatever the service holds there; knows the paths, not the values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from .._plan.desired import Desired
from .._plan.requests import MASK


def secret_paths(wishes: Iterable[Desired]) -> frozenset[str]:
    """The paths of all secrets of a task, in lower case, with and without the URN of the schema itself."""
    return frozenset(
        f"{prefix}{path}".lower()
        for wish in wishes
        for path in wish.secrets.attributes
        for prefix in ("", f"{wish.kind.schema}:")
    )


def without(resource: Any, paths: Collection[str]) -> Any:
    """A resource without what is secret."""
    return _walked(resource, "", paths, None) if paths else resource


def masked(shown: Mapping[str, Any], paths: Collection[str]) -> dict[str, Any]:
    """A flat table, as diff mode shows it, with what is secret masked."""
    return {path: _at(path, value, paths) for path, value in shown.items()}


def masked_request(request: Mapping[str, Any], paths: Collection[str]) -> dict[str, Any]:
    """A request as ``operations`` shows it, with what is secret masked: in a whole resource, or in the operations of a PATCH."""
    body = request.get("body")
    if not paths or not isinstance(body, Mapping):
        return dict(request)
    if "Operations" not in body:
        return {**request, "body": _walked(body, "", paths, MASK)}
    operations = [
        {**one, "value": _at(str(one.get("path", "")), one["value"], paths)}
        if "value" in one
        else one
        for one in body["Operations"]
    ]
    return {**request, "body": {**body, "Operations": operations}}


def _at(path: str, value: Any, paths: Collection[str]) -> Any:
    return MASK if path.lower() in paths else _walked(value, f"{path}.", paths, MASK)


def _walked(value: Any, prefix: str, paths: Collection[str], instead: str | None) -> Any:
    if isinstance(value, list):
        return [_walked(one, prefix, paths, instead) for one in value]
    if not isinstance(value, Mapping):
        return value
    found: dict[str, Any] = {}
    for name, inner in value.items():
        path = f"{prefix}{name}"
        if path.lower() not in paths:
            kept = _walked(
                inner,
                f"{path}{':' if not prefix and name.lower().startswith('urn:') else '.'}",
                paths,
                instead,
            )
            if kept or not inner:  # nothing is left of what held secrets only
                found[name] = kept
        elif instead is not None:
            found[name] = instead
    return found
