# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that read find a resource by the name that a service has rewritten."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.faults.hostile import Said, hostile, run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.lookups_quirks import filtering, ignored
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirky,
    altered,
    resources,
)


def hashed(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Show other user names than those by which users are found (GitHub)."""

    def shown(body: Any) -> Any:
        for one in resources(body):
            if "userName" in one:
                one["userName"] = "x" + one["id"]
        return body

    return altered(honest(asked), shown)


def read(server: Quirky, module: str, form: dict[str, str], **options: Any) -> Said:
    with hostile(server) as service:
        return run(service, module, connection={"capabilities": {"rewrite": form}}, **options)


OPAQUE = {"User.userName": "opaque"}


def test_user_is_found_by_the_name_that_a_filter_knows() -> None:
    server = Quirky(hashed)
    ann, _bob = server.user("ann"), server.user("bob")
    said = read(server, "scim_user_info", OPAQUE, user_name="ann")
    assert [one["id"] for one in said.result["users"]] == [ann]
    assert not read(server, "scim_user_info", OPAQUE, user_name="eve").result["users"]


def test_only_user_of_a_service_that_ignores_filters_is_not_the_one() -> None:
    server = Quirky(hashed, filtering(ignored))
    server.user("ann")
    assert not read(server, "scim_user_info", OPAQUE, user_name="eve").result["users"]


def test_user_with_another_name_is_not_found_without_the_capability() -> None:
    server = Quirky(hashed)
    server.user("ann")
    assert not read(server, "scim_user_info", {}, user_name="ann").result["users"]


@pytest.mark.parametrize(
    ("form", "name", "held"),
    [
        ("slug", "Dev & Ops Team", "dev-ops-team"),
        ("slug", "Dev Team", "dev-team"),
        ("lower", "Dev Team", "dev team"),
    ],
)
def test_group_is_found_by_the_name_that_it_became(form: str, name: str, held: str) -> None:
    server = Quirky()
    wanted, _other = server.group(held), server.group("other")
    said = read(server, "scim_group_info", {"Group.displayName": form}, display_name=name)
    assert [one["id"] for one in said.result["groups"]] == [wanted]
