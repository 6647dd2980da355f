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
            doc="The service supports PATCH. Otherwise resources are replaced with PUT.",
        ),
        Field(name="put", default=True, doc="The service supports PUT."),
        Field(
            name="media_type",
            default="application/scim+json",
            choices=("application/scim+json", "application/json"),
            doc="The content type of requests.",
        ),
        Field(
            name="filters",
            default=True,
            doc=(
                "The service supports filters on userName, displayName and externalId. "
                "Otherwise the collection lists all resources and matches them itself."
            ),
        ),
        Field(
            name="filter_clauses",
            default=40,
            doc=(
                "The number of comparisons that one filter may join with `or`. "
                "Set 1 if the service does not support `or`."
            ),
        ),
        Field(
            name="filter_ids",
            default=True,
            doc=(
                "The service supports filters on `id`. Otherwise resources are read one by one, "
                "or from a listing if it fits on one page."
            ),
        ),
        Field(
            name="filter_case",
            default="ignored",
            choices=("ignored", "exact"),
            doc=(
                "Whether filters on names ignore case, as the schema says. With `exact`, "
                "the collection searches a listing for names that the filter does not find."
            ),
        ),
        Field(
            name="filter_length",
            default=7000,
            least=200,
            doc="The maximum number of characters of a filter in the URL.",
        ),
        Field(
            name="paging",
            default="index",
            choices=("index", "cursor", "none"),
            doc=(
                "How further pages are read: with `index`, with `cursor` from the first page "
                "(RFC 9865), or not at all. "
                "A response with a next cursor is always continued with the cursor."
            ),
        ),
        Field(
            name="page_size",
            default=1000,
            doc="The number of resources to request in one page.",
        ),
        Field(
            name="members_read",
            default="ask",
            choices=("ask", "inline", "get", "none"),
            doc=(
                "How group members are read. `ask` names the attribute in look-ups and listings. "
                "`inline` expects them without asking. `get` reads each group by its id. "
                "`none` means that the service never returns them."
            ),
        ),
        Field(
            name="create_members",
            default=True,
            doc=(
                "A group can be created together with its members. "
                "Otherwise they are added with PATCH afterwards."
            ),
        ),
        Field(
            name="patch_attributes",
            default=True,
            doc=(
                "A PATCH of attributes may request the changed resource with `attributes=`. "
                "It names all current attributes, because some services lose the others. "
                "Without this capability, the resource is read again if there is no response body."
            ),
        ),
        Field(
            name="patch_operations",
            default=100,
            doc="The maximum number of operations in one PATCH.",
        ),
        Field(
            name="members_per_patch",
            default=1000,
            doc="The maximum number of members that one request may add or remove.",
        ),
        Field(
            name="removals_per_patch",
            default=1000,
            doc=(
                "The maximum number of members that one request may remove, "
                "if it is lower than `members_per_patch`."
            ),
        ),
        Field(
            name="patch_mix",
            default="all",
            choices=("all", "members_apart", "add_remove_apart"),
            doc=(
                "What one PATCH of a group may combine. `all` combines everything. "
                "`members_apart` separates members from other attributes. "
                "`add_remove_apart` also separates additions from removals."
            ),
        ),
        Field(
            name="member_remove",
            default="filter",
            choices=("filter", "list"),
            doc=(
                "How members are removed. `filter` sends one operation for each member, "
                'with the path `members[value eq "ID"]`. '
                "`list` sends the path `members` with a list of members."
            ),
        ),
        Field(
            name="delete_user",
            default="gone",
            choices=("gone", "inactive", "suspended", "unlinked", "blocked"),
            doc=(
                "What DELETE does to a user. If it may only deactivate, "
                "the user is read afterwards, and an inactive user counts as deleted."
            ),
        ),
        Field(
            name="unsaved",
            default=(),
            doc=(
                "SCIM paths, or the URN of an extension, that the service does not store, "
                "for example `nickName`. They are returned in `not_saved` and never sent."
            ),
        ),
        Field(
            name="single",
            default=(),
            doc=(
                "Multi-valued attributes with only one entry on the service, for example `emails`. "
                "Only the primary entry of the task is sent, or else the first."
            ),
        ),
        Field(
            name="fixed",
            default=(),
            doc=(
                "SCIM paths that the service sets only at creation. "
                "They are returned in `not_saved` and never sent in an update."
            ),
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
