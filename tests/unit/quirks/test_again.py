# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes that each run would repeat: a warning has the line that ends them (rows D1, D2, D4, E1, E2, E3).

With the line in ``capabilities`` the next run sends no write, and check mode predicts that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from ansible_collections.identity.scim.tests.unit.faults.hostile import Said, hostile, run
from ansible_collections.identity.scim.tests.unit.quirks.lessons_quirks import refuses_path
from ansible_collections.identity.scim.tests.unit.quirks.lookups_quirks import (
    blind,
    filtering,
    first_only,
    first_two,
    last_only,
    minding_case,
    second_only,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirk, Quirky
from ansible_collections.identity.scim.tests.unit.quirks.test_siblings import prefixed
from ansible_collections.identity.scim.tests.unit.quirks.values_quirks import e164, keeps, opaque
from ansible_collections.identity.scim.tests.unit.quirks.wire_quirks import deactivates_instead

LINE = re.compile(r"set capabilities: (\{.*?\}+)(?=[,;.]| so |$)")
FREE = {"max_removals": "none"}


def people(*quirks: Quirk) -> Quirky:
    server = Quirky(*quirks)
    for name in ("ann", "bob", "cid"):
        server.user(name, externalId=f"x-{name}")
    server.group("staff", ["ann", "bob"], externalId="x-staff")
    return server


def go(server: Quirky, module: str, check: bool = False, lines: Any = None, **options: Any) -> Said:
    with hostile(server) as service:
        connection = {"capabilities": lines} if lines else {}
        return run(service, module, check=check, connection=connection, **options)


def lines_of(said: Said) -> dict[str, Any]:
    """Return the capabilities that the warnings advise, as a user would paste them."""
    found: dict[str, Any] = {}
    for warning in said.warnings:
        for text in LINE.findall(warning):
            for name, value in yaml.safe_load(text).items():
                if isinstance(value, dict):
                    found.setdefault(name, {}).update(value)
                else:
                    found[name] = value
    return found


def writes(server: Quirky) -> list[str]:
    return [one.method for one in server.asked if one.method != "GET"]


def cut_titles(user: dict[str, Any]) -> None:
    """Titles are ten letters at most."""
    if "title" in user:
        user["title"] = user["title"][:10]


def one_entry(user: dict[str, Any]) -> None:
    """Of each list the first entry is kept."""
    for name in ("emails", "phoneNumbers"):
        if name in user:
            user[name] = user[name][:1]


def without_scheme(user: dict[str, Any]) -> None:
    """Phone numbers have no scheme."""
    for one in user.get("phoneNumbers", []):
        one["value"] = one["value"].removeprefix("tel:")


def users(*names: str, **more: Any) -> dict[str, Any]:
    return {"users": [{"user_name": name, **more} for name in names], "thresholds": FREE}


ALL = ("ann", "bob", "cid", "new")
CASES: dict[str, tuple[Callable[[], Quirk], str, dict[str, Any]]] = {
    "or, first only": (lambda: filtering(first_only), "scim_directory", users(*ALL)),
    "or, last only": (lambda: filtering(last_only), "scim_directory", users(*ALL)),
    "or, second only": (lambda: filtering(second_only), "scim_directory", users(*ALL)),
    "or, first two": (lambda: filtering(first_two), "scim_directory", users(*ALL)),
    "no filter at all": (lambda: filtering(blind), "scim_user", {"user_name": "ann"}),
    "no filter, several": (lambda: filtering(blind), "scim_directory", users("ann", "bob")),
    "no filter, by id": (
        lambda: filtering(blind),
        "scim_user",
        {"user_name": "ann", "external_id": "x-ann", "title": "x"},
    ),
    "letters": (lambda: filtering(minding_case), "scim_user", {"user_name": "ANN"}),
    "a refused path": (
        lambda: refuses_path("nickName", 400, "invalidPath"),
        "scim_user",
        {"user_name": "ann", "nick_name": "x", "title": "y"},
    ),
    "a refused path, 501": (
        lambda: refuses_path("nickName", 501),
        "scim_directory",
        users("ann", "bob", nick_name="x", title="y"),
    ),
    "a refused external id": (
        lambda: refuses_path("externalId", 400, "invalidPath"),
        "scim_group",
        {
            "display_name": "staff",
            "external_id": "x",
            "match_by": ["display_name"],
            "members": {"add": ["cid"]},
        },
    ),
    "values in a form of its own": (
        lambda: keeps(opaque),
        "scim_user",
        {
            "user_name": "ann",
            "emails": [{"value": "a@example.com", "type": "work"}],
            "phone_numbers": [{"value": "030 12", "type": "work"}],
            "roles": [{"value": "admin"}, {"value": "billing"}],
        },
    ),
    "phone numbers of another country": (
        lambda: keeps(e164),
        "scim_user",
        {"user_name": "ann", "phone_numbers": [{"value": "(030) 12", "type": "work"}]},
    ),
    "one entry of a list": (
        lambda: keeps(one_entry),
        "scim_user",
        {
            "user_name": "ann",
            "emails": [
                {"value": "a@example.com", "type": "work"},
                {"value": "b@example.com", "type": "home"},
            ],
        },
    ),
    "phone numbers without what is before them": (
        lambda: keeps(without_scheme),
        "scim_user",
        {"user_name": "ann", "phone_numbers": [{"value": "tel:+15550108888", "type": "work"}]},
    ),
    "a text in a form of its own": (
        lambda: keeps(cut_titles),
        "scim_directory",
        users("ann", "bob", title="Assistant to the manager"),
    ),
    "a name that is shown with a prefix": (
        lambda: prefixed,
        "scim_group",
        {"display_name": "staff", "external_id": "x-staff", "members": {"add": ["cid"]}},
    ),
    "no deletion": (
        lambda: deactivates_instead,
        "scim_user",
        {"user_name": "bob", "state": "absent"},
    ),
    "no deletion, several": (
        lambda: deactivates_instead,
        "scim_directory",
        users("ann", "bob", state="absent"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_write_that_each_run_repeats_has_a_line_that_ends_it(case: str) -> None:
    quirk, module, options = CASES[case]
    server = people(quirk())
    go(server, module, **options)
    server.forget()
    said = go(server, module, **options)
    assert not said.failure and not said.changed
    assert bool(writes(server)) is bool(lines_of(said)), (writes(server), said.warnings)
    server.forget()
    lines = lines_of(said)
    for check in (True, False):
        said = go(server, module, check, lines, **options)
        assert not said.changed and not said.failure, said.failure
        assert not writes(server)


@pytest.mark.parametrize("case", CASES)
def test_an_honest_service_is_told_of_no_line(case: str) -> None:
    _quirk, module, options = CASES[case]
    server = people()
    for _run in range(2):
        assert not lines_of(go(server, module, **options))
