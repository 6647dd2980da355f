# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What real servers do (docs/servers.md), done by the strict service in memory.

A second run changes nothing.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    answers,
    run,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer


def writes(store: Faulty) -> list[str]:
    done = [method for method, _segments, _body in store.log if method != "GET"]
    store.log.clear()
    return done


def soft(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Answer | None:
    """django-scim2-server: DELETE of a user is active: false."""
    if method != "DELETE" or segments[0] != "Users":
        return None
    store.log.append((method, segments, body))
    store.held["Users"][segments[1]]["active"] = False
    return Answer(204)


def test_a_delete_that_only_deactivates_changes_nothing_the_second_time() -> None:
    store = Faulty(soft)
    store.user("pam")
    assert run(store, users=[{"user_name": "pam", "state": "absent"}]).changed
    assert not run(store, users=[{"user_name": "pam", "state": "absent"}]).changed


def test_known_capability_saves_the_second_request() -> None:
    store = Faulty(soft)
    store.user("pam")
    known = {"delete_user": "inactive"}
    assert run(store, caps=known, users=[{"user_name": "pam", "state": "absent"}]).changed
    assert writes(store) == ["DELETE"]
    assert not run(store, caps=known, users=[{"user_name": "pam", "state": "absent"}]).changed
    assert writes(store) == []


def one_mail(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Answer | None:
    """django-scim2-server: of a list of e-mails the first is kept, without its type."""
    if method not in ("POST", "PATCH") or segments[0] != "Users":
        return None
    kept: Mapping[str, Any] = copy.deepcopy(body)
    for place in kept.get("Operations", [{"value": kept.get("emails"), "path": "emails"}]):
        if place["path"] == "emails" and place["value"]:
            place["value"][1:] = []
            place["value"][0].update(type=None, primary=True)
    store.log.append((method, segments, body))
    return store.really(method, segments, query, kept)


def test_a_service_that_keeps_the_first_of_several_emails_gets_the_primary_one() -> None:
    store = Faulty(one_mail)
    store.user("pam", emails=[{"value": "old@x.org", "primary": True}])
    row = {"user_name": "pam", "emails": [{"value": "new@x.org", "type": "work", "primary": True}]}
    found = run(store, users=[row])
    assert found.changed and [one.not_saved for one in found.done] == [()]
    assert [one["value"] for one in store["pam"]["emails"]] == ["new@x.org"]
    writes(store)
    assert not run(store, users=[row]).changed and writes(store) == []


def test_entries_beyond_the_kept_one_are_named_and_not_sent_again() -> None:
    store = Faulty(one_mail)
    row = {
        "user_name": "pam",
        "emails": [
            {"value": "a@x.org", "type": "home"},
            {"value": "b@x.org", "type": "work", "primary": True},
        ],
    }
    found = run(store, users=[row])
    assert [one.not_saved for one in found.done] == [("emails",)] and [
        one["value"] for one in store["pam"]["emails"]
    ] == ["b@x.org"]
    writes(store)
    again = run(store, caps={"single": ["emails"]}, users=[row])
    assert not again.changed and writes(store) == []
    assert list(again.plan.not_saved.values()) == [("emails",)]
    assert list(map(again.named, again.plan.not_saved)) == ["pam"]


def letter_by_letter(
    store: Faulty, method: str, segments: Any, query: Any, body: Any
) -> Answer | None:
    """scimmy: a filter on a name minds the case."""
    return (
        Answer(200, {"Resources": [], "totalResults": 0})
        if query.get("filter") == 'userName eq "PAM"'
        else None
    )


def test_another_spelling_is_found_without_a_write_where_filters_mind_the_case() -> None:
    store = Faulty(letter_by_letter)
    store.user("pam")
    found = run(store, caps={"filter_case": "exact"}, users=[{"user_name": "PAM"}])
    assert not found.changed and not found.failures and writes(store) == []


def ignored(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Answer | None:
    """django-scim2-server.

    A member that it does not know is left out, and the group is the answer.
    """
    group = next(iter(store.held["Groups"].values()))
    return (
        Answer(200, {**group, "members": group.get("members", [])}) if method == "PATCH" else None
    )


def test_a_join_that_the_answer_does_not_show_is_not_called_a_change() -> None:
    store = Faulty(ignored)
    store.user("pam")
    store.group("Sales")
    found = run(store, groups=[{"display_name": "Sales", "members": {"add": ["pam"]}}])
    assert not found.changed and [one.not_saved for one in found.done] == [("members",)]


def test_a_patch_that_takes_no_attributes_is_sent_without() -> None:
    """scimmy: an extension named in attributes= is answered 400."""

    def strict(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Answer | None:
        return (
            answers(400, "invalidValue")(store, method, segments, query, body)
            if method == "PATCH" and query.get("attributes")
            else None
        )

    store = Faulty(strict)
    store.user("pam")
    found = run(store, users=[{"user_name": "pam", "title": "Artist"}])
    assert found.changed and not found.failures and store["pam"]["title"] == "Artist"


def test_a_service_without_filters_on_id_still_finds_names() -> None:
    """django-scim2-server: a filter on id is answered 400, whatever it holds."""
    seen: list[str] = []

    def no_ids(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Answer | None:
        seen.append(query.get("filter") or "/".join(segments))
        return (
            answers(400, "invalidFilter")(store, method, segments, query, body)
            if query.get("filter", "").startswith("id ")
            else None
        )

    store = Faulty(no_ids)
    people = [f"n{number}" for number in range(12)]
    for one in people:
        store.user(one)
    store.group("Sales", people)
    found = run(
        store,
        policy=Policy(reads_names=True),
        groups=[{"display_name": "Sales", "members": {"set": ["n0"]}}],
    )
    assert found.changed and not found.failures and store.members("Sales") == {"n0"}
    assert {len(one.split(" or ")) for one in seen if one.startswith("id ")} <= {11, 1} and not [
        one for one in seen if one.startswith("Users/")
    ]
