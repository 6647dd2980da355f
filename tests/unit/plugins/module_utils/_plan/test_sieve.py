# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users that are as desired already drop out, and nothing else changes by that."""

from __future__ import annotations

import copy
import json
import tracemalloc
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._converge import planner
from ansible_collections.identity.scim.plugins.module_utils._converge.converge import converge
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._input.directory import directory_of
from ansible_collections.identity.scim.plugins.module_utils._input.policy import policy_of
from ansible_collections.identity.scim.plugins.module_utils._model import layouts as known
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.list_query import ListQuery
from ansible_collections.identity.scim.plugins.module_utils._model.schema import ENTERPRISE_URN
from ansible_collections.identity.scim.plugins.module_utils._plan import snapshot, targets
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.plugins.module_utils._transport.lists import list_of
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    run,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer

NEVER = 10**9
OPEN = {"max_removals": "none", "identities_changed": "none"}
NAMES = ("ann", "bob", "cyd", "dan", "eva", "fay", "gus", "hal")
UNUSUAL = ("аnn", "zoé", "max m")
PLAIN: dict[str, Any] = {
    "leavers": "inactive",
    "stop_after_failures": "20",
    "on_error": "continue",
    "verify": "removals",
}


class Written(Faulty):
    """A service whose lists are read from their text, so that rows may stay unread."""

    def send(
        self, method: str, segments: Any, *, query: Mapping[str, str] | None = None, **more: Any
    ) -> Answer:
        return read_from_text(super().send(method, segments, query=query, **more), query)


def read_from_text(answer: Answer, query: Any) -> Answer:
    """The answer with rows that may stay unread."""
    if not isinstance(query, ListQuery) or answer.status != 200:
        return answer
    body = list_of(json.dumps(answer.body).encode(), query.layouts)
    return answer if body is None else Answer(200, body)


