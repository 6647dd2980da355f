# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names in ``clear`` and ``create_only``; knows what may be cleared."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence

from .._model.schema import GROUP, USER, Attribute, ResourceType, split_path, top_path
from .._model.grammar import is_bare_urn, problem
from .input_errors import InputErrors
from .raw_attributes import READ_ONLY_NAMES, option_of

REQUIRED = frozenset({"userName", "displayName"})
MEMBERSHIPS = {
    (USER.name, "groups"): "set groups: {set: []} to leave all groups",
    (GROUP.name, "members"): "set members: {set: []} to remove all members",
}


def options_by_name(kind: ResourceType) -> dict[str, str]:
    """Return the path of every option name, such as ``enterprise.manager``."""
    known = dict(_named(kind.attributes, "", ""))
    for extension in kind.extensions:
        known.update(_named(extension.attributes, f"{extension.option}.", f"{extension.urn}:"))
        known[extension.option] = extension.urn
    return known


def _named(table: Iterable[Attribute], prefix: str, urn: str) -> Iterator[tuple[str, str]]:
    for attribute in table:
        yield prefix + attribute.option, urn + attribute.name
        if attribute.many or attribute.references:
            continue
        for sub in attribute.sub:
            yield f"{prefix}{attribute.option}.{sub.option}", f"{urn}{attribute.name}.{sub.name}"


class ListedNames:
    """Resolve names in ``clear`` and ``create_only`` for one resource.

    ``paths`` are those that the task sets. ``by_option``: names are those of options, else SCIM
    paths. Errors are collected.
    """

    def __init__(
        self, kind: ResourceType, paths: Sequence[str], errors: InputErrors, *, by_option: bool
    ) -> None:
        self.kind = kind
        self.paths = tuple(paths)
        self.errors = errors
        self.by_option = by_option

    def create_only(self, names: Iterable[str]) -> frozenset[str]:
        """Return the paths of ``create_only``, with every set path below them."""
        found: set[str] = set()
        for name in self._valid(names, "create_only"):
            path = self._path(name, "create_only", self.paths)
            if path:
                found.add(path)
                found.update(one for one in self.paths if _is_within(one, path))
        return frozenset(found)

    def clear(self, names: Iterable[str], sometimes: Sequence[str]) -> tuple[str, ...]:
        """Return the paths of ``clear``.

        ``sometimes`` are paths that are set, and not written in every run: they would be cleared
        together with a path above them.
        """
        found: list[str] = []
        for name in self._valid(names, "clear"):
            path = name
            if name.lower() not in READ_ONLY_NAMES:
                path = self._path(name, "clear", ())
            if not path:
                continue
            problem = self._not_clearable(path)
            if problem:
                self.errors.add("clear", f"names {self._shown(name, path)}, {problem}")
                continue
            found.append(path)
            self._check_below(name, path, sometimes)
        return tuple(found)

    def _valid(self, names: Iterable[str], option: str) -> Iterator[str]:
        """Yield the names that SCIM allows. Errors are collected.

        Names of options are checked against the options.
        """
        for name in names:
            known = options_by_name(self.kind) if self.by_option else {}
            is_path = name not in known and (not self.by_option or ":" in name)
            wrong = problem(name) if is_path else ""
            if wrong and not is_bare_urn(name):
                self.errors.add(option, wrong)
            else:
                yield name

    def _check_below(self, name: str, path: str, sometimes: Sequence[str]) -> None:
        """Add an error if a path below ``path`` is set, but not in every run."""
        for one in sometimes:
            if _is_within(one, path):
                self.errors.add(
                    "clear",
                    f"names {name}, and with it {one}, which is not set in every run; "
                    "name the other sub-attributes one by one",
                )
                return

    def _path(self, name: str, option: str, callable_as: Iterable[str]) -> str:
        """Return the path of a name, empty after an error.

        The paths ``callable_as`` may be named as they are.
        """
        if not self.by_option:
            return self.kind.spelt(name)
        known = options_by_name(self.kind)
        if name in known:
            return known[name]
        if name.lower().startswith("urn:") or name in self.kind.match_by:
            return self.kind.spelt(name)
        for path in callable_as:
            for own in (path, top_path(path)):
                if own.lower() == name.lower():
                    return own
        self._add_unknown(name, option, known)
        return ""

    def _add_unknown(self, name: str, option: str, known: Iterable[str]) -> None:
        near = difflib.get_close_matches(name, known, n=1)
        wrong = problem(name)
        if wrong and not near:
            self.errors.add(option, wrong)
            return
        if near:
            hint = f"did you mean {near[0]}?"
        else:
            example = f"{self.kind.schema}:{name}"
            hint = f"name an attribute without an option by its schema URN, for example {example}"
        noun = self.kind.name.lower()
        self.errors.add(option, f"names {name}, which is not an option of a {noun}; {hint}")

    def _shown(self, name: str, path: str) -> str:
        if self.by_option and path in REQUIRED:
            return option_of(self.kind, path)
        return path if self._is_set(path) else name

    def _is_set(self, path: str) -> bool:
        lower = path.lower()
        for one in self.paths:
            own = one.lower()
            if lower in (own, own.removesuffix(".value")):
                return True
        return False

    def _not_clearable(self, path: str) -> str:
        """Return why a path cannot be cleared."""
        noun = self.kind.name.lower()
        advice = MEMBERSHIPS.get((self.kind.name, path.lower()))
        if advice:
            return f"which is not an attribute of the {noun}; {advice}"
        if path.lower() in READ_ONLY_NAMES:
            return "which only the service writes"
        if path.lower() == self.kind.schema.lower():
            return f"which is the whole {noun}; name single attributes"
        if self.kind.at(path).secret or "password" in split_path(path.lower())[1:]:
            return "which is never read back, so a removal cannot be verified; set a new value"
        if path in REQUIRED and path == self.kind.name_attribute:
            return f"which every {noun} must have"
        if split_path(path)[2] and self.kind.at(top_path(path)).many:
            return "which is a part of entries; set the entries to keep"
        if self._is_set(path):
            return "which is set too"
        return ""


def _is_within(path: str, above: str) -> bool:
    """Return whether a path is another one or below it.

    The other one may be the URN of a schema.
    """
    lower = path.lower()
    return above.lower() in (lower, top_path(lower), split_path(lower)[0])
