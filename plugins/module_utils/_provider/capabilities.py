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
from enum import IntEnum
from typing import Any, Literal, NamedTuple, TypeVar, get_args

from .._model.grammar import problem

OPTION = "option capabilities"
JSON = "application/json"
# How the option may call a resource type. Any other one is called by its endpoint.
TYPES = {"user": "User", "users": "User", "group": "Group", "groups": "Group"}

MediaType = Literal["application/scim+json", "application/json"]
FilterCase = Literal["ignored", "exact"]
Paging = Literal["index", "cursor", "none"]
MembersRead = Literal["ask", "inline", "get", "none"]
PatchMix = Literal["all", "members_apart", "add_remove_apart"]
PatchForm = Literal["path", "replace", "whole", "object"]
MemberRemove = Literal["filter", "list"]
Rewriting = Literal["opaque", "slug", "lower", "e164"]
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

    ``choices`` are the values of a text, or of each path in a dict. ``least`` is the smallest
    number. ``by_type``: the option may set it for each resource type. ``adds``: a list that grows
    with each source.
    """

    name: str
    doc: str
    default: Any
    choices: tuple[str, ...] = ()
    least: int = 1
    by_type: bool = False
    adds: bool = False

    @property
    def type(self) -> str:
        """Return ``bool``, ``int``, ``list`` (of strings), ``dict`` (by path) or ``str``."""
        if isinstance(self.default, tuple) and self.choices:
            return "dict"
        return {bool: "bool", int: "int", tuple: "list"}.get(type(self.default), "str")


def _capability(default: Value, doc: str, *, choices: Any = None, **more: Any) -> Value:
    """Return the dataclass field of a capability.

    ``choices`` is the Literal with its values, ``more`` is the rest of a Field.
    """
    metadata = {"doc": doc, "choices": get_args(choices), **more}
    # pylint: disable-next=invalid-field-call
    found: Value = field(default=default, metadata=metadata)
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """The capabilities of one service, as attributes.

    ``sources`` says where the values come from that are not the defaults. ``types`` are the values
    that hold for one resource type only. ``of`` returns what holds for a type.
    """

    patch: bool = _capability(
        True,
        "The service changes resources by PATCH. Otherwise they are replaced by PUT.",
        by_type=True,
    )
    put: bool = _capability(True, "The service replaces resources by PUT.", by_type=True)
    etag: bool = _capability(
        False,
        "Changes and deletions are sent with the version of the resource (`If-Match`), as far as "
        "an answer told it. Learnt if the service announces ETags or demands a version (428). "
        "As long as nothing is known, a PUT is.",
        by_type=True,
    )
    media_type: MediaType = _capability(
        "application/scim+json",
        "The content type of request bodies. With `application/json`, answers are requested in it "
        "too. Learnt if the service answers 415 or 406.",
        choices=MediaType,
    )
    filters: bool = _capability(
        True,
        "The service finds users and groups by a filter on userName, displayName and externalId. "
        "Otherwise all resources are listed and matched by the collection.",
        by_type=True,
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
        by_type=True,
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
    totals: bool = _capability(
        True,
        "`totalResults` is the number of all resources. Otherwise it may be the length of a page, "
        "and pages are read until one brings nothing new.",
        by_type=True,
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
        by_type=True,
    )
    patch_form: PatchForm = _capability(
        "path",
        "How a PATCH sets attributes. `path` adds or replaces each by its path. `replace` never "
        "adds, also where there is no value yet. `whole` replaces a complex attribute as a whole. "
        "`object` adds one object with all attributes, without a path. Learnt if a service accepts "
        "a PATCH and ignores it.",
        choices=PatchForm,
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
        by_type=True,
        adds=True,
    )
    single: tuple[str, ...] = _capability(
        (),
        "Multi-valued attributes of which the service keeps one entry, for example `emails`. Only "
        "one entry is sent: the primary one that you set, or else the first.",
        by_type=True,
    )
    fixed: tuple[str, ...] = _capability(
        (),
        "SCIM paths that the service sets at creation only. They are returned in `not_saved` and "
        "never sent in an update.",
        by_type=True,
    )
    rewrite: tuple[tuple[str, str], ...] = _capability(
        (),
        "SCIM paths of which the service rewrites the values, each with how, for example "
        "`{Group.displayName: slug}`. Values are compared as they are after that, and a resource "
        "is also found under the rewritten name. `lower` stands for small letters, `slug` for "
        "letters and digits with hyphens, `e164` for a phone number with its country code. With "
        "`opaque` the service may hold any value: it is never updated, and the one resource that "
        "the service returns for a filter on the name is the one that is meant.",
        choices=Rewriting,
        by_type=True,
    )
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

    def set_by_option(self, name: str) -> bool:
        """Return whether the option ``capabilities`` sets the value.

        Nothing overrides it then.
        """
        return self.rank(name) is Rank.OPTION

    def of(self, kind: str) -> Capabilities:
        """Return the capabilities as they hold for a resource type, by its name.

        A value for the type counts before a general one, unless that is of a higher rank.
        """
        own = self.types.get(_type_named(kind))
        if own is None:
            return self
        new: dict[str, Any] = {}
        for name, source in own.sources.items():
            if self.rank(name) <= source.rank:
                new[name] = own.get(name)
        sources = {**self.sources, **{name: own.sources[name] for name in new}}
        return dataclasses.replace(self, **new, sources=sources, types={})

    def paths(self, name: str, kind: str) -> tuple[str, ...]:
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

    def _learning(self, name: str, value: Any, new: Source) -> Capabilities:
        if self.rank(name) > new.rank:
            return self
        values = {name: value}
        return dataclasses.replace(self, **values, sources={**self.sources, name: new})

    def _adding(self, name: str, paths: Iterable[str], new: Source) -> Capabilities:
        before = self.sources.get(name, new)
        if new.text not in before.text.split(", "):
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
    found = Capabilities()
    for name, value in values.items():
        if name not in FIELDS:
            names = ", ".join(sorted(FIELDS))
            raise ValueError(f"unknown capability '{name}'; known are: {names}")
        one = FIELDS[name]
        for kind, inner in _by_type(one, value).items():
            found = found.learn(OPTION, rank=Rank.OPTION, kind=kind, **{name: _checked(one, inner)})
    return found


def _by_type(one: Field, value: Any) -> dict[str, Any]:
    """Return the values of an option by resource type; "" stands for all types."""
    if not (one.by_type and one.type == "bool" and isinstance(value, Mapping)):
        return {"": value}
    for kind in value:
        if not isinstance(kind, str) or not kind:
            raise _wrong(
                one, "set by resource type, for example {users: true, groups: false}", str(value)
            )
    return dict(value)


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
        return _checked_paths(one, value)
    if one.type == "dict":
        return _checked_forms(one, value)
    if text not in one.choices:
        raise _wrong(one, f"one of {', '.join(one.choices)}", text)
    return text


def _checked_paths(one: Field, value: Any) -> tuple[str, ...]:
    """Return a list of SCIM paths. Raise ValueError."""
    wanted = "a list of SCIM paths"
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
        raise _wrong(one, wanted, str(value).strip())
    for path in value:
        if _is_no_path(path):
            raise _wrong(one, wanted, path)
    return tuple(value)


def _checked_forms(one: Field, value: Any) -> tuple[tuple[str, str], ...]:
    """Return SCIM paths with their choices. Raise ValueError."""
    wanted = f"a dictionary of SCIM paths, each with one of {', '.join(one.choices)}"
    if not isinstance(value, Mapping):
        raise _wrong(one, wanted, str(value))
    for path, form in value.items():
        if not isinstance(path, str) or _is_no_path(path):
            raise _wrong(one, wanted, str(path))
        if form not in one.choices:
            raise _wrong(one, wanted, f"{path}: {form}")
    return tuple(value.items())


def _is_no_path(path: str) -> bool:
    """Return whether a text is no SCIM path, with or without a type before it."""
    prefix, _dot, rest = path.partition(".")
    return problem(path) != "" and (problem(rest) != "" or problem(prefix) != "")


def _checked_bool(one: Field, value: Any, text: str) -> bool:
    if isinstance(value, bool):
        return value
    if text.lower() not in ("true", "false", "yes", "no"):
        wanted = "true or false"
        if isinstance(value, Mapping):
            wanted += " for all resource types"
        raise _wrong(one, wanted, text)
    return text.lower() in ("true", "yes")


def _wrong(one: Field, wanted: str, text: str) -> ValueError:
    return ValueError(f"capability '{one.name}' must be {wanted}, not '{text}'")
