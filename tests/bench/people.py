# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The users and groups of a benchmark, by number.

The server holds them and rosters describe them, so that a run finds nothing to change. Knows no
server and no file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CREATED = "2026-01-01T00:00:00Z"


def user_id(number: int) -> str:
    """Return the id of a user that the service begins with."""
    return f"2819c223-7f76-413a-861d-{number:012x}"


def group_id(number: int) -> str:
    """Return the id of a group that the service begins with."""
    return f"e9e30dba-f08f-4109-8486-{number:012x}"


def user_name(number: int) -> str:
    """Return the user name of a user."""
    return f"user{number:06}"


def group_name(number: int) -> str:
    """Return the display name of a group."""
    return f"Team {number:04}"


def member_numbers(group: int, members: int, users: int) -> Iterator[int]:
    """Yield the numbers of the users in a group, neighbours of each other."""
    for place in range(min(members, users)):
        yield (group * members + place) % users


# A user as SCIM writes it. Formatted 100,000 times when a server starts, so it is a text.
TEXT = (
    f'{{"schemas":["{USER_URN}","{ENTERPRISE_URN}"],'
    '"externalId":"E%(number)08d","userName":"user%(number)06d",'
    '"name":{"givenName":"Given%(number)d","familyName":"Family%(number)d"},'
    '"displayName":"Given%(number)d Family%(number)d",'
    '"emails":[{"value":"user%(number)06d@example.com","type":"work","primary":true},'
    '{"value":"user%(number)06d@home.example.com","type":"home"}],'
    '"title":"Associate %(title)d","active":true,'
    f'"{ENTERPRISE_URN}":'
    '{"employeeNumber":"%(number)08d","department":"Department %(department)d"}}'
)


def external_id(number: int) -> str:
    """Return the external id of a user."""
    return f"E{number:08}"


def text(number: int) -> str:
    """Return a user as JSON, without ``id`` and ``meta``."""
    return TEXT % {"number": number, "title": number % 10, "department": number % 50}


def options(number: int) -> dict[str, Any]:
    """Return the same user as options of ``scim_user``."""
    given, family = f"Given{number}", f"Family{number}"
    return {
        "external_id": external_id(number),
        "user_name": user_name(number),
        "name": {"given_name": given, "family_name": family},
        "display_name": f"{given} {family}",
        "emails": [
            {"value": f"{user_name(number)}@example.com", "type": "work", "primary": True},
            {"value": f"{user_name(number)}@home.example.com", "type": "home"},
        ],
        "title": f"Associate {number % 10}",
        "active": True,
        "enterprise": {
            "employee_number": f"{number:08}",
            "department": f"Department {number % 50}",
        },
    }
