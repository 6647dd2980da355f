# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service can do: a typed value for each capability, with its source.

Knows no HTTP and no change.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal, NamedTuple, TypeVar, get_args

OPTION = "option capabilities"

MediaType = Literal["application/scim+json", "application/json"]
FilterCase = Literal["ignored", "exact"]
Paging = Literal["index", "cursor", "none"]
MembersRead = Literal["ask", "inline", "get", "none"]
PatchMix = Literal["all", "members_apart", "add_remove_apart"]
MemberRemove = Literal["filter", "list"]
DeleteUser = Literal["gone", "inactive", "suspended", "unlinked", "blocked"]
Value = TypeVar("Value")


class Rank(IntEnum):
    """How much the source of a value is trusted; a higher rank wins."""

    ASSUMED = 0
    ANNOUNCED = 1
    PROFILE = 2
    REFUSAL = 3
    OPTION = 4


class Source(NamedTuple):
    """Where a value comes from: a text for readers, and how much it is trusted."""

    text: str
    rank: Rank


ASSUMED = Source("assumed", Rank.ASSUMED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One capability: its name, its meaning, its default and the values it takes.

    ``choices`` are the values of a text, ``least`` is the smallest number.
    """

    name: str
    doc: str
    default: Any
    choices: tuple[str, ...] = ()
    least: int = 1

    @property
    def type(self) -> str:
        """Return ``bool``, ``int``, ``list`` (of strings) or ``str``."""
        return {bool: "bool", int: "int", tuple: "list"}.get(type(self.default), "str")


def _capability(default: Value, doc: str, *, choices: Any = None, least: int = 1) -> Value:
    """Return the dataclass field of a capability.

    ``choices`` is the Literal with its values.
    """
    metadata = {"doc": doc, "choices": get_args(choices), "least": least}
    # pylint: disable-next=invalid-field-call
    found: Value = field(default=default, metadata=metadata)
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """The capabilities of one service, as attributes.

    ``sources`` says where the values come from that are not the defaults.
    """

    patch: bool = _capability(
        True, "The service changes resources by PATCH. Otherwise they are replaced by PUT."
    )
    put: bool = _capability(True, "The service replaces resources by PUT.")
    media_type: MediaType = _capability(
        "application/scim+json", "The content type of request bodies.", choices=MediaType
    )
    filters: bool = _capability(
        True,
        "The service finds users and groups by a filter on userName, displayName and externalId. "
        "Otherwise all resources are listed and matched by the collection.",
    )
    filter_clauses: int = _capability(
        40,
        "How many comparisons one filter may join with `or`. Set it to 1 for a service without "
        "`or`.",
    )
    filter_ids: bool = _capability(
        True,
        "The service finds resources by a filter on `id`. Otherwise resources are read one by "
        "one, or from a listing if that needs fewer requests.",
    )
    filter_case: FilterCase = _capability(
        "ignored",
        "Whether a filter on a name ignores case, as the schema says. With `exact`, names that "
        "were not found are looked up in a listing.",
        choices=FilterCase,
    )
    filter_length: int = _capability(
        7000, "How many characters a filter may have, as encoded in the URL.", least=200
    )
    paging: Paging = _capability(
        "index",
        "How the next page of a list is requested: by `index`, by `cursor` from the first page on "
        "(RFC 9865), or not at all (`none`). If a page has a next cursor, the cursor is used "
        "with any of these values.",
        choices=Paging,
    )
    page_size: int = _capability(1000, "How many resources to ask for in one page of a listing.")
    members_read: MembersRead = _capability(
        "ask",
        "How the members of a group are read. `ask` names the attribute in look-ups and listings. "
        "`inline` expects that they are returned by default. `get` reads each group by its id. "
        "`none` means that the service never returns them.",
        choices=MembersRead,
    )
    create_members: bool = _capability(
        True,
        "A group may be created with its members. Otherwise they are added by PATCH afterwards.",
    )
    patch_attributes: bool = _capability(
        True,
        "A PATCH of attributes may ask for the changed resource with `attributes=`. All current "
        "attributes are named there, because some services lose the others. Otherwise the "
        "resource is read again if the response is empty.",
    )
    patch_operations: int = _capability(100, "How many operations one PATCH may have.")
    members_per_patch: int = _capability(1000, "How many members one request may add or remove.")
    removals_per_patch: int = _capability(
        1000, "How many members one request may remove, if that is fewer."
    )
    patch_mix: PatchMix = _capability(
        "all",
        "What one PATCH of a group may contain. `all` sends everything together. `members_apart` "
        "sends members apart from other attributes. `add_remove_apart` sends added members, "
        "removed members and attributes each on their own.",
        choices=PatchMix,
    )
    member_remove: MemberRemove = _capability(
        "filter",
        'How a member is removed. `filter` sends `members[value eq "ID"]`, one operation for each '
        "member. `list` sends the path `members` with a list.",
        choices=MemberRemove,
    )
    delete_user: DeleteUser = _capability(
        "gone",
        "What DELETE does to a user. With any value other than `gone`, the user is read "
        "afterwards, and an inactive user counts as deleted.",
        choices=DeleteUser,
    )
    unsaved: tuple[str, ...] = _capability(
        (),
        "SCIM paths, or the URN of an extension, that the service does not store, for example "
        "`nickName`. They are returned in `not_saved` and never sent.",
    )
    single: tuple[str, ...] = _capability(
        (),
        "Multi-valued attributes of which the service keeps one entry, for example `emails`. Only "
        "one entry is sent: the primary one that you set, or else the first.",
    )
    fixed: tuple[str, ...] = _capability(
        (),
        "SCIM paths that the service sets at creation only. They are returned in `not_saved` and "
        "never sent in an update.",
    )
    sources: Mapping[str, Source] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        """Return the value of a capability by name."""
        return getattr(self, FIELDS[name].name)

    def source(self, name: str) -> str:
        """Return where the value comes from, ``"assumed"`` for a default."""
        return self.sources.get(name, ASSUMED).text

    def rank(self, name: str) -> Rank:
        """Return how much the source of the value is trusted."""
        return self.sources.get(name, ASSUMED).rank

    def set_by_option(self, name: str) -> bool:
        """Return whether the option ``capabilities`` sets the value.

        Nothing overrides it then.
        """
        return self.rank(name) is Rank.OPTION

    def learn(self, source: str, *, rank: Rank = Rank.REFUSAL, **values: Any) -> Capabilities:
        """Return the capabilities with values from a source.

        A value from a source of a higher rank stays; of equal ranks the newer one wins.
        """
        new: dict[str, Any] = {}
        for name, value in values.items():
            if self.rank(name) <= rank:
                new[name] = value
        sources = {**self.sources, **dict.fromkeys(new, Source(source, rank))}
        return dataclasses.replace(self, **new, sources=sources)


def _fields() -> dict[str, Field]:
    found = {}
    for one in dataclasses.fields(Capabilities):
        if one.metadata:
            found[one.name] = Field(name=one.name, default=one.default, **one.metadata)
    return found


FIELDS: dict[str, Field] = _fields()


def overridden(values: Mapping[str, Any]) -> Capabilities:
    """Return the option ``capabilities`` as Capabilities.

    Raise ValueError with one sentence for an unknown name or a wrong value.
    """
    known: dict[str, Any] = {}
    for name, value in values.items():
        if name not in FIELDS:
            names = ", ".join(sorted(FIELDS))
            raise ValueError(f"unknown capability '{name}'; known are: {names}")
        known[name] = _checked(FIELDS[name], value)
    return Capabilities().learn(OPTION, rank=Rank.OPTION, **known)


def _checked(one: Field, value: Any) -> Any:
    """Return a value of the option as the type of its capability. Raise ValueError."""
    text = str(value).strip()
    if one.type == "bool":
        return _checked_bool(one, value, text)
    if one.type == "int":
        if isinstance(value, bool) or not text.isdecimal() or int(text) < one.least:
            raise _wrong(one, f"a whole number of {one.least} or more", text)
        return int(text)
    if one.type == "list":
        if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
            raise _wrong(one, "a list of SCIM paths", text)
        return tuple(value)
    if text not in one.choices:
        raise _wrong(one, f"one of {', '.join(one.choices)}", text)
    return text


def _checked_bool(one: Field, value: Any, text: str) -> bool:
    if isinstance(value, bool):
        return value
    if text.lower() not in ("true", "false", "yes", "no"):
        raise _wrong(one, "true or false", text)
    return text.lower() in ("true", "yes")


def _wrong(one: Field, wanted: str, text: str) -> ValueError:
    return ValueError(f"capability '{one.name}' must be {wanted}, not '{text}'")
