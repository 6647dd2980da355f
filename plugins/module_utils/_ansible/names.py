# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task may call an attribute: options, raw SCIM names in any spelling, and what may be cleared; knows no AnsibleModule.

However it is written (``title``, ``TITLE``, below the schema's own URN, ``name.givenName``), it is one path, so that no spelling
goes past a check.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from .._model.flat import APART, Flat, flatten, unflatten
from .._model.schema import GROUP, USER, ResourceType, snake, split_path, top_path

READ_ONLY_NAMES = frozenset(name.lower() for name in APART)
REQUIRED = frozenset({"userName", "displayName"})
Judge = Callable[[str, str, str, Any], str]


class Told(Protocol):
    """Where faults go: ``resources.Faults`` is the one."""

    def add(self, name: str, text: str) -> None:
        """One fault of the option ``name``."""

    def text(self, name: str, value: Any, *, key: bool = False) -> bool:
        """Whether a string may be sent."""


# raw attributes


def raw(
    kind: ResourceType,
    params: Mapping[str, Any],
    attributes: Flat,
    secret: Flat,
    faults: Told,
    judge: Judge,
) -> None:
    """``attributes`` and ``secret_attributes`` → paths, into the two tables.

    ``judge`` says what is wrong with one: it takes the option, the name as it was written, its path and its value. No path twice.
    """
    seen = {path.lower(): "" for path in (*attributes, *secret)}
    for option, into in (("attributes", attributes), ("secret_attributes", secret)):
        for written, path, value in spelt_out(kind, params.get(option) or {}):
            wrong = judge(option, written, path, value)
            if wrong:
                faults.add(option, wrong)
                continue
            for leaf, inner in (
                {path: []} if value == [] else flatten(kind, unflatten({path: value}))
            ).items():
                near = next(
                    (
                        one
                        for one in seen
                        if one == leaf.lower()
                        or top_path(one) == leaf.lower()
                        or one == top_path(leaf).lower()
                    ),
                    None,
                )
                if near is not None:
                    before = seen[near]
                    again = "it names twice" if before == option else f"{before} names too"
                    faults.add(
                        option, f"names {leaf}, which {again if before else 'is stated too'}"
                    )
                elif faults.text(f"{option}.{leaf}", inner, key=leaf in kind.match_by):
                    into[leaf] = inner
                    seen[leaf.lower()] = option


def spelt_out(kind: ResourceType, given: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Raw attributes → (the name as it was written, its path, its value), those below a URN one by one."""
    for name, value in given.items():
        own = name.lower() == kind.schema.lower()
        if isinstance(value, Mapping) and (
            own or name.lower().startswith("urn:") and not _of_known_schema(kind, name)
        ):
            extension = kind.extension(name)
            urn = "" if own else f"{extension.urn if extension else name}:"
            for inner, one in value.items():
                yield f"{name}:{inner}", kind.spelt(urn + inner), one
        else:
            yield name, kind.spelt(name), value


def _of_known_schema(kind: ResourceType, name: str) -> bool:
    """Whether a name that begins with a URN is an attribute of a schema that is known, and not the URN of an extension itself."""
    urn = name.rpartition(":")[0]
    return kind.extension(name) is None and (
        kind.extension(urn) is not None or urn.lower() == kind.schema.lower() != ""
    )


def is_password(path: str, value: Any) -> bool:
    """Whether an attribute is called a password, or holds something that is."""
    return "password" in split_path(path.lower())[1:] or _holds_password(value)


def _holds_password(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(
            str(name).lower() == "password" or _holds_password(inner)
            for name, inner in value.items()
        )
    return isinstance(value, list) and any(map(_holds_password, value))


def without_option(kind: ResourceType) -> Judge:
    """The judge where ``attributes`` are for what has no option: what has one, is read-only or a password is wrong."""

    def judge(option: str, written: str, path: str, value: Any) -> str:
        urn, name, _sub = split_path(path)
        attribute = kind.at(top_path(path))
        if option == "attributes" and (attribute.secret or is_password(path, value)):
            return f"names {written}, which is secret; state it {'as password or ' if attribute.secret else ''}in secret_attributes"
        if attribute.type != "any" and not attribute.secret:
            return f"names {written}, which has an option of its own: {option_of(kind, path)}"
        return _apart(kind, written, "" if urn else name)

    return judge


def any_attribute(kind: ResourceType) -> Judge:
    """The judge where all is stated in SCIM's own names: what is read-only or a password is wrong."""

    def judge(option: str, written: str, path: str, value: Any) -> str:
        urn, name, _sub = split_path(path)
        if option == "attributes" and is_password(path, value):
            return f"names {written}, which is secret; state it in secret_attributes"
        return _apart(None, written, "" if urn else name)

    return judge


def _apart(kind: ResourceType | None, written: str, name: str) -> str:
    """What is wrong with an attribute that only the service writes, or that has an option of another form."""
    own = {USER: "groups", GROUP: "members"}.get(kind) if kind is not None else None
    return (
        f"names {written}, which is read-only here{f'; state the option {own}' if name.lower() == own else ''}"
        if name.lower() in READ_ONLY_NAMES
        else ""
    )


def option_of(kind: ResourceType, path: str) -> str:
    """The option that states a known path: ``name.givenName`` → ``name.given_name``."""
    urn, name, sub = split_path(path)
    extension = kind.extension(urn) if urn else None
    several = kind.at(top_path(path)).many
    return ".".join(
        filter(
            None,
            (extension.option if extension else "", snake(name), snake(sub) if not several else ""),
        )
    )


# names in clear and create_only


def options_by_name(kind: ResourceType) -> dict[str, str]:
    """Options as ``clear`` and ``create_only`` call them (``title``, ``name.middle_name``, ``enterprise.manager``) → their paths."""
    known: dict[str, str] = {}
    for prefix, urn, table in [
        ("", "", kind.attributes),
        *((f"{e.option}.", f"{e.urn}:", e.attributes) for e in kind.extensions),
    ]:
        for one in table:
            known[prefix + one.option] = urn + one.name
            known.update(
                {
                    f"{prefix}{one.option}.{sub.option}": f"{urn}{one.name}.{sub.name}"
                    for sub in one.sub
                    if not one.many and not one.references
                }
            )
    return known | {e.option: e.urn for e in kind.extensions}


def _resolved(
    kind: ResourceType, name: str, option: str, faults: Told, stated: Iterable[str]
) -> str:
    """A name in ``clear`` or ``create_only`` → its path, "" where it is no name. ``stated``: paths that may be called as they are."""
    known = options_by_name(kind)
    own = {top.lower(): top for path in stated for top in (path, top_path(path))}
    if name in known:
        return known[name]
    if name.lower().startswith("urn:") or name in kind.match_by:
        return kind.spelt(name)
    if name.lower() in own:
        return own[name.lower()]
    near = difflib.get_close_matches(name, known, n=1)
    hint = (
        f"did you mean {near[0]}?"
        if near
        else f"an attribute without an option is named by the URN of its schema, for example {kind.schema}:{name}"
    )
    faults.add(option, f"names {name}, which is no option of a {kind.name.lower()}; {hint}")
    return ""


def cleared(
    kind: ResourceType,
    names: Iterable[str],
    stated: Iterable[str],
    at_times: Iterable[str],
    faults: Told,
    *,
    by_option: bool,
) -> tuple[str, ...]:
    """``clear`` → paths. ``stated`` are the paths of what the task states, which it cannot clear. ``by_option``: names are those of options.

    ``at_times`` are those of them that are not written in every run, so they would be cleared as part of something else.
    """
    at_times = tuple(at_times)
    taken = {
        form for path in stated for form in (path.lower(), path.lower().removesuffix(".value"))
    }
    found: list[str] = []
    for name in names:
        if name.lower() in READ_ONLY_NAMES:
            path = name
        else:
            path = _resolved(kind, name, "clear", faults, ()) if by_option else kind.spelt(name)
        wrong = _not_cleared(kind, path, taken) if path else ""
        if wrong:
            faults.add(
                "clear",
                f"names {option_of(kind, path) if by_option and path in REQUIRED else path if path.lower() in taken else name}, {wrong}",
            )
        elif path:
            found.append(path)
            below = [
                one
                for one in at_times
                if path.lower() in (top_path(one).lower(), split_path(one)[0].lower())
            ]
            if below:
                faults.add(
                    "clear",
                    f"names {name}, and with it {below[0]}, which is not stated anew in every run; name the other parts of it one by one",
                )
    return tuple(found)


def _not_cleared(kind: ResourceType, path: str, taken: set[str]) -> str:
    """Why a path cannot be cleared."""
    for resource, name, option in (
        (USER, "groups", "groups: {set: []} to leave them all"),
        (GROUP, "members", "members: {set: []} to remove them all"),
    ):
        if path.lower() == name and kind.name == resource.name:
            return f"which is no attribute of the {kind.name.lower()}; state {option}"
    if path.lower() in READ_ONLY_NAMES:
        return "which only the service writes"
    if path.lower() == kind.schema.lower():
        return f"which is all of a {kind.name.lower()}; name attributes of it"
    if kind.at(path).secret or "password" in split_path(path.lower())[1:]:
        return "which is not read back, so nothing tells whether it is there; state another one instead"
    if path in REQUIRED and path == kind.name_attribute:
        return f"which every {kind.name.lower()} must have"
    if kind.at(top_path(path)).many and split_path(path)[2]:
        return "which is a part of entries; state the entries that are to be there"
    return "which is stated too" if path.lower() in taken else ""


def only_created(
    kind: ResourceType,
    names: Iterable[str],
    stated: Iterable[str],
    faults: Told,
    *,
    by_option: bool,
) -> frozenset[str]:
    """``create_only`` → paths, of what is stated below a URN or a complex attribute each one."""
    stated = tuple(stated)
    found: set[str] = set()
    for name in names:
        path = (
            _resolved(kind, name, "create_only", faults, stated) if by_option else kind.spelt(name)
        )
        found |= (
            {
                path,
                *(
                    one
                    for one in stated
                    if path.lower()
                    in (one.lower(), top_path(one).lower(), split_path(one)[0].lower())
                ),
            }
            if path
            else set()
        )
    return frozenset(found)
