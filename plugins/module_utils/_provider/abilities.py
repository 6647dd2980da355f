# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What capabilities mean, as questions with names; knows no request and no plan.

``kind`` is the name of a resource type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.schema import GROUP, KINDS, USER, ResourceType
from .capabilities import JSON, TYPES, Capabilities, Rank
from .capability_table import CONFIG

# What finds the users of a group, and the groups of a user (RFC 7643 sections 4.1.2 and 4.2).
GROUPS_OF_USER = "groups.value"
MEMBERS_OF_GROUP = "members.value"


def shows_members(capabilities: Capabilities) -> bool:
    """Return whether the service returns the members of a group in any way."""
    return capabilities.members_read != "none"


def shows_members_unasked(capabilities: Capabilities) -> bool:
    """Return whether look-ups and listings have the members of groups without asking."""
    return capabilities.members_read == "inline"


def finds_members(capabilities: Capabilities) -> bool:
    """Return whether the members of groups are found by filters only."""
    return capabilities.members_read in ("users_by_group", "groups_by_user")


def finds_members_by_user(capabilities: Capabilities, *, fewer: bool) -> bool:
    """Return whether groups are asked for by user, and not users by group.

    ``fewer``: that takes fewer requests. It decides where the service is known to have both
    filters.
    """
    if not finds_members(capabilities):
        return False
    users = capabilities.of(USER.name).listed("filter_attributes", USER.name)
    groups = capabilities.of(GROUP.name).listed("filter_attributes", GROUP.name)
    if GROUPS_OF_USER in users and MEMBERS_OF_GROUP in groups:
        return fewer
    return capabilities.members_read == "groups_by_user"


def shows_groups_in_groups(capabilities: Capabilities) -> bool:
    """Return whether groups that are members are shown, or found, as far as is known."""
    if not finds_members(capabilities):
        return True
    known = filter_paths(capabilities, GROUP.name)
    return not known or MEMBERS_OF_GROUP in known


def takes_groups_in_groups(capabilities: Capabilities) -> bool:
    """Return whether groups may be members of groups, as far as is known."""
    return capabilities.nested_groups


def shows_all_members(capabilities: Capabilities, number: int) -> bool | None:
    """Return whether a group that shows so many members has no others.

    None if neither a user nor a profile says so: what a run learnt may come from empty groups. A
    profile has a limit for every service that is known to cut lists of members.
    """
    name = "members_limit" if number else "members_read"
    if number and capabilities.has_profile:
        return not is_cut_at(capabilities, number)
    if capabilities.rank(name) is Rank.ASSUMED or capabilities.is_learnt(name):
        return None
    return not 0 < capabilities.members_limit <= number


def most_members_shown(capabilities: Capabilities) -> int:
    """Return from how many members on a group may have others, 0 if all are shown."""
    return 0 if finds_members(capabilities) else capabilities.members_limit


def is_cut_at(capabilities: Capabilities, number: int) -> bool:
    """Return whether a group that shows so many members may have others."""
    return 0 < most_members_shown(capabilities) <= number


def patches(capabilities: Capabilities, kind: str) -> bool:
    """Return whether the service is known or assumed to have PATCH for a type."""
    return capabilities.of(kind).patch


def lost_patch(capabilities: Capabilities, kind: str) -> bool:
    """Return whether only a refusal says that the service has no PATCH for a type."""
    known = capabilities.of(kind)
    return not known.patch and known.is_learnt("patch")


def lists_members(capabilities: Capabilities) -> bool:
    """Return whether listings have the members of groups if they are asked for."""
    return capabilities.members_read == "ask" and takes_parameter(capabilities, "attributes")


def takes_parameter(capabilities: Capabilities, name: str) -> bool:
    """Return whether the service takes a parameter in reads, as far as that is known."""
    return not capabilities.query or name in capabilities.query


def members_read_is_known(capabilities: Capabilities) -> bool:
    """Return whether it is known, and not assumed, how the members of groups are read."""
    return capabilities.rank("members_read") > Rank.ASSUMED


def lists_show_members(capabilities: Capabilities) -> bool:
    """Return whether a user or a profile says that lists show the members of groups.

    What one list of a run teaches need not hold for another one.
    """
    return members_read_is_known(capabilities) and not capabilities.is_learnt("members_read")


def filters_ignore_case(capabilities: Capabilities) -> bool:
    """Return whether a name that a filter does not find is proven not to exist."""
    return capabilities.filter_case != "exact"


def totals_count(capabilities: Capabilities, kind: str) -> bool:
    """Return whether the total of a list ends it. Otherwise it may be that of a page."""
    return capabilities.of(kind).totals


def totals_are_proven(capabilities: Capabilities, kind: str) -> bool:
    """Return whether it is known, and not assumed, what the total of a list is."""
    return capabilities.of(kind).rank("totals") > Rank.ASSUMED