def sometimes(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from((None, None, *values))


def only_set(**options: Any) -> dict[str, Any]:
    return {key: value for key, value in options.items() if value is not None}


@st.composite
def stores(draw: st.DrawFn) -> Faulty:
    """A service with users of every kind, small pages, and two groups."""
    store = Written(page=draw(st.sampled_from((3, 100))))
    names = draw(st.lists(st.sampled_from((*NAMES, *UNUSUAL)), unique=True, min_size=4))
    for name in names:
        mail = f"{name.replace(' ', '.')}@x.org"
        more = only_set(
            externalId=draw(sometimes(f"E{name}", f"E{name}")),
            title=draw(sometimes("old", "new")),
            emails=draw(
                sometimes(
                    [{"value": mail, "type": "work", "primary": True}],
                    [{"value": mail}],
                )
            ),
        )
        if draw(st.integers(0, 4)) == 0:
            more["nickName"] = "unmanaged"
        store.user(
            draw(st.sampled_from((name, name, name, name.upper()))),
            active=draw(st.sampled_from((True, True, True, True, "True", False, "False"))),
            **more,
        )
    for name in names[2:]:
        if draw(st.booleans()):
            boss = list(store.held["Users"].values())[0]["id"]
            user = next(
                one for one in store.held["Users"].values() if one["userName"].lower() == name
            )
            user[ENTERPRISE_URN] = {"manager": {"value": boss}}
            user["schemas"].append(ENTERPRISE_URN)
    everybody = sorted(store.names("Users"))
    for group in ("G1", "G2"):
        store.group(group, draw(st.lists(st.sampled_from(everybody), unique=True, max_size=4)))
    return store


@st.composite
def rows(draw: st.DrawFn, store: Faulty) -> list[dict[str, Any]]:
    """Rows for most users of the service, mostly as it has them, and for some others."""
    found = []
    for user in list(store.held["Users"].values()):
        kind = draw(st.integers(0, 30))
        if kind == 0:
            continue
        row = only_set(
            user_name=user["userName"],
            external_id=user.get("externalId"),
            title=user.get("title"),
            active=user["active"] in (True, "True") if draw(st.booleans()) else None,
            emails=copy.deepcopy(user.get("emails")),
        )
        if kind == 1:
            row["title"] = "changed"
        if kind == 2:
            row["user_name"] = row["user_name"].swapcase()
        if kind == 3:
            row["state"] = draw(st.sampled_from(("inactive", "absent")))
            row.pop("active", None)
        if kind == 4:
            row["previous_user_names"] = [draw(st.sampled_from(NAMES))]
        if kind == 5:
            row["external_id"] = draw(st.sampled_from(("Eann", "Ebob", "Enew")))
        if draw(st.integers(0, 9)) == 0:
            row["id"] = draw(st.sampled_from((user["id"], *store.held["Users"], "none")))
        if draw(st.integers(0, 9)) == 0:
            row["enterprise"] = {"manager": draw(st.sampled_from(NAMES))}
        keys = [
            one
            for one in (
                {"external_id": "external_id", "emails": "email", "user_name": "user_name"}.items()
            )
            if row.get(one[0])
        ]
        if draw(st.integers(0, 5)) == 0:
            row["match_by"] = [draw(st.sampled_from(keys))[1]]
        if draw(st.integers(0, 9)) == 0:
            row["groups"] = {"add": ["G1"]}
        found.append(row)
    new = draw(st.sampled_from(((), (), ("new",), ("аnn",), ("zoe",), ("ann",))))
    found += [{"user_name": name} for name in new]
    return draw(st.permutations(found))


@st.composite
def directories(draw: st.DrawFn, store: Faulty) -> dict[str, Any]:
    users = draw(rows(store))
    names = [one["user_name"] for one in users] or ["ann"]
    found: dict[str, Any] = {"users": users}
    some = st.lists(st.sampled_from((*names, *NAMES[:2])), unique=True, max_size=5)
    if draw(st.booleans()):
        found["groups"] = [
            {"display_name": "G1", "members": {draw(st.sampled_from(("set", "add"))): draw(some)}}
        ]
    if draw(st.integers(0, 2)) == 0:
        members = []
        for row in users[: draw(st.integers(0, 4))]:
            members.append({key: value for key, value in row.items() if key != "groups"})
        found["teams"] = [{"name": "G2", "members": members}]
    return found


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    return {
        **PLAIN,
        "leavers": draw(st.sampled_from(("keep", "inactive", "absent"))),
        "purge": only_set(
            users=draw(st.sampled_from((None, None, "inactive", "absent"))),
            groups=draw(st.sampled_from((*[None] * 9, "absent"))),
        ),
        "scope": draw(
            st.sampled_from(({}, {}, {}, {"users": {"filter": 'userName sw "a" or title pr'}}))
        ),
        "protect": draw(st.sampled_from(({}, {}, {"users": ["a*", "B?b"]}))),
        "thresholds": draw(
            st.sampled_from(
                ({}, OPEN, OPEN, OPEN, {"max_removals": "none", "identities_changed": "0%"})
            )
        ),
    }


def told(store: Faulty, least: int, monkey: pytest.MonkeyPatch, **more: Any) -> dict[str, Any]:
    """What a run says and does."""
    monkey.setattr(planner, "LEAST", least)
    options = more.pop("options")
    caps = {"filter_clauses": 1}
    found: dict[str, Any] = {}
    try:
        outcome = run(store, policy=policy_of(options), caps=caps, **more)
    except ScimError as refusal:
        found["refusal"] = sorted((refusal.reason, *refusal.lines))
    else:
        plan = outcome.plan
        found = {
            "changes": [
                (one.verb, one.key, one.before, one.after, one.moves) for one in plan.changes
            ],
            "unchanged": +plan.unchanged,
            "notes": sorted(outcome.notes),
            "not_saved": plan.not_saved,
            "missing": plan.missing,
            "scope": plan.scope,
            "unmanaged": plan.unmanaged,
            "still": plan.still_member,
            "emptied": plan.emptied,
            "operations": outcome.operations,
            "failures": [str(one.error) for one in outcome.failures],
            "settled": len(outcome.snapshot.archive),
        }
    return {
        **found,
        "state": store.held,
        "reads": sorted(sorted(one.items()) for one in store.queries),
        "writes": store.log,
    }


@settings(max_examples=50, deadline=None)
@given(st.data(), st.booleans())
def test_result_is_the_same_without_dropping_out(data: st.DataObject, check: bool) -> None:
    store = data.draw(stores())
    directory = data.draw(directories(store))
    options = data.draw(policies())
    with pytest.MonkeyPatch.context() as monkey:
        monkey.setattr(known, "FIRST", data.draw(st.sampled_from((1, 1, NEVER))))
        whole = told(
            copy.deepcopy(store),
            NEVER,
            monkey,
            check=check,
            options=options,
            **copy.deepcopy(directory),
        )
        sifted = told(
            copy.deepcopy(store),
            1,
            monkey,
            check=check,
            options=options,
            **copy.deepcopy(directory),
        )
    settled = sifted.pop("settled", None)
    whole.pop("settled", None)
    if any("id" in row for row in directory["users"]):
        # Users that are read by their ids may make other look-ups cheaper than a list.
        assert sifted.pop("reads") and whole.pop("reads")
    event(f"settled: {settled}, refused: {'refusal' in whole}")
    assert sifted == whole


@st.composite
def memberships(draw: st.DrawFn, store: Faulty) -> dict[str, Any]:
    """Rows, and groups and teams that name members in any way; the service gets more groups.

    Some groups have groups in them, ids in other letters, a round number of members, or types.
    """
    everybody = sorted(store.names("Users"))
    for number in range(10):
        store.user(f"many{number}")
    store.group("Round", [f"many{number}" for number in range(10)])
    store.group("Nested", draw(st.lists(st.sampled_from((*everybody, "G1")), unique=True)))
    for name in ("G1", "G2", "Round", "Nested"):
        group = store[name]
        held = group.get("members", [])
        kind = draw(st.integers(0, 5))
        if kind == 0:
            group["members"] = [{**one, "value": one["value"].upper()} for one in held]
        if kind == 1:
            group["members"] = [{**one, "type": "User"} for one in held]
        if kind == 2:
            group["members"] = held[:-1]
    users = []
    for user in list(store.held["Users"].values()):
        row = only_set(user_name=user["userName"], title=user.get("title"))
        kind = draw(st.integers(0, 12))
        if kind:
            users.append({**row, "title": "changed"} if kind == 1 else row)
    names = [*everybody, "many1", "many2"]
    some = st.lists(st.sampled_from(names), unique=True, max_size=6)
    groups = []
    for name in draw(st.lists(st.sampled_from(("G1", "Round", "Nested", "New")), unique=True)):
        shown = [one for one in everybody if _is_in(store, one, group=name)]
        listed = draw(st.one_of(st.just(shown), some))
        groups.append({"display_name": name, "members": {draw(st.sampled_from(SIDES)): listed}})
    teams = []
    if draw(st.booleans()):
        members = [{"user_name": one["user_name"]} for one in users[:3]]
        more = draw(st.sampled_from(({}, {"state": "offboarded"}, {"groups": ["Round"]})))
        teams = [{"name": "G2", "members": members, **more}]
    return {"users": users, "groups": groups, "teams": teams}


SIDES = ("set", "set", "add", "remove")


def _is_in(store: Faulty, user: str, *, group: str) -> bool:
    """Return whether a group of the service shows a user."""
    if group not in store.names("Groups"):
        return False
    shown = {one["value"] for one in store[group].get("members", [])}
    return store.id_of(user) in shown


def as_keys(ids: Iterable[str]) -> frozenset[Key]:
    return frozenset(Key("User", ident) for ident in ids)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.booleans())
