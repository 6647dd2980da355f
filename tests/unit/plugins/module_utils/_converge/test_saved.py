# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a written change a service holds, for every kind of answer."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.effects import Done
from ansible_collections.identity.scim.plugins.module_utils._converge.saved import (
    attributes_saved,
    shows_sent,
    kept_one,
    overlaid,
    types_lost,
)
from ansible_collections.identity.scim.plugins.module_utils._model.flat import flatten
from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    user_change,
)

URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
MAILS = [{"value": "a@x", "type": "work"}, {"value": "b@x", "type": "home"}]


def test_an_answer_in_part_is_laid_over_the_resource() -> None:
    before = {"id": "u1", "title": "a", "nickName": "n", URN: {"department": "d", "division": "v"}}
    answer = {"id": "u1", "title": "b", "meta": {"version": "2"}, "locale": "en", "password": "x"}
    paths = ("title", f"{URN}:department")
    assert overlaid(USER, before, {**answer, URN: {"department": "e"}}, paths) == {
        "id": "u1",
        "title": "b",
        "nickName": "n",
        "locale": "en",
        "meta": {"version": "2"},
        URN: {"department": "e", "division": "v"},
    }
    assert "department" not in overlaid(USER, before, answer, paths)[URN]
    assert before["title"] == "a"


SENT = {
    "schemas": [USER.schema, URN],
    "userName": "pam",
    "active": True,
    "name": {"givenName": "Pam"},
    "emails": MAILS,
    URN: {"department": "d", "manager": {"value": "u7"}},
}
HELD = {**SENT, "id": "u1", "meta": {}, "locale": "en", "schemas": [USER.schema]}


@pytest.mark.parametrize(
    "held, expected",
    [
        (HELD, True),
        ({**HELD, "name": {"givenName": "Pam", "formatted": "Pam B"}}, True),
        ({**HELD, "userName": "Pam"}, False),
        ({**HELD, "active": 1}, False),
        ({**HELD, "active": "true"}, False),
        ({**HELD, "emails": MAILS[::-1]}, False),
        ({**HELD, "emails": [*MAILS, MAILS[0]]}, False),
        ({**HELD, "emails": MAILS[:1]}, False),
        ({**HELD, "emails": [{**one, "primary": False} for one in MAILS]}, False),
        ({**HELD, "name": "Pam"}, False),
        ({**HELD, URN: {"department": "d", "manager": "u7"}}, False),
        ({**HELD, URN: {"department": "d", "manager": {"value": "u7", "display": "J"}}}, False),
        ({**HELD, USER.schema: {"userName": "other"}}, False),
        ({name: value for name, value in HELD.items() if name != "emails"}, False),
    ],
)
def test_only_equal_json_is_as_sent(held: dict[str, Any], expected: bool) -> None:
    new = user_change("bulkId:pam", None, flatten(USER, SENT))
    assert shows_sent(new, SENT, held) is expected
    if expected:
        done = Done(change=new, resource=held, changed=True)
        assert attributes_saved(new, held, {}, {}) == (True, ())
        assert kept_one(new, held) == () and types_lost(new, done) == {}
    old = user_change("u1", {"userName": "pam"}, flatten(USER, SENT))
    assert not shows_sent(old, SENT, held) and not shows_sent(new, None, held)


@pytest.mark.parametrize(
    "now, moved, not_saved",
    [
        ({"userName": "pam", "title": "new"}, True, ()),
        ({"userName": "pam", "title": "old"}, False, ("title",)),
        ({"userName": "pam"}, True, ("title",)),
        ({"userName": "pam", "title": "other"}, True, ("title",)),
    ],
)
def test_paths_that_are_not_saved_are_named(
    now: dict[str, Any], moved: bool, not_saved: tuple[str, ...]
) -> None:
    old, new = {"userName": "pam", "title": "old"}, {"userName": "pam", "title": "new"}
    assert attributes_saved(user_change("u1", old, new), now, {}, {}) == (moved, not_saved)


def test_a_link_to_a_new_resource_is_compared_by_its_real_id() -> None:
    path = f"{URN}:manager.value"
    change = user_change("u1", {"userName": "pam"}, {"userName": "pam", path: "bulkId:jan"})
    now = {"userName": "pam", URN: {"manager": {"value": "u7"}}}
    assert attributes_saved(change, now, {"bulkId:jan": "u7"}, {}) == (True, ())
    assert attributes_saved(change, now, {}, {})[1] == (path,)


@pytest.mark.parametrize(
    "held, form, not_saved",
    [
        ("big-boss", "slug", ()),
        ("big-boss", "lower", ("title",)),
        ("anything", "opaque", ()),
        (None, "opaque", ()),
        ("other", "slug", ("title",)),
    ],
)
def test_a_value_that_the_service_rewrote_is_saved(
    held: str | None, form: str, not_saved: tuple[str, ...]
) -> None:
    change = user_change("u1", {"userName": "pam"}, {"userName": "pam", "title": "Big Boss"})
    now = {"userName": "pam", **({"title": held} if held else {})}
    assert attributes_saved(change, now, {}, {"title": form})[1] == not_saved


@pytest.mark.parametrize(
    "now, expected",
    [
        (MAILS[:1], ("emails",)),
        (MAILS, ()),
        ([], ()),
        ([{"value": "c@x", "type": "work"}], ()),
        ("a@x", ("emails",)),
    ],
)
def test_an_attribute_of_which_one_entry_is_left(now: Any, expected: tuple[str, ...]) -> None:
    change = user_change("u1", {"userName": "pam"}, {"userName": "pam", "emails": MAILS})
    assert kept_one(change, {"userName": "pam", "emails": now}) == expected
    assert kept_one(change, None) == ()