def takes_filters(capabilities: Capabilities, kind: str) -> bool:
    """Return whether the service finds resources of a type by a filter."""
    return capabilities.of(kind).filters


def takes_ids_in_filters(capabilities: Capabilities) -> bool:
    """Return whether the service finds resources of a type by a filter on their ids."""
    return capabilities.filters and capabilities.filter_ids


def is_proven_by_filter(capabilities: Capabilities, kind: str, path: str) -> bool:
    """Return whether the service has filters on an attribute if it finds nothing.

    Some find nothing for an attribute that they cannot filter by.
    """
    if capabilities.of(kind).filter_unknown != "empty":
        return True
    return path in filter_paths(capabilities, kind)


def unjoined_paths(capabilities: Capabilities, kind: str) -> tuple[str, ...]:
    """Return the attributes whose comparisons cannot be joined with others."""
    return _paths(capabilities.of(kind), "filter_alone", kind)


def is_safe_in_filters(capabilities: Capabilities, value: str) -> bool:
    """Return whether the service understands a value in a filter."""
    return not any(text in value for text in capabilities.filter_unsafe)


def filter_paths(capabilities: Capabilities, kind: str) -> tuple[str, ...]:
    """Return the attributes of a type by which the service filters, none if not known.

    A path that begins with the name of another type is left out.
    """
    if not capabilities.filter_attributes and not capabilities.types:
        return ()
    listed = _paths(capabilities.of(kind), "filter_attributes", kind)
    return tuple(path for path in listed if not path[:1].isupper())


def joins_comparisons(capabilities: Capabilities, kind: str) -> bool:
    """Return whether a filter may have several comparisons."""
    return capabilities.of(kind).filter_clauses > 1


def most_comparisons(capabilities: Capabilities) -> int:
    """Return how many comparisons a filter may have.

    What they find fits into one page if a service has refused larger ones.
    """
    most = capabilities.filter_clauses
    return min(most, capabilities.page_size) if capabilities.is_learnt("page_size") else most


def most_ids(capabilities: Capabilities) -> int:
    """Return how many comparisons a filter on ids may have.

    As long as no limit is known, ids of two known resources have room beside the others.
    """
    most = most_comparisons(capabilities)
    if most < capabilities.filter_clauses:
        return most
    return most + 2 if capabilities.rank("filter_clauses") is Rank.ASSUMED else most


def place_of(capabilities: Capabilities, endpoint: str) -> str:
    """Return where an endpoint is, as a path without the first slash.

    ``endpoint`` is its usual name: ``Users``, ``Groups``, ``ServiceProviderConfig`` or another.
    """
    name = CONFIG if endpoint == "ServiceProviderConfig" else endpoint.lower()
    return dict(capabilities.paths).get(name, endpoint).strip("/")


def bulk_limits(capabilities: Capabilities) -> tuple[int, int]:
    """Return how many operations and how many bytes one bulk request may have.

    No operation: the service has no Bulk, as far as that is known.
    """
    return capabilities.bulk_operations, capabilities.bulk_size


def knows_bulk(capabilities: Capabilities) -> bool:
    """Return whether it is known if the service has Bulk."""
    return capabilities.rank("bulk_operations") is not Rank.ASSUMED


def puts(method: str, capabilities: Capabilities, kind: str) -> bool:
    """Return whether a change with that ``update_method`` is written by PUT."""
    return method == "put" or (method == "auto" and not capabilities.of(kind).patch)


def patched_paths(capabilities: Capabilities, kind: str) -> tuple[str, ...]:
    """Return the SCIM paths of a type that PATCH sets, none if it sets all."""
    return _own(capabilities.of(kind).patched, kind)


def put_takes_members(capabilities: Capabilities) -> bool:
    """Return whether a PUT of a group replaces its members."""
    return capabilities.put_members == "yes"


def put_removes(capabilities: Capabilities, kind: str) -> bool:
    """Return whether a PUT removes the attributes that it does not name."""
    return capabilities.of(kind).put_mode == "replace"


def sends_versions(capabilities: Capabilities, kind: str, method: str = "PATCH") -> bool:
    """Return whether changes of a type are sent with ``If-Match``.

    A PUT replaces what other clients wrote. So it is, unless the service is known to have no ETags.
    """
    known = capabilities.of(kind)
    return known.etag or (method == "PUT" and known.rank("etag") is Rank.ASSUMED)


def demands_versions(capabilities: Capabilities, kind: str) -> bool:
    """Return whether the service refused a change of a type that was sent without one."""
    known = capabilities.of(kind)
    return known.etag and known.is_learnt("etag")


def may_be_json(capabilities: Capabilities) -> bool:
    """Return whether ``application/json`` may be tried instead of another media type."""
    return capabilities.media_type != JSON and not capabilities.set_by_option("media_type")


