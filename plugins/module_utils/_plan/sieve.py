# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which users of a listing are settled: as desired, whatever else there is.

Pure. What is plainly equal is settled at once. All else is drafted alone: if that gives an empty
plan, the user is settled too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from .._model.flat import Flat, boolean
from .._model.frames import Layout, Path, marked_slot
from .._model.json_patterns import LIST, TEXT
from .._model.layouts import Layouts
from .._model.schema import USER, Attribute, split_path
from .._model.unread import Unread, decoded
from .._provider.abilities import kept_as_one, not_stored
from .._provider.capabilities import Capabilities
from .archive import GroupsOfUsers, sifted
from .change import Plan
from .desired import EMAIL, Desired, folded, user_key
from .desired_rows import EXACT, DesiredRows
from .key_table import MANY
from .policy import Policy
from .questions import NOTHING_SIFTED, Reading, Resource, Sifted
from .snapshot import Snapshot
from .value_index import indexed_paths, values

Drafted = Callable[[Sequence[Desired], Snapshot, Policy, Capabilities], Any]
MAILED = tuple(one for one in indexed_paths(USER) if one != "id")
KEYS = tuple(one for one in MAILED if one != EMAIL)
TEXTS = ("string", "reference")
# Names of texts that many users have in common. Some services write ``active`` as one, and then
# it must be known what it says.
COMMON = frozenset({"type", "resourceType", "active"})
NO_LINKS: Mapping[str, Any] = {}
PLAIN_NAMES = frozenset(
    {"schemas", "id", "meta", "groups"}
    | {one.name for one in USER.attributes}
    | {one.urn for one in USER.extensions}
)


class Place(NamedTuple):
    """Where a value is, and of which types it must be to be compared plainly.

    ``single`` is None for a list of ``entries``. ``names`` are those that objects on the way have.
    """

    steps: tuple[str, ...]
    single: type | None
    names: frozenset[str]
    entries: Mapping[str, type]


class Facts(NamedTuple):
    """What an unread user says by its layout.

    ``keys`` are the paths of its keys, each with the slot and whether letters mind their case.
    """

    keys: tuple[tuple[str, int, bool], ...]


def kind_of_text(path: Path) -> str | None:
    """Return what a text of a user may be, to find users that are laid out alike.

    Texts that many users have in common are part of the layout.
    """
    if path == ("groups",):
        return LIST
    return None if path[0] == "schemas" or path[-1] in COMMON else TEXT


