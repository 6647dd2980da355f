# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to a wish about a resource of any type, stated in SCIM's own names; knows no AnsibleModule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._model.flat import Flat
from .._model.errors import ScimError, all_of
from .._model.schema import GROUP, USER, ResourceType
from .._plan.desired import Desired, Secrets
from .names import any_attribute, cleared, only_created, raw
from .resources import Faults


def kind_of(
    endpoint: str, schema: str | None = None, match_by: Sequence[str] = ("externalId",)
) -> ResourceType:
    """The resource type at an endpoint: a known one, or one of which nothing but its keys is known. Raises ScimError."""
    name = endpoint.strip("/")
    known = next((kind for kind in (USER, GROUP) if kind.endpoint.lower() == name.lower()), None)
    if not name or "/" in name:
        raise ScimError(
            f"endpoint '{endpoint}' is not the name of one endpoint",
            hint="state for example Users or Devices",
        )
    if known is not None:
        return replace(known, match_by=tuple(dict.fromkeys(("id", *match_by, *known.match_by))))
    return ResourceType(
        name=name,
        endpoint=name,
        schema=schema or "",
        attributes=(),
        name_attribute=(*match_by, "externalId")[0],
        match_by=("id", *match_by),
    )


def resource_wish(params: Mapping[str, Any]) -> Desired:
    """The options of one resource of any type → a wish. Raises ScimError with every fault."""
    faults = Faults()
    kind = kind_of(params["endpoint"], params.get("schema"), params["match_by"])
    if not kind.schema and params["state"] == "present":
        faults.add("schema", f"is not stated; state the URN of the schema of {kind.endpoint}")
    attributes: Flat = {}
    secret: Flat = {}
    raw(kind, params, attributes, secret, faults, any_attribute(kind))
    stated = (*attributes, *secret)
    create_only = only_created(
        kind, params.get("create_only") or (), stated, faults, by_option=False
    )
    at_times = (*secret, *(path for path in attributes if path in create_only))
    clear = cleared(kind, params.get("clear") or (), stated, at_times, faults, by_option=False)
    keys = [("id", str(params["id"]))] if params.get("id") is not None else []
    keys += [
        (path, str(attributes[path]))
        for path in kind.match_by
        if path in attributes and not isinstance(attributes[path], (list, dict))
    ]
    if not keys:
        faults.add(
            "match_by",
            f"has no key to be found by; state id or one of {', '.join(params['match_by'])} in attributes",
        )
    if faults.found:
        raise all_of(faults.found)
    return Desired(
        kind=kind,
        keys=tuple(keys),
        state=params["state"],
        attributes=attributes,
        clear=clear,
        create_only=create_only,
        exact=params["multi_valued"] == "exact",
        method=params["update_method"],
        secrets=Secrets(
            attributes=secret, always=params["update_password"] == "always" and bool(secret)
        ),
    )
