# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that look alike, and characters in names that nobody can see.

Knows no request and no threshold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .._model.characters import code_points, described, look, nearly, unseen
from .._model.key import Key
from .._model.sameness import fold
from .._model.schema import GROUP, KINDS, USER, ResourceType, snake
from .archive import Archive
from .change import Change
from .departures import Departures
from .desired import Desired, Reference
from .memberships import Memberships
from .snapshot import Snapshot
from .targets import Targets

# Names of users that readers see and no look-up uses.
SHOWN_NAMES = ("displayName", "nickName", "name")
Names = dict[tuple[str, str], set[str]]
VALUES = ("emails", "phoneNumbers", "ims", "roles", "entitlements")


def confusable_names(targets: Targets, snapshot: Snapshot) -> Iterator[str]:
    """Yield a sentence for names that look the same and are not.

    At least one of them is new. They are never merged.
    """
    names: Names = {}
    new_kinds = {}
    for name in _unusual_names(snapshot.archive):
        names.setdefault((USER.name, nearly(name)), set()).add(name)
    for target in targets.every:
        if target.desired.creates:
            name = target.desired.name
            names.setdefault((target.key.kind, nearly(name)), set()).add(name)
            if target.resource is None:
                new_kinds[target.key.kind] = target.desired.kind
    names = _with_settled(names, snapshot.archive)
    for kind in new_kinds.values():
        for resource in snapshot.opened(kind):
            name = str(resource.get(kind.name_attribute) or "")
            alike = names.get((kind.name, nearly(name))) or _settled(kind, name, snapshot.archive)
            if alike:
                names[kind.name, nearly(name)] = alike | {name}
    for (kind_name, _look), alike in names.items():
        if len(set(map(fold, alike))) > 1:
            shown = ", ".join(_with_points(name, alike) for name in sorted(alike))
            yield f"{shown} look alike but are treated as different {kind_name.lower()}s"


def _unusual_names(archive: Archive) -> Iterator[str]:
    """Yield the names of settled users that may look like another one."""
    for number in archive.desired_rows.unusual:
        if archive.settles(number):
            yield archive.desired_rows.name(number)


def _with_settled(names: Names, archive: Archive) -> Names:
    """Return names with those of settled users that look like one of them.

    Plain names look like no other plain one, so only unusual ones are compared.
    """
    found = {}
    for (kind_name, name), alike in names.items():
        found[kind_name, name] = alike | _settled(KINDS.get(kind_name), name, archive)
    return found


def _settled(kind: ResourceType | None, name: str, archive: Archive) -> set[str]:
    """Return the plain name of a settled user that looks like a name, if there is one."""
    wanted = nearly(name)
    ident = archive.find("userName", wanted) if kind is USER else None
    if ident is None or nearly(archive.name(ident)) != wanted:
        return set()
    return {archive.name(ident)}


def _with_points(name: str, alike: Iterable[str]) -> str:
    """Return a name with the code points that the others do not have."""
    others = "".join(one for one in alike if one != name)
    points = code_points(char for char in name if not char.isascii() and char not in others)
    return f"'{name}' ({points})" if points else f"'{name}'"


def replaced_lookalikes(
    targets: Targets, memberships: Memberships, departures: Departures, snapshot: Snapshot
) -> Iterator[str]:
    """Yield a sentence for each new name that looks like one that leaves.

    The name is misspelt rather than new: the right account would go, and a wrong one come.
    """
    created = [one for one in targets.every if one.resource is None and one.desired.may_create]
    if not created:
        return
    by_look: dict[tuple[str, str], str] = {}
    for key in sorted(_unlisted(memberships, departures)):
        name = snapshot.name(key)
        by_look[key.kind, look(name)] = name
    for target in created:
        name = target.desired.name
        leaver = by_look.get((target.key.kind, look(name)), name)
        if fold(leaver) != fold(name):
            new, old = _with_points(name, [leaver]), _with_points(leaver, [name])
            yield target.desired.refused(
                f"{new} does not exist and looks like {old}, which would leave in the same run; "
                "correct the name, or remove the other one in a run of its own"
            )


def _unlisted(memberships: Memberships, departures: Departures) -> set[Key]:
    """Return what leaves without being named for it."""
    leaving = {key for key, one in departures.every.items() if one.reason != "offboarded"}
    for change in memberships.changes.values():
        leaving |= change.unlisted
    return leaving


def hidden_characters(
    changes: Iterable[Change], targets: Targets, missing: Iterable[Reference]
) -> Iterator[str]:
    """Yield a sentence for each new name or address with a character nobody can see.

    Values that the service holds already are left out. So are references and former names that find
    a resource.
    """
    for change in changes:
        for option, value, chars in _hidden_in(change):
            yield _sentence(change.desired, option, value, chars)
    for target in targets.every:
        if target.resource is None:
            yield from _hidden_in_keys(target.desired)
    for reference in missing:
        chars = unseen(reference.value)
        if chars:
            yield (
                f"there is no {reference}; it contains {_in_words(chars)}, which nobody can see; "
                "remove it"
            )


def _hidden_in_keys(desired: Desired) -> Iterator[str]:
    """Yield a sentence for each name that found nothing and creates nothing."""
    for name in desired.previous:
        yield from _of_name(desired, desired.previous_option, name)
    if not desired.may_create:
        yield from _of_name(desired, snake(desired.kind.name_attribute), desired.name)


def _of_name(desired: Desired, option: str, name: str) -> Iterator[str]:
    chars = unseen(name)
    if chars:
        yield _sentence(desired, option, name, chars)


def _sentence(desired: Desired, option: str, value: str, chars: tuple[str, ...]) -> str:
    return desired.refused(
        f"{option} '{value}' contains {_in_words(chars)}, which nobody can see; remove it"
    )


def _in_words(chars: tuple[str, ...]) -> str:
    return " and ".join(map(described, chars))


def _hidden_in(change: Change) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield (option, value, characters) for each new name and address of a change."""
    asked = change.desired.content.attributes
    for path in change.paths:
        if path not in asked:
            continue
        value = change.new.get(path)
        if isinstance(value, str):
            chars = _unseen_at(change.kind, path, value)
            if chars:
                yield _option(path), value, chars
        elif path in VALUES and isinstance(value, list):
            yield from _hidden_entries(path, value, change.old.get(path))


def _hidden_entries(
    path: str, entries: list[Any], before: Any
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    held = {str(one.get("value")) for one in before or () if isinstance(one, Mapping)}
    for one in entries:
        value = str(one.get("value") or "") if isinstance(one, Mapping) else str(one)
        chars = () if value in held else unseen(value)
        if chars:
            yield f"{_option(path)}.value", value, chars


def _unseen_at(kind: ResourceType, path: str, value: str) -> tuple[str, ...]:
    """Return what a name or address must not have, nothing for other paths."""
    if kind.name == USER.name and path.partition(".")[0] in SHOWN_NAMES:
        return unseen(value, joined=True, spaced=True)
    if path == kind.name_attribute and kind.name != USER.name:
        return unseen(value, joined=True)
    if path in kind.match_by or (kind.name not in KINDS and path == GROUP.name_attribute):
        return unseen(value)
    return ()


def _option(path: str) -> str:
    return ".".join(map(snake, path.split(".")))
