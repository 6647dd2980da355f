# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a member, a manager or a group in the input to a reference.

Knows no resource.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .._model.schema import KINDS
from .._plan.desired import EMAIL, Members, Reference, composed
from .input_errors import InputErrors, is_address
from .types import QUOTE

Keys = Mapping[str, tuple[str, str]]

USER_KEYS = {
    "id": ("User", "id"),
    "user_name": ("User", "userName"),
    "external_id": ("User", "externalId"),
    "email": ("User", EMAIL),
}
MEMBER_KEYS = {**USER_KEYS, "group": ("Group", "displayName")}
# A user name with which nothing can be wrong. Most members of most rosters have such a one.
PLAIN_NAME = re.compile(r"[A-Za-z0-9._@+-]{1,200}")
GROUP_KEYS = {
    "id": ("Group", "id"),
    "external_id": ("Group", "externalId"),
    "display_name": ("Group", "displayName"),
}


def reference_of(value: Any, errors: InputErrors, option: str, keys: Keys) -> Reference | None:
    """Return a string or a dictionary with one key as a reference.

    Return None after an error. A string is a user name, or a display name where ``keys`` are those
    of groups.
    """
    if isinstance(value, Mapping):
        given = {key: inner for key, inner in value.items() if inner is not None}
        if len(given) != 1 or not given.keys() <= keys.keys():
            found = ", ".join(sorted(map(str, given))) or "none"
            errors.add(option, f"must have exactly one of {', '.join(keys)}, not {found}")
            return None
        key, inner = next(iter(given.items()))
    else:
        key, inner = _plain_key(keys), value
    kind, path = keys[key]
    if not _is_name(inner, errors, option, keys, path):
        return None
    is_name = path == KINDS[kind].name_attribute
    return Reference(kind, path, composed(str(inner)) if is_name else str(inner))


def _plain_key(keys: Keys) -> str:
    return "display_name" if "display_name" in keys else "user_name"


def _is_name(value: Any, errors: InputErrors, option: str, keys: Keys, path: str) -> bool:
    """Return whether a value may be looked up at a path. Errors are collected.

    A number is an id, never a name: YAML may have taken its zeros away.
    """
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if isinstance(value, bool) or (is_number and path != "id"):
        errors.add(option, f"must be text, not {str(value).lower()}; {QUOTE}")
        return False
    if not isinstance(value, (str, int)):
        errors.add(option, f"must be a string or a dictionary with one of {', '.join(keys)}")
        return False
    if path == EMAIL and not is_address(str(value)):
        errors.add(option, f"must be an e-mail address, not '{value}'")
        return False
    noun = "group" if keys is GROUP_KEYS else "user"
    return errors.check_text(option, str(value), key=True, empty=f"it must name a {noun}")


def references_of(
    values: Sequence[Any], errors: InputErrors, option: str, keys: Keys
) -> frozenset[Reference]:
    """Return a list of references; errors are collected."""
    found = set()
    for number, value in enumerate(values):
        reference = _plain_reference(value, keys)
        if reference is None:
            reference = reference_of(value, errors, f"{option}[{number}]", keys)
        if reference is not None:
            found.add(reference)
    return frozenset(found)


def _plain_reference(value: Any, keys: Keys) -> Reference | None:
    """Return the reference of a plain user name, None for anything else."""
    if value.__class__ is dict:
        value = value.get("user_name") if len(value) == 1 else None
    if value.__class__ is not str or "user_name" not in keys or not PLAIN_NAME.fullmatch(value):
        return None
    return Reference(*USER_KEYS["user_name"], value)


def members_of(
    given: Mapping[str, Any] | None, errors: InputErrors, option: str, keys: Keys
) -> tuple[Members, ...]:
    """Return the option ``{set | add | remove: [...]}`` as members.

    Return none if nothing is set.
    """
    parts: dict[str, frozenset[Reference]] = {}
    options = given or {}
    for part in ("set", "add", "remove"):
        values = options.get(part)
        if values is not None:
            parts[part] = references_of(values, errors, f"{option}.{part}", keys)
    if not parts:
        return ()
    members = Members(
        exactly=parts.get("set"),
        add=parts.get("add", frozenset()),
        remove=parts.get("remove", frozenset()),
    )
    return (members,)