def joins_at_creation(capabilities: Capabilities) -> int:
    """Return how many members a group may be created with."""
    most = capabilities.create_members
    if isinstance(most, bool):
        return capabilities.members_per_patch if most else 0
    return min(most, capabilities.members_per_patch)


def deletes_users(capabilities: Capabilities) -> bool:
    """Return whether DELETE deletes a user. Otherwise it may only deactivate it."""
    return capabilities.delete_user == "gone"


def end_of_users(capabilities: Capabilities) -> str:
    """Return what DELETE does with a user."""
    return capabilities.delete_user


def kept_as_one(capabilities: Capabilities, kind: str) -> tuple[str, ...]:
    """Return the multi-valued attributes of which the service keeps one entry."""
    return _paths(capabilities.of(kind), "single", kind)


def beyond_one(
    attributes: Mapping[str, Any], capabilities: Capabilities, kind: str
) -> tuple[str, ...]:
    """Return the attributes with several entries of which the service keeps one."""
    found = []
    for path in kept_as_one(capabilities, kind):
        entries = attributes.get(path)
        if isinstance(entries, list) and len(entries) > 1:
            found.append(path)
    return tuple(found)


def rewritten(capabilities: Capabilities, kind: str) -> Mapping[str, str]:
    """Return how the service rewrites values, by the path in small letters."""
    return capabilities.once(("rewritten", kind), lambda: capabilities.of(kind).forms(kind))


def has_groups(capabilities: Capabilities) -> bool:
    """Return whether the service has groups."""
    return capabilities.groups


def creates(capabilities: Capabilities, kind: str) -> bool:
    """Return whether the service creates resources of a type."""
    return capabilities.of(kind).create


def deletes(capabilities: Capabilities, kind: str) -> bool:
    """Return whether the service takes DELETE for resources of a type."""
    return capabilities.of(kind).delete


def ends_by_deactivation(capabilities: Capabilities) -> bool:
    """Return whether the deactivation of a user removes it from the service."""
    return capabilities.inactive == "removed"


def cannot_come_back(capabilities: Capabilities, kind: str) -> bool:
    """Return whether a deleted resource of a type is lost for good."""
    return kind.lower() in capabilities.irreversible


def needed_at_creation(capabilities: Capabilities, kind: str) -> tuple[str, ...]:
    """Return the SCIM paths without which the service creates no resource of a type."""
    return _own(capabilities.of(kind).required, kind)


def names_give_addresses(capabilities: Capabilities) -> bool:
    """Return whether a user name that is an e-mail address is the user's address."""
    return capabilities.email_by_name


def names_give_display_names(capabilities: Capabilities) -> bool:
    """Return whether the display name of a new user without one is made of the name."""
    return capabilities.display_name_by_name


def lasting(capabilities: Capabilities, kind: str) -> tuple[str, ...]:
    """Return the SCIM paths of a type whose values are never removed."""
    return _own(capabilities.of(kind).not_removable, kind)


def rows_of_a_page(capabilities: Capabilities, wanted: int | None) -> int:
    """Return how many resources to ask for in one page.

    ``wanted`` is what a user sets. The result is never more than the service is known to take.
    """
    most = capabilities.page_size
    if wanted is None:
        return most
    return wanted if capabilities.rank("page_size") is Rank.ASSUMED else min(wanted, most)


def pages_by(capabilities: Capabilities) -> str:
    """Return how pages are asked for: by ``index`` or ``cursor``, or ``none`` are."""
    return capabilities.paging


def tries_cursors(capabilities: Capabilities) -> bool:
    """Return whether pages go by cursor only because the service announces it."""
    return capabilities.paging == "cursor" and capabilities.rank("paging") is Rank.ANNOUNCED


def member_forms(capabilities: Capabilities) -> tuple[str, str]:
    """Return in which form members are added, and in which they are removed."""
    return capabilities.member_add, capabilities.member_remove


def known_member_writes(capabilities: Capabilities) -> frozenset[str]:
    """Return the writes of members that a user or a profile vouches for.

    That is about the form which the same source sets, and not about one that a better source does.
    """
    rank = capabilities.rank("member_writes")
    found = set(capabilities.member_writes)
    if capabilities.rank("member_add") > rank:
        found.discard("add")
    if capabilities.rank("member_remove") > rank:
        found -= {"remove_by_filter", "remove_by_list"}
    return frozenset(found)


def purges_whole_lists(capabilities: Capabilities) -> bool:
    """Return whether a list can be proven whole, so that the rest may be purged.

    Without pages a service may cut a list in silence, unless a user vouches for its totals.
    """
    vouched = capabilities.set_by_option("totals") and capabilities.totals
    return capabilities.paging != "none" or vouched


