# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""D4: services that hold names and values in another form, and the capability ``rewrite``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.faults.hostile import Said, hostile, run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._protocol.reader import (
    clauses,
)
from ansible_collections.identity.scim.tests.unit.quirks.creates_quirks import (
    blind_filters,
    names_may_repeat,
    renaming,
)
from ansible_collections.identity.scim.tests.unit.quirks.lookups_quirks import (
    containing,
    filtering,
    ignored,
    no_list,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
    altered,
    resources,
)
from ansible_collections.identity.scim.tests.unit.quirks.test_siblings import FREE, fresh, of

OPAQUE = {"rewrite": {"Group.displayName": "opaque"}}
SLUG = {"rewrite": {"Group.displayName": "slug"}}
STORE = "PRIMARY/"


def go(server: Quirky, module: str, check: bool = False, **options: Any) -> Said:
    connection = {"capabilities": options.pop("capabilities", {})}
    with hostile(server) as service:
        said = run(service, module, check=check, connection=connection, **options)
        print(module, said.result.get("changed"), said.failure, said.warnings)
        return said


def directory(server: Quirky, check: bool = False, **options: Any) -> Said:
    return go(server, "scim_directory", check, **options)


def group(server: Quirky, name: str, **options: Any) -> Said:
    return go(server, "scim_group", display_name=name, **options)


def user(server: Quirky, user_name: str, **options: Any) -> Said:
    return go(server, "scim_user", user_name=user_name, **options)


def slug(name: str) -> str:
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-")


def stored(name: str) -> str:
    return name if name.startswith(STORE) else STORE + name


