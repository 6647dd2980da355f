# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From SCIM's own names to the desired state of a resource of any type.

Knows no option table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._model.errors import ScimError
from .._model.flat import Flat
from .._model.schema import GROUP, USER, ResourceType
from .._plan.desired import Clause, Desired
from .attributes import Values
from .._model.grammar import problem
from .input_errors import InputErrors
from .listed_names import ListedNames
from .raw_attributes import add_raw, any_attribute
from .resources import content_of, secrets_of


EXTERNAL_ID = "externalId"


def kind_of(
    endpoint: str, schema: str | None = None, match_by: Sequence[str] = ("externalId",)
) -> ResourceType:
    """Return the resource type at an endpoint.

    Of an unknown one, only the keys are known. Raise ScimError if ``endpoint`` is not one name.
    """
    name = endpoint.strip("/")
    if "/" in name or not name.strip(" ."):
        raise ScimError(
            f"endpoint must be one name, for example Users or Devices, not '{endpoint}'"
        )
    for kind in (USER, GROUP):
        if kind.endpoint.lower() == name.lower():
            keys = tuple(dict.fromkeys(("id", *match_by, *kind.match_by)))
            return replace(kind, match_by=keys)
    return ResourceType(
        name=name,
        endpoint=name,
        schema=schema or "",
        attributes=(),
        name_attribute=(*match_by, "externalId")[0],
        match_by=("id", *match_by),
    )


def resource_desired(params: Mapping[str, Any]) -> Desired:
    """Return the desired state of one resource.

    Raise ScimError with every error in its options.
    """
    errors = InputErrors()
    kind = kind_of(params["endpoint"], params.get("schema"), params["match_by"])
    for name in params["match_by"]:
        wrong = problem(name)
        if wrong:
            errors.add("match_by", wrong)
    if not kind.schema and params["state"] == "present":
        errors.add("schema", f"must be set to the URN of the schema of {kind.endpoint}")
    values = Values()
    add_raw(kind, params, values, errors, any_attribute)
    content = content_of(params, values, ListedNames(kind, values.paths, errors, by_option=False))
    keys = _keys(kind, params, values.attributes)
    if not keys:
        names = ", ".join(params["match_by"])
        errors.add("match_by", f"names no key that is set; set id, or one of {names} in attributes")
    errors.raise_any()
    return Desired(
        kind=kind,
        keys=keys,
        state=params["state"],
        content=content,
        secrets=secrets_of(params, values),
        method=params["update_method"],
    )


def _keys(kind: ResourceType, params: Mapping[str, Any], attributes: Flat) -> tuple[Clause, ...]:
    keys: list[Clause] = []
    if params.get("id") is not None:
        keys.append(("id", str(params["id"])))
    for path in kind.match_by:
        if path == EXTERNAL_ID and path not in params["match_by"]:
            continue
        if path in attributes and not isinstance(attributes[path], (list, dict)):
            keys.append((path, str(attributes[path])))
    return tuple(keys)
