# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service can do: one field for each capability, each value with where it was learnt; knows no HTTP and no change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One capability: its name, what it means, the kind of value it takes and what is assumed until something is learnt."""

    name: str
    doc: str
    default: Any
    choices: tuple[str, ...] = ()
    least: int = 1

    @property
    def type(self) -> str:
        """``bool``, ``int``, ``list`` (of strings) or ``str``."""
        return {bool: "bool", int: "int", tuple: "list"}.get(type(self.default), "str")


FIELDS: dict[str, Field] = {
    one.name: one
    for one in (
        Field(
            name="patch",
            default=True,
            doc="The service changes resources by PATCH. Without it they are replaced by PUT.",
        ),
        Field(name="put", default=True, doc="The service replaces resources by PUT."),
        Field(
            name="media_type",
            default="application/scim+json",
            choices=("application/scim+json", "application/json"),
            doc="The content type of what is sent.",
        ),
        Field(
            name="filters",
            default=True,
            doc=(
                "The service finds users and groups by a filter on userName, displayName and externalId. Without it everything is listed and matched here."
            ),
        ),
        Field(
            name="filter_clauses",
            default=40,
            doc="How many comparisons one filter may join with `or`; 1 where the service has no `or`.",
        ),
        Field(
            name="filter_ids",
            default=True,
            doc=(
                "The service finds resources by a filter on `id`. Without it several are read one by one, or from a listing where that is one page."
            ),
        ),
        Field(
            name="filter_case",
            default="ignored",
            choices=("ignored", "exact"),
            doc=(
                "Whether a filter on a name ignores case, as the schema says. Where it is `exact`, who is not found is looked for in a listing."
            ),
        ),
        Field(
            name="filter_length",
            default=7000,
            least=200,
            doc="How many characters a filter may have, as sent in the address.",
        ),
        Field(
            name="paging",
            default="index",
            choices=("index", "cursor", "none"),
            doc=(
                "How a list is read on: by `index`, by `cursor` from the first page on (RFC 9865), or not at all. "
                "An answer with a next cursor is read on by cursor either way."
            ),
        ),
        Field(
            name="page_size",
            default=1000,
            doc="How many resources are asked for in one page of a listing.",
        ),
        Field(
            name="members_read",
            default="ask",
            choices=("ask", "inline", "get", "none"),
            doc=(
                "How the members of a group are read: `ask` names the attribute in look-ups and listings, `inline` trusts that they come by "
                "themselves, `get` reads each group by its id, `none` means that the service never returns them."
            ),
        ),
        Field(
            name="create_members",
            default=True,
            doc="A group may be created with its members in it. Without it they are added by PATCH afterwards.",
        ),
        Field(
            name="patch_attributes",
            default=True,
            doc=(
                "A PATCH of attributes may ask by `attributes=` for the changed resource as its answer. Everything that is held is named there, "
                "since some services lose what is not. Without it the resource is read again where no answer comes."
            ),
        ),
        Field(name="patch_operations", default=100, doc="How many operations one PATCH may have."),
        Field(
            name="members_per_patch",
            default=1000,
            doc="How many members one request may add or remove.",
        ),
        Field(
            name="removals_per_patch",
            default=1000,
            doc="How many members one request may remove, where that is fewer.",
        ),
        Field(
            name="patch_mix",
            default="all",
            choices=("all", "members_apart", "add_remove_apart"),
            doc=(
                "What one PATCH of a group may hold: everything; members apart from other attributes; or joins, leaves and attributes each apart."
            ),
        ),
        Field(
            name="member_remove",
            default="filter",
            choices=("filter", "list"),
            doc=(
                'How a member is removed: `filter` sends `members[value eq "ID"]`, one operation for each; `list` sends the path `members` with a list.'
            ),
        ),
        Field(
            name="delete_user",
            default="gone",
            choices=("gone", "inactive", "suspended", "unlinked", "blocked"),
            doc=(
                "What DELETE does to a user. Where it may only deactivate, the user is read afterwards, and one that is inactive counts as deleted."
            ),
        ),
        Field(
            name="unsaved",
            default=(),
            doc=(
                "SCIM paths, or the URN of an extension, that the service does not store, for example `nickName`. They are named in `not_saved` and never sent."
            ),
        ),
        Field(
            name="single",
            default=(),
            doc=(
                "Multi-valued attributes of which the service keeps one entry, for example `emails`: the primary one that is stated, else the first, "
                "is written alone."
            ),
        ),
        Field(
            name="fixed",
            default=(),
            doc="SCIM paths that the service sets at creation only. They are named in `not_saved` and never sent in an update.",
        ),
    )
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """The capabilities of one service; attribute access gives the value, ``source(name)`` where it was learnt."""

    known: Mapping[str, tuple[Any, str]] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        """The value of a capability: what was learnt, else the default of FIELDS."""
        return self.known[name][0] if name in self.known else FIELDS[name].default

    def source(self, name: str) -> str:
        """Where the value was learnt, ``"assumed"`` for a default."""
        return self.known[name][1] if name in self.known else "assumed"

    def stated(self, name: str) -> bool:
        """Whether the option ``capabilities`` decided it; nothing learnt overrides that."""
        return self.source(name) == OPTION

    def learn(self, source: str, **values: Any) -> Capabilities:
        """The capabilities with something learnt from an answer; what the option stated stays as it is."""
        new = {name: (value, source) for name, value in values.items() if not self.stated(name)}
        return Capabilities(known={**self.known, **new})


OPTION = "option capabilities"


def overridden(values: Mapping[str, Any]) -> Capabilities:
    """The option ``capabilities`` → Capabilities. Raises ValueError with one sentence for an unknown key or a wrong value."""
    known: dict[str, tuple[Any, str]] = {}
    for name, value in values.items():
        if name not in FIELDS:
            raise ValueError(f"unknown capability '{name}'; known are: {', '.join(sorted(FIELDS))}")
        known[name] = (_checked(FIELDS[name], value), OPTION)
    return Capabilities(known=known)


def _checked(one: Field, value: Any) -> Any:
    text = str(value).strip()
    if one.type == "bool":
        if isinstance(value, bool) or text.lower() in ("true", "false", "yes", "no"):
            return value if isinstance(value, bool) else text.lower() in ("true", "yes")
        raise ValueError(f"capability '{one.name}' is true or false, not '{text}'")
    if one.type == "int":
        if isinstance(value, bool) or not text.isdecimal() or int(text) < one.least:
            raise ValueError(
                f"capability '{one.name}' is a whole number of {one.least} or more, not '{text}'"
            )
        return int(text)
    if one.type == "list":
        if not isinstance(value, (list, tuple)) or not all(isinstance(path, str) for path in value):
            raise ValueError(f"capability '{one.name}' is a list of SCIM paths, not '{text}'")
        return tuple(value)
    if text not in one.choices:
        raise ValueError(
            f"capability '{one.name}' is one of {', '.join(one.choices)}, not '{text}'"
        )
    return text
