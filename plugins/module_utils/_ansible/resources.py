# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to wishes: what a task states about users, groups and teams, checked; knows the option table, no AnsibleModule.

Every fault is a sentence that names the option and what to write instead; a wish is made only of what is without fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .._model.flat import Flat, entry
from .._model.errors import ScimError, all_of
from .._model.schema import GROUP, USER, Attribute, ResourceType, snake
from .._plan.desired import EMAIL, Desired, Members, Reference, Secrets
from .._plan.teams import team_wishes
from .names import cleared, only_created, raw, without_option

LONGEST_KEY = 1000
OR_NOT = "leave it out to keep what is there, or name it in clear to remove it"
MASK = "********"
MASKED = f"holds {MASK}, which stands for a secret that was masked in the result of another task"
MEMBER_KEYS = {
    "id": ("User", "id"),
    "user_name": ("User", "userName"),
    "external_id": ("User", "externalId"),
    "email": ("User", EMAIL),
    "group": ("Group", "displayName"),
}
USER_KEYS = {name: path for name, path in MEMBER_KEYS.items() if name != "group"}
GROUP_KEYS = {
    "id": ("Group", "id"),
    "external_id": ("Group", "externalId"),
    "display_name": ("Group", "displayName"),
}


class Faults:
    """Collects sentences about what was written at one place (``teams[0].members[3]``, "" for a single module)."""

    def __init__(self, place: str = "") -> None:
        self.place = place
        self.found: list[str] = []

    def add(self, name: str, text: str) -> None:
        """One fault of the option ``name``."""
        self.found.append(f"{'.'.join(part for part in (self.place, name) if part)} {text}")

    def text(self, name: str, value: Any, *, key: bool = False, empty: str = OR_NOT) -> bool:
        """Whether a string may be sent: not empty (``empty`` says what to do then), Unicode, and as a key on one line and not too long."""
        if not isinstance(value, str):
            return True
        if not value.strip():
            self.add(name, f"is an empty string; {empty}")
        elif any(0xD800 <= ord(char) <= 0xDFFF for char in value):
            self.add(name, "holds half of a surrogate pair, which is not text")
        elif MASK in value:
            self.add(name, MASKED)
        elif key and any(ord(char) < 32 or ord(char) == 127 for char in value):
            self.add(name, "holds a control character")
        elif key and len(value) > LONGEST_KEY:
            self.add(name, f"is {len(value)} characters long; at most {LONGEST_KEY} make sense")
        else:
            return True
        return False


def user_wish(params: Mapping[str, Any], place: str = "") -> Desired:
    """The options of one user → a wish. Raises ScimError with every fault."""
    faults = Faults(place)
    wish = _wish(USER, params, faults)
    if params.get("state") == "inactive" and params.get("active"):
        faults.add("active", "is true while state is inactive")
    if faults.found:
        raise all_of(faults.found)
    return wish


def group_wish(params: Mapping[str, Any], place: str = "", *, additive: bool = False) -> Desired:
    """The options of one group → a wish. ``additive``: members that are ``set`` are only added. Raises ScimError."""
    faults = Faults(place)
    wish = _wish(GROUP, params, faults, additive=additive)
    if faults.found:
        raise all_of(faults.found)
    return wish


def _wish(
    kind: ResourceType, params: Mapping[str, Any], faults: Faults, *, additive: bool = False
) -> Desired:
    attributes, links, secret = _attributes(kind, params, faults)
    raw(kind, params, attributes, secret, faults, without_option(kind))
    stated = (*attributes, *links, *secret)
    create_only = only_created(
        kind, params.get("create_only") or (), stated, faults, by_option=True
    )
    at_times = (*secret, *(path for path in (*attributes, *links) if path in create_only))
    clear = cleared(kind, params.get("clear") or (), stated, at_times, faults, by_option=True)
    members = (
        _members(params.get("members"), faults, "members", MEMBER_KEYS) if kind is GROUP else None
    )
    for number, previous in enumerate(params.get("previous_names") or ()):
        if not str(previous or "").strip():
            faults.add(f"previous_names[{number}]", "is empty; it must be a name")
        else:
            faults.text(f"previous_names[{number}]", previous, key=True)
    if members is not None and additive and members.only is not None:
        members = Members(add=members.only)
    return Desired(
        kind=kind,
        place=faults.place,
        keys=_keys(kind, params, attributes, faults),
        state=params.get("state") or "present",
        attributes=attributes,
        links=links,
        clear=clear,
        create_only=create_only,
        exact=params.get("multi_valued") == "exact",
        previous=tuple(params.get("previous_names") or ()),
        members=(members,) if members is not None else (),
        groups=_members(params.get("groups"), faults, "groups", GROUP_KEYS)
        if kind is USER
        else None,
        secrets=Secrets(
            attributes=secret, always=params.get("update_password") == "always" and bool(secret)
        ),
        method=params.get("update_method") or "auto",
    )


