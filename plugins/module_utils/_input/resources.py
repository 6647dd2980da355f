# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of one user or group to its desired state.

Knows neither Ansible nor a service. Every error is a sentence that names the option and says what
to write instead. A desired state is made only of options without errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.schema import GROUP, USER, ResourceType
from .._plan.desired import Content, Desired, Members, Secrets
from .attributes import Values, values_of
from .input_errors import InputErrors
from .keys import keys_of
from .listed_names import ListedNames
from .raw_attributes import add_raw, without_option
from .references import GROUP_KEYS, MEMBER_KEYS, members_of


def user_desired(params: Mapping[str, Any], place: str = "") -> Desired:
    """Return the desired state of one user.

    Raise ScimError with every error in its options.
    """
    errors = InputErrors(place)
    content, secrets = _contents(USER, params, errors)
    keys = keys_of(USER, params, content.attributes, errors)
    groups = members_of(params.get("groups"), errors, "groups", GROUP_KEYS)
    previous = _previous(params, "previous_user_names", errors)
    if params.get("state") == "inactive" and params.get("active"):
        errors.add("active", "must not be true if state is inactive")
    errors.raise_any()
    return Desired(
        kind=USER,
        place=place,
        keys=keys,
        previous=previous,
        state=params.get("state") or "present",
        content=content,
        secrets=secrets,
        groups=groups,
        method=params.get("update_method") or "auto",
    )


def group_desired(params: Mapping[str, Any], place: str = "", *, additive: bool = False) -> Desired:
    """Return the desired state of one group.

    ``additive``: members in ``set`` are only added. Raise ScimError with every error in its
    options.
    """
    errors = InputErrors(place)
    content, secrets = _contents(GROUP, params, errors)
    members = members_of(params.get("members"), errors, "members", MEMBER_KEYS)
    previous = _previous(params, "previous_names", errors)
    keys = keys_of(GROUP, params, content.attributes, errors)
    errors.raise_any()
    if additive:
        members = tuple(map(_only_added, members))
    return Desired(
        kind=GROUP,
        place=place,
        keys=keys,
        previous=previous,
        state=params.get("state") or "present",
        content=content,
        secrets=secrets,
        members=members,
        method=params.get("update_method") or "auto",
    )


def _only_added(members: Members) -> Members:
    if members.exactly is None:
        return members
    return Members(add=members.exactly)


def _previous(params: Mapping[str, Any], option: str, errors: InputErrors) -> tuple[str, ...]:
    """Return former names. Errors are collected."""
    names = tuple(params.get(option) or ())
    for number, name in enumerate(names):
        place = f"{option}[{number}]"
        if not str(name or "").strip():
            errors.add(place, "is empty; it must be a name")
        else:
            errors.check_text(place, name, key=True)
    return names


def _contents(
    kind: ResourceType, params: Mapping[str, Any], errors: InputErrors
) -> tuple[Content, Secrets]:
    values = values_of(kind, params, errors)
    add_raw(kind, params, values, errors, without_option(kind))
    names = ListedNames(kind, values.paths, errors, by_option=True)
    return content_of(params, values, names), secrets_of(params, values)


def content_of(params: Mapping[str, Any], values: Values, names: ListedNames) -> Content:
    """Return values together with ``clear`` and ``create_only``."""
    create_only = names.create_only(params.get("create_only") or ())
    sometimes = list(values.secrets)
    for path in (*values.attributes, *values.links):
        if path in create_only:
            sometimes.append(path)
    return Content(
        attributes=values.attributes,
        links=values.links,
        clear=names.clear(params.get("clear") or (), sometimes),
        create_only=create_only,
        exact=params.get("multi_valued") == "exact",
    )


def secrets_of(params: Mapping[str, Any], values: Values) -> Secrets:
    """Return the secrets of one resource and whether they are sent in every run."""
    always = params.get("update_password") == "always"
    return Secrets(attributes=values.secrets, always=always and bool(values.secrets))