class Sieve:
    """Sifts the pages of one listing of users.

    ``draft`` makes a plan of a row alone.
    """

    def __init__(self, rows: DesiredRows, capabilities: Capabilities, draft: Drafted) -> None:
        self._desired_rows = rows
        self._capabilities = capabilities
        self._draft = draft
        self._is_plain = not (
            not_stored(capabilities, USER.name, at_creation=False)
            or not_stored(capabilities, USER.name, at_creation=True)
            or kept_as_one(capabilities, USER.name)
        )
        self.layouts = Layouts(kind_of_text)
        self._facts: dict[Layout, Facts | None] = {}
        self._groups = GroupsOfUsers()
        self._taken: list[str | None] = [None] * len(rows)
        self._rows = dict(rows.by_id)
        self._revived: list[int] = []
        self._links: dict[int, Mapping[str, Any]] = {}
        self._refused: set[int] = set()

    def shows(self, path: str, value: str) -> bool:
        """Return whether a settled user has a key; the value is folded."""
        number = self._desired_rows.at(path, value)
        return number is not None and number != MANY and self.settles(number)

    def settles(self, number: int) -> bool:
        """Return whether the user of a row is settled."""
        return self._taken[number] is not None

    def sift(self, resources: Sequence[Resource]) -> tuple[tuple[Resource, ...], Sifted]:
        """Return the resources of a page that are not settled, and the others."""
        kept: list[Resource] = []
        rows: dict[int, Resource] = {}
        self._links = {}
        self._revived = []
        for one in resources:
            resource = one
            number = self._plain_row(one)
            if number is None:
                resource = decoded(one)
                number = self._settled_row(resource)
            if number is None or self._is_of_another(str(resource["id"]), number):
                kept.append(decoded(resource))
            else:
                rows[number] = resource
                self._taken[number] = str(resource["id"])
        earlier = [one for one in self._revived if one not in rows]
        # They came before what made them open again.
        for number in set(self._revived).intersection(rows):
            kept.insert(0, decoded(rows.pop(number)))
            self._links.pop(number, None)
        if not rows and not earlier:
            return tuple(kept), NOTHING_SIFTED
        return tuple(kept), sifted(rows, rows.values(), self._links, earlier, self._groups)

    def _refuse(self, numbers: Iterable[int]) -> None:
        """Settle no user of these rows."""
        for number in numbers:
            self._refused.add(number)
            self._taken[number] = None

    def _is_of_another(self, ident: str, number: int) -> bool:
        """Return whether a user of another row has the id of this one; both are open then."""
        other = self._rows.setdefault(ident, number)
        if other == number:
            return False
        if self._taken[other] is not None:
            self._revived.append(other)
        self._links.pop(number, None)
        self._refuse((other, number))
        return True

    def _facts_of(self, layout: Layout) -> Facts | None:
        """Return what unread users say by their layout, None if they must be decoded."""
        if layout not in self._facts:
            paths = MAILED if self._desired_rows.finds_mails else KEYS
            self._facts[layout] = facts_of(layout, paths) if self._is_plain else None
        return self._facts[layout]

    def _settled_row(self, resource: Resource) -> int | None:
        """Return the row of which a user is settled, None if it may have to be changed."""
        number = self._row(resource)
        held = None if number is None else self._held(number, resource)
        if number is None or held is None:
            self._refuse([] if number is None else [number])
            return None
        if held:
            self._links[number] = held
        return number

    def _plain_row(self, user: Resource) -> int | None:
        """Return the row of which an unread user is certainly settled."""
        if not isinstance(user, Unread):
            return None
        facts = self._facts_of(user.layout)
        found = None if facts is None else self._named(user.texts, facts)
        if found is None or found == MANY or found in self._refused:
            return None
        if self._taken[found] is not None or not self._desired_rows.shows_alone(found, user):
            return None
        return found

    def _named(self, texts: Sequence[str], facts: Facts) -> int | None:
        """Return the row that all keys of an unread user name, None if some name others."""
        at = self._desired_rows.at
        found = None
        for path, slot, minds_case in facts.keys:
            value = texts[slot]
            if not value.isascii():
                value = user_key(path, value)
            elif not minds_case:
                value = value.lower()
            number = at(path, value) if value else None
            if number is not None and number != found:
                if found is not None:
                    return None
                found = number
        return found

    def _row(self, resource: Resource) -> int | None:
        """Return the only row that is about a resource, None if others may be.

        A second resource with a key of a row makes the first one open again.
        """
        found: set[int] = set()
        for path in MAILED if self._desired_rows.finds_mails else KEYS:
            for place in _folded_values(resource, path):
                number = self._desired_rows.at(path, place)
                if number is not None:
                    found.add(number)
        ident = str(resource["id"])
        for number in found:
            if number != MANY and self._taken[number] not in (None, ident):
                self._revived.append(number)
                self._refuse([number])
        own = found.pop() if len(found) == 1 else MANY
        if own != MANY and own not in self._refused and self._desired_rows.may_settle(own):
            return own
        self._refuse({*found, own} - {MANY})
        return None

    def _held(self, number: int, resource: Resource) -> Mapping[str, Any] | None:
        """Return what an unchanged resource holds for the links of its row.

        None: it may have to be changed.
        """
        if (
            self._is_plain
            and is_plain_user(resource)
            and self._desired_rows.shows(number, resource)
        ):
            links = self._desired_rows.links(number)
            return {path: _link(resource, path) for path in links} if links else NO_LINKS
        desired = self._desired_rows.desired(number)
        if resource.get(USER.name_attribute) != desired.own_name:
            return None
        if not (self._is_plain and is_plainly_equal(desired, resource)):
            if not self._needs_nothing(desired, resource):
                return None
        return {path: _link(resource, path) for path in desired.content.links}

    def _needs_nothing(self, desired: Desired, resource: Resource) -> bool:
        """Return whether the plan for a row alone is empty, and says nothing."""
        snapshot = Snapshot()
        reading = Reading(
            kind=USER,
            resources=(resource,),
            listed=True,
            ids=frozenset({str(resource["id"])}),
            total=1,
        )
        snapshot.add(reading)
        alone = replace(desired, content=replace(desired.content, links={}))
        plan = self._draft([alone], snapshot, Policy(), self._capabilities)
        if not isinstance(plan, Plan) or len(plan.subjects) != 1:
            return False
        found_by = plan.subjects[0].matched_by
        if found_by != desired.keys[0][0] or plan.unchanged[USER.name] != 1:
            return False
        said = (plan.refusals, plan.missing_refusals, plan.notes, plan.not_saved, plan.steps)
        return not any(said)