def _attributes(
    kind: ResourceType, params: Mapping[str, Any], faults: Faults
) -> tuple[Flat, dict[str, Reference], Flat]:
    """What the options state → (flat attributes, links to other resources, secret attributes)."""
    found: Flat = {}
    links: dict[str, Reference] = {}
    secret: Flat = {}
    pools = [("", "", kind.attributes, params)]
    pools += [
        (f"{e.option}.", f"{e.urn}:", e.attributes, params.get(e.option) or {})
        for e in kind.extensions
    ]
    for prefix, urn, table, given in pools:
        for attribute in table:
            value = given.get(attribute.option)
            name, path = prefix + attribute.option, urn + attribute.name
            if value is None:
                continue
            if attribute.references:
                reference = member_reference(value, faults, name, USER_KEYS)
                if reference is not None:
                    links[f"{path}.value"] = reference
            elif attribute.many:
                found[path] = list(_entries(attribute, value, faults, name))
            elif isinstance(value, Mapping):
                subs = {sub: value.get(sub.option) for sub in attribute.sub}
                found.update(
                    (f"{path}.{sub.name}", inner)
                    for sub, inner in subs.items()
                    if inner is not None and faults.text(f"{name}.{sub.option}", inner)
                )
            elif faults.text(
                name,
                value,
                key=path in kind.match_by,
                empty=_always(kind) if path == kind.name_attribute else OR_NOT,
            ):
                (secret if attribute.secret else found)[path] = value
    return found, links, secret


def _always(kind: ResourceType) -> str:
    return f"every {kind.name.lower()} must have one, so leave it out to keep what is there"


def _entries(
    attribute: Attribute, value: Sequence[Mapping[str, Any]], faults: Faults, name: str
) -> Iterator[dict[str, Any]]:
    """The entries of a multi-valued option, without nulls; two primaries and the same entry twice are faults."""
    names = {sub.option: sub.name for sub in attribute.sub}
    seen: list[tuple[str, str]] = []
    primaries = 0
    for number, given in enumerate(value):
        here = f"{name}[{number}]"
        one = entry(
            attribute, {names.get(option, option): inner for option, inner in given.items()}
        )
        good = not [
            part for part, inner in one.items() if not faults.text(f"{here}.{snake(part)}", inner)
        ]
        if not {key for key in one if key not in ("type", "primary")}:
            faults.add(here, "states no value")
            continue
        if attribute.name == "emails" and good and "@" not in str(one.get("value", "@")):
            faults.add(f"{here}.value", f"'{one['value']}' is no e-mail address")
        mark = (str(one.get("type", "")).lower(), str(one.get("value", one)))
        if mark in seen:
            faults.add(here, "states the same type and value as an entry before it")
        seen.append(mark)
        primaries += bool(one.get("primary"))
        yield one
    if primaries > 1:
        faults.add(name, f"states {primaries} primary entries; at most one can be")


def _keys(
    kind: ResourceType, params: Mapping[str, Any], attributes: Flat, faults: Faults
) -> tuple[tuple[str, str], ...]:
    """The stated keys in the order of ``match_by``; at least one must be there."""
    names = {key_option(path): path for path in (*kind.match_by, EMAIL)}
    order = params.get("match_by") or [name for name in names if name != "email"]
    if params.get("id") is not None and "id" not in order:
        order = ["id", *order]  # it cannot be stated for anything else
    keys: list[tuple[str, str]] = []
    for name in order:
        path = names.get(name, "")
        if path == "id" and params.get("id") is not None:
            if faults.text("id", params["id"], key=True, empty="leave it out"):
                keys.append(("id", str(params["id"])))
        elif path == EMAIL:
            keys += [
                (EMAIL, str(one["value"]))
                for one in attributes.get("emails", ())
                if one.get("value")
            ]
        elif path in attributes:
            keys.append((path, str(attributes[path])))
    if not keys and not faults.found:
        subject = (
            "match_by" if params.get("match_by") else "" if faults.place else kind.name.lower()
        )
        faults.add(
            subject,
            f"has no key to be found by; state one of {', '.join('emails' if name == 'email' else name for name in order)}",
        )
    return tuple(keys)


