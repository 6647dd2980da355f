# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of attributes to SCIM paths and values.

Knows the attribute table, no raw name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._model.flat import Flat
from .._model.schema import Attribute, ResourceType
from .._plan.desired import Reference
from .entries import entries_option
from .input_errors import OMIT, InputErrors
from .references import USER_KEYS, reference_of


@dataclass(kw_only=True, slots=True)
class Values:
    """What a task sets of one resource: attributes, links, secrets.

    ``attributes`` and ``secrets`` are flat, ``links`` are references to other resources by path.
    """

    attributes: Flat = field(default_factory=dict)
    links: dict[str, Reference] = field(default_factory=dict)
    secrets: Flat = field(default_factory=dict, repr=False)

    @property
    def paths(self) -> tuple[str, ...]:
        """Return every path that is set."""
        return (*self.attributes, *self.links, *self.secrets)


def values_of(kind: ResourceType, params: Mapping[str, Any], errors: InputErrors) -> Values:
    """Return what the options of attributes set. Errors are collected."""
    reader = _Reader(kind, errors)
    reader.read(kind.attributes, params)
    for extension in kind.extensions:
        given = params.get(extension.option) or {}
        reader.read(extension.attributes, given, f"{extension.option}.", f"{extension.urn}:")
    return reader.values


class _Reader:
    """Read the options of one resource into ``values``."""

    def __init__(self, kind: ResourceType, errors: InputErrors) -> None:
        self.kind = kind
        self.errors = errors
        self.values = Values()

    def read(
        self,
        table: Sequence[Attribute],
        given: Mapping[str, Any],
        option_prefix: str = "",
        path_prefix: str = "",
    ) -> None:
        """Read the options of one table of attributes."""
        for attribute in table:
            value = given.get(attribute.option)
            if value is not None:
                option = option_prefix + attribute.option
                self._read_one(attribute, value, option, path_prefix + attribute.name)

    def _read_one(self, attribute: Attribute, value: Any, option: str, path: str) -> None:
        if attribute.references:
            reference = reference_of(value, self.errors, option, USER_KEYS)
            if reference is not None:
                self.values.links[f"{path}.value"] = reference
        elif attribute.many:
            entries = entries_option(attribute, value, self.errors, option)
            if entries is not None:
                self.values.attributes[path] = entries
        elif isinstance(value, Mapping):
            self._read_complex(attribute, value, option, path)
        else:
            self._read_simple(attribute, value, option, path)

    def _read_complex(
        self, attribute: Attribute, value: Mapping[str, Any], option: str, path: str
    ) -> None:
        for sub in attribute.sub:
            inner = value.get(sub.option)
            if inner is not None and self.errors.check_text(f"{option}.{sub.option}", inner):
                self.values.attributes[f"{path}.{sub.name}"] = inner

    def _read_simple(self, attribute: Attribute, value: Any, option: str, path: str) -> None:
        empty = OMIT
        if path == self.kind.name_attribute:
            noun = self.kind.name.lower()
            empty = f"every {noun} must have one, so omit it to keep the current value"
        if self.errors.check_text(option, value, key=path in self.kind.match_by, empty=empty):
            into = self.values.secrets if attribute.secret else self.values.attributes
            into[path] = value
