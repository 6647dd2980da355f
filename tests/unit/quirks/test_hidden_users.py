# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users whom a plain list leaves out are looked up in portions after the first 409 (D8)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Limit, Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.bulky import Bulky
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    run,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks import lookups_quirks as quirks
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirky

ALL = 200
MANY_FAILURES = Policy(bulk="auto", stop_after=Limit(count=1000), stop_on_error=False)


def filled(server: Any, hidden: range, **more: Any) -> Any:
    """The service with 30 active users, and some inactive ones among those of ``rows``."""
    for number in range(30):
        server.user(f"other{number}")
    for number in hidden:
        server.user(f"n{number:03}", active=False, **more)
    return server


def rows(number: int = ALL, **more: Any) -> list[dict[str, Any]]:
    return [{"user_name": f"n{one:03}", "title": "Boss", **more} for one in range(number)]


def each_once(server: Faulty) -> bool:
    names = [one["userName"] for one in server.held["Users"].values()]
    return len(names) == len(set(names)) == ALL + 30


@pytest.mark.parametrize("at_once", [1, 8])
@pytest.mark.parametrize("hidden", [range(60, 110), range(100, 150), range(150, ALL)])
def test_d8_after_the_first_409_the_other_names_are_looked_up_in_portions(
    hidden: range, at_once: int
) -> None:
    server = filled(Quirky(quirks.without_inactive), hidden)
    outcome = run(server, at_once=at_once, users=rows())
    assert not outcome.failures and each_once(server)
    posts = ALL - len(hidden) + at_once
    assert len(server.sent("POST")) <= posts and len(server.sent("PATCH")) == len(hidden)
    # A listing with its proof, the first portion, and of each POST that was under way a look-up.
    assert len(server.sent("GET")) <= 4 + at_once + 4
    server.forget()
    assert not run(server, users=rows()).changed


def test_d8_users_that_the_run_created_are_not_looked_up_again() -> None:
    server = filled(Quirky(quirks.without_inactive), range(150, ALL))
    run(server, users=rows())
    filters = [one.query["filter"] for one in server.asked if "filter" in one.query]
    assert not any("n100" in one for one in filters)


def test_d8_one_409_that_no_look_up_explains_looks_up_nobody_else() -> None:
    def refuses(_server: Quirky, asked: Any, honest: Any) -> Answer:
        if asked.method == "POST" and asked.body["userName"] in ("n100", "n120"):
            return Answer(409, {"detail": "no", "scimType": "uniqueness"})
        return honest(asked)

    server = filled(Quirky(refuses), range(0))
    outcome = run(server, policy=MANY_FAILURES, users=rows())
    assert [one.change.name for one in outcome.failures] == ["n100", "n120"]
    filters = [one.query["filter"] for one in server.asked if " or " in one.query.get("filter", "")]
    assert len(filters) == 1


def hides_inactive(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
    if method != "GET" or segments != ("Users",) or "filter" in query:
        return None
    shown = [one for one in store.held["Users"].values() if one.get("active") is not False]
    return quirks.listed(shown, query)


@pytest.mark.parametrize("hidden", [range(60, 110), range(150, ALL)])
@pytest.mark.parametrize("most", [20, 100, 1000])
def test_d8_conflicts_of_a_bulk_request_are_looked_up_together(most: int, hidden: range) -> None:
    server = filled(Bulky(hides_inactive, most=most), hidden)
    outcome = run(server, policy=MANY_FAILURES, at_once=8, users=rows())
    assert not outcome.failures, [str(one.error) for one in outcome.failures]
    assert each_once(server)
    assert all(one.get("title") == "Boss" for one in list(server.held["Users"].values())[30:])
    alone = [one for one in server.queries if one.get("filter", "").count(" eq ") == 1]
    assert len(alone) <= 8, alone
    assert not run(server, policy=MANY_FAILURES, at_once=8, users=rows()).changed
