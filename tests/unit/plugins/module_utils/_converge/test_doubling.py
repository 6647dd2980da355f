# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that a service doubles are taken back in the same run."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirky
from ansible_collections.identity.scim.tests.unit.quirks.values_quirks import keeps, one_label

HELD = [{"value": "a@x.org", "type": "other"}]
USER = {"user_name": "ann", "emails": [{"value": "a@x.org", "type": "work"}]}


def twice_refused(_server: Quirky, asked: Any, honest: Any) -> Any:
    """Refuse a list of one address."""
    if asked.method == "PATCH" and len(asked.body["Operations"][0]["value"]) == 1:
        return Answer(400, {"detail": "no"})
    return honest(asked)


@pytest.mark.parametrize("caps", [{}, {"patch": False}])
def test_e3_the_second_write_is_the_list_as_it_was(caps: dict[str, Any]) -> None:
    server = Quirky(keeps(one_label))
    server.user("ann", emails=HELD)
    outcome = run(server, users=[{**USER, "title": "x"}], caps=caps)
    assert outcome.changed and server["ann"]["emails"] == HELD and server["ann"]["title"] == "x"
    (done,) = outcome.done
    assert done.not_saved == ("emails.type",) and len(done.operations) == 2
    assert not run(server, users=[USER], caps=caps).changed


def test_e3_a_list_that_is_not_taken_back_is_named_with_the_line_to_paste() -> None:
    server = Quirky(twice_refused, keeps(one_label))
    server.user("ann", emails=HELD)
    outcome = run(server, users=[USER])
    assert not outcome.failures and outcome.changed
    (note,) = outcome.notes
    assert note.startswith("emails of user 'ann' has entries twice")
    assert "capabilities: {unsaved: [User.emails.type]}" in note


def test_e3_a_service_that_keeps_types_gets_one_write() -> None:
    server = Quirky()
    server.user("ann", emails=HELD)
    run(server, users=[USER])
    assert server["ann"]["emails"] == [*HELD, *USER["emails"]] and len(server.sent("PATCH")) == 1
