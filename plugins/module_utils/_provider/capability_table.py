# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of capabilities: name, type, default and meaning of each.

Knows no service and not where a value comes from.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import choices
from .fields import Remembering, capability

CONFIG = "config"


@dataclass(frozen=True, kw_only=True, slots=True)
class CapabilityTable(Remembering):
    """One attribute for each capability, with its default."""

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
    nested_groups: bool = capability(
        True,
        "Groups may be members of groups. Otherwise a task that names one is refused before any "
        "write.",
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
        "(RFC 9865), or not at all (`none`). Cursors are used wherever the service announces "
        "them, and if a page has a next cursor, with any of these values.",
        choices=choices.Paging,
    )
    totals: bool = capability(
        True,
        "`totalResults` is the number of all resources. Otherwise it may be the length of a page, "
        "and pages are read until one brings nothing new.",
        by_type=True,
    )
    page_size: int = capability(1000, "How many resources to ask for in one page of a listing.")
    query: tuple[str, ...] = capability(
        (),
        "The parameters that the service takes in reads, for example `[filter, count, cursor]`. "
        "`attributes`, `excludedAttributes`, `sortBy` and `sortOrder` are not sent if they are not "
        "among them, and a task that asks for them warns. Without one, all are taken.",
        choices=choices.Query,
    )
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
        "resource is read again if the answer is empty.",
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
    patched: tuple[str, ...] = capability(
        (),
        "SCIM paths that a PATCH sets, for example `[User.active, Group.members]`, where that is "
        "not every one. Other attributes, and removals of attributes, are written by PUT. An empty "
        "list means every path. Members are written by PATCH unless a PUT replaces them.",
        by_type=True,
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
    member_writes: tuple[str, ...] = capability(
        (),
        "The writes of members that are known to do what is asked and to leave all other members "
        "in: `add` and `remove_by_filter` or `remove_by_list` by PATCH, `put`. The first write in "
        "any other way is read back before the next group is written. A write that changes members "
        "in two ways, or other attributes too, is read back as well.",
        choices=choices.MemberWrites,
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
    email_by_name: bool = capability(
        False,
        "A user name that is an e-mail address counts as the e-mail address of the user, so "
        "`required: [User.emails]` does not refuse such a user.",
    )
    display_name_by_name: bool = capability(
        False,
        "A new user without a display name is given one: `name.formatted`, or else the given and "
        "the family name. So `required: [User.displayName]` refuses only users without names.",
    )
    not_removable: tuple[str, ...] = capability(
        (),
        "SCIM paths whose value can be replaced and never removed, for example `[User.active]`. A "
        "removal is refused before anything is written.",
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
    obscured: tuple[str, ...] = capability(
        (),
        "SCIM paths of which the service shows other values while a user is inactive, for example "
        "`[User.emails]`. The values of an inactive user count as unknown. If such a user stays "
        "inactive, they are returned in `not_saved` and never sent.",
        by_type=True,
    )
    rewrite: tuple[tuple[str, str], ...] = capability(
        (),
        "SCIM paths of which the service rewrites the values, each with how, for example "
        "`{Group.displayName: slug}`. Values are compared as they are after that, and a resource "
        "is also found under the rewritten name. `lower` stands for small letters, `slug` for "
        "letters and digits with hyphens, `e164` for a phone number with its country code, or "
        "for its digits alone. With "
        "`opaque` the service may hold any value: the one resource that the service returns for a "
        "filter on the name is the one that is meant. Such a value is never updated, but for the "
        "name of a resource that a filter finds by a former name and not by the new one.",
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
    write_rate: float = capability(
        0.0,
        "How many writes the service takes in a second, if these are fewer than `rate`. `0` means "
        "that writes have no limit of their own.",
        least=0,
    )
    write_burst: int = capability(
        1,
        "How many writes may begin at once after a time without any. The next ones begin at "
        "`write_rate`.",
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
    bulk_operations: int = capability(
        0,
        "How many operations one bulk request may have (RFC 7644 section 3.7). Learnt from the "
        "ServiceProviderConfig. `0` means that the service has no Bulk, or that nothing is known.",
        least=0,
    )
    bulk_size: int = capability(1000000, "How many bytes a bulk request may have.", least=1000)
