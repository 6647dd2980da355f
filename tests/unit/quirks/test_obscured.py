# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that show other values of inactive users than they hold (GitHub)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.rehearsal import Refusal, Rehearsal
from ansible_collections.identity.scim.tests.rehearsal.rosters import mails
from ansible_collections.identity.scim.tests.rehearsal.serve import serving

OLD = [{"value": "ann@example.com", "type": "work", "primary": True}]
NEW = [{"value": "ann@example.org", "type": "work", "primary": True}]
HOME = [{"value": "ann@home.example", "type": "home"}]


@pytest.fixture
def github() -> Iterator[Rehearsal]:
    with serving(IMITATIONS["github"]) as served:
        yield Rehearsal(served, "github")


def user(it: Rehearsal, **options: Any) -> dict[str, Any]:
    return it.step("scim_user", user_name="ann", external_id="1", **options).result


def test_mails_of_an_inactive_user_are_not_sent(github: Rehearsal) -> None:
    user(github, emails=OLD, active=True)
    user(github, state="inactive")
    said = user(github, emails=NEW, active=False)
    assert said["changed"] is False and said["not_saved"] == ["emails"]
    assert github.mail("ann") == "ann@example.com"


def test_new_mails_are_sent_when_the_user_is_active_again(github: Rehearsal) -> None:
    user(github, emails=OLD, active=True)
    user(github, state="inactive")
    said = user(github, emails=NEW, active=True)
    assert said["changed"] is True and not said["not_saved"]
    assert github.mail("ann") == "ann@example.org"


def test_obscured_mails_are_never_written(github: Rehearsal) -> None:
    user(github, emails=OLD, active=True)
    user(github, state="inactive")
    options = {"user_name": "ann", "external_id": "1", "emails": HOME, "active": True}
    first = github.task("scim_user", **options)
    assert first.changed and first.result["not_saved"] == ["emails"]
    assert (github.user("ann") or {})["emails"] == OLD
    user(github, emails=HOME, active=True)
    assert (github.user("ann") or {})["emails"] == [*OLD, *HOME]


def test_new_user_that_is_inactive_does_not_show_its_mails(github: Rehearsal) -> None:
    said = user(github, emails=OLD, active=False)
    assert said["changed"] is True and said["not_saved"] == ["emails"]
    assert github.mail("ann") == "ann@example.com"


def test_deactivation_alone_says_nothing_of_mails(github: Rehearsal) -> None:
    user(github, emails=OLD, active=True)
    said = user(github, emails=OLD, state="inactive")
    assert said["changed"] is True


def test_replacing_a_user_whose_mails_are_not_shown_is_refused(github: Rehearsal) -> None:
    user(github, emails=OLD, active=True)
    user(github, state="inactive")
    with pytest.raises(Refusal, match="does not show emails of an inactive user"):
        user(github, title="Boss", update_method="put")
    user(github, emails=NEW, active=True, update_method="put")
    assert github.mail("ann") == "ann@example.org"


def test_replacing_a_user_keeps_the_name_that_was_set(github: Rehearsal) -> None:
    user(github, emails=OLD, active=True)
    user(github, title="Boss", update_method="put")
    assert (github.user("ann") or {})["title"] == "Boss"


def test_a_user_who_comes_back_changes_no_identity(github: Rehearsal) -> None:
    team: dict[str, Any] = {"name": "Sales", "members": []}
    people = [{"user_name": name, "emails": mails(name)} for name in ("ann", "bob", "cid")]
    github.step("scim_directory", teams=[{**team, "members": people}])
    github.step("scim_directory", teams=[{**team, "members": people[1:]}])
    assert not github.is_active("ann")
    github.step("scim_directory", teams=[{**team, "members": people}])
    assert github.is_active("ann") and github.mail("ann") == "ann@example.com"
