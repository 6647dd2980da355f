# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service is known to refuse, told before anything is written.

Knows no request. The limits are capabilities, mostly those of a profile.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .._model.errors import first_of
from .._model.flat import under
from .._model.schema import GROUP, USER
from .._provider.abilities import (
    cannot_come_back,
    creates,
    deletes,
    ends_by_deactivation,
    has_groups,
    lasting,
    longest,
    most_members,
    names_give_addresses,
    needed_at_creation,
    per_hour,
    purges_whole_lists,
    reserved_names,
)
from .._provider.capabilities import Capabilities
from .change import Change
from .desired import Desired
from .policy import Policy

SHOWN = 10
AN_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Limits(NamedTuple):
    """Sentences that forbid a plan, and what must be said about it."""

    problems: tuple[str, ...]
    notes: tuple[str, ...]


def groups_refused(desired: Sequence[Desired], policy: Policy, capabilities: Capabilities) -> str:
    """Return why a task cannot be done on a service without groups, empty if it can."""
    if has_groups(capabilities):
        return ""
    named = [one.text for one in desired if one.kind.name == GROUP.name or one.groups]
    if not named and policy.purges(GROUP.name) == "none":
        return ""
    about = f", so this cannot be done: {first_of(named, SHOWN)}" if named else ""
    return f"the service has no groups{about}"


def purge_refused(policy: Policy, capabilities: Capabilities) -> str:
    """Return why nothing may be purged, empty if it may.

    Where lists have no pages, one that was cut looks whole.
    """
    kinds = [kind for kind in (USER.name, GROUP.name) if policy.purges(kind) != "none"]
    if not kinds or purges_whole_lists(capabilities):
        return ""
    return (
        "the lists of this service have no pages, so nothing proves them whole and nothing is "
        "purged; remove resources by name, or set `totals: true` in `capabilities` if its lists "
        "are always whole"
    )


def limits_of(changes: Sequence[Change], capabilities: Capabilities) -> Limits:
    """Return what a service is known to refuse of changes, and what to say."""
    return Limits(tuple(_problems(changes, capabilities)), tuple(_notes(changes, capabilities)))


def _problems(changes: Sequence[Change], capabilities: Capabilities) -> Iterator[str]:
    yield from _verbs(changes, capabilities)
    yield from _lacking(changes, capabilities)
    yield from _removed(changes, capabilities)
    yield from _reserved(changes, capabilities)
    yield from _too_long(changes, capabilities)
    yield from _too_large(changes, capabilities)


def _notes(changes: Sequence[Change], capabilities: Capabilities) -> Iterator[str]:
    """Yield what cannot be undone, and what takes longer than an hour."""
    for kind in (USER.name, GROUP.name):
        gone = [one for one in changes if one.key.kind == kind and one.verb == "delete"]
        if gone and cannot_come_back(capabilities, kind):
            yield f"{kind.lower()}s deleted on this service cannot come back: {_names(gone)}"
    off = [one for one in changes if one.verb == "deactivate"]
    if off and ends_by_deactivation(capabilities):
        yield f"deactivation removes users from this service: {_names(off)}"
    yield from _quotas(changes, capabilities)


def _verbs(changes: Sequence[Change], capabilities: Capabilities) -> Iterator[str]:
    does: dict[str, Callable[[Capabilities, str], bool]] = {"create": creates, "delete": deletes}
    for verb, can in does.items():
        for kind in (USER.name, GROUP.name):
            found = [one for one in changes if one.key.kind == kind and one.verb == verb]
            if found and not can(capabilities, kind):
                other = "; use state: inactive" if (verb, kind) == ("delete", USER.name) else ""
                yield f"the service does not {verb} {kind.lower()}s: {_names(found)}{other}"


def _lacking(changes: Sequence[Change], capabilities: Capabilities) -> Iterator[str]:
    """Yield what new resources lack, as one sentence for those that lack the same."""
    found: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        if change.verb != "create":
            continue
        held = {**change.new, **change.secrets.attributes}
        wanted = needed_at_creation(capabilities, change.key.kind)
        names_do = names_give_addresses(capabilities)
        lacking = ", ".join(_absent(wanted, held, names_do=names_do))
        if lacking:
            found.setdefault((change.key.kind, lacking), []).append(change)
    for (kind, lacking), lackers in found.items():
        yield (
            f"the service creates no {kind.lower()} without {lacking}; set this for "
            f"{_names(lackers)}"
        )


def _absent(wanted: Iterable[str], held: Mapping[str, Any], *, names_do: bool) -> Iterator[str]:
    """Yield the paths without a value.

    With ``names_do`` a user name may be the e-mail address.
    """
    for path in wanted:
        if under(path, held):
            continue
        may_be_named = names_do and path == "emails"
        if may_be_named and AN_ADDRESS.fullmatch(str(held.get("userName", ""))):
            continue
        yield f"{path} (or a user_name that is an e-mail address)" if may_be_named else path


def _removed(changes: Sequence[Change], capabilities: Capabilities) -> Iterator[str]:
    """Yield what a change would remove of what the service only replaces."""
    for change in changes:
        if change.before is None or change.after is None:
            continue
        for path in lasting(capabilities, change.key.kind):
            if under(path, change.old) and not under(path, change.new):
                yield (
                    f"the service does not remove {path} of {change.text}, it only replaces "
                    "values; set one, or leave it out of `clear`"
                )


def _reserved(changes: Sequence[Change], capabilities: Capabilities) -> Iterator[str]:
    names = reserved_names(capabilities)
    if not names:
        return
    for change in changes:
        name = change.new.get("displayName")
        is_new = change.verb == "create" or "displayName" in change.paths
        if change.key.kind == GROUP.name and is_new and str(name).casefold() in names:
            yield f"the service keeps the name '{name}' for itself; choose another for the group"


def _too_long(changes: Sequence[Change], capabilities: Capabilities) -> Iterator[str]:
    for change in changes:
        for path, most in longest(capabilities, change.key.kind).items():
            value = change.new.get(path)
            if path in change.paths and isinstance(value, str) and len(value) > most:
                yield (
                    f"{path} of {change.text} has {len(value)} characters, and the service takes "
                    f"{most}"
                )


def _too_large(changes: Sequence[Change], capabilities: Capabilities) -> Iterator[str]:
    most = most_members(capabilities)
    for change in changes:
        size = len(change.moves.after) if most and change.joins else 0
        if size > most:
            yield f"{change.text} would have {size} members, and the service takes {most}"


def _quotas(changes: Sequence[Change], capabilities: Capabilities) -> Iterator[str]:
    users = sum(one.key.kind == USER.name for one in changes)
    yield from _hours(users, per_hour(capabilities, "users_per_hour"), "changes of users")
    most = per_hour(capabilities, "members_per_group_per_hour")
    moves: Counter[str] = Counter()
    for change in changes:
        moves[change.text] += len(change.joins) + len(change.leaves)
    for text, number in moves.items():
        yield from _hours(number, most, f"changes of the members of {text}")


def _hours(number: int, most: int, noun: str) -> Iterator[str]:
    if most and number > most:
        hours = -(-number // most)
        yield (
            f"the service takes {most} {noun} in an hour, and these are {number}: that takes "
            f"about {hours} hours; run again after a refusal"
        )


def _names(changes: Iterable[Change]) -> str:
    return first_of(sorted(one.name for one in changes), SHOWN)
