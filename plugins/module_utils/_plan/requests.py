# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a change is written in the words that a service understands; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._model.errors import MASK, ScimError
from .._model.flat import Flat, body, flatten, unflatten
from .._model.key import Key
from .._model.merge import Keeping, merge
from .._model.rewriting import OPAQUE
from .._model.schema import GROUP, USER, split_path, top_path
from .._protocol.patch import Operation, join, leave, operations, patch
from .._provider.abilities import (
    deletes_users,
    ends_by_deactivation,
    joins_at_creation,
    kept_as_one,
    obscured_paths,
    patched_paths,
    place_of,
    put_removes,
    put_takes_members,
    puts,
    rewritten,
)
from .._provider.capabilities import ASSUMED, Capabilities
from .change import NO_MEMBERS, NO_SECRETS, Change, MembershipChange
from .questions import Resource
from .replacement import HINT, replacement


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One write.

    ``segments`` are the path, not yet escaped. ``secrets`` join the body only in ``sendable``.
    ``joins`` and ``leaves`` are the members that this request is about. ``place`` is where the
    endpoint is, if not at its usual path.
    """

    method: str
    segments: tuple[str, ...]
    body: Mapping[str, Any] | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    secrets: Flat = field(default_factory=dict, repr=False)
    joins: tuple[Key, ...] = ()
    leaves: tuple[Key, ...] = ()
    place: str = ""

    @property
    def members(self) -> tuple[Key, ...]:
        """Return the members that this request is about."""
        return self.joins + self.leaves

    @property
    def changes_attributes(self) -> bool:
        """Return whether more than members of a resource is written."""
        if self.method != "PATCH":
            return self.method != "DELETE"
        operations = (self.body or {}).get("Operations", ())
        return any(not one.get("path", "").startswith("members") for one in operations)

    @property
    def shown(self) -> dict[str, Any]:
        """Return the request as ``operations`` returns it: with secrets masked."""
        path = "/".join((self.place or self.segments[0], *self.segments[1:]))
        found: dict[str, Any] = {"method": self.method, "path": f"/{path}"}
        shown = _with_secrets(self.body, dict.fromkeys(self.secrets, MASK))
        if shown is not None:
            found["body"] = shown
        return found

    def sendable(self, ids: Mapping[str, str]) -> tuple[tuple[str, ...], dict[str, Any] | None]:
        """Return (segments, body) with secrets and with the ids of the service.

        ``ids`` says which id the creation of each ``bulkId:NAME`` gave.
        """
        segments = tuple(ids.get(one, one) for one in self.segments)
        return segments, _with_ids(_with_secrets(self.body, self.secrets), ids)


def _with_secrets(content: Mapping[str, Any] | None, secrets: Flat) -> dict[str, Any] | None:
    if content is None:
        return None
    if not secrets:
        return dict(content)
    if "Operations" not in content:
        return _overlaid(content, unflatten(secrets))
    ops = list(content["Operations"])
    for path, value in secrets.items():
        ops.append({"op": "replace", "path": path, "value": value})
    return patch(ops)


def _overlaid(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return a JSON object with another laid over it, at every depth."""
    merged = dict(one)
    # Names ignore case (RFC 7643 section 2.1): the spelling of the service stays, so that no name
    # is there twice.
    spelling = {name.lower(): name for name in one}
    for name, value in other.items():
        name = spelling.get(name.lower(), name)
        before = merged.get(name)
        if isinstance(value, Mapping) and isinstance(before, Mapping):
            value = _overlaid(before, value)
        merged[name] = value
    return merged


