# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One service: refusals, odd answers, and views that learn for themselves."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.service import (
    Lost,
    Service,
    refused,
)
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.plugins.module_utils._transport.errors import TransportError
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer


def directory(users: int, *faults: Any, page: int = 10) -> Faulty:
    store = Faulty(*faults, page=page)
    for number in range(users):
        store.user(f"n{number}")
    return store


def service_of(store: Faulty, **caps: Any) -> Service:
    return Service(store, overridden(caps))


def broken(sent: bool) -> Any:
    def fault(*_asked: Any) -> Any:
        raise TransportError(kind="reset", reason="the connection was reset", sent=sent)

    return fault


# answers


def test_a_resource_is_read_by_its_id_with_the_attributes_that_are_asked_for() -> None:
    store = directory(1)
    service = service_of(store)
    assert service.get(USER, "none") is None
    found = service.get(USER, "u1", attributes="title", excluded="name")
    assert found is not None and store.queries[-1] == {
        "attributes": "title",
        "excludedAttributes": "name",
    }


@pytest.mark.parametrize(
    "answer, says",
    [
        (Answer(200, {"id": "u2"}), "the service answered with another resource, id 'u2'"),
        (Answer(200, {}), "the answer is not a SCIM resource: it has no id"),
        (Answer(500, {"detail": "oh"}), "the service answered 500: oh"),
    ],
)
def test_answer_with_another_resource_is_an_error(answer: Answer, says: str) -> None:
    with pytest.raises(ScimError, match=f"reading user 'u1': {says}"):
        service_of(directory(1, lambda *_asked: answer)).get(USER, "u1")


def test_a_refusal_says_what_the_service_says_in_short() -> None:
    error = refused(Answer(400, {"detail": "x " * 900, "scimType": "tooMany"}), "creating")
    assert error.status == 400 and error.scim_type == "tooMany" and len(error.detail) < 610
    assert str(refused(Answer(502, text="Bad gateway"), "creating")) == (
        "creating: the service answered 502: Bad gateway"
    )


@pytest.mark.parametrize(
    "method, sent, lost", [("POST", True, True), ("POST", False, False), ("GET", True, False)]
)
def test_only_a_write_that_was_sent_may_have_been_done(method: str, sent: bool, lost: bool) -> None:
    with pytest.raises(ScimError, match="creating: the connection was reset") as info:
        service_of(directory(1, broken(sent))).send(method, ("Users",), "creating", body={})
    assert isinstance(info.value, Lost) is lost


# what is known


@pytest.mark.parametrize("answer", [Answer(404), Answer(200, {"patch": {"supported": False}})])
def test_a_service_is_asked_what_it_can_do_once(answer: Answer) -> None:
    store = directory(
        1,
        lambda store, _method, segments, *_rest: (
            answer if segments == ("ServiceProviderConfig",) else None
        ),
    )
    service = service_of(store)
    assert service.discover() == answer.body and service.discover() is None
    assert store.requests == 1 and service.capabilities.get("patch") is (answer.status == 404)


def test_a_service_that_cannot_be_asked_what_it_can_do_is_no_failure() -> None:
    assert service_of(directory(1, broken(True))).discover() is None


def test_a_view_learns_for_itself_until_its_lessons_are_merged() -> None:
    service = service_of(directory(1), members_per_patch=7)
    view = service.viewed_with(service.capabilities)
    view.learn("an answer", patch=False, members_per_patch=3)
    assert service.capabilities.get("patch") and not view.capabilities.get("patch")
    service.merge(view.lessons)
    assert (
        not service.capabilities.get("patch")
        and service.capabilities.source("patch") == "an answer"
    )
    assert service.capabilities.get("members_per_patch") == 7, "the option prevails"


def test_views_share_the_interruption_and_what_was_discovered() -> None:
    store = directory(1)
    service = service_of(store)
    view = service.viewed_with(service.capabilities)
    view.discover()
    service.discover()
    service.interrupted = True
    assert view.interrupted and store.requests == 1 and view.account == service.account


@pytest.mark.parametrize(
    "answer, said",
    [
        (Answer(200, {"resources": [{"id": USER.schema, "attributes": [{"name": "x"}]}]}), True),
        (Answer(200, {"Resources": {}}), None),
        (Answer(200, [1]), None),
        (Answer(200, None, text="<html>"), None),
        (Answer(401, {"detail": "no"}), None),
        (Answer(500), None),
    ],
)
def test_e3_schemas_are_read_once_by_all_views(answer: Answer, said: bool | None) -> None:
    store = directory(1, lambda *_asked: answer)
    service = service_of(store)
    view = service.viewed_with(service.capabilities)
    assert view.schemas().has(USER, "x") is said
    assert service.schemas() is view.schemas() and store.requests == 1


def test_schemas_with_an_extension_are_compared_with_the_resource_types() -> None:
    rows = [
        {"id": USER.schema, "attributes": [{"name": "x"}]},
        {"id": f"{USER.schema}:schemas:extension:e", "attributes": [{"name": "y"}]},
    ]
    answers = {"Schemas": rows, "ResourceTypes": [{"name": "User", "endpoint": "/Users"}]}
    store = directory(1, lambda *asked: Answer(200, {"Resources": answers[asked[2][0]]}))
    service = service_of(store)
    assert service.schemas().has(USER, "x") is None and store.requests == 2


def test_e3_schemas_that_are_lost_are_not_asked_for_again() -> None:
    service = service_of(directory(1, broken(True)))
    assert service.schemas().has(USER, "x") is None
    assert service.discovered_rows("Schemas")[0] is None
