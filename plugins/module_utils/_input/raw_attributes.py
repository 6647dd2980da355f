# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From raw SCIM names in any spelling to paths.

Knows which of them have an option. A name becomes one path however it is written (``title``,
``TITLE``, with the URN of the schema, ``name.givenName``), so no spelling passes a check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .._model.flat import APART, Flat, flatten, unflatten
from .._model.schema import GROUP, USER, ResourceType, snake, split_path, top_path
from .attributes import Values
from .._model.grammar import problem_of
from .entries import raw_edit
from .input_errors import InputErrors
from .types import raw_problem

READ_ONLY_NAMES = frozenset(name.lower() for name in APART)
MEMBERSHIP_OPTIONS = {USER.name: "groups", GROUP.name: "members"}
# As schemas are called, the version before the resource type (RFC 7643 section 10.2.1).
SCHEMA = re.compile(r"urn:.+:\d+(\.\d+)*:(User|Group)", re.I)
Check = Callable[[str, str, str, Any], str]


def add_raw(
    kind: ResourceType,
    params: Mapping[str, Any],
    values: Values,
    errors: InputErrors,
    check: Check,
) -> None:
    """Add ``attributes`` and ``secret_attributes`` to ``values``.

    Errors are collected. ``check`` returns what is wrong with one: it takes the option, the name
    as written, its path and its value. No path may be set twice.
    """
    seen = {path.lower(): "" for path in (*values.attributes, *values.secrets)}
    for option, into in (("attributes", values.attributes), ("secret_attributes", values.secrets)):
        given = _valid(kind, params.get(option) or {}, option, errors)
        for written, path, value in spelt_out(kind, given):
            problem = check(option, written, path, value)
            if problem:
                errors.add(option, problem)
                continue
            if not _has_type(kind, f"{option}.", path, value, errors):
                continue
            edit = raw_edit(kind.at(path), value, errors, f"{option}.{path}")
            leaves = _leaves(kind, path, value) if edit is None else {path: edit}
            for leaf, inner in leaves.items():
                twice = _named_before(leaf, option, seen)
                if twice:
                    errors.add(option, f"names {leaf}, which {twice}")
                elif not _has_type(kind, f"{option}.", leaf, inner, errors):
                    continue
                elif errors.check_text(f"{option}.{leaf}", inner, key=leaf in kind.match_by):
                    into[leaf] = inner
                    seen[leaf.lower()] = option


def _has_type(kind: ResourceType, above: str, path: str, value: Any, errors: InputErrors) -> bool:
    """Return whether a value has the type of its attribute. Errors are collected."""
    wrong = raw_problem(kind.at(path), value, is_name=path in kind.match_by)
    if wrong:
        errors.add(above + path, wrong)
    return not wrong


def _valid(
    kind: ResourceType, given: Mapping[Any, Any], option: str, errors: InputErrors
) -> dict[str, Any]:
    """Return the raw attributes whose names SCIM allows. Errors are collected."""
    valid: dict[str, Any] = {}
    for name, value in given.items():
        wrong = problem_of(name, value) or _bare_schema(kind, str(name), value)
        if wrong:
            errors.add(option, wrong)
        else:
            valid[name] = value
    return valid


def _bare_schema(kind: ResourceType, name: str, value: Any) -> str:
    """Return what is wrong with the URN of a schema that is set like an attribute."""
    is_known = kind.extension(name) is not None or name.lower() == kind.schema.lower()
    is_schema = is_known or SCHEMA.fullmatch(name) is not None
    if not is_schema or isinstance(value, Mapping):
        return ""
    return f"names {name}, which is the URN of a schema; set a dictionary of its attributes"


def _leaves(kind: ResourceType, path: str, value: Any) -> Flat:
    """Return one raw attribute as flat paths.

    An empty list stays: it removes all entries.
    """
    if value == []:
        return {path: []}
    return flatten(kind, unflatten({path: value}))


def _named_before(path: str, option: str, seen: Mapping[str, str]) -> str:
    """Return in words where a path, one above or one below it was set before."""
    lower = path.lower()
    above = top_path(lower)
    for other, origin in seen.items():
        if other == above or lower in (other, top_path(other)):
            if origin == option:
                return "it names twice"
            return f"{origin} names too" if origin else "is set too"
    return ""


def spelt_out(kind: ResourceType, given: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield raw attributes as (name as written, path, value).

    Those below a URN come one by one.
    """
    for name, value in given.items():
        if not isinstance(value, Mapping) or not _is_schema(kind, name):
            yield name, kind.spelt(name), value
            continue
        prefix = _path_prefix(kind, name)
        for inner, one in value.items():
            yield f"{name}:{inner}", kind.spelt(prefix + inner), one


def _is_schema(kind: ResourceType, name: str) -> bool:
    """Return whether a name is the URN of a schema, not of an attribute."""
    lower = name.lower()
    schema = kind.schema.lower()
    if lower == schema or kind.extension(name) is not None:
        return True
    if not lower.startswith("urn:"):
        return False
    urn = lower.rpartition(":")[0]
    return urn != schema and kind.extension(urn) is None


def _path_prefix(kind: ResourceType, urn: str) -> str:
    if urn.lower() == kind.schema.lower():
        return ""
    extension = kind.extension(urn)
    return f"{extension.urn}:" if extension is not None else f"{urn}:"


def is_password(path: str, value: Any) -> bool:
    """Return whether an attribute is called a password, or contains one that is."""
    return "password" in split_path(path.lower())[1:] or _contains_password(value)


def _contains_password(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_contains_password, value))
    if not isinstance(value, Mapping):
        return False
    for name, inner in value.items():
        if str(name).lower() == "password" or _contains_password(inner):
            return True
    return False


def without_option(kind: ResourceType) -> Check:
    """Return the check for modules with options.

    Only attributes without an option are allowed.
    """

    def check(option: str, written: str, path: str, value: Any) -> str:
        attribute = kind.at(top_path(path))
        if option == "attributes":
            if attribute.secret:
                advice = "set it as password or in secret_attributes"
                return f"names {written}, which is secret; {advice}"
            if is_password(path, value):
                return _secret(written)
        if attribute.type != "any" and not attribute.secret:
            return f"names {written}, which has an option of its own: {option_of(kind, path)}"
        problem = _read_only(written, path)
        own = MEMBERSHIP_OPTIONS.get(kind.name, "")
        if problem and split_path(path)[1].lower() == own:
            return f"{problem}; use the option {own}"
        return problem

    return check


def any_attribute(option: str, written: str, path: str, value: Any) -> str:
    """Return what is wrong with an attribute in SCIM's own names.

    Read-only attributes are, and passwords that are not secret.
    """
    if option == "attributes" and is_password(path, value):
        return _secret(written)
    return _read_only(written, path)


def _secret(written: str) -> str:
    return f"names {written}, which is secret; set it in secret_attributes"


def _read_only(written: str, path: str) -> str:
    urn, name, _sub = split_path(path)
    if urn or name.lower() not in READ_ONLY_NAMES:
        return ""
    return f"names {written}, which is read-only here"


def option_of(kind: ResourceType, path: str) -> str:
    """Return the option of a known path, such as ``name.given_name``."""
    urn, name, sub = split_path(path)
    parts = [snake(name)]
    extension = kind.extension(urn)
    if extension is not None:
        parts.insert(0, extension.option)
    if sub and not kind.at(top_path(path)).many:
        parts.append(snake(sub))
    return ".".join(parts)
