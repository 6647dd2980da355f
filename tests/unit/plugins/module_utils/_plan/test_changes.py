# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What real servers taught (docs/servers.md): each of their ways is a value in the capabilities."""

from __future__ import annotations

from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._plan.requests import (
    Request,
    requests_for,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    plan,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def written(store: Store, directory: dict[str, Any], **caps: Any) -> list[Request]:
    made = plan(store, wanted(**directory), **caps)
    return [
        request for change in made.changes for request in requests_for(change, overridden(caps))
    ]


def asked(request: Request) -> set[str]:
    return set(request.query.get("attributes", "").split(",")) - {""}


def test_a_patch_names_all_that_is_held_for_services_that_lose_the_rest() -> None:
    """scimmy applies a PATCH to what attributes= shows of the resource, and stores only that."""
    store = Store()
    store.user(
        "pam",
        title="Receptionist",
        externalId="7",
        emails=[{"value": "pam@x.org", "type": "work"}],
        **{ENTERPRISE: {"department": "Office"}},
    )
    (request,) = written(store, {"users": [{"user_name": "pam", "nick_name": "Pamcake"}]})
    assert asked(request) == {
        "userName",
        "active",
        "title",
        "externalId",
        "emails",
        f"{ENTERPRISE}:department",
        "nickName",
    }


def test_a_group_that_is_renamed_names_its_members() -> None:
    store = Store()
    store.user("pam")
    store.group("Sales", ["pam"], externalId="g7")
    (request,) = written(store, {"groups": [{"display_name": "Sales", "external_id": "g8"}]})
    assert asked(request) == {"displayName", "externalId", "members"}


def test_a_service_that_takes_no_attributes_in_a_patch_is_not_asked() -> None:
    store = Store()
    store.user("pam", title="Receptionist")
    (request,) = written(
        store, {"users": [{"user_name": "pam", "title": "Artist"}]}, patch_attributes=False
    )
    assert request.query == {}


def stated_mails(*values: str) -> dict[str, Any]:
    return {
        "users": [
            {
                "user_name": "pam",
                "emails": [
                    {"value": one, "type": kind, "primary": kind == "work"}
                    for kind, one in zip(("home", "work"), values)
                ],
            }
        ]
    }


def test_of_several_entries_the_primary_is_written_where_one_is_kept() -> None:
    """django-scim2-server keeps the first e-mail, without its type."""
    store = Store()
    store.user("pam", emails=[{"value": "old@x.org", "primary": True}])
    made = plan(store, wanted(**stated_mails("home@x.org", "work@x.org")), single=["emails"])
    assert made.changes[0].after["emails"] == [
        {"value": "work@x.org", "type": "work", "primary": True}
    ]  # type: ignore[index]
    assert made.changes[0].unsaved == ("emails",)


def test_the_one_entry_that_is_held_is_no_difference() -> None:
    store = Store()
    store.user("pam", emails=[{"value": "work@x.org", "primary": True}])
    made = plan(store, wanted(**stated_mails("home@x.org", "work@x.org")), single=["emails"])
    assert not made.changes and made.kept[0].unsaved == ("emails",)
    made = plan(
        store,
        wanted(
            users=[
                {
                    "user_name": "pam",
                    "emails": [{"value": "work@x.org", "type": "work", "primary": False}],
                }
            ]
        ),
        single=["emails"],
    )
    assert not made.changes and made.kept[0].unsaved == ()


def test_a_display_name_that_users_do_not_keep_is_still_the_name_of_groups() -> None:
    directory = {
        "users": [
            {"user_name": "pam", "display_name": "Pam", "enterprise": {"department": "Office"}}
        ],
        "groups": [{"display_name": "Sales"}],
    }
    user, group = written(Store(), directory, unsaved=["displayName", ENTERPRISE])
    assert user.body == {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "pam",
    }
    assert group.body is not None and group.body["displayName"] == "Sales"
