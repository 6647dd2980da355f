# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an option is, and Ansible's ``argument_spec`` for a table of options.

Knows no Ansible class. The argument_spec and the documentation are both generated from tables. Each
attribute of schema.py becomes an option with its name in snake case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from .._model.schema import Attribute, Extension, ResourceType

SPEC_KEYS = ("type", "elements", "default", "choices", "required")


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One option of a module: its checks by Ansible and its documentation.

    ``exclusive``: its suboption ``set`` excludes the others, ``add`` and ``remove``. The suboptions
    of one of type ``raw`` are checked by the collection, not by Ansible. ``rows``: so are those of
    its entries, the rows of a roster. ``brief`` are sentences that a module has instead of
    the descriptions of suboptions.
    """

    name: str
    doc: str | tuple[str, ...]
    type: str = "str"
    elements: str | None = None
    default: Any = None
    choices: tuple[str, ...] = ()
    required: bool = False
    secret: bool | None = None
    env: str = ""
    options: tuple[Option, ...] = ()
    exclusive: bool = False
    rows: bool = False
    brief: tuple[str, ...] = ()


def from_attribute(attribute: Attribute) -> Option:
    """Return the option for an attribute."""
    if attribute.references:
        return Option(name=attribute.option, doc=attribute.doc, type="raw")
    sub = tuple(from_attribute(one) for one in attribute.sub)
    if attribute.many:
        return _from_entries(attribute, sub)
    kinds = {"boolean": "bool", "complex": "dict"}
    return Option(
        name=attribute.option,
        doc=attribute.doc,
        type=kinds.get(attribute.type, "str"),
        options=sub,
        secret=True if attribute.secret else None,
    )


def _from_entries(attribute: Attribute, sub: tuple[Option, ...]) -> Option:
    """Return the option for entries: a list, or a dictionary of lists.

    Ansible knows no type for that.
    """
    removable = "a value" if "value" in attribute.by_name else "parts"
    return Option(
        name=attribute.option,
        doc=(
            attribute.doc,
            "A list of entries, or a dictionary with C(set), or with C(add) and C(remove). "
            "The other suboptions are those of an entry.",
        ),
        type="raw",
        options=(
            *sub,
            Option(
                name="set",
                type="list",
                elements="dict",
                doc="The complete list of entries. Mutually exclusive with C(add) and C(remove).",
            ),
            Option(
                name="add",
                type="list",
                elements="dict",
                doc="Entries to add. All other entries stay, also those of the same type.",
            ),
            Option(
                name="remove",
                type="list",
                elements="dict",
                doc=f"Entries to remove, each with {removable}, a C(type) or both. "
                "All other entries stay.",
            ),
        ),
    )


def from_extension(extension: Extension) -> Option:
    """Return the dictionary option for the attributes of an extension."""
    return Option(
        name=extension.option,
        doc=extension.doc,
        type="dict",
        options=tuple(from_attribute(a) for a in extension.attributes),
    )


def attribute_options(kind: ResourceType) -> tuple[Option, ...]:
    """Return the options for all attributes of a resource type."""
    return (
        *(from_attribute(a) for a in kind.attributes),
        *(from_extension(e) for e in kind.extensions),
    )


def argument_spec(options: Iterable[Option]) -> dict[str, dict[str, Any]]:
    """Return Ansible's ``argument_spec`` for a table of options.

    ``no_log`` is set for secrets, and set to false for names that only look like a secret.
    """
    spec: dict[str, dict[str, Any]] = {}
    for option in options:
        one: dict[str, Any] = {}
        for key in SPEC_KEYS:
            value = getattr(option, key)
            if value not in (None, (), False):
                one[key] = value
        if option.default is False:
            one["default"] = False
        if option.choices:
            one["choices"] = list(option.choices)
        if option.secret is not None:
            one["no_log"] = option.secret
        if option.options and option.type != "raw":
            one["options"] = argument_spec(option.options)
        if option.exclusive:
            one["mutually_exclusive"] = [["set", "add"], ["set", "remove"]]
        spec[option.name] = one
    return spec


def documented(options: Iterable[Option]) -> tuple[Option, ...]:
    """Return options as a module describes them: some suboptions in brief."""
    found = []
    for one in options:
        if one.brief:
            found.append(replace(one, options=(), doc=(*sentences(one), *one.brief)))
        else:
            found.append(replace(one, options=documented(one.options)))
    return tuple(found)


def sentences(option: Option) -> tuple[str, ...]:
    """Return the description of an option as a tuple."""
    return (option.doc,) if isinstance(option.doc, str) else option.doc


def checked_spec(options: Iterable[Option]) -> dict[str, dict[str, Any]]:
    """Return the ``argument_spec`` that Ansible checks: without rows."""
    return argument_spec(
        replace(one, options=(), elements="raw") if one.rows else one for one in options
    )
