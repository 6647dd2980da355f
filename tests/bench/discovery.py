# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark's server says of itself (RFC 7644 section 4).

Knows the attributes of its users and groups, no resource.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.identity.scim.tests.bench import people

SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"


def provider_config(page: int, bulk: bool, operations: int, payload: int) -> dict[str, Any]:
    """Return the ServiceProviderConfig."""
    scheme = {"type": "oauthbearertoken", "name": "Bearer token", "description": "Any token"}
    return {
        "schemas": [CONFIG],
        "patch": {"supported": True},
        "bulk": {"supported": bulk, "maxOperations": operations, "maxPayloadSize": payload},
        "filter": {"supported": True, "maxResults": page},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": False},
        "authenticationSchemes": [scheme],
    }


def resource_types() -> list[dict[str, Any]]:
    """Return the ResourceTypes."""
    extension = {"schema": people.ENTERPRISE_URN, "required": False}
    user = {"id": "User", "name": "User", "endpoint": "/Users", "schema": people.USER_URN}
    group = {"id": "Group", "name": "Group", "endpoint": "/Groups", "schema": people.GROUP_URN}
    return [
        {"schemas": [TYPE], **user, "schemaExtensions": [extension]},
        {"schemas": [TYPE], **group, "schemaExtensions": []},
    ]


def schemas() -> list[dict[str, Any]]:
    """Return the Schemas, with the attributes that the server's resources have."""
    rows = [text("value"), text("type"), text("display"), flag("primary")]
    links = [text("value"), reference(), text("type"), text("display")]
    name = [text(one) for one in ("formatted", "familyName", "givenName", "middleName")]
    user = [
        text("userName", required=True, uniqueness="server"),
        complex_type("name", name),
        *(text(one) for one in ("displayName", "nickName", "title", "userType", "locale")),
        flag("active"),
        complex_type("emails", rows, multiValued=True),
        complex_type("phoneNumbers", rows, multiValued=True),
        complex_type("groups", links, multiValued=True, mutability="readOnly"),
    ]
    group = [
        text("displayName", required=True, uniqueness="server"),
        complex_type("members", links, multiValued=True),
    ]
    names = ("employeeNumber", "costCenter", "organization", "division", "department")
    manager = complex_type("manager", [text("value"), reference(), text("displayName")])
    enterprise = [*(text(one) for one in names), manager]
    return [
        schema(people.USER_URN, "User", user),
        schema(people.GROUP_URN, "Group", group),
        schema(people.ENTERPRISE_URN, "EnterpriseUser", enterprise),
    ]


def schema(urn: str, name: str, attributes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return one schema."""
    return {"schemas": [SCHEMA], "id": urn, "name": name, "attributes": list(attributes)}


def attribute(name: str, kind: str, **more: Any) -> dict[str, Any]:
    """Return one attribute with the characteristics of RFC 7643 section 2.2."""
    usual = {"multiValued": False, "required": False, "caseExact": False}
    usual |= {"mutability": "readWrite", "returned": "default", "uniqueness": "none"}
    return {"name": name, "type": kind, "description": name, **usual, **more}


def text(name: str, **more: Any) -> dict[str, Any]:
    """Return a text."""
    return attribute(name, "string", **more)


def flag(name: str) -> dict[str, Any]:
    """Return a boolean."""
    return attribute(name, "boolean")


def reference() -> dict[str, Any]:
    """Return ``$ref``."""
    return attribute("$ref", "reference", referenceTypes=["User", "Group"])


def complex_type(name: str, inner: Sequence[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """Return a complex attribute."""
    return attribute(name, "complex", subAttributes=list(inner), **more)