def test_result_is_the_same_with_members_as_keys(data: st.DataObject, check: bool) -> None:
    store = data.draw(stores())
    directory = data.draw(memberships(store))
    options = {**data.draw(policies()), "thresholds": data.draw(st.sampled_from(({}, OPEN, OPEN)))}
    least = data.draw(st.sampled_from((1, 1, NEVER)))
    with pytest.MonkeyPatch.context() as monkey:
        more = {"check": check, "options": options}
        ids = told(copy.deepcopy(store), least, monkey, **more, **copy.deepcopy(directory))
        monkey.setattr(snapshot, "UserKeys", as_keys)
        monkey.setattr(targets, "UserKeys", as_keys)
        keys = told(copy.deepcopy(store), least, monkey, **more, **copy.deepcopy(directory))
    event(f"settled: {ids.get('settled')}, refused: {'refusal' in ids}")
    assert ids == keys


# many users: requests and memory, which are bounds and no timings

USERS = 3000
KILOBYTES_A_USER = 2.0


class Numbered(Faulty):
    """Users that are made when a page of them is asked for."""

    def send(
        self, method: str, segments: Any, *, query: Mapping[str, str] | None = None, **more: Any
    ) -> Answer:
        self.requests += 1
        asked = dict(query or {})
        if method != "GET" or segments[0] != "Users" or "filter" in asked:
            return Answer(404, {"detail": "no"})
        start, count = int(asked["startIndex"]) - 1, int(asked["count"])
        found = [numbered(one) for one in range(start, min(USERS, start + count))]
        return Answer(200, {"totalResults": USERS, "Resources": found})


