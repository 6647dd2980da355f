# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From targets to changes; knows no request and no order.

What is desired is completed with what is there, then there is one difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .._model.errors import first_of
from .._model.flat import Flat, flatten
from .._model.key import Key
from .._model.merge import Keeping, differing, merge
from .._model.rewriting import OPAQUE, as_held
from .._model.sameness import fold
from .._model.schema import GROUP, USER, ResourceType, split_path, top_path
from .._provider.abilities import (
    beyond_one,
    deletes_users,
    ends_by_deactivation,
    kept_as_one,
    names_give_display_names,
    not_stored,
    obscured_paths,
    rewritten,
    takes_filters,
)
from .._provider.capabilities import Capabilities
from .agreement import is_adopted_inactive
from .change import Change, MembershipChange
from .departures import Departures
from .desired import ANY, Content, Desired, Reference, key_option
from .kept_types import KeptTypes, plain_texts, without_parts
from .memberships import SHOWN, Memberships
from .opaque_names import is_renamed, may_be_renamed
from .placeholders import PREFIX
from .snapshot import Snapshot
from .targets import Target, Targets


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of a task in the order of the input, and what was found on the way.

    ``unchanged`` counts by kind. ``not_saved`` are the paths that the service is known not to keep,
    by the key of the resource. ``unsure`` are resources of which that is the name, because nothing
    shows whether they have it. ``missing`` are links to resources that do not exist.
    ``asks_schemas``: they may be others if the Schemas of the service are known.
    """

    every: tuple[Change, ...] = ()
    unchanged: Counter[str] = field(default_factory=Counter)
    not_saved: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)
    unsure: frozenset[Key] = frozenset()
    missing: tuple[Reference, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    asks_schemas: bool = False


def find_changes(
    targets: Targets,
    memberships: Memberships,
    departures: Departures,
    snapshot: Snapshot,
    capabilities: Capabilities,
) -> Changes:
    """Return the change of every target.

    ``targets`` are in the states that departures gave them.
    """
    finder = _Finder(targets, memberships, departures, snapshot, capabilities)
    for target in targets.every:
        finder.take(target)
    if targets.unchanged_users:
        finder.unchanged[USER.name] += targets.unchanged_users
    return finder.found()


class _Finder:
    """Makes the changes one target after the other."""

    def __init__(
        self,
        targets: Targets,
        memberships: Memberships,
        departures: Departures,
        snapshot: Snapshot,
        capabilities: Capabilities,
    ) -> None:
        self.targets = targets
        self.memberships = memberships
        self.departures = departures
        self.snapshot = snapshot
        self.capabilities = capabilities
        self.kept_types = KeptTypes(snapshot, capabilities)
        self.changes: list[Change] = []
        self.unchanged: Counter[str] = Counter()
        self.not_saved: dict[Key, tuple[str, ...]] = {}
        self.unsure: set[Key] = set()
        self.unknown: list[str] = []
        self.inactive: list[str] = []
        self.adopted: list[str] = []
        self.gone: list[str] = []
        self.missing: list[Reference] = []
        self.problems: list[str] = []
        self.notes: list[str] = []

    def found(self) -> Changes:
        """Return everything that was made."""
        notes = [*self.notes, *_inactive(self.inactive)]
        if self.unknown:
            notes.append(_listed("not found, so left unchanged", self.unknown))
        remarks = []
        if self.gone:
            remarks.append(_listed("not found, so left unchanged", self.gone))
        if self.adopted:
            notes.append(_listed("inactive accounts are taken over", self.adopted))
        return Changes(
            every=tuple(self.changes),
            unchanged=self.unchanged,
            not_saved=self.not_saved,
            unsure=frozenset(self.unsure),
            missing=tuple(self.missing),
            problems=tuple(self.problems),
            notes=tuple(notes),
            remarks=tuple(remarks),
            asks_schemas=self.kept_types.asks_schemas,
        )

    def take(self, target: Target) -> None:
        """Add the change of one target, or count it as unchanged."""
        desired = target.desired
        if target.key in self.targets.withheld:
            return
        if target.resource is None:
            if not self._ends_at_once(target) and self._may_create(desired):
                self._add(target, None)
            return
        before = flatten(desired.kind, target.resource)
        if desired.state == "absent":
            self._delete(target, before)
        else:
            self._add(target, before)

    def _ends_at_once(self, target: Target) -> bool:
        """Return whether a new user would be gone again.

        The service removes inactive users. So one that does not exist is as desired without a
        write, unless it is to join a group.
        """
        desired = target.desired
        is_user = desired.kind.name == USER.name and desired.creates
        is_inactive = desired.content.attributes.get("active") is False
        if not (is_user and is_inactive and ends_by_deactivation(self.capabilities)):
            return False
        if any(target.key in one.joins for one in self.memberships.changes.values()):
            self.problems.append(
                f"{desired.text} is to be inactive and to join a group, but this service removes "
                "inactive users; leave the user out of the group"
            )
        self.unknown.append(desired.text)
        return True

    def _may_create(self, desired: Desired) -> bool:
        if desired.state == "absent":
            return False
        if desired.state == ANY and desired.kind.name == USER.name:
            self.gone.append(desired.text)
            return False
        if desired.state == "inactive" or not desired.creates:
            self.unknown.append(desired.text)
            return False
        name = desired.kind.name_attribute
        if self._may_hide(desired):
            self.problems.append(
                desired.refused(
                    "whether it exists is not certain: the service may call it anything, and takes "
                    "no filters; set external_id or id"
                )
            )
            return False
        if name not in desired.content.attributes:
            option = desired.kind.at(name).option
            prefix = f"{desired.place}: " if desired.place else ""
            self.problems.append(
                f"{prefix}{desired.text} does not exist, and creating it needs {option}"
            )
            return False
        return True

    def _may_hide(self, desired: Desired) -> bool:
        """Return whether a resource may exist under any name, and no key would find it."""
        kind = desired.kind
        is_opaque = self.snapshot.form(kind, kind.name_attribute) == OPAQUE
        has_id = "externalId" in dict(desired.keys)
        return is_opaque and not has_id and not takes_filters(self.capabilities, kind.name)

    def _delete(self, target: Target, before: Flat) -> None:
        """Add a deletion.

        Where DELETE only deactivates, an inactive user is deleted already.
        """
        is_user = target.key.kind == USER.name
        if is_user and not deletes_users(self.capabilities) and before.get("active") is False:
            self.unchanged[target.key.kind] += 1
            return
        self.changes.append(self._change(target, target.desired, before, None))

    def _add(self, target: Target, before: Flat | None) -> None:
        """Add the change that makes a resource as desired, unless it is so already."""
        target, lost = self._without_lost_secrets(target, before)
        desired = target.desired
        content = desired.content
        attributes, unsaved = self._attributes(target, before)
        unsaved += lost
        single = kept_as_one(self.capabilities, desired.kind.name)
        types = self.kept_types.of(desired.kind, attributes, before or {}, single)
        unsaved += tuple(one for one in types.lost if top_path(one) not in unsaved)
        after = merge(
            desired.kind,
            before or {},
            attributes,
            content.clear,
            exact=content.exact,
            keeping=Keeping(single, types.typed, types.listed),
        )
        if unsaved:
            self.not_saved[target.key] = unsaved
        if before is not None:
            self._note_inactive(target, before, attributes)
            if self._is_unchanged(target, before, after):
                self.unchanged[target.key.kind] += 1
                return
        resolved = Content(
            attributes=attributes,
            clear=content.clear,
            create_only=content.create_only,
            exact=content.exact,
            typed=types.typed,
            listed=types.listed,
        )
        self.changes.append(self._change(target, replace(desired, content=resolved), before, after))

    def _without_lost_secrets(
        self, target: Target, before: Flat | None
    ) -> tuple[Target, tuple[str, ...]]:
        """Return a target without the secrets that are not kept, and their paths.

        Secrets that are not sent now, because the resource exists, are not among the paths.
        """
        secrets = target.desired.secrets
        never = self._unsaved(target.desired.kind, before)
        kept = {path: value for path, value in secrets.attributes.items() if path not in never}
        if len(kept) == len(secrets.attributes):
            return target, ()
        is_sent = before is None or secrets.always
        lost = tuple(secrets.attributes.keys() - kept.keys()) if is_sent else ()
        desired = replace(target.desired, secrets=replace(secrets, attributes=kept))
        return replace(target, desired=desired), tuple(sorted(lost))

    def _note_inactive(self, target: Target, before: Flat, attributes: Flat) -> None:
        desired = target.desired
        if before.get("active") is not False:
            return
        if "active" not in attributes and desired.state == "present":
            self.inactive.append(desired.text)
        if is_adopted_inactive(desired, target.resource or {}, target.matched_by):
            does = "is made active" if attributes.get("active") is True else "stays inactive"
            found_by = str(target.matched_by)
            self.adopted.append(f"{desired.text}, found by {key_option(found_by)}, {does}")

    def _is_unchanged(self, target: Target, before: Flat, after: Flat) -> bool:
        moves = self.memberships.of(target.key)
        if moves.joins or moves.leaves:
            return False
        secrets = target.desired.secrets
        if secrets.always and secrets.attributes:
            return False
        return after == before or not differing(target.desired.kind, before, after)

    def _change(
        self, target: Target, desired: Desired, before: Flat | None, after: Flat | None
    ) -> Change:
        key = target.key
        membership = None
        if after is not None:
            membership = self._membership(key)
        return Change(
            key=key,
            name=self.targets.name(key, self.snapshot),
            desired=desired,
            before=before,
            after=after,
            received=target.resource,
            complete=not self.snapshot.is_partial(key),
            membership=membership,
            reason=self.departures.reason(key),
        )

    def _membership(self, key: Key) -> MembershipChange | None:
        """Return the membership change of a group.

        One without a change still has its members, for a PUT.
        """
        change = self.memberships.changes.get(key)
        if change is None and key.kind == GROUP.name:
            return MembershipChange(current=self.snapshot.members(key))
        return change

    def _attributes(self, target: Target, before: Flat | None) -> tuple[Flat, tuple[str, ...]]:
        """Return the attributes to write, and the paths that are set but not kept.

        The service is known not to keep the latter. Links are resolved to ids. What the service
        does not keep, and what is set at creation only, is left out.
        """
        desired = target.desired
        attributes = self._wanted(desired, before)
        kind = desired.kind.name
        obscured = self._obscured(desired, attributes, before)
        unsaved = self._unsaved(desired.kind, before)
        unseen = obscured.intersection(attributes)
        if before is not None:
            unsaved, unseen = unsaved | obscured, frozenset()
            attributes = for_existing(
                desired, attributes, before, found_by_id=target.matched_by == "id"
            )
            attributes = as_held(desired.kind, attributes, before, self._forms(target))
            if attributes.get("active") is False:
                unsaved -= {"active"}  # one that is not sent would not be missed
        dropped: tuple[str, ...] = ()
        if unsaved:
            dropped = unkept(desired, attributes, before or {}, unsaved)
        for path in dropped:
            del attributes[path]
        texts = plain_texts(desired.kind, attributes, target.resource or {})
        attributes, parts = without_parts(desired.kind, attributes, unsaved.union(texts))
        beyond = beyond_one(attributes, self.capabilities, kind)
        return attributes, (*self._unsure_name(target), *dropped, *parts, *beyond, *unseen)

    def _wanted(self, desired: Desired, before: Flat | None) -> Flat:
        """Return what is set, with links as ids, and what follows from it."""
        attributes = dict(desired.content.attributes)
        if desired.content.links:
            attributes.update(self._links(desired))
        if desired.state == "inactive":
            attributes["active"] = False
        elif desired.activate and "active" not in attributes:
            if before is None or before.get("active") is False:
                attributes["active"] = True
        if before is None and names_give_display_names(self.capabilities):
            attributes |= _display_name(desired, attributes)
        return attributes

    def _unsaved(self, kind: ResourceType, before: Flat | None) -> frozenset[str]:
        """Return the paths that the service does not store in this write.

        A resource is nothing without its name, so that is sent in any case.
        """
        unsaved = not_stored(self.capabilities, kind.name, at_creation=before is None)
        never = not_stored(self.capabilities, kind.name, at_creation=True)
        return unsaved - (never & {kind.name_attribute})

    def _obscured(self, desired: Desired, attributes: Flat, before: Flat | None) -> frozenset[str]:
        """Return the paths whose values are unknown because the user is inactive.

        One of a user that becomes active is known if what is set takes the place of everything
        that is shown.
        """
        paths = set(obscured_paths(self.capabilities, desired.kind.name))
        paths.discard(desired.kind.name_attribute)
        is_off = (before or {}).get("active") is False
        if attributes.get("active", not is_off) is False:
            return frozenset(paths)
        if before is None or not is_off:
            return frozenset()
        return frozenset(
            path
            for path in paths
            if path in attributes and _keeps_some(desired, path, attributes, before)
        )

    def _unsure_name(self, target: Target) -> tuple[str, ...]:
        """Return the path of a name that may be another one than the service shows."""
        if not may_be_renamed(target, self.snapshot, self.capabilities):
            return ()
        self.unsure.add(target.key)
        return (target.desired.kind.name_attribute,)

    def _forms(self, target: Target) -> Mapping[str, str]:
        """Return how the service rewrites values, without a name that is a new one."""
        forms = rewritten(self.capabilities, target.key.kind)
        if not is_renamed(target, self.snapshot, self.capabilities):
            return forms
        name = target.desired.kind.name_attribute.lower()
        return {path: form for path, form in forms.items() if path != name}

    def _links(self, desired: Desired) -> Iterator[tuple[str, str]]:
        """Yield the attributes that name another resource, with its id."""
        for path, reference in desired.content.links.items():
            found = self.targets.resolve(reference, self.snapshot)
            if len(found) > 1:
                self.problems.append(
                    f"{desired.text}: {path} names {len(found)} users: {reference}"
                )
            elif found and found[0] in self.targets.withheld and found[0].id.startswith(PREFIX):
                self.notes.append(f"{desired.text}: {path} stays, because {reference} was left out")
            elif found:
                yield path, found[0].id
            else:
                self.missing.append(reference)


def _listed(what: str, names: list[str]) -> str:
    return f"{what}: {first_of(sorted(names), SHOWN)}"


def _inactive(users: list[str]) -> Iterator[str]:
    """Yield the sentence about inactive users of which the input sets no state."""
    if len(users) == 1:
        yield f"{users[0]} is inactive and stays inactive; set active: true to reactivate the user"
    elif users:
        listed = _listed("inactive users stay inactive", users)
        yield f"{listed}; set active: true to reactivate them"


def _display_name(desired: Desired, attributes: Flat) -> Flat:
    """Return the display name made of the name of a user, nothing if one is set."""
    is_set = "displayName" in attributes or "displayName" in desired.content.clear
    if desired.kind.name != USER.name or is_set:
        return {}
    parts = [attributes.get(f"name.{one}") for one in ("givenName", "familyName")]
    whole = " ".join(map(str, parts)) if all(parts) else ""
    made = attributes.get("name.formatted") or whole
    return {"displayName": made} if made else {}


def for_existing(desired: Desired, attributes: Flat, before: Flat, *, found_by_id: bool) -> Flat:
    """Return the attributes that may be written to an existing resource.

    The spelling of a name by which a resource is looked up is no order to rename it. It does not
    matter which key found it, but an id alone does not look it up by name.
    """
    create_only = desired.content.create_only
    kept: Flat = {}
    for path, value in attributes.items():
        if create_only and (path in create_only or top_path(path) in create_only):
            continue
        if not found_by_id and _is_other_spelling(desired, path, value, before):
            continue
        kept[path] = value
    return kept


def _is_other_spelling(desired: Desired, path: str, value: Any, before: Flat) -> bool:
    if (path, value) not in desired.keys or desired.kind.at(path).case_exact:
        return False
    return fold(str(value)) == fold(str(before.get(path, "")))


def unkept(
    desired: Desired, attributes: Flat, before: Flat, unsaved: frozenset[str]
) -> tuple[str, ...]:
    """Return the paths that the service does not keep.

    A value that the service has already is not among them. Names ignore case.
    """
    found = []
    never = set(map(str.lower, unsaved))
    for path, value in attributes.items():
        lower = path.lower()
        if never.isdisjoint((lower, top_path(lower), split_path(lower)[0])):
            continue
        after = merge(desired.kind, before, {path: value}, exact=desired.content.exact)
        if path not in before or differing(desired.kind, before, after):
            found.append(path)
    return tuple(found)


def _keeps_some(desired: Desired, path: str, attributes: Flat, before: Flat) -> bool:
    """Return whether entries would stay that are not those that are set."""
    exact = desired.content.exact
    there = merge(desired.kind, before, {path: attributes[path]}, exact=exact).get(path)
    alone = merge(desired.kind, {}, {path: attributes[path]}, exact=exact).get(path)
    return isinstance(there, list) and isinstance(alone, list) and len(there) > len(alone)


def needed_but_deleted(targets: Targets, snapshot: Snapshot) -> Iterator[str]:
    """Yield a sentence for each deleted resource that the input still refers to.

    The next run would not find it.
    """
    for target in targets.every:
        if target.desired.state == "absent":
            continue
        for role, reference in _roles(target.desired, targets):
            for key in targets.resolve(reference, snapshot):
                if targets.deletes(key):
                    name = snapshot.name(key)
                    yield (
                        f"{key.kind.lower()} '{name}' is to be deleted but is named as {role} of "
                        f"{target.desired.text}"
                    )


def _roles(desired: Desired, targets: Targets) -> Iterator[tuple[str, Reference]]:
    for path, reference in desired.content.links.items():
        yield path.removesuffix(".value").rpartition(":")[2], reference
    for members in desired.members:
        for reference in sorted(members.remove):
            if not targets.mentions(reference):
                yield "former member", reference
