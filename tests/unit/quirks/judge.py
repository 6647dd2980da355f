# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What scim2-models says of a request, so that no test accepts one that SCIM forbids.

Knows no service and no quirk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from scim2_models import Context, EnterpriseUser, Group, PatchOp, SearchRequest, User

PERSON = User[EnterpriseUser]
MODELS: dict[str, Any] = {"Users": PERSON, "Groups": Group}
CHANGES: dict[str, Any] = {"Users": PatchOp[PERSON], "Groups": PatchOp[Group]}  # type: ignore[valid-type]
WRITES = {
    "POST": Context.RESOURCE_CREATION_REQUEST,
    "PUT": Context.RESOURCE_REPLACEMENT_REQUEST,
}


def complaints(method: str, segments: tuple[str, ...], query: Mapping[str, str], body: Any) -> str:
    """Return what is wrong with a request, an empty text if nothing is.

    Attributes of extensions that no one defined are left to the service. The list form of a
    member's removal is no SCIM, but some services know no other, so it passes. A manager needs no
    ``$ref``, which RFC 7643 section 4.3 only recommends. A PUT may return the copy of a primary
    address that the service itself made.
    """
    kind = segments[0]
    if kind not in MODELS:
        return ""
    if method == "GET":
        return _refusal(SearchRequest, _search(query), Context.SEARCH_REQUEST)
    if method == "DELETE":
        return "" if body is None else "a DELETE has a body"
    if method == "PATCH":
        return _refusal(CHANGES[kind], _known_operations(body), Context.RESOURCE_PATCH_REQUEST)
    known = _known(body)
    if method == "PUT" and isinstance(known.get("emails"), list):
        known["emails"] = _without_primary_copies(known["emails"])
    return _refusal(MODELS[kind], known, WRITES[method])


def _refusal(model: Any, content: Any, context: Context) -> str:
    try:
        model.model_validate(content, scim_ctx=context)
    except ValidationError as refused:
        return str(refused)
    return ""


def _search(query: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = dict(query)
    for name in ("attributes", "excludedAttributes"):
        if name in found:
            found[name] = found[name].split(",")
    return found


def _known(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource without extensions that scim2-models does not have."""
    ours = {"User": PERSON, "Group": Group}
    urns = {str(EnterpriseUser.__schema__), *(str(one.__schema__) for one in ours.values())}
    found = {}
    for name, value in body.items():
        if not name.lower().startswith("urn:") or name in urns:
            found[name] = value
    urn = str(EnterpriseUser.__schema__)
    if isinstance(found.get(urn), Mapping):
        found[urn] = _with_reference(found[urn])
    schemas = found.get("schemas")
    if isinstance(schemas, list):
        found["schemas"] = [one for one in schemas if one in urns]
    return found


def _with_reference(extension: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of an extension with the address of the manager, if there is one."""
    manager = extension.get("manager")
    if not isinstance(manager, Mapping) or "value" not in manager:
        return dict(extension)
    return {**extension, "manager": {"$ref": f"Users/{manager['value']}", **manager}}


def _without_primary_copies(mails: list[Any]) -> list[Any]:
    """Return addresses of which none is primary twice, under two types."""
    found: list[Any] = []
    seen: list[Any] = []
    for one in mails:
        if isinstance(one, Mapping) and one.get("primary") is True:
            if one.get("value") in seen:
                one = {**one, "primary": False}
            seen.append(one.get("value"))
        found.append(one)
    return found


def _known_operations(body: Mapping[str, Any]) -> dict[str, Any]:
    kept = []
    for one in body.get("Operations", []):
        path = str(one.get("path") or "")
        by_list = one.get("op") == "remove" and path == "members" and "value" in one
        foreign = path.lower().startswith("urn:") and ":enterprise:" not in path.lower()
        if not by_list and not foreign:
            kept.append(one)
    if not kept and body.get("Operations"):
        return {**body, "Operations": [{"op": "add", "path": "displayName", "value": "x"}]}
    return {**body, "Operations": kept}