def key_option(path: str) -> str:
    """The name by which ``match_by`` calls a key: ``userName`` → ``user_name``, ``emails.value`` → ``email``."""
    return "email" if path == EMAIL else snake(path)


def member_reference(
    value: Any, faults: Faults, name: str, keys: Mapping[str, tuple[str, str]] = USER_KEYS
) -> Reference | None:
    """A string or a dictionary with one key → the reference. Faults are collected."""
    plain = "display_name" if "display_name" in keys else "user_name"
    if isinstance(value, Mapping):
        given = {key: inner for key, inner in value.items() if inner is not None}
        unknown = sorted(str(key) for key in given if key not in keys)
        if unknown or len(given) != 1:
            faults.add(
                name,
                f"must have exactly one of {', '.join(keys)}, not {', '.join(sorted(map(str, given))) or 'none'}",
            )
            return None
        key, inner = next(iter(given.items()))
    else:
        key, inner = plain, value
    if isinstance(inner, bool) or not isinstance(inner, (str, int)):
        faults.add(name, f"must be a string or a dictionary with one of {', '.join(keys)}")
        return None
    if not str(inner).strip():
        faults.add(name, "is an empty string; it must name somebody")
        return None
    if not faults.text(name, str(inner), key=True):
        return None
    kind, path = keys[key]
    return Reference(kind, path, str(inner))


def references(
    values: Sequence[Any], faults: Faults, name: str, keys: Mapping[str, tuple[str, str]]
) -> frozenset[Reference]:
    """A list of references; faults are collected."""
    found = (
        member_reference(value, faults, f"{name}[{number}]", keys)
        for number, value in enumerate(values)
    )
    return frozenset(one for one in found if one is not None)


def _members(
    given: Mapping[str, Any] | None, faults: Faults, name: str, keys: Mapping[str, tuple[str, str]]
) -> Members | None:
    if given is None or all(value is None for value in given.values()):
        return None
    parts = {
        part: references(given.get(part) or (), faults, f"{name}.{part}", keys)
        for part in ("set", "add", "remove")
    }
    return Members(
        only=parts["set"] if given.get("set") is not None else None,
        add=parts["add"],
        remove=parts["remove"],
    )


def team_wish(
    params: Mapping[str, Any], place: str, *, exact: bool, spared: frozenset[str] = frozenset()
) -> list[Desired]:
    """The options of one team → the wishes it is made of. ``exact`` is what holds for a team that does not say. Raises ScimError with every fault."""
    faults = Faults(place)
    faults.text("name", params.get("name"), key=True, empty="every team must have one")
    if params.get("external_id") is not None:
        faults.text("external_id", params["external_id"], key=True)
    onboarded = params.get("state") != "offboarded"
    members = params.get("members")
    if members is None:
        faults.add(
            "members",
            "is not stated"
            + (
                "; an offboarded team lists the people it is about"
                if not onboarded
                else "; a team lists its people"
            ),
        )
    if not onboarded and members == []:
        faults.add("members", "is empty; an offboarded team lists the people it is about")
    further = references(params.get("groups") or (), faults, "groups", GROUP_KEYS)
    problems = list(faults.found)
    people: list[tuple[Desired, bool]] = []
    for number, person in enumerate(members or ()):
        try:
            people.append(
                (user_wish(person, f"{place}.members[{number}]"), person.get("state") is not None)
            )
        except ScimError as problem:
            problems += [problem.reason, *problem.lines]
    if problems:
        raise all_of(problems)
    return list(
        team_wishes(
            place,
            params["name"],
            params.get("external_id"),
            people,
            further,
            onboarded=onboarded,
            exact=exact if params.get("membership") is None else params["membership"] == "exact",
            spared=spared,
        )
    )
