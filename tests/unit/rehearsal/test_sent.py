# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent to a service is what its documentation allows, whatever a task wants."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from ansible_collections.identity.scim.plugins.module_utils._provider.profiles import profile_named
from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.rehearsal import Rehearsal
from ansible_collections.identity.scim.tests.rehearsal.rosters import person
from ansible_collections.identity.scim.tests.rehearsal.scenarios import role
from ansible_collections.identity.scim.tests.rehearsal.serve import Served, serving
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirky

# One comparison by eq, or some joined by or: the only filters that the collection writes.
COMPARISON = r'[\w.:-]+ eq ("(?:[^"\\]|\\.)*"|true|false)'
OWN_FILTER = re.compile(rf"{COMPARISON}(?: or {COMPARISON})*")


def queries(served: Served) -> list[dict[str, str]]:
    """Return the parameters of all reads."""
    targets = [one.target for one in served.seen if one.method == "GET"]
    return [dict(parse_qsl(urlsplit(one).query, keep_blank_values=True)) for one in targets]


def test_queries_are_encoded_strictly() -> None:
    with serving(IMITATIONS["entra"]) as served:
        it = Rehearsal(served, "entra")
        members = [
            {**person(it.demands, "ann"), "user_name": "ann b & c"},
            person(it.demands, "bob"),
        ]
        it.step("scim_directory", teams=[{"name": "A = B", "members": members}])
        assert any("filter=" in one.target for one in served.seen)
        for one in served.seen:
            assert re.fullmatch(r"[!-~]+", one.target) and "+" not in one.target
            assert not re.search(r"%20=|=%20", one.target.partition("?")[2])


def test_users_are_written_before_their_groups() -> None:
    with serving(IMITATIONS["github"]) as served:
        it = Rehearsal(served, "github")
        roster = [{"name": "Sales", "members": [person({}, "ann"), person({}, "bob")]}]
        it.task("scim_directory", teams=roster)
        kinds = [one.partition(" ")[2].rpartition("/rehearsal/")[2][:5] for one in served.writes]
    assert kinds[:2] == ["Users", "Users"] and set(kinds[2:]) == {"Group"}


@pytest.mark.parametrize("method", ["patch", "put"])
def test_null_is_never_sent(method: str) -> None:
    with serving(IMITATIONS["databricks"]) as served:
        it = Rehearsal(served, "databricks")
        ann: dict[str, Any] = {"user_name": "ann", "update_method": method}
        it.step("scim_user", **ann, title="Boss", display_name="Ann", nick_name="A")
        it.step("scim_user", **ann, display_name="Anna", clear=["title", "nick_name"])
        held = it.user("ann") or {}
    assert held["displayName"] == "Anna" and not {"title", "nickName"} & set(held)


class Recorded(Rehearsal):
    """A rehearsal that keeps the parameters of the reads of all its tasks."""

    def task(self, module: str, /, **more: Any) -> Any:
        """Run one task and keep what it sent."""
        said = super().task(module, **more)
        self.queries = [*getattr(self, "queries", ()), *queries(self.served)]
        return said


@pytest.mark.parametrize("name", ["aws", "entra", "databricks", "keycloak", "newrelic", "interop"])
def test_own_filters_compare_by_eq_alone_and_have_no_levels(name: str) -> None:
    with serving(IMITATIONS[name]) as served:
        it = Recorded(served, name)
        role(it)
    filters = [one["filter"] for one in it.queries if "filter" in one]
    assert filters and not [one for one in filters if not OWN_FILTER.fullmatch(one)]
    assert max(one.count(" eq ") for one in filters) <= 40


def test_aws_is_sent_no_parameter_that_it_does_not_take() -> None:
    with serving(IMITATIONS["aws"]) as served:
        it = Recorded(served, "aws")
        role(it)
        narrow = {"attributes": ["userName"], "sort_by": "userName"}
        for options in (
            narrow,
            {**narrow, "user_name": "ann"},
            {"excluded_attributes": ["emails"]},
        ):
            said = it.read("scim_user_info", **options)
            (note,) = [one for one in said.warnings if "does not take" in one]
            assert note.startswith("the service does not take ")
        found = it.read("scim_user_info", **narrow).result["users"]
        assert found and it.read("scim_user_info", id=found[0]["id"], **narrow).result["users"]
    taken = set(profile_named("aws").query)
    assert taken == {"filter", "count", "cursor"}
    assert {name for one in it.queries for name in one} == taken
    assert all(one.get("cursor") is not None for one in it.queries if "count" in one)


def test_a_patch_for_miro_is_smaller_than_it_may_be() -> None:
    """800,000 bytes, with 8,000 members whose ids have 19 digits."""
    server = Quirky(judged=False)
    people = [f"user{number}" for number in range(400)]
    for name in people:
        server.user(name)
    server.group("staff")
    caps = {"members_per_patch": profile_named("miro").members_per_patch}

    def sent(names: list[str]) -> int:
        """Return the bytes for a member in the largest PATCH, with an id as Miro has it."""
        server.forget()
        wanted = {"groups": [{"display_name": "staff", "members": {"set": names}}]}
        assert run(server, caps=caps, **wanted).changed
        sizes = []
        for one in server.sent("PATCH", "Groups"):
            text = json.dumps(one.body)
            count = text.count("members[") or text.count('"value"') - 1
            sizes.append((len(text) + count * 19) // count)
        return max(sizes)

    assert sent(people) * 8000 < 800_000
    assert sent([]) * 100 < 800_000


def test_a_user_that_is_inactive_counts_as_deleted_where_none_is_deleted() -> None:
    with serving(IMITATIONS["salesforce"]) as served:
        it = Rehearsal(served, "salesforce")
        it.step("scim_user", **person({}, "ann"))
        refused = it.task("scim_user", user_name="ann", state="absent")
        assert "use state: inactive" in refused.failure and not served.writes
        it.step("scim_user", user_name="ann", state="inactive")
        said = it.step("scim_user", user_name="ann", state="absent")
        assert not said.changed and not it.is_active("ann")


@pytest.mark.parametrize("name", ["aws", "entra"])
def test_members_that_filters_find_come_in_whole_pages(name: str) -> None:
    with serving(IMITATIONS[name]) as served:
        users = [f"u{number:03}" for number in range(220)]
        for one in users:
            served.store.user(one)
        served.store.group("Sales", users)
        found = Rehearsal(served, name).read("scim_group_info", display_name="Sales")
        assert len(found.result["groups"][0]["members"]) == 220
        walks = [one for one in served.seen if "groups.value" in one.target]
        # three pages, and the proof that the filter is honoured
        assert len(walks) == 4 and all("count=100" in one.target for one in walks)
