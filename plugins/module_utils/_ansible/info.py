# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the modules that only read: options in, resources out.

Knows no AnsibleModule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .._converge.named_members import with_names
from .._converge.read import find_by_name
from .._converge.service import Service
from .._converge.survey import check_kind, list_beginning, list_shown
from .._converge.whole_members import with_whole_members
from .._input.any_resource import kind_of
from .._input.input_errors import InputErrors
from .._model.errors import ScimError, shortened
from .._model.schema import GROUP, USER, ResourceType
from .._plan.expressions import compiled, queried
from .._plan.placeholders import asked_for
from .._plan.unusable_rows import row_notes, sample_notes
from .._report.report import Report

Params = Mapping[str, Any]
LONGEST = 200


class Listed(NamedTuple):
    """Resources, how many there are, and what was odd in the answers."""

    rows: Sequence[Mapping[str, Any]]
    total: int | None
    notes: tuple[str, ...] = ()


class Asked(NamedTuple):
    """The parameters of a read that are sent, and what is said of the others."""

    query: Mapping[str, str]
    notes: tuple[str, ...]


def read_users(params: Params, service: Service) -> Report:
    """Return the result of scim_user_info."""
    return _report("users", _named_rows(USER, "user_name", params, service), params)


def read_groups(params: Params, service: Service) -> Report:
    """Return the result of scim_group_info."""
    found = _named_rows(GROUP, "display_name", params, service)
    if _returns_members(params):
        rows, notes = with_whole_members(service, list(found.rows)[: params.get("limit")])
        found = Listed(rows, found.total, (*found.notes, *notes))
    if params.get("members") != "names":
        return _report("groups", found, params)
    if not _returns_members(params):
        raise ScimError(
            "members: names needs the members; add members to attributes, or remove it from "
            "excluded_attributes"
        )
    named, memberships, notes = with_names(service, found.rows)
    found = Listed(named, found.total, (*found.notes, *notes))
    return _report("groups", found, params, {"memberships": memberships})


def _returns_members(params: Params) -> bool:
    """Return whether the attributes that are asked for include the members of groups."""
    wanted = [one.lower() for one in params.get("attributes") or ("members",)]
    excluded = [one.lower() for one in params.get("excluded_attributes") or ()]
    return "members" in wanted and "members" not in excluded


def read_resources(params: Params, service: Service) -> Report:
    """Return the result of scim_resource_info."""
    kind = kind_of(params["endpoint"])
    _check(params, ("id",))
    found = _planned(params)
    if found is None:
        check_kind(service, kind)
        found = _rows(kind, params, service)
    return _report("resources", found, params)


def _named_rows(kind: ResourceType, by_name: str, params: Params, service: Service) -> Listed:
    """Return resources by id, by name or from a list, and how many there are."""
    _check(params, ("id", by_name))
    planned = _planned(params)
    if planned is not None:
        return planned
    check_kind(service, kind)
    name = params.get(by_name)
    if name is None or params.get("id") is not None:
        return _rows(kind, params, service)
    asked = _asked(params, service)
    found = find_by_name(service, kind, name, asked.query)
    return Listed(found, len(found), asked.notes)


def _planned(params: Params) -> Listed | None:
    """Return the empty list of what an earlier task in check mode would create.

    The service is not asked, also where this task is run for real. Return None for anything else.
    """
    ident = asked_for(params.get("id"), params.get("filter"))
    if not ident:
        return None
    note = (
        f"the id '{ident}' is what check mode returns for a resource that does not exist yet, so "
        "it cannot be read and the list is empty"
    )
    return Listed([], 0, (note,))


def _rows(kind: ResourceType, params: Params, service: Service) -> Listed:
    """Return resources by id or from a list, and how many there are."""
    if params.get("id") is None:
        return _listed(kind, params, service)
    asked = _asked(params, service)
    found = service.get(
        kind,
        params["id"],
        attributes=asked.query.get("attributes", ""),
        excluded=asked.query.get("excludedAttributes", ""),
    )
    rows = [] if found is None else [found]
    return Listed(rows, len(rows), asked.notes)


def _listed(kind: ResourceType, params: Params, service: Service) -> Listed:
    """Return a list, which must be whole unless only its beginning is asked for."""
    asked = _asked(params, service)
    query = dict(asked.query)
    if params.get("filter"):
        query["filter"] = params["filter"]
    size, limit = params.get("page_size"), params.get("limit")
    if limit is None:
        found = list_shown(service, kind, query, count=size)
    else:
        found = list_beginning(service, kind, query, limit, count=size)
    notes = (*row_notes(kind, found.odd), *(sample_notes(kind) if found.sample else ()))
    return Listed(found.resources, found.total, (*asked.notes, *notes))


def _check(params: Params, keys: Sequence[str]) -> None:
    """Raise ScimError for text that cannot be sent and for numbers below 1."""
    errors = InputErrors()
    for option in (*keys, "filter"):
        value = params.get(option)
        if value is not None and not errors.check_text(option, value, key=option in keys):
            raise ScimError(errors.sentences[0].partition(";")[0])
    for option in ("page_size", "limit"):
        number = params.get(option)
        if number is not None and number < 1:
            raise ScimError(f"{option} must be 1 or more, not {number}")
    if params.get("return") == "query" and not params.get("query"):
        raise ScimError("return: query needs query, whose value it returns")
    if params.get("query"):
        # It is refused before anything is read.
        compiled(params["query"], "query")


def _asked(params: Params, service: Service) -> Asked:
    """Return the query parameters of a read, but for its filter, and what is left out.

    RFC 7644 section 3.4.2.
    """
    wanted = {
        "attributes": _joined(params, "attributes"),
        "excludedAttributes": _joined(params, "excluded_attributes"),
        "sortBy": params.get("sort_by"),
        "sortOrder": params.get("sort_order"),
    }
    stated = {name: value for name, value in wanted.items() if value}
    sent = {one: stated[one] for one in stated if service.takes(one)}
    left = [one for one in stated if one not in sent]
    if not left:
        return Asked(sent, ())
    note = (
        f"the service does not take {', '.join(left)}, so it returns whole resources in its own "
        "order; choose from them with query"
    )
    return Asked(sent, (note,))


def _joined(params: Params, option: str) -> str:
    return ",".join(params.get(option) or ())


def _report(
    returned: str, found: Listed, params: Params, more: Mapping[str, Any] | None = None
) -> Report:
    rows = list(found.rows)[: params.get("limit")]
    query = params.get("query")
    value = queried(query, rows) if query else None
    result = {"changed": False, "total_results": found.total, "query_result": value}
    if params.get("return") != "query":
        result.update({returned: rows, **(more or {})})
    notes = found.notes
    if query and value is None and rows:
        notes = (*notes, _null(query, rows))
    return Report(result=result, warnings=notes)


def _null(query: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the warning about a query that finds nothing in resources that are there."""
    return (
        f"query '{shortened(query, LONGEST)}' gives null for a list of {len(rows)}; it is "
        "evaluated over the whole list, with SCIM names, for example [].userName"
    )
