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

from . import choices
from .fields import ASSUMED, Field, Rank, Remembering, Source, capability
from .values import by_type, checked

__all__ = ["ASSUMED", "FIELDS", "OPTION", "TYPES", "Capabilities", "Rank", "Source", "overridden"]

OPTION = "option capabilities"
JSON = "application/json"
CONFIG = "config"
# How the option may call a resource type. Any other one is called by its endpoint.
TYPES = {"user": "User", "users": "User", "group": "Group", "groups": "Group"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities(Remembering):
    """The capabilities of one service, as attributes.

    ``sources`` says where the values come from that are not the defaults. ``types`` are the values
    that hold for one resource type only. ``of`` returns what holds for a type.
    """

    patch: bool = capability(
        True,
        "The service changes resources by PATCH. Otherwise they are replaced by PUT.",
        by_type=True,
    )
    put: bool = capability(True, "The service replaces resources by PUT.", by_type=True)
    create: bool = capability(True, "The service creates resources by POST.", by_type=True)
    delete: bool = capability(True, "The service takes DELETE for resources.", by_type=True)
    groups: bool = capability(
        True,
        "The service has groups. Otherwise a task about groups fails before it sends anything.",
    )
    paths: tuple[tuple[str, str], ...] = capability(
        (),
        "Where endpoints are if not at their usual paths, for example `{users: /users}`. `config` "
        "is the ServiceProviderConfig.",
        holds="texts",
        keys=("users", "groups", CONFIG),
    )
    put_mode: choices.PutMode = capability(
        "replace",
        "What PUT does with attributes that it does not name. `replace` removes them. With `merge` "
        "they stay, so attributes are removed by PATCH.",
        choices=choices.PutMode,
        by_type=True,
    )
    put_members: choices.PutMembers = capability(
        "yes",
        "What PUT of a group does with its members: `yes` replaces them, `no` ignores them, "
        "`reject` refuses a body that has them. With `no` and `reject` the members are changed by "
        "PATCH.",
        choices=choices.PutMembers,
    )
    etag: bool = capability(
        False,
        "Changes and deletions are sent with the version of the resource (`If-Match`), as far as "
        "an answer told it. Learnt if the service announces ETags or demands a version (428). "
        "As long as nothing is known, a PUT is.",
        by_type=True,
    )
    media_type: choices.MediaType = capability(
        "application/scim+json",
        "The content type of request bodies. With `application/json`, answers are requested in it "
        "too. Learnt if the service answers 415 or 406.",
        choices=choices.MediaType,
    )
    filters: bool = capability(
        True,
        "The service finds users and groups by a filter on userName, displayName and externalId. "
        "Otherwise all resources are listed and matched by the collection.",
        by_type=True,
    )
    filter_clauses: int = capability(
        40,
        "How many comparisons one filter may join with `or`. Set it to 1 for a service without "
        "`or`.",
    )
    filter_ids: bool = capability(
        True,
        "The service finds resources by a filter on `id`. Otherwise resources are read one by "
        "one, or from a listing if that needs fewer requests.",
        by_type=True,
    )
    filter_case: choices.FilterCase = capability(
        "ignored",
        "Whether a filter on a name ignores case, as the schema says. With `exact`, names that "
        "were not found are looked up in a listing.",
        choices=choices.FilterCase,
    )
    filter_attributes: tuple[str, ...] = capability(
        (),
        "The attributes by which the service finds resources, for example `[User.userName, "
        "Group.displayName]`. Without one for a type, any attribute is tried. Other keys are "
        "matched in a listing.",
        by_type=True,
    )
    filter_unknown: choices.Unknown = capability(
        "error",
        "What a filter on an attribute does that the service cannot filter by. With `empty` the "
        "service finds nothing, so an empty answer proves nothing: resources that were not found "
        "are looked for in a listing.",
        choices=choices.Unknown,
    )
    filter_alone: tuple[str, ...] = capability(
        (),
        "The attributes that cannot be joined with others by `or`, for example "
        "`[User.externalId]`.",
        by_type=True,
    )
    filter_unsafe: tuple[str, ...] = capability(
        (),
        "Texts that the service misreads in the values of a filter, for example `[',']`. A name "
        "with one of them is looked for in a listing.",
        holds="list of texts",
    )
    filter_length: int = capability(
        7000, "How many characters a filter may have, as encoded in the URL.", least=200
    )
    paging: choices.Paging = capability(
        "index",
        "How the next page of a list is requested: by `index`, by `cursor` from the first page on "
        "(RFC 9865), or not at all (`none`). If a page has a next cursor, the cursor is used "
        "with any of these values.",
        choices=choices.Paging,
    )
    totals: bool = capability(
        True,
        "`totalResults` is the number of all resources. Otherwise it may be the length of a page, "
        "and pages are read until one brings nothing new.",
        by_type=True,
    )
    page_size: int = capability(1000, "How many resources to ask for in one page of a listing.")
    members_read: choices.MembersRead = capability(
        "ask",
        "How the members of a group are read. `ask` names the attribute in look-ups and listings. "
        "`inline` expects that they are returned by default. `get` reads each group by its id. "
        "`users_by_group` lists the users by a filter on `groups.value`, for each group. "
        "`groups_by_user` lists the groups by a filter on `members.value`, for each user. Where "
        "`filter_attributes` names both, the smaller number of requests decides. Groups in groups "
        "are not found by filters. "
        "`none` means that the service never returns them.",
        choices=choices.MembersRead,
    )
    members_limit: int = capability(
        0,
        "A group with so many members or more may have others, which the service does not show. "
        "`0` means that all are shown.",
        least=0,
    )
    create_members: bool | int = capability(
        True,
        "A group may be created with its members. A number is how many members at most. The others "
        "are added by PATCH afterwards.",
        counts=True,
    )
    patch_attributes: bool = capability(
        True,
        "A PATCH of attributes may ask for the changed resource with `attributes=`. All current "
        "attributes are named there, because some services lose the others. Otherwise the "
        "resource is read again if the response is empty.",
        by_type=True,
    )
    patch_form: choices.PatchForm = capability(
        "path",
        "How a PATCH sets attributes. `path` adds or replaces each by its path. `replace` never "
        "adds, also where there is no value yet. `whole` replaces a complex attribute as a whole. "
        "`object` adds one object with all attributes, without a path. Learnt if a service accepts "
        "a PATCH and ignores it.",
        choices=choices.PatchForm,
    )
    patch_operations: int = capability(100, "How many operations one PATCH may have.")
    members_per_patch: int = capability(1000, "How many members one request may add or remove.")
    removals_per_patch: int = capability(
        1000, "How many members one request may remove, if that is fewer."
    )
    patch_mix: choices.PatchMix = capability(
        "all",
        "What one PATCH of a group may contain. `all` sends everything together. `members_apart` "
        "sends members apart from other attributes. `add_remove_apart` sends added members, "
        "removed members and attributes each on their own.",
        choices=choices.PatchMix,
    )
    member_add: choices.MemberAdd = capability(
        "list",
        "How members are added. `list` sends the path `members` with a list. `scalar` sends one "
        "operation for each member, with an object. `wrapped` sends an object that has the list "
        "under `members`.",
        choices=choices.MemberAdd,
    )
    member_remove: choices.MemberRemove = capability(
        "filter",
        'How a member is removed. `filter` sends `members[value eq "ID"]`, one operation for each '
        "member. `list` sends the path `members` with a list. `wrapped` sends an object that has "
        "the list under `members`.",
        choices=choices.MemberRemove,
    )
    group_size: int = capability(
        0,
        "How many members a group may have. A larger one is refused before anything is written. "
        "`0` means any number.",
        least=0,
    )
    delete_user: choices.DeleteUser = capability(
        "gone",
        "What DELETE does to a user. With any value other than `gone`, the user is read "
        "afterwards, and an inactive user counts as deleted.",
        choices=choices.DeleteUser,
    )
    inactive: choices.Inactive = capability(
        "kept",
        "What deactivation does to a user. With `removed` it ends the membership in the service, "
        "so that a deactivation counts as a removal in warnings and thresholds.",
        choices=choices.Inactive,
    )
    irreversible: tuple[str, ...] = capability(
        (),
        "Which deletions cannot be undone by creating the resource again. The task warns before "
        "it deletes one.",
        choices=choices.Irreversible,
    )
    required: tuple[str, ...] = capability(
        (),
        "SCIM paths that a creation must have, for example `[User.emails]`. A creation without "
        "one is refused before anything is written.",
        by_type=True,
    )
    reserved: tuple[str, ...] = capability(
        (),
        "Names of groups that the service keeps for itself. They are not created.",
        holds="list of texts",
    )
    fake: tuple[str, ...] = capability(
        (),
        "Names of users and groups that lists show and that do not exist. They are passed over.",
        holds="list of texts",
    )
    max_length: tuple[tuple[str, int], ...] = capability(
        (),
        "How many characters the value of an attribute may have, for example `{User.userName: "
        "100}`. A longer one is refused before anything is written.",
        holds="numbers",
        by_type=True,
    )
    only: tuple[str, ...] = capability(
        (),
        "The SCIM paths that the service stores, if it stores few. All others are `unsaved`. "
        "Without one for a type, everything is stored.",
        by_type=True,
    )
    unsaved: tuple[str, ...] = capability(
        (),
        "SCIM paths, or the URN of an extension, that the service does not store, for example "
        "`nickName`. They are returned in `not_saved` and never sent.",
        by_type=True,
        adds=True,
    )
    single: tuple[str, ...] = capability(
        (),
        "Multi-valued attributes of which the service keeps one entry, for example `emails`. Only "
        "one entry is sent: the primary one that you set, or else the first.",
        by_type=True,
    )
    fixed: tuple[str, ...] = capability(
        (),
        "SCIM paths that the service sets at creation only. They are returned in `not_saved` and "
        "never sent in an update.",
        by_type=True,
    )
    rewrite: tuple[tuple[str, str], ...] = capability(
        (),
        "SCIM paths of which the service rewrites the values, each with how, for example "
        "`{Group.displayName: slug}`. Values are compared as they are after that, and a resource "
        "is also found under the rewritten name. `lower` stands for small letters, `slug` for "
        "letters and digits with hyphens, `e164` for a phone number with its country code. With "
        "`opaque` the service may hold any value: it is never updated, and the one resource that "
        "the service returns for a filter on the name is the one that is meant.",
        choices=choices.Rewriting,
        by_type=True,
        holds="choices",
    )
    rate: float = capability(
        0.0,
        "How many requests the service takes in a second. Requests are sent no faster. `0` means "
        "that no limit is known.",
        least=0,
    )
    quota: tuple[tuple[str, int], ...] = capability(
        (),
        "How much the service takes in an hour. A plan that needs more is announced with how long "
        "it takes.",
        holds="numbers",
        keys=("users_per_hour", "members_per_group_per_hour"),
    )
    in_flight: int = capability(
        0,
        "How many requests the service takes at the same time. It limits the option `concurrency`. "
        "`0` means that no limit is known.",
        least=0,
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