def found_by(rename: Callable[[str], str]) -> Quirk:
    """Filters find a group by the name that it was given."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind != "Groups" or "filter" not in asked.query:
            return honest(asked)
        wanted = []
        for path, value in clauses(asked.query["filter"]):
            name = rename(value) if path == "displayName" else value
            wanted.append(f"{path} eq {json.dumps(name)}")
        return honest(asked.asking(filter=" or ".join(wanted)))

    return quirk


def opaque(*more: Quirk, **groups: list[str]) -> Quirky:
    return fresh(*more, found_by(stored), renaming(stored), names_may_repeat, **groups)


def slugged(*more: Quirk) -> Quirky:
    return fresh(*more, renaming(slug), names_may_repeat)


def line(warnings: list[str]) -> str:
    found = [re.search(r"capabilities: \{rewrite: \{[^}]*\}\}", one) for one in warnings]
    (text,) = [one[0] for one in found if one]
    return text


def pasted(text: str) -> dict[str, Any]:
    path, form = re.findall(r"\{([\w.]+): (\w+)\}", text)[0]
    return {"rewrite": {path: form}}


def names(server: Quirky) -> list[str]:
    return sorted(one["displayName"] for one in server.held["Groups"].values())


ROW = {"display_name": "Developers Team", "members": {"set": ["ann", "bob"]}}


@pytest.mark.parametrize("more", [{}, {"external_id": "g-1"}])
@pytest.mark.parametrize(
    "make, form, held",
    [(opaque, "opaque", "PRIMARY/Developers Team"), (slugged, "slug", "developers-team")],
)
def test_d4_the_line_of_the_warning_makes_the_second_run_unchanged(
    make: Callable[[], Quirky], form: str, held: str, more: dict[str, str]
) -> None:
    server = make()
    row = {**ROW, **more}
    first = directory(server, groups=[row])
    assert not first.failure and names(server) == [held]
    text = line(first.warnings)
    assert ("external_id" in first.warnings[0]) is False
    assert text == f"capabilities: {{rewrite: {{Group.displayName: {form}}}}}"
    server.forget()
    for check in (True, False):
        again = directory(server, check, groups=[row], capabilities=pasted(text))
        assert not again.failure and not again.result["changed"] and not again.warnings
    assert not server.log and names(server) == [held]
    joined = {**row, "members": {"set": ["ann", "cid"]}}
    changed = directory(server, groups=[joined], thresholds=FREE, capabilities=pasted(text))
    assert not changed.failure and server.members(held) == {"ann", "cid"}
    assert names(server) == [held] and {one[0] for one in server.log} == {"PATCH"}


@pytest.mark.parametrize("make, caps", [(opaque, OPAQUE), (slugged, SLUG)])
def test_d4_a_known_rewriting_is_no_warning(
    make: Callable[[], Quirky], caps: dict[str, Any]
) -> None:
    server = make()
    for changed in (True, False):
        said = directory(server, groups=[ROW], capabilities=caps)
        assert not said.failure and said.result["changed"] is changed and not said.warnings
        assert not said.result.get("not_saved")
        assert of(server, "Groups") == 1


@pytest.mark.parametrize("make, caps", [(opaque, OPAQUE), (slugged, SLUG)])
def test_d4_teams_and_references_mean_the_same_group(
    make: Callable[[], Quirky], caps: dict[str, Any]
) -> None:
    server = make()
    more = {"capabilities": caps}
    for _number in range(2):
        rows = [
            {"name": "Developers Team", "members": [{"user_name": "ann"}, {"user_name": "bob"}]},
            {"name": "Red", "members": [{"user_name": "cid"}]},
        ]
        said = directory(server, teams=rows, thresholds=FREE, **more)
        assert not said.failure and of(server, "Groups") == 2
    assert not said.result["changed"] and not said.warnings
    held = next(one for one in names(server) if "eam" in one)
    said = user(server, "dan", groups={"add": ["Developers Team"]}, **more)
    assert not said.failure and server.members(held) == {"ann", "bob", "dan"}
    said = go(
        server,
        "scim_group_membership",
        group="Developers Team",
        members=["dan"],
        state="absent",
        **more,
    )
    assert not said.failure and server.members(held) == {"ann", "bob"}
    said = group(server, "Developers Team", state="absent", **more)
    assert not said.failure and of(server, "Groups") == 1


def test_d4_many_opaque_names_are_each_asked_for() -> None:
    server = opaque()
    rows = [{"display_name": f"team {number}"} for number in range(60)]
    first = directory(server, groups=rows, capabilities=OPAQUE)
    assert not first.failure and of(server, "Groups") == 60
    server.forget()
    again = directory(server, groups=rows, capabilities=OPAQUE)
    assert not again.failure and not again.result["changed"] and not server.log


def test_d4_a_filter_of_which_the_first_comparison_counts_hides_no_opaque_name() -> None:
    def first_only(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if " or " in asked.query.get("filter", ""):
            asked = asked.asking(filter=asked.query["filter"].partition(" or ")[0])
        return honest(asked)

    server = opaque(first_only)
    rows = [{"display_name": one} for one in ("a", "b", "c")]
    for _number in range(2):
        said = directory(server, groups=rows, capabilities=OPAQUE)
        assert not said.failure and of(server, "Groups") == 3
    assert not said.result["changed"]


def test_d4_without_the_line_a_stranger_stops_the_creation_and_gives_the_line() -> None:
    server = opaque(**{"PRIMARY/red": ["ann"]})
    said = group(server, "red", members={"set": ["bob"]})
    assert "'PRIMARY/red'" in said.failure
    assert line([said.failure]) == "capabilities: {rewrite: {Group.displayName: opaque}}"
    assert names(server) == ["PRIMARY/red"] and server.members("PRIMARY/red") == {"ann"}


def test_d4_two_names_that_find_one_resource_contradict() -> None:
    server = fresh(filtering(containing), **{"infrared": ["ann"]})
    rows = [{"display_name": "red"}, {"display_name": "infra"}]
    said = directory(server, groups=rows, capabilities=OPAQUE)
    assert said.failure.count("different values of displayName") == 1
    assert not server.log and names(server) == ["infrared"]


def test_d4_several_strangers_are_never_a_match() -> None:
    server = fresh(filtering(containing), infrared=["ann"], redish=["bob"])
    said = group(server, "red", members={"set": ["cid"]}, capabilities=OPAQUE)
    assert "'infrared'" in said.failure and "'redish'" in said.failure
    assert not server.log


def test_d4_an_ignored_filter_is_never_a_match() -> None:
    server = fresh(filtering(ignored), other=["ann"])
    said = group(server, "red", members={"set": ["cid"]}, capabilities=OPAQUE)
    assert "may call it anything" in said.failure and not server.log
    said = group(server, "red", external_id="g-1", capabilities=OPAQUE)
    assert not said.failure and names(server) == ["other", "red"]


def test_d4_a_name_that_no_filter_finds_needs_an_external_id() -> None:
    server = fresh(blind_filters, renaming(stored), names_may_repeat)
    for caps in ({}, OPAQUE):
        server.held["Groups"].clear()
        said = directory(server, groups=[{"display_name": "red"}], capabilities=caps)
        (warning,) = [one for one in said.warnings if "external_id" in one]
        assert "set capabilities" in warning or caps
        assert "so that later runs find it, since no filter for its name does" in warning


def test_d4_a_slug_is_found_where_lists_are_refused() -> None:
    server = slugged(no_list("Groups"))
    for changed in (True, False):
        said = directory(server, groups=[ROW], capabilities=SLUG)
        assert not said.failure and said.result["changed"] is changed
        assert names(server) == ["developers-team"]


def test_d4_a_rename_of_a_slug_is_written() -> None:
    server = slugged()
    directory(server, groups=[{"display_name": "Old Name", "external_id": "g-1"}])
    row = {"display_name": "New Name", "external_id": "g-1"}
    said = directory(server, groups=[row], capabilities=SLUG)
    assert not said.failure and said.result["changed"] and of(server, "Groups") == 1


def values(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Hold phone numbers as E.164, addresses in small letters, and a name of its own making."""
    answer = honest(asked)
    for one in server.held["Users"].values():
        for row in one.get("phoneNumbers", []):
            row["value"] = "+49" + re.sub(r"\D", "", row["value"]).removeprefix("49").lstrip("0")
        for row in one.get("emails", []):
            row["value"] = row["value"].lower()
        if "name" in one:
            one["name"] = {**one["name"], "formatted": "BIG " + one["name"]["familyName"]}
    if asked.method == "GET" or answer.status >= 300 or answer.body is None:
        return answer
    return altered(answer, lambda _body: server.held["Users"][answer.body["id"]])


