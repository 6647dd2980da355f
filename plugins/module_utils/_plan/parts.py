# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of one change, each of which may be written alone; pure.

Knows no request and no answer.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from .._model.flat import Flat
from .._model.merge import Keeping, merge
from .._model.schema import top_path
from .._provider.abilities import kept_as_one, not_stored
from .._provider.capabilities import Capabilities
from .change import Change
from .changes import unkept
from .kept_types import without_parts
from .requests import without_secrets


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A part of a change: the attributes at ``paths``, or the members, or the secrets.

    ``essential``: the change makes no sense without it. These are a deactivation, the members, the
    secrets and the name.
    """

    change: Change
    paths: tuple[str, ...] = ()
    essential: bool = False


def parts(change: Change) -> tuple[Part, ...]:
    """Return the parts of an update, in the order in which they are written.

    A deactivation comes first, the members before other attributes.
    """
    essential = ("active", change.kind.name_attribute)
    found = []
    for path in change.paths:
        part = without_secrets(limited(change, (path,)))
        found.append(Part(change=part, paths=(path,), essential=path in essential))
    found.sort(key=lambda part: part.paths != ("active",))
    first = [part for part in found if part.paths == ("active",)]
    if change.joins or change.leaves:
        part = without_secrets(limited(change, (), members=True))
        first.append(Part(change=part, essential=True))
    if change.secrets.attributes:
        first.append(Part(change=limited(change, ()), essential=True))
    return (*first, *(part for part in found if part.paths != ("active",)))


def urgent_part(change: Change) -> Change | None:
    """Return the part of an update that no refused attribute stops, if any.

    That is a deactivation, or the members of a group. A change that is nothing else has none.
    """
    if change.verb == "deactivate":
        part = limited(change, ("active",))
    elif change.verb == "update" and (change.joins or change.leaves):
        part = limited(change, (), members=True)
    else:
        return None
    has_more = bool(change.secrets.attributes) or len(part.paths) < len(change.paths)
    return without_secrets(part) if has_more else None


def limited(change: Change, paths: Collection[str], *, members: bool = False) -> Change:
    """Return a change of the attributes at ``paths`` alone, and of members if wanted."""
    after = dict(change.old)
    for path in change.paths:
        if path not in paths:
            continue
        after.pop(path, None)
        if path in change.new:
            after[path] = change.new[path]
    content = change.desired.content
    attributes: Flat = {}
    for name, value in content.attributes.items():
        if any(_overlap(name, path) for path in paths):
            attributes[name] = value
    cleared = []
    for path in paths:
        if any(_overlap(name, path) for name in content.clear):
            cleared.append(path)
    desired = replace(
        change.desired, content=replace(content, attributes=attributes, clear=tuple(cleared))
    )
    membership = change.membership
    if membership is not None and not members:
        membership = replace(membership, joins=(), leaves=(), unlisted=frozenset())
    return replace(change, desired=desired, after=after, membership=membership)


def asks_more(change: Change, paths: Collection[str]) -> bool:
    """Return whether a task asks for anything of a resource beside some attributes.

    The only key that finds it does not count, since it is there in any case. The groups of a user
    are no part of the user.
    """
    desired = change.desired
    if desired.members or desired.previous:
        return True
    if desired.secrets.always and desired.secrets.attributes:
        return True
    keys = {path for path, _value in desired.keys}
    wanted = {*desired.content.attributes, *desired.content.clear}
    if len(keys) == 1:
        wanted -= keys
    return not all(_is_among(one, paths) for one in wanted)


def _is_among(path: str, paths: Collection[str]) -> bool:
    """Return whether a path is one of others, or a part of one, or has one as a part."""
    return any(_overlap(path, one) for one in paths)


def _overlap(one: str, other: str) -> bool:
    """Return whether a path is another one or a part of it."""
    shorter, longer = sorted((one, other), key=len)
    return longer == shorter or longer.startswith((f"{shorter}.", f"{shorter}:"))


def without_unsaved(change: Change, capabilities: Capabilities) -> tuple[Change, tuple[str, ...]]:
    """Return a change without what the service is known not to store, and those paths.

    The change was planned before the service was known so well. A deactivation is always sent, and
    of entries only the parts that are not stored are left out.
    """
    if change.after is None:
        return change, ()
    unsaved = not_stored(capabilities, change.key.kind, at_creation=change.before is None)
    unsaved -= {change.kind.name_attribute, "active"}
    if not unsaved:
        return change, ()
    content = change.desired.content
    paths = unkept(change.desired, content.attributes, change.old, unsaved)
    attributes: dict[str, Any] = dict(content.attributes)
    after = dict(change.after)
    for path in paths:
        del attributes[path]
        after.pop(path, None)
        if path in change.old:
            after[path] = change.old[path]
    attributes, lost = without_parts(change.kind, attributes, unsaved)
    if not (paths or lost):
        return change, ()
    tops = {top_path(one): attributes[top_path(one)] for one in lost}
    single = kept_as_one(capabilities, change.key.kind)
    merged = merge(
        change.kind, change.old, tops, exact=content.exact, keeping=Keeping(single, content.typed)
    )
    for path in tops:
        after.pop(path, None)
        if path in merged:
            after[path] = merged[path]
    content = replace(content, attributes=attributes)
    desired = replace(change.desired, content=content)
    return replace(change, desired=desired, after=after), (*paths, *lost)
