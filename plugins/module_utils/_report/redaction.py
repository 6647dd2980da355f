# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must not be shown, and how it is masked; knows no option and no module.

A secret is known by its value, in every form in which it could stand in a text, and by its path:
the service may show other values of a secret attribute than those of the task.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._converge.connect import all_forms, is_distinct, mask
from .._model.errors import MASK
from .._plan.desired import Desired
from .printable import printable, sentence


# So many keys are remembered as they are shown. Others, such as names of users, are many.
_MOST_KEYS = 500


class Redactor:
    """Mask every secret of one run. All that leaves a run passes ``clean``."""

    def __init__(self) -> None:
        self.forms: tuple[str, ...] = ()
        self._keys: dict[str, str] = {}
        self._paths: frozenset[str] = frozenset()

    def hide(self, *values: Any) -> None:
        """Hide the strings in values of any shape from now on."""
        self.hide_forms(all_forms(strings_in(values)))

    def hide_forms(self, forms: Iterable[str]) -> None:
        """Hide texts as they are, such as those that a session masks."""
        shown = {form for form in forms if form.strip()}
        self.forms = tuple(sorted({*self.forms, *shown}, key=lambda form: (-len(form), form)))
        self._keys = {}

    @property
    def distinct(self) -> tuple[str, ...]:
        """Return the forms that may be masked anywhere, since no other text contains them."""
        return tuple(filter(is_distinct, self.forms))

    def hide_paths(self, desired: Iterable[Desired]) -> None:
        """Hide the secret attributes of these resources with every value."""
        paths = set(self._paths)
        for one in desired:
            for path in one.secrets.attributes:
                paths |= {path.lower(), f"{one.kind.schema}:{path}".lower()}
        self._paths = frozenset(paths)

    def clean(self, value: Any, *, escape: bool) -> Any:
        """Return a value without a secret in values and keys.

        ``escape``: without a control character too, for what is printed raw. Keys always are.
        """
        if isinstance(value, str):
            text = mask(value, self.forms)
            return printable(text) if escape else text
        if isinstance(value, Mapping):
            cleaned = {}
            for key, inner in value.items():
                cleaned[self._key(str(key))] = self.clean(inner, escape=escape)
            return cleaned
        if isinstance(value, (list, tuple)):
            return [self.clean(inner, escape=escape) for inner in value]
        return value

    def sentence(self, text: str) -> str:
        """Return a sentence without a secret and a control character, with long words cut."""
        return sentence(mask(text, self.forms))

    def _key(self, key: str) -> str:
        """Return a key to show. Most rows of a result have the same ones."""
        shown = self._keys.get(key)
        if shown is None:
            shown = self.clean(key, escape=True)
            if len(self._keys) < _MOST_KEYS:
                self._keys[key] = shown
        return shown

    def holds(self, value: Any) -> bool:
        """Return whether a value contains a secret, at any depth. Keys do not count."""
        if isinstance(value, str):
            return mask(value, self.forms) != value
        if isinstance(value, Mapping):
            return any(map(self.holds, value.values()))
        if isinstance(value, (list, tuple)):
            return any(map(self.holds, value))
        return False

    def without_secrets(self, resource: Mapping[str, Any]) -> dict[str, Any]:
        """Return a resource without its secret attributes."""
        return self._walked(resource, "", None)

    def masked(self, flat: Mapping[str, Any]) -> dict[str, Any]:
        """Return a flat table, as diff mode shows it, with masked secret attributes."""
        return {path: self._masked_at(path, value) for path, value in flat.items()}

    def masked_request(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return a request, as ``operations`` shows it, with masked secret attributes.

        Its body is a whole resource or the operations of a PATCH (RFC 7644 section 3.5.2).
        """
        body = request.get("body")
        if not isinstance(body, Mapping):
            return dict(request)
        if "Operations" not in body:
            return {**request, "body": self._walked(body, "", MASK)}
        operations = []
        for one in body["Operations"]:
            if "value" in one:
                path = str(one.get("path", ""))
                one = {**one, "value": self._masked_at(path, one["value"])}
            operations.append(one)
        return {**request, "body": {**body, "Operations": operations}}

    def _masked_at(self, path: str, value: Any) -> Any:
        if path.lower() in self._paths:
            return MASK
        return self._inside(value, f"{path}.", MASK)

    def _inside(self, value: Any, prefix: str, instead: str | None) -> Any:
        if isinstance(value, list):
            return [self._inside(one, prefix, instead) for one in value]
        if isinstance(value, Mapping):
            return self._walked(value, prefix, instead)
        return value

    def _walked(self, value: Mapping[str, Any], prefix: str, instead: str | None) -> dict[str, Any]:
        """Return a part of a resource with ``instead`` in place of secrets.

        If it is None, secrets are left out.
        """
        found: dict[str, Any] = {}
        for name, inner in value.items():
            path = f"{prefix}{name}"
            if path.lower() in self._paths:
                if instead is not None:
                    found[name] = instead
                continue
            is_schema = not prefix and name.lower().startswith("urn:")
            separator = ":" if is_schema else "."
            kept = self._inside(inner, path + separator, instead)
            if kept or not inner:  # nothing is left of what had secrets only
                found[name] = kept
        return found


def refusal(text: str, secrets: Iterable[str]) -> tuple[str, frozenset[str]]:
    """Return why options are refused, without secrets, and what Ansible is to mask.

    It masks inside of words: a secret ``x`` would take the sentence apart.
    """
    redactor = Redactor()
    redactor.hide(*secrets)
    return redactor.sentence(text), frozenset(redactor.distinct)


def strings_in(value: Any) -> set[str]:
    """Return the strings in a value of any shape, without blank ones."""
    if isinstance(value, Mapping):
        return strings_in(list(value.values()))
    found: set[str] = set()
    if isinstance(value, str) and value.strip():
        found.add(value)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            found |= strings_in(inner)
    return found