def _with_ids(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return ids.get(value, value)
    # A dict is told apart in no time, any other mapping by a registry.
    if isinstance(value, (dict, Mapping)):
        return {name: _with_ids(inner, ids) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_ids(inner, ids) for inner in value]
    return value


def replaces(change: Change, capabilities: Capabilities) -> bool:
    """Return whether the change is written by PUT: all of it, or its attributes."""
    if puts(change.desired.method, capabilities, change.key.kind):
        return True
    return change.desired.method == "auto" and _needs_put(change, capabilities)


def _needs_put(change: Change, capabilities: Capabilities) -> bool:
    """Return whether a PATCH of this service cannot change an attribute as asked."""
    known = patched_paths(capabilities, change.key.kind)
    if not known or change.before is None:
        return False
    for path in change.paths:
        if path not in change.new or not (path in known or top_path(path) in known):
            return True
    return False


def replaces_members(change: Change, capabilities: Capabilities) -> bool:
    """Return whether a change of a group is written by PUT, with all members."""
    is_group = change.key.kind == GROUP.name
    return is_group and replaces(change, capabilities) and put_takes_members(capabilities)


def requests_for(change: Change, capabilities: Capabilities) -> list[Request]:
    """Return the writes that make a change, in order.

    Raise ScimError if the service has no request for it: ``update_method: put`` without PUT, or
    neither PATCH nor PUT.
    """
    place = place_of(capabilities, change.kind.endpoint)
    return [replace(one, place=place) for one in _requests(change, capabilities)]


def _requests(change: Change, capabilities: Capabilities) -> list[Request]:
    verb = change.verb
    capabilities = capabilities.of(change.key.kind)
    if verb == "keep":
        return []
    if verb == "delete":
        return [Request(method="DELETE", segments=_path(change))]
    if verb == "create":
        return _creation(change, capabilities)
    if replaces(change, capabilities):
        _require(change, capabilities, "put")
        return [*_replacements(change, capabilities)]
    _require(change, capabilities, "patch")
    return list(_patches(change, capabilities))


def other_forms(
    change: Change, ignored: Iterable[str], capabilities: Capabilities, *, pathless: bool
) -> tuple[str, ...]:
    """Return other values of ``patch_form`` for ignored attributes, in order.

    RFC 7644 section 3.5.2. None if one was tried before, or if only lists or removals are left.
    ``pathless``: a service seems to ignore every path, so the last form has none. An attribute that
    is still ignored when it is replaced is more likely not stored.
    """
    if capabilities.of(change.key.kind).source("patch_form") != ASSUMED.text:
        return ()
    set_paths = [path for path in ignored if path in change.new]
    wanted = {_other_form(change, path) for path in set_paths}
    first = next((form for form in ("object", "whole", "replace") if form in wanted), None)
    if first is None:
        return ()
    has_texts = any(not isinstance(change.new[path], list) for path in set_paths)
    if first == "whole" or (first == "replace" and pathless and has_texts):
        return (first, "object")
    return (first,)


def _other_form(change: Change, path: str) -> str | None:
    """Return the next form in which an attribute is set, None for a list that is held."""
    urn, _name, sub = split_path(path)
    if urn and urn != change.kind.schema:
        return "object"
    if sub:
        return "whole"
    if path not in change.old:
        return "replace"
    return None if isinstance(change.new[path], list) else "object"


def predicted_requests(changes: Iterable[Change], capabilities: Capabilities) -> Iterator[Request]:
    """Yield the writes of all changes, in order, as far as they can be predicted.

    A user that is deleted leaves every group with that, so no removal is predicted. So does one
    that is deactivated where that removes it. Where the service keeps the member, the run finds it
    when it reads the members again, and removes it.
    """
    gone: set[Key] = set()
    ending = set[str]()
    if deletes_users(capabilities):
        ending.add("delete")
    if ends_by_deactivation(capabilities):
        ending.add("deactivate")
    for change in changes:
        yield from requests_for(_without_members(change, gone), capabilities)
        if change.key.kind == USER.name and change.verb in ending:
            gone.add(change.key)


def _without_members(change: Change, gone: set[Key]) -> Change:
    """Return a change of a group that no longer has the members that are gone."""
    membership = change.membership
    if membership is None or membership.current is None or not gone:
        return change
    leaves = tuple(one for one in membership.leaves if one not in gone)
    left = replace(membership, current=membership.current - gone, leaves=leaves)
    return replace(change, membership=left)


def without_secrets(change: Change) -> Change:
    """Return the change without its secrets, which were sent before."""
    return replace(change, desired=replace(change.desired, secrets=NO_SECRETS))


def members_only(change: Change, membership: MembershipChange) -> Change:
    """Return a change of the members alone; attributes and secrets are written."""
    return replace(without_secrets(change), before=change.after, membership=membership)


def _path(change: Change) -> tuple[str, str]:
    return change.kind.endpoint, change.key.id


def _require(change: Change, capabilities: Capabilities, method: str) -> None:
    if capabilities.get(method):
        return
    also = ""
    if method == "put" and change.desired.method == "auto":
        # PUT is what remains when PATCH is missing, unless update_method asks for PUT.
        also = " and no PATCH"
    raise ScimError(
        f"the service has no {method.upper()} for {change.kind.endpoint}{also}",
        doing=f"changing {change.text}",
        hint=HINT,
    )


def _json(change: Change, after: Flat) -> dict[str, Any]:
    """Return the JSON of a resource.

    Its ``schemas`` name those of its secrets too, which join it when it is sent.
    """
    schemas = body(change.kind, {**after, **change.secrets.attributes})["schemas"]
    return {**body(change.kind, after), "schemas": schemas}


def _creation(change: Change, capabilities: Capabilities) -> list[Request]:
    content = _json(change, change.new)
    first = change.joins[: joins_at_creation(capabilities)]
    if first:
        content["members"] = [{"value": one.id} for one in first]
    made = Request(
        method="POST",
        segments=(change.kind.endpoint,),
        body=content,
        secrets=change.secrets.attributes,
        joins=first,
    )
    later = change.joins[len(first) :]
    if not later:
        return [made]
    membership = MembershipChange(current=frozenset(first), joins=later)
    return [made, *requests_for(members_only(change, membership), capabilities)]


def _replacements(change: Change, capabilities: Capabilities) -> Iterator[Request]:
    """Yield the PUT that makes a change, and PATCHes for what it cannot do."""
    members = replaces_members(change, capabilities)
    if change.paths or change.secrets.attributes or members:
        _require_values(change, capabilities)
        yield Request(
            method="PUT",
            segments=_path(change),
            body=_with_set_names(replacement(change, members=members), change, capabilities),
            secrets=change.secrets.attributes,
            joins=change.joins if members else (),
            leaves=change.leaves if members else (),
        )
    rest = _beside_put(change, capabilities, members=members)
    if rest.size:
        _require(change, capabilities, "patch")
        yield from _patches(rest, capabilities)


def _with_set_names(
    content: dict[str, Any], change: Change, capabilities: Capabilities
) -> dict[str, Any]:
    """Return the body of a PUT with the names that are set.

    The service may show others: to write what it made of a name would be another name.
    """
    forms = rewritten(capabilities, change.key.kind)
    found = dict(content)
    for path, value in change.desired.keys:
        if path in found and forms.get(path.lower()) == OPAQUE:
            found[path] = value
    return found


def _require_values(change: Change, capabilities: Capabilities) -> None:
    """Raise ScimError if a PUT would write what the service shows instead of a value."""
    shown = flatten(change.kind, change.received or {})
    if shown.get("active") is not False:
        return
    obscured = obscured_paths(capabilities, change.key.kind)
    written = {*change.paths, *dict(change.desired.keys)}
    unknown = [path for path in shown if top_path(path) in obscured and path not in written]
    if unknown:
        raise ScimError(
            f"the service does not show {', '.join(unknown)} of an inactive user, and replacing "
            "the whole user would lose this",
            doing=f"changing {change.text}",
            hint=HINT,
        )


def _beside_put(change: Change, capabilities: Capabilities, *, members: bool) -> Change:
    """Return what a PUT of this service leaves of a change.

    These are the removal of attributes that it does not name, and members.
    """
    before = dict(change.new)
    if not put_removes(capabilities, change.key.kind):
        gone = [path for path in change.paths if path not in change.new]
        before.update({path: change.old[path] for path in gone})
    left = NO_MEMBERS if members else change.membership
    return replace(without_secrets(change), before=before, membership=left)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """Operations that must stay in one PATCH, and the members that they are about."""

    operations: tuple[Operation, ...] = ()
    joins: tuple[Key, ...] = ()
    leaves: tuple[Key, ...] = ()

    @property
    def members(self) -> int:
        return len(self.joins) + len(self.leaves)

    def __add__(self, other: _Part) -> _Part:
        return _Part(
            operations=self.operations + other.operations,
            joins=self.joins + other.joins,
            leaves=self.leaves + other.leaves,
        )


def _patches(change: Change, capabilities: Capabilities) -> Iterator[Request]:
    """Yield as few PATCHes as the limits of the service allow.

    Attributes come first, then joins, then leaves.
    """
    secrets = change.secrets.attributes
    for part in _packed(_parts(change, capabilities), capabilities):
        if not part.operations and not secrets:
            continue
        query = {}
        has_attributes = any(
            not one.get("path", "").startswith("members") for one in part.operations
        )
        if has_attributes and capabilities.patch_attributes:
            query = _answer_wanted(change)
        yield Request(
            method="PATCH",
            segments=_path(change),
            body=patch(part.operations),
            query=query,
            secrets=secrets,
            joins=part.joins,
            leaves=part.leaves,
        )
        secrets = {}


def _parts(change: Change, capabilities: Capabilities) -> Iterator[_Part]:
    most = capabilities.members_per_patch
    form = capabilities.member_remove
    style = capabilities.patch_form
    # By filter each member that leaves is an operation of its own; a list holds many.
    removals = 1 if form == "filter" else _most_removals(capabilities)
    adding = capabilities.member_add
    for one in operations(change.kind, change.old, change.new, change.paths, style):
        yield _Part(operations=(one,))
    for some in _portions(change.joins, 1 if adding == "scalar" else most):
        yield _Part(operations=tuple(join([one.id for one in some], adding)), joins=some)
    for some in _portions(change.leaves, removals):
        yield _Part(
            operations=tuple(leave(list(map(change.moves.listed, some)), form)), leaves=some
        )


def _packed(parts: Iterable[_Part], capabilities: Capabilities) -> Iterator[_Part]:
    """Yield the parts of each PATCH together. The last one may be empty."""
    packed = _Part()
    for part in parts:
        if packed.operations and not _fit(packed, part, capabilities):
            yield packed
            packed = _Part()
        packed += part
    yield packed


def _fit(one: _Part, other: _Part, capabilities: Capabilities) -> bool:
    """Return whether two parts may travel in one PATCH."""
    mix = capabilities.patch_mix
    if mix != "all" and bool(one.members) != bool(other.members):
        return False
    if mix == "add_remove_apart" and one.joins and other.leaves:
        return False
    both = one + other
    if len(both.operations) > capabilities.patch_operations:
        return False
    if both.members > capabilities.members_per_patch:
        return False
    return len(both.leaves) <= _most_removals(capabilities)


def _most_removals(capabilities: Capabilities) -> int:
    return int(min(capabilities.members_per_patch, capabilities.removals_per_patch))


def _answer_wanted(change: Change) -> dict[str, str]:
    """Return how a PATCH asks for its answer (RFC 7644 section 3.5.2).

    It names every attribute that is set, and members: some services put what is named in place of
    the whole resource, and so lose what is not.
    """
    named = list(map(top_path, (*change.paths, *change.old, *change.new)))
    if change.key.kind == GROUP.name:
        named.append("members")
    return {"attributes": ",".join(dict.fromkeys(named))}


def _portions(members: Sequence[Key], most: int) -> Iterator[tuple[Key, ...]]:
    for start in range(0, len(members), most):
        yield tuple(members[start : start + most])


def rebased(
    change: Change, resource: Resource, ids: Mapping[str, str], capabilities: Capabilities
) -> Change:
    """Return a change as it is made of its resource as it was read now.

    This is due after a partial read, a lost answer or a conflict. ``resource`` must hold every
    attribute.
    """
    content = change.desired.content
    before = flatten(change.kind, resource)
    after = merge(
        change.kind,
        before,
        with_real_ids(content.attributes, ids),
        content.clear,
        exact=content.exact,
        keeping=Keeping(kept_as_one(capabilities, change.key.kind), content.typed, content.listed),
    )
    return replace(change, before=before, after=after, received=resource, complete=True)


def with_real_ids(attributes: Mapping[str, Any], ids: Mapping[str, str]) -> Flat:
    """Return flat attributes with the ids of resources that were created in this run."""
    found: Flat = {}
    for path, value in attributes.items():
        if isinstance(value, str):
            value = ids.get(value, value)
        found[path] = value
    return found
