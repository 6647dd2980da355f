# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a term of the lookup means: an endpoint, or a resource type by its name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.lookup.resources import endpoint_of
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError

TYPES = {
    "Resources": [
        {"name": "Device", "endpoint": "/Devices"},
        {"id": "Place", "endpoint": "Places"},
        "no type",
        {"name": None},
    ]
}


class Service:
    """A service that answers about its resource types and counts how often."""

    def __init__(self, body: Any, status: int = 200) -> None:
        self.body, self.status, self.asked = body, status, 0

    def send(self, method: str, segments: tuple[str, ...], doing: str) -> Any:
        self.asked += 1
        if self.body is None:
            raise ScimError("unreachable", doing=doing)
        return SimpleNamespace(status=self.status, body=self.body)


@pytest.mark.parametrize(
    "term, endpoint",
    [("User", "Users"), ("users", "Users"), ("/Groups/", "Groups"), ("group", "Groups")],
)
def test_users_and_groups_need_no_question(term: str, endpoint: str) -> None:
    service: Any = Service(TYPES)
    assert endpoint_of(service, term) == endpoint and service.asked == 0


@pytest.mark.parametrize(
    "term, endpoint",
    [("Device", "Devices"), ("devices", "Devices"), ("place", "Places"), ("Robots", "Robots")],
)
def test_other_terms_are_looked_up_in_the_resource_types(term: str, endpoint: str) -> None:
    service: Any = Service(TYPES)
    assert endpoint_of(service, term) == endpoint


@pytest.mark.parametrize(
    "body, status", [(None, 200), ("<html>", 200), (TYPES, 404), ({"Resources": "x"}, 200)]
)
def test_unknown_resource_types_make_the_term_the_endpoint(body: Any, status: int) -> None:
    service: Any = Service(body, status)
    assert endpoint_of(service, "Device") == "Device"
