# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the info modules: parameters in, resources out; knows no AnsibleModule and writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._converge.read import find_by_name
from .._converge.service import FIELDS, Service
from .._model.errors import ScimError
from .._model.schema import GROUP, USER, ResourceType
from .any_resource import kind_of
from .resources import Faults

Result = dict[str, Any]


def read_users(params: Mapping[str, Any], service: Service, check: bool) -> Result:
    """scim_user_info: options → result."""
    return _read(USER, params, service)


def read_groups(params: Mapping[str, Any], service: Service, check: bool) -> Result:
    """scim_group_info: options → result."""
    return _read(GROUP, params, service)


def read_resources(params: Mapping[str, Any], service: Service, check: bool) -> Result:
    """scim_resource_info: options → result."""
    return _read(kind_of(params["endpoint"]), params, service, returned="resources")


def read_service_provider(params: Mapping[str, Any], service: Service, check: bool) -> Result:
    """scim_service_provider_info: what the service says of itself, and what is taken from it. What cannot be read is null."""
    result: Result = {
        "changed": False,
        "service_provider_config": service.discover(),
        "warnings": [],
    }
    if result["service_provider_config"] is None:
        result["warnings"].append("the ServiceProviderConfig of the service cannot be read")
    for name, endpoint in (("resource_types", "ResourceTypes"), ("schemas", "Schemas")):
        result[name] = None
        try:
            answer = service.send("GET", (endpoint,), f"reading {endpoint}")
            rows = (
                answer.body.get("Resources")
                if answer.status == 200 and isinstance(answer.body, Mapping)
                else None
            )
            if isinstance(rows, list):
                result[name] = rows
            else:
                result["warnings"].append(
                    f"the {endpoint} of the service cannot be read: it answered {answer.status}"
                )
        except ScimError as problem:
            result["warnings"].append(
                f"the {endpoint} of the service cannot be read: {problem.reason}"
            )
    known = service.capabilities
    result["capabilities"] = {
        name: {"value": known.get(name), "source": known.source(name)} for name in FIELDS
    }
    return result


def _read(
    kind: ResourceType, params: Mapping[str, Any], service: Service, returned: str = ""
) -> Result:
    faults = Faults()
    by_name = kind.at(kind.name_attribute).option
    name = params.get(by_name) if not returned else None
    for option, value in (
        ("id", params.get("id")),
        (by_name, name),
        ("filter", params.get("filter")),
    ):
        if value is not None and not faults.text(option, value, key=option != "filter"):
            raise ScimError(faults.found[0].partition(";")[0])
    for option in ("page_size", "limit"):
        if params.get(option) is not None and params[option] < 1:
            raise ScimError(f"{option} is a whole number of 1 or more, not {params[option]}")
    total: int | None
    if params.get("id") is not None:
        found = service.get(
            kind,
            params["id"],
            attributes=",".join(params.get("attributes") or ()),
            excluded=",".join(params.get("excluded_attributes") or ()),
        )
        rows, total = ([found], 1) if found is not None else ([], 0)
    elif name is not None:
        rows = find_by_name(service, kind, name, _query(params, None))
        total = len(rows)
    else:
        query = _query(params, params.get("filter"))
        answer = service.search(
            kind,
            query,
            doing=f"listing {kind.endpoint.lower()}",
            count=params.get("page_size"),
            most=params.get("limit"),
        )
        rows, total = list(answer.resources), answer.total
        if params.get("limit") is None and not answer.whole:
            raise ScimError(
                f"the list is not complete: {answer.came}",
                doing=f"listing {kind.endpoint.lower()}",
                hint="run again; somebody may be changing it",
            )
    rows = rows[: params["limit"]] if params.get("limit") else rows
    result: Result = {
        "changed": False,
        returned or f"{kind.endpoint.lower()}": rows,
        "total_results": total,
        "warnings": [],
    }
    return {
        **result,
        "query_result": queried(params["query"], rows) if params.get("query") else None,
    }


def _query(params: Mapping[str, Any], condition: str | None) -> dict[str, str]:
    """The query parameters of a list (RFC 7644 section 3.4.2)."""
    wanted = {
        "filter": condition,
        "attributes": ",".join(params.get("attributes") or ()),
        "excludedAttributes": ",".join(params.get("excluded_attributes") or ()),
        "sortBy": params.get("sort_by"),
        "sortOrder": params.get("sort_order"),
    }
    return {name: value for name, value in wanted.items() if value}


def queried(text: str, value: Any, option: str = "query") -> Any:
    """The value of a JMESPath expression. Raises ScimError with the position of a fault."""
    try:
        import jmespath
    except ImportError:
        raise ScimError(
            f"{option} needs the Python library jmespath",
            hint="install it for the interpreter that runs the module",
        ) from None
    try:
        return jmespath.search(text, value)
    except (
        ValueError,
        TypeError,
        ArithmeticError,
        RecursionError,
    ) as fault:  # its own errors are ValueErrors, but not all are its own
        said = _said(fault).strip().split("\n", maxsplit=1)[0].rstrip(":")
        for opening in ("Invalid jmespath expression: ", "Bad jmespath expression: "):
            said = said.removeprefix(opening)
        place = getattr(fault, "lexer_position", None)
        at = f" at column {place}" if isinstance(place, int) and "column" not in said else ""
        raise ScimError(
            f"{option} is no valid JMESPath expression: {said or type(fault).__name__}{at}"
        ) from None


def _said(fault: Exception) -> str:
    """What the library says is wrong, without the value that it quotes: that is somebody's data."""
    function, wanted, came = (
        getattr(fault, name, None) for name in ("function_name", "expected_types", "actual_type")
    )
    if function and wanted and came:
        return f"In function {function}(), invalid type: expected {' or '.join(map(str, wanted))}, received {came}"
    return str(fault)


def expression(text: str, option: str) -> Callable[[Mapping[str, Any]], bool]:
    """A JMESPath expression → a test of one resource. A fault in the expression is found at once."""
    queried(text, {}, option)
    return lambda resource: bool(queried(text, dict(resource), option))
