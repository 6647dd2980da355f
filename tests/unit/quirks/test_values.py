# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values as services keep them: nothing unmanaged is lost, and lists come to rest."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirky

FOREIGN = "urn:example:2.0:User"
PUT = {"patch": False}
ODD = {
    FOREIGN: {
        "dotted.name": "v",
        "dotted": {"name": "w", "": 0, "x.y": [1]},
        "lists": [[1, [2, None]], {}, []],
        "nothing": None,
        "number": 1.5,
        "a b": {"c:d": {}},
    },
    "urn:example:2.0:Empty": {},
    "top.level": {"a": 1},
    "top": {"level": None},
    "name": {"familyName": "Lee", "odd.part": 1, "": 2},
    "phoneNumbers": [None, "1", {"value": 2, "extra": [None]}],
    "x:y": [],
    "active": "True",
}


def holding(user: str, /, **attributes: Any) -> tuple[Quirky, dict[str, Any]]:
    """A service with one user who holds this, and the user."""
    server = Quirky(judged=False)
    ident = server.user(user)
    server.held["Users"][ident].update(copy.deepcopy(attributes))
    return server, copy.deepcopy(server[user])


def put_body(server: Quirky) -> dict[str, Any]:
    (asked,) = server.sent("PUT")
    body: dict[str, Any] = asked.body
    return body


# L7: a PUT starts from the resource as it was received


def test_l7_what_a_put_does_not_change_goes_back_as_it_came() -> None:
    server, held = holding("ann", **{"title": "old", **ODD})
    outcome = run(server, caps=PUT, users=[{"user_name": "ann", "title": "new"}])
    assert outcome.changed
    assert put_body(server) == {**held, "title": "new"}
    server.forget()
    assert not run(server, caps=PUT, users=[{"user_name": "ann", "title": "new"}]).changed


def test_l7_meta_and_read_only_attributes_are_not_sent() -> None:
    server = Quirky(judged=False)
    server.user("ann", meta={"version": 'W/"1"'}, groups=[{"value": "g"}])
    run(server, caps=PUT, users=[{"user_name": "ann", "title": "new"}])
    assert not put_body(server).keys() & {"meta", "groups"}


def test_l7_a_list_that_changes_keeps_its_other_entries_as_they_came() -> None:
    home = {"value": "h@x.org", "type": "home", "display": None, "odd": {"a": [[1]]}}
    server = Quirky(judged=False)
    server.user("ann", emails=[home, {"value": "w@x.org", "type": "work"}])
    mails = [{"value": "new@x.org", "type": "work"}]
    run(server, caps=PUT, users=[{"user_name": "ann", "emails": mails}])
    assert home in put_body(server)["emails"]


def test_l7_member_rows_that_stay_go_back_as_they_came() -> None:
    server = Quirky(judged=False)
    ann, bob = server.user("ann"), server.user("bob")
    server.user("eve")
    group = server.group("staff", ["ann", "eve"])
    rows = [
        {"value": ann, "display": "Ann", "type": "User", "odd": [[]]},
        {"value": server.id_of("eve")},
    ]
    server.held["Groups"][group].update(members=rows, **{"dotted.name": 1})
    members = {"add": ["bob"], "remove": ["eve"]}
    run(server, caps=PUT, groups=[{"display_name": "staff", "members": members}])
    body = put_body(server)
    assert body["members"] == [rows[0], {"value": bob}]
    assert body["dotted.name"] == 1


def test_l7_check_mode_and_patch_tear_nothing() -> None:
    server, held = holding("ann", **{"title": "old", **ODD})
    wanted = [{"user_name": "ann", "title": "new"}]
    outcome = run(server, check=True, users=wanted)
    (subject,) = outcome.plan.subjects
    assert outcome.resource(subject.key) == {**held, "title": "new"}
    run(server, users=wanted)
    assert server["ann"][FOREIGN] == held[FOREIGN]
    (patch,) = server.sent("PATCH")
    assert [one["path"] for one in patch.body["Operations"]] == ["title"]


def test_l7_clear_of_an_attribute_leaves_one_with_a_dotted_name() -> None:
    server = Quirky(judged=False)
    server.user("ann", **copy.deepcopy({FOREIGN: ODD[FOREIGN]}))
    run(server, caps=PUT, users=[{"user_name": "ann", "clear": [f"{FOREIGN}:dotted"]}])
    left = dict(ODD[FOREIGN])
    del left["dotted"]
    assert put_body(server)[FOREIGN] == left


names = st.text(st.sampled_from("abA.: $-_é\u200d[]\"'\\"), max_size=6)
json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), names),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)),
    max_leaves=8,
)
top_names = st.one_of(
    names,
    st.sampled_from(
        ("emails", "name", "roles", "addresses", FOREIGN, "urn:x:y:User:z", "nickName", "locale")
    ),
).filter(lambda name: name.lower() not in ("id", "meta", "groups", "schemas", "title", "active"))


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(top_names, json, max_size=5))
def test_l7_any_json_object_survives_put(more: dict[str, Any]) -> None:
    """Any resource survives PUT."""
    server, held = holding("ann", **{"title": "old", **more})
    assert run(server, caps=PUT, users=[{"user_name": "ann", "title": "new"}]).changed
    assert put_body(server) == {**held, "title": "new"}