def obscured_paths(capabilities: Capabilities, kind: str) -> tuple[str, ...]:
    """Return the SCIM paths that the service obscures as long as a user is inactive."""
    return _paths(capabilities.of(kind), "obscured", kind)


def reserved_names(capabilities: Capabilities) -> frozenset[str]:
    """Return the names of groups that the service keeps for itself, case folded."""
    return frozenset(name.casefold() for name in capabilities.reserved)


def longest(capabilities: Capabilities, kind: str) -> Mapping[str, int]:
    """Return how many characters values of a type may have, by path."""
    lengths = capabilities.of(kind).max_length
    found = {}
    for path, most in lengths:
        for own in _own((path,), kind):
            found[own] = most
    return found


def most_members(capabilities: Capabilities) -> int:
    """Return how many members a group may have, 0 for any number."""
    return capabilities.group_size


def per_hour(capabilities: Capabilities, name: str) -> int:
    """Return how much the service takes in an hour, 0 if no limit is known."""
    return dict(capabilities.quota).get(name, 0)


def is_fake(capabilities: Capabilities, resource: Mapping[str, Any]) -> bool:
    """Return whether a user or group in a list is known not to exist."""
    if not capabilities.fake:
        return False
    return resource.get("userName", resource.get("displayName")) in capabilities.fake


def not_stored(capabilities: Capabilities, kind: str, *, at_creation: bool) -> frozenset[str]:
    """Return the SCIM paths that the service does not store in a write."""
    return capabilities.once(
        ("not_stored", kind, at_creation),
        lambda: _not_stored(capabilities, kind, at_creation=at_creation),
    )


def _not_stored(capabilities: Capabilities, kind: str, *, at_creation: bool) -> frozenset[str]:
    known = capabilities.of(kind)
    unsaved = frozenset(_paths(known, "unsaved", kind)) | _beyond_only(known, kind)
    return unsaved if at_creation else unsaved | frozenset(_paths(known, "fixed", kind))


def profile_keeps(capabilities: Capabilities, kind: str, path: str) -> bool:
    """Return whether a profile shows that the service stores a part of a list.

    It says what is stored, or what is not, and that is something else.
    """
    known = capabilities.of(kind)
    says = any(known.rank(one) is Rank.PROFILE for one in ("unsaved", "only") if known.get(one))
    return says and path not in not_stored(capabilities, kind, at_creation=True)


def _beyond_only(known: Capabilities, kind: str) -> frozenset[str]:
    """Return what the service does not store because it stores few paths."""
    kept = _own(known.only, kind)
    resource_type = KINDS.get(kind)
    if not kept or resource_type is None:
        return frozenset()
    found = {one.urn for one in resource_type.extensions if not _covers(kept, one.urn)}
    for attribute in resource_type.attributes:
        if attribute.name in kept:
            continue
        parts = {f"{attribute.name}.{one.name}" for one in attribute.sub}
        if parts and _covers(kept, attribute.name):
            found |= {one for one in parts if one not in kept}
        elif not _covers(kept, attribute.name):
            found.add(attribute.name)
    return frozenset(found)


def _covers(kept: tuple[str, ...], path: str) -> bool:
    """Return whether a path, or a part of it, is kept."""
    return any(one == path or one.startswith((f"{path}.", f"{path}:")) for one in kept)


def _own(listed: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Return the paths of a list that are about a resource type, within it.

    They are spelt as its table spells them, because names ignore case (RFC 7643 section 2.1).
    """
    known = KINDS.get(kind)
    found = []
    for path in listed:
        prefix, dot, rest = path.partition(".")
        named = TYPES.get(prefix.lower()) if dot else None
        if named in (None, kind):
            within = path if named is None else rest
            found.append(within if known is None else _spelt(known, within))
    return tuple(found)


def _paths(capabilities: Capabilities, name: str, kind: str) -> tuple[str, ...]:
    """Return the SCIM paths of a list as the table of a resource type spells them.

    Their names ignore case (RFC 7643 section 2.1).
    """
    return capabilities.once(("paths", name, kind), lambda: _spelt_paths(capabilities, name, kind))


def _spelt_paths(capabilities: Capabilities, name: str, kind: str) -> tuple[str, ...]:
    listed = capabilities.listed(name, kind)
    known = KINDS.get(kind)
    if known is None:
        return listed
    return tuple(_spelt(known, path) for path in listed)


def _spelt(kind: ResourceType, path: str) -> str:
    extension = kind.extension(path)
    return kind.spelt(path) if extension is None else extension.urn


def unsaved_since(before: Capabilities, now: Capabilities) -> tuple[str, ...]:
    """Return the capability ``unsaved`` if it has grown since, empty if it has not."""
    return now.unsaved if set(now.unsaved) - set(before.unsaved) else ()
