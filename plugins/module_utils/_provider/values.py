# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that a user may set for a capability, and the sentence on a wrong one.

Knows no service and no capability by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._model.grammar import problem
from .fields import Field


def by_type(one: Field, value: Any) -> dict[str, Any]:
    """Return the values of an option by resource type; "" stands for all types."""
    if not (one.by_type and one.type == "bool" and isinstance(value, Mapping)):
        return {"": value}
    for kind in value:
        if not isinstance(kind, str) or not kind:
            raise _wrong(
                one, "set by resource type, for example {users: true, groups: false}", str(value)
            )
    return dict(value)


def checked(one: Field, value: Any) -> Any:
    """Return a value of the option as the type of its capability. Raise ValueError."""
    check = {
        "bool": _checked_bool,
        "int": _checked_number,
        "float": _checked_rate,
        "list": _checked_list,
        "dict": _checked_dict,
        "str": _checked_choice,
    }
    return check[one.type](one, value)


def _text(value: Any) -> str:
    return str(value).strip()


def _checked_number(one: Field, value: Any) -> int:
    text = _text(value)
    if isinstance(value, bool) or not text.isdecimal() or int(text) < one.least:
        raise _wrong(one, f"a whole number of {one.least} or more", text)
    return int(text)


def _checked_rate(one: Field, value: Any) -> float:
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", _text(value)):
        raise _wrong(one, f"a number of {one.least} or more", _text(value))
    return float(value)


def _checked_choice(one: Field, value: Any) -> str:
    text = _text(value)
    if isinstance(value, bool):  # YAML reads yes and no as booleans
        text = "yes" if value else "no"
    if text not in one.choices:
        raise _wrong(one, f"one of {', '.join(one.choices)}", _text(value))
    return text


def _checked_list(one: Field, value: Any) -> tuple[str, ...]:
    wanted = "a list of SCIM paths"
    if one.choices:
        wanted = f"a list of {', '.join(one.choices)}"
    elif one.holds:
        wanted = "a list of texts"
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
        raise _wrong(one, wanted, _text(value))
    for item in value:
        if not _may_be_listed(one, item):
            raise _wrong(one, wanted, item)
    return tuple(value)


def _may_be_listed(one: Field, item: str) -> bool:
    if one.choices:
        return item in one.choices
    return item.strip() != "" if one.holds else not _is_no_path(item)


def _checked_dict(one: Field, value: Any) -> tuple[tuple[str, Any], ...]:
    """Return the items of a dictionary. Raise ValueError."""
    inner = {
        "choices": f"one of {', '.join(one.choices)}",
        "numbers": "a whole number of 1 or more",
        "texts": "a path that begins with /",
    }[one.holds]
    wanted = f"a dictionary of SCIM paths, each with {inner}"
    if one.keys:
        wanted = f"a dictionary of {', '.join(one.keys)}, each with {inner}"
    if not isinstance(value, Mapping):
        raise _wrong(one, wanted, str(value))
    for key, item in value.items():
        if not isinstance(key, str) or (key not in one.keys if one.keys else _is_no_path(key)):
            raise _wrong(one, wanted, str(key))
        if not _may_be_kept(one, item):
            raise _wrong(one, wanted, f"{key}: {item}")
    return tuple(value.items())


def _may_be_kept(one: Field, item: Any) -> bool:
    if one.holds == "numbers":
        return isinstance(item, int) and not isinstance(item, bool) and item > 0
    if one.holds == "texts":
        return isinstance(item, str) and item.startswith("/")
    return item in one.choices


def _is_no_path(path: str) -> bool:
    """Return whether a text is no SCIM path, with or without a type before it."""
    prefix, _dot, rest = path.partition(".")
    return problem(path) != "" and (problem(rest) != "" or problem(prefix) != "")


def _checked_bool(one: Field, value: Any) -> bool | int:
    text = _text(value)
    if isinstance(value, bool):
        return value
    if one.counts and text.isdecimal():
        return int(text)
    if text.lower() not in ("true", "false", "yes", "no"):
        wanted = "true, false or a number" if one.counts else "true or false"
        if isinstance(value, Mapping):
            wanted += " for all resource types"
        raise _wrong(one, wanted, text)
    return text.lower() in ("true", "yes")


def _wrong(one: Field, wanted: str, text: str) -> ValueError:
    return ValueError(f"capability '{one.name}' must be {wanted}, not '{text}'")