def _folded_values(resource: Resource, path: str) -> Iterable[str]:
    """Return the values of a user at a path in the form in which they are compared."""
    value = resource.get(path)
    if isinstance(value, str):
        return (user_key(path, value),) if value else ()
    return [folded(USER, path, one) for one in values(resource, path)]


def facts_of(layout: Layout, paths: Iterable[str]) -> Facts | None:
    """Return what users say by their layout, None if that is not all they say."""
    marked = layout.marked()
    if layout.lists:
        marked["groups"] = []
    if not is_plain_user(marked):
        return None
    keys = []
    for path in paths:
        for value in values(marked, path):
            slot = marked_slot(value)
            if slot is None:
                return None
            keys.append((path, slot, path in EXACT))
    return Facts(tuple(keys))


def is_plainly_equal(desired: Desired, resource: Resource) -> bool:
    """Return whether a resource has every value that is set, letter for letter.

    False says nothing.
    """
    content = desired.content
    if content.clear or (desired.activate and resource.get("active") is not True):
        return False
    is_key = desired.keys[0][0] in content.attributes or desired.keys[0][0] == EMAIL
    return is_key and has_plainly(content.attributes, resource)


def is_plain_user(resource: Resource) -> bool:
    """Return whether a user is not inactive and has no attribute in another spelling."""
    if resource.get("active") is not True and boolean(resource.get("active")) is False:
        return False
    return resource.keys() <= PLAIN_NAMES or _has_no_other_spelling(resource)


def has_plainly(attributes: Flat, resource: Resource) -> bool:
    """Return whether an active user has every value, letter for letter.

    False says nothing.
    """
    if not is_plain_user(resource):
        return False
    for path, value in attributes.items():
        place = PLACES.get(path)
        if place is None or not _is_at(place, resource, value):
            return False
    return True


def _has_no_other_spelling(resource: Resource) -> bool:
    """Return whether no name of a resource may be that of a known attribute."""
    for name in resource.keys() - PLAIN_NAMES:
        if USER.find(name) is not None or name.lower().startswith("urn:"):
            return False
    return True


def _is_at(place: Place, resource: Resource, value: Any) -> bool:
    found: Any = resource
    for step in place.steps:
        if not isinstance(found, Mapping):
            return False
        if found is not resource and not found.keys() <= place.names:
            return False
        found = found.get(step)
    if place.single is not None:
        return place.single is type(value) is type(found) and bool(found == value)
    return isinstance(value, list) and bool(found == value) and _is_plain_list(place, value)


def _is_plain_list(place: Place, entries: Iterable[Any]) -> bool:
    """Return whether entries are what they are in any comparison.

    In Python, true is 1.
    """
    for entry in entries:
        if not isinstance(entry, dict) or not entry:
            return False
        for name, value in entry.items():
            if place.entries.get(name) is not type(value):
                return False
    return True


def _link(resource: Resource, path: str) -> Any:
    """Return the id of the user that a resource names at a path, such as its manager."""
    urn, name, sub = split_path(path)
    holder = resource.get(urn) if urn else resource
    held = holder.get(name) if isinstance(holder, Mapping) else None
    return held.get(sub) if isinstance(held, Mapping) else held


def _type_of(attribute: Attribute) -> type | None:
    if attribute.type in TEXTS:
        return str
    return bool if attribute.type == "boolean" else None


def _places() -> dict[str, Place]:
    """Return where the values of users are, by path."""
    found: dict[str, Place] = {}
    tables = [("", USER.attributes)]
    tables += [(one.urn, one.attributes) for one in USER.extensions]
    for urn, attributes in tables:
        above = (urn,) if urn else ()
        names = frozenset(one.name for one in attributes) if urn else frozenset[str]()
        for one in attributes:
            found.update(_places_of(one, above, names))
    return found


def _places_of(
    attribute: Attribute, above: tuple[str, ...], names: frozenset[str]
) -> Iterable[tuple[str, Place]]:
    prefix = f"{above[0]}:" if above else ""
    steps = (*above, attribute.name)
    path = prefix + attribute.name
    subs = frozenset(one.name for one in attribute.sub)
    if attribute.many:
        entries = {one.name: kind for one in attribute.sub if (kind := _type_of(one))}
        yield path, Place(steps, None, names, entries)
    elif attribute.sub and not attribute.references:
        for one in attribute.sub:
            if _type_of(one) is not None:
                place = Place((*steps, one.name), _type_of(one), subs | names, {})
                yield f"{path}.{one.name}", place
    elif not attribute.references and _type_of(attribute) is not None:
        yield path, Place(steps, _type_of(attribute), names, {})


PLACES = _places()