def test_d4_values_are_compared_as_the_service_writes_them() -> None:
    server = fresh(values)
    caps = {
        "rewrite": {
            "User.phoneNumbers.value": "e164",
            "emails.value": "lower",
            "name.formatted": "opaque",
        }
    }
    wanted = {
        "name": {"formatted": "Z", "family_name": "Ax", "given_name": "Z"},
        "emails": [{"value": "Zoe@Example.com", "type": "work"}],
        "phone_numbers": [{"value": "030 1234567", "type": "work"}],
    }
    for changed in (True, False, False):
        said = user(server, "zoe", capabilities=caps, **wanted)
        assert not said.failure and said.result["changed"] is changed
        assert not said.result.get("not_saved")
    held = server["zoe"]
    assert held["name"]["formatted"] == "BIG Ax" and len(held["emails"]) == 1
    said = user(server, "zoe", capabilities=caps, phone_numbers=[{"value": "030 7654321"}])
    assert not said.failure and said.result["changed"]
    assert resources({"id": "x"}) == [{"id": "x"}]


def stored_by_patch(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """A new name of a group is kept as that of a new group is."""
    for one in asked.body["Operations"] if asked.method == "PATCH" else ():
        if one["path"] == "displayName":
            one["value"] = stored(one["value"])
    return honest(asked)


def test_d4_a_new_name_is_written_once_where_filters_find_the_former_one() -> None:
    server = opaque(stored_by_patch, **{"PRIMARY/red": ["ann"]})
    more: dict[str, Any] = {"previous_names": ["red"], "capabilities": OPAQUE}
    for check in (True, False):
        said = group(server, "blue", check=check, **more)
        assert said.changed and said.result["not_saved"] == []
    assert server.names("Groups") == {"PRIMARY/blue"}
    server.forget()
    again = group(server, "blue", **more)
    assert not again.changed and again.result["not_saved"] == [] and not server.log


@pytest.mark.parametrize("check", [True, False])
def test_d4_a_new_name_of_a_group_that_another_key_found_is_said(check: bool) -> None:
    server = opaque()
    caps = {"capabilities": OPAQUE}
    group(server, "red", external_id="g-1", **caps)
    server.forget()
    said = group(server, "blue", check=check, external_id="g-1", **caps)
    assert said.result["not_saved"] == ["displayName"] and not said.changed
    assert "set previous_names to a name by which the service finds it" in said.result["notes"][0]
    assert not server.log and server.names("Groups") == {"PRIMARY/red"}