def numbered(number: int) -> dict[str, Any]:
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE_URN],
        "id": f"0000-1111-2222-{number:06}",
        "userName": f"user{number:06}",
        "externalId": f"E{number:06}",
        "name": {"givenName": f"Given{number}", "familyName": f"Family{number}"},
        "active": True,
        "emails": [{"value": f"user{number}@x.org", "type": "work", "primary": True}],
        ENTERPRISE_URN: {"department": f"D{number % 9}"},
        "meta": {"resourceType": "User", "created": "2026-01-01T00:00:00Z", "version": "1"},
    }


def listed(number: int) -> dict[str, Any]:
    """A row as the service has the user."""
    return {
        "user_name": f"user{number:06}",
        "external_id": f"E{number:06}",
        "name": {"given_name": f"Given{number}", "family_name": f"Family{number}"},
        "emails": [{"value": f"user{number}@x.org", "type": "work", "primary": True}],
        "enterprise": {"department": f"D{number % 9}"},
    }


def test_many_unchanged_users_cost_a_request_a_page_and_little_memory() -> None:
    desired = directory_of({"membership": "exact", "users": [listed(n) for n in range(USERS)]})
    store = Numbered()
    service = Service(store, overridden({"page_size": 500}))
    tracemalloc.start()
    try:
        outcome = converge(service, desired, check=False)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert outcome.plan.unchanged == {"User": USERS} and not outcome.plan.subjects
    assert store.requests == USERS / 500
    assert len(outcome.snapshot.archive) == USERS
    assert peak / 1024 / USERS < KILOBYTES_A_USER


def test_only_what_differs_becomes_a_change_among_many() -> None:
    rows = [listed(number) for number in range(USERS)]
    rows[77]["name"]["given_name"] = "Other"
    rows[78] = {**rows[78], "emails": [{**rows[78]["emails"][0], "type": "WORK"}]}
    desired = directory_of({"membership": "exact", "users": rows})
    store = Numbered()
    service = Service(store, overridden({"page_size": 500}))
    outcome = converge(service, desired, check=True)
    assert [one.name for one in outcome.plan.changes] == ["user000077"]
    assert outcome.plan.unchanged == {"User": USERS - 1}
    assert len(outcome.snapshot.archive) == USERS - 1


@pytest.mark.parametrize(
    ("says", "settled"), (("True", USERS), ("False", 0), ("0", 0), (None, USERS))
)
def test_who_is_inactive_by_a_text_does_not_drop_out(says: Any, settled: int) -> None:
    class Saying(Numbered):
        def send(self, *args: Any, **more: Any) -> Answer:
            answer = super().send(*args, **more)
            for one in answer.body["Resources"]:
                one["active"] = says
            return read_from_text(answer, more.get("query"))

    desired = directory_of({"membership": "exact", "users": [listed(n) for n in range(USERS)]})
    outcome = converge(Service(Saying(), overridden({"page_size": 500})), desired, check=False)
    assert outcome.plan.unchanged == {"User": USERS}
    assert len(outcome.snapshot.archive) == settled


def test_a_row_with_the_id_of_another_user_is_refused_with_every_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The user of that id is not settled, though its own row says just what it has."""
    store = Written(page=3)
    for name in NAMES:
        store.user(name)
    rows_of_all = [{"user_name": name, "match_by": ["user_name"]} for name in NAMES]
    rows_of_all[-1] |= {"id": store.id_of("ann"), "groups": {"add": ["G1"]}}
    store.group("G1", [])
    found = [
        told(copy.deepcopy(store), least, monkeypatch, options=PLAIN, check=True, users=rows_of_all)
        for least in (NEVER, 1)
    ]
    assert len(found[0]["refusal"]) == 2
    assert found[0]["refusal"] == found[1]["refusal"]


@pytest.mark.parametrize("page", (3, 100))
@pytest.mark.parametrize("first", (1, NEVER))
def test_users_of_one_id_do_not_drop_out(
    monkeypatch: pytest.MonkeyPatch, page: int, first: int
) -> None:
    monkeypatch.setattr(known, "FIRST", first)
    store = Written(page=page)
    for name in NAMES:
        store.user(name, title="t")
    users = [*store.held["Users"].values()]
    users[-1]["id"] = users[-2]["id"] = users[-4]["id"]
    rows_of_all = [{"user_name": name, "title": "t"} for name in NAMES]
    found = []
    for least in (NEVER, 1):
        one = told(
            copy.deepcopy(store), least, monkeypatch, options=PLAIN, check=True, users=rows_of_all
        )
        found.append(one)
    assert len(found[0]["refusal"]) == 1
    # What was settled before is told apart by other requests.
    assert found[0].pop("reads") and found[1].pop("reads")
    assert found[0] == found[1]
