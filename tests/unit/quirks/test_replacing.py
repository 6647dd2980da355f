# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A group that is replaced by PUT keeps its members, also those that no answer shows."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Outcome,
    run,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.lists_quirks import (
    members_cut,
    members_hidden,
    users_by_group,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
    altered,
    resources,
)

PEOPLE = [f"p{number:02}" for number in range(25)]
NO_PATCH = {"patch": False}
CHANGES: list[dict[str, Any]] = [
    {"external_id": "x"},
    {"members": {"add": ["zoe"]}},
    {"members": {"add": ["zoe"], "remove": ["p00"]}},
    {"external_id": "x", "members": {"add": ["zoe"]}},
]


def cut_in_lists(most: int) -> Quirk:
    """Lists show the first members only, a group by its id shows all."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.kind != "Groups" or not asked.lists:
            return answer

        def cut(body: Any) -> Any:
            for one in resources(body):
                if "members" in one:
                    one["members"] = one["members"][:most]
            return body

        return altered(answer, cut)

    return quirk


def no_patch(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """PATCH is not implemented."""
    return Answer(501, {"detail": "no PATCH"}) if asked.method == "PATCH" else honest(asked)


def service(*quirks: Quirk, size: int = 17, **groups: int) -> Quirky:
    server = Quirky(*quirks)
    for name in [*PEOPLE, "zoe"]:
        server.user(name)
    server.group("red", PEOPLE[:size])
    for name, members in groups.items():
        server.group(name, PEOPLE[:members])
    return server


def change(server: Quirky, options: dict[str, Any], **more: Any) -> Outcome:
    return run(server, groups=[{"display_name": "red", **options}], **more)


def expected(options: dict[str, Any], size: int) -> set[str]:
    members = options.get("members", {})
    return (set(PEOPLE[:size]) | set(members.get("add", ()))) - set(members.get("remove", ()))


@pytest.mark.parametrize("options", CHANGES)
@pytest.mark.parametrize("most", [7, 10, 16])
@pytest.mark.parametrize("way", ["option", "capability", "learnt"])
def test_l2_members_that_lists_cut_anywhere_stay(
    options: dict[str, Any], most: int, way: str
) -> None:
    quirks = [cut_in_lists(most), *([no_patch] if way == "learnt" else [])]
    server = service(*quirks)
    row = {**options, **({"update_method": "put"} if way == "option" else {})}
    found = change(server, row, caps=NO_PATCH if way == "capability" else {})
    assert found.changed and not found.failures and server.sent("PUT")
    assert server.members("red") == expected(options, 17)


@pytest.mark.parametrize("options", CHANGES)
@pytest.mark.parametrize("quirk, size", [(members_hidden(empty=True), 17), (members_cut(10), 17)])
@pytest.mark.parametrize("more", [0, 10])
@pytest.mark.parametrize("way", ["option", "capability", "learnt"])
def test_l2_members_that_no_answer_shows_stay(
    options: dict[str, Any], quirk: Quirk, size: int, more: int, way: str
) -> None:
    quirks = [quirk, *([no_patch] if way == "learnt" else [])]
    server = service(*quirks, size=size, blue=more)
    row = {**options, **({"update_method": "put"} if way == "option" else {})}
    found = change(server, row, caps=NO_PATCH if way == "capability" else {})
    assert set(PEOPLE[1:size]) <= server.members("red")
    if way == "option":
        assert found.changed and not found.failures
        # A member that no answer shows counts as out, so it is not removed either.
        assert server.members("red") - {"p00"} == expected(row, size) - {"p00"}
    elif found.failures:
        assert "replac" in str(found.error) and not server.sent("PUT")
        assert "members" in str(found.error)


@pytest.mark.parametrize("size", [0, 10])
@pytest.mark.parametrize("options", CHANGES[:2])
@pytest.mark.parametrize(
    "evidence", ["another group", "users by group", "capability", "exact", "made now"]
)
def test_l2_a_group_that_is_known_to_be_whole_is_replaced(
    size: int, options: dict[str, Any], evidence: str
) -> None:
    if evidence == "users by group" and not size:
        pytest.skip("nobody found proves nothing")
    server = service(
        *([users_by_group] if evidence == "users by group" else []),
        size=size,
        blue=13 if evidence == "another group" else 0,
    )
    caps: dict[str, Any] = dict(NO_PATCH)
    row = options
    if evidence == "capability":
        caps |= {"members_read": "ask", "members_limit": 1000}
    elif evidence == "exact":
        row = {"external_id": "x", "members": {"set": [*PEOPLE[:size], "zoe"]}}
    elif evidence == "made now":
        del server.held["Groups"][server.id_of("red")]
        row = {"members": {"set": [*PEOPLE[:size], "zoe"]}}
        caps["create_members"] = False
    found = change(server, row, caps=caps)
    assert found.changed and not found.failures, found.error
    assert server.sent("PUT") and server.members("red") == expected(row, size) | (
        {"zoe"} if evidence in ("exact", "made now") else set()
    )


# N1: members without an id


def with_row(row: Any) -> Quirk:
    """Show a member in an odd form; a PUT may name it only by its id, and must name it."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind != "Groups":
            return honest(asked)
        if asked.method == "PUT":
            sent = asked.body["members"]
            if not all(isinstance(one, dict) and one.get("value") for one in sent):
                server.requests += 1
                return Answer(400, {"detail": "a member without value"})

        def odd(body: Any) -> Any:
            for one in resources(body):
                if "members" in one:
                    shown = [member for member in one["members"] if member["value"] != "u2"]
                    one["members"] = [*shown, row]
            return body

        return altered(honest(asked), odd)

    return quirk


@pytest.mark.parametrize("change", [{"external_id": "x"}, {"members": {"add": ["cat"]}}])
@pytest.mark.parametrize(
    ("row", "is_patched"),
    [
        (None, False),
        ({}, False),
        ({"value": None}, False),
        ({"$ref": "https://x.org/v2/Users/u2"}, False),
        ({"value": "", "$ref": "../Users/u2", "display": "Bob"}, False),
        ({"display": "Bob"}, True),
        ({"value": {"id": "u2"}}, True),
        ({"$ref": "https://x.org/u2"}, True),
    ],
)
def test_n1_a_put_loses_no_member_without_an_id_and_is_not_refused(
    row: Any, is_patched: bool, change: dict[str, Any]
) -> None:
    server = Quirky(with_row(row))
    for name in ("ann", "bob", "cat"):
        server.user(name)
    says_something = bool(row) and row != {"value": None}
    server.group("red", ["ann", "bob"] if says_something else ["ann"])
    found = run(server, groups=[{"display_name": "red", "update_method": "put", **change}])
    assert not found.failures and found.changed, [str(one.error) for one in found.failures]
    expected = {"ann"} | ({"bob"} if says_something else set())
    expected |= {"cat"} if "members" in change else set()
    assert server.members("red") == expected
    assert bool(server.sent("PATCH")) is is_patched and bool(server.sent("PUT")) is not is_patched
    assert is_patched is any("it is changed by PATCH, since a PUT" in one for one in found.notes)
