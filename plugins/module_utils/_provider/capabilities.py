# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service can do: a typed value for each capability, with its source.

A value may hold for one resource type only. Knows no HTTP and no change.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .capability_table import CapabilityTable
from .fields import ASSUMED, Field, Rank, Source
from .values import by_type, checked

__all__ = ["ASSUMED", "FIELDS", "OPTION", "TYPES", "Capabilities", "Rank", "Source", "overridden"]

OPTION = "option capabilities"
JSON = "application/json"
# How the option may call a resource type. Any other one is called by its endpoint.
TYPES = {"user": "User", "users": "User", "group": "Group", "groups": "Group"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities(CapabilityTable):
    """The capabilities of one service, as attributes.

    ``sources`` says where the values come from that are not the defaults. ``types`` are the values
    that hold for one resource type only. ``of`` returns what holds for a type.
    """

    sources: Mapping[str, Source] = field(default_factory=dict)
    types: Mapping[str, Capabilities] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        """Return the value of a capability by name."""
        return getattr(self, FIELDS[name].name)

    def _plain(self, name: str) -> Any:
        value = self.get(name)
        return dict(value) if FIELDS[name].type == "dict" else value

    def source(self, name: str) -> str:
        """Return where the value comes from, ``"assumed"`` for a default."""
        return self.sources.get(name, ASSUMED).text

    def rank(self, name: str) -> Rank:
        """Return how much the source of the value is trusted."""
        return self.sources.get(name, ASSUMED).rank

    def shown(self, name: str) -> dict[str, Any]:
        """Return a value with its source, and those of ``types`` for which it differs."""
        found = {"value": self._plain(name), "source": self.source(name)}
        types = {}
        for kind in self.types:
            own = self.of(kind)
            if own.sources.get(name) != self.sources.get(name):
                types[kind] = {"value": own._plain(name), "source": own.source(name)}
        return {**found, "types": types} if types else found

    def is_learnt(self, name: str) -> bool:
        """Return whether an answer of the service taught the value."""
        return self.rank(name) is Rank.REFUSAL

    @property
    def has_profile(self) -> bool:
        """Return whether a profile says anything of the service."""
        return any(source.rank is Rank.PROFILE for source in self.sources.values())

    def set_by_option(self, name: str) -> bool:
        """Return whether the option ``capabilities`` sets the value.

        Nothing overrides it then.
        """
        return self.rank(name) is Rank.OPTION

    def of(self, kind: str) -> Capabilities:
        """Return the capabilities as they hold for a resource type, by its name.

        A value for the type counts before a general one, unless that is of a higher rank.
        """
        if not self.types:
            return self
        return self.once(("of", kind), lambda: self._of(kind))

    def _of(self, kind: str) -> Capabilities:
        own = self.types.get(_type_named(kind))
        if own is None:
            return self
        new: dict[str, Any] = {}
        for name, source in own.sources.items():
            if self.rank(name) <= source.rank:
                new[name] = own.get(name)
        sources = {**self.sources, **{name: own.sources[name] for name in new}}
        return dataclasses.replace(self, **new, sources=sources, types={})

    def listed(self, name: str, kind: str) -> tuple[str, ...]:
        """Return the SCIM paths of a list as they are within a resource type."""
        return tuple(_within(path, kind) for path in self.get(name))

    def forms(self, kind: str) -> dict[str, str]:
        """Return how values are rewritten, by the path within a resource type.

        The paths are in small letters.
        """
        return {_within(path, kind).lower(): form for path, form in self.rewrite}

    def learn(
        self, source: str, *, rank: Rank = Rank.REFUSAL, kind: str = "", **values: Any
    ) -> Capabilities:
        """Return the capabilities with values from a source, for all types or for one.

        A value from a source of a higher rank stays; of equal ranks the newer one wins. A list
        that ``adds`` gets the new paths, with the name of the type before them.
        """
        found = self
        for name, value in values.items():
            new = Source(source, rank)
            if FIELDS[name].adds:
                prefix = f"{_type_named(kind)}." if kind else ""
                found = found._adding(name, [f"{prefix}{path}" for path in value], new)
            elif kind:
                own = found.types.get(_type_named(kind), Capabilities())._learning(name, value, new)
                types = {**found.types, _type_named(kind): own}
                found = dataclasses.replace(found, types=types)
            else:
                found = found._learning(name, value, new)
        return found

    def stated(self, values: Mapping[str, Any], source: Source) -> Capabilities:
        """Return the capabilities with values as a user writes them.

        Raise ValueError with one sentence for an unknown name or a wrong value.
        """
        found = self
        for name, value in values.items():
            if name not in FIELDS:
                names = ", ".join(sorted(FIELDS))
                raise ValueError(f"unknown capability '{name}'; known are: {names}")
            one = FIELDS[name]
            for kind, inner in by_type(one, value).items():
                new = {name: checked(one, inner)}
                found = found.learn(source.text, rank=source.rank, kind=kind, **new)
        return found

    def _learning(self, name: str, value: Any, new: Source) -> Capabilities:
        if self.rank(name) > new.rank:
            return self
        values = {name: value}
        return dataclasses.replace(self, **values, sources={**self.sources, name: new})

    def _adding(self, name: str, paths: Iterable[str], new: Source) -> Capabilities:
        before = self.sources.get(name, new)
        if new.text not in before.text:
            before = Source(f"{before.text}, {new.text}", max(before.rank, new.rank))
        values: dict[str, Any] = {name: tuple(dict.fromkeys((*self.get(name), *paths)))}
        return dataclasses.replace(self, **values, sources={**self.sources, name: before})


def _fields() -> dict[str, Field]:
    found = {}
    for one in dataclasses.fields(Capabilities):
        if one.metadata:
            found[one.name] = Field(name=one.name, default=one.default, **one.metadata)
    return found


FIELDS: dict[str, Field] = _fields()


def _type_named(text: str) -> str:
    """Return the name of a resource type as it is kept; names ignore case."""
    return TYPES.get(text.lower(), text.lower())


def _within(path: str, kind: str) -> str:
    """Return a SCIM path without the name of that resource type before it."""
    prefix, dot, rest = path.partition(".")
    return rest if dot and _type_named(prefix) == _type_named(kind) else path


def overridden(values: Mapping[str, Any]) -> Capabilities:
    """Return the option ``capabilities`` as Capabilities.

    Raise ValueError with one sentence for an unknown name or a wrong value.
    """
    return Capabilities().stated(values, Source(OPTION, Rank.OPTION))
