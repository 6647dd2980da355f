# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What capabilities mean: each question for each value that it depends on."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._provider import abilities
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    Capabilities,
    Rank,
    overridden,
)


@pytest.mark.parametrize(
    "reads, shows, unasked, lists",
    [
        ("ask", True, False, True),
        ("inline", True, True, False),
        ("get", True, False, False),
        ("none", False, False, False),
    ],
)
def test_members_read_decides_where_members_are_shown(
    reads: str, shows: bool, unasked: bool, lists: bool
) -> None:
    known = overridden({"members_read": reads})
    assert abilities.shows_members(known) is shows
    assert abilities.shows_members_unasked(known) is unasked
    assert abilities.lists_members(known) is lists


@pytest.mark.parametrize(
    "method, patch, puts",
    [
        ("auto", True, False),
        ("auto", False, True),
        ("put", True, True),
        ("put", False, True),
        ("patch", True, False),
        ("patch", False, False),
    ],
)
def test_put_is_used_if_it_is_asked_for_or_nothing_else_is_there(
    method: str, patch: bool, puts: bool
) -> None:
    assert abilities.puts(method, overridden({"patch": patch}), "User") is puts


@pytest.mark.parametrize(
    "does, deletes", [("gone", True), ("inactive", False), ("suspended", False), ("blocked", False)]
)
def test_delete_that_may_only_deactivate_is_no_deletion(does: str, deletes: bool) -> None:
    assert abilities.deletes_users(overridden({"delete_user": does})) is deletes


@pytest.mark.parametrize("case, ignored", [("ignored", True), ("exact", False)])
def test_filter_that_minds_the_case_proves_nothing(case: str, ignored: bool) -> None:
    assert abilities.filters_ignore_case(overridden({"filter_case": case})) is ignored


@pytest.mark.parametrize("filters", [True, False])
def test_filters(filters: bool) -> None:
    assert abilities.takes_filters(overridden({"filters": filters}), "User") is filters


def test_several_entries_of_an_attribute_that_keeps_one() -> None:
    known = overridden({"single": ["emails", "photos"]})
    several: list[dict[str, Any]] = [{"value": "a"}, {"value": "b"}]
    attributes = {"emails": several, "photos": several[:1], "ims": several}
    assert abilities.kept_as_one(known, "User") == ("emails", "photos")
    assert abilities.beyond_one(attributes, known, "User") == ("emails",)
    assert not abilities.beyond_one(attributes, Capabilities(), "User")


def test_fixed_paths_are_stored_at_creation_only() -> None:
    known = overridden({"unsaved": ["nickName"], "fixed": ["externalId"]})
    assert abilities.not_stored(known, "User", at_creation=True) == {"nickName"}
    assert abilities.not_stored(known, "User", at_creation=False) == {"nickName", "externalId"}


def test_l9_paths_of_capabilities_are_spelt_as_the_schema_does() -> None:
    urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    listed = ["user.NICKNAME", urn.upper(), f"{urn}:Department", "Emails.Type", "badgeColor"]
    known = overridden({"unsaved": listed})
    assert abilities.not_stored(known, "User", at_creation=True) == {
        "nickName",
        urn,
        f"{urn}:department",
        "emails.type",
        "badgeColor",
    }


def test_e1_unsaved_paths_are_told_if_there_are_new_ones() -> None:
    known = overridden({"unsaved": ["title"]})
    later = known.learn("an answer", kind="User", unsaved=("nickName",))
    assert abilities.unsaved_since(known, later) == ("title", "User.nickName")
    assert abilities.unsaved_since(known, known) == ()


def test_l12_versions_are_demanded_if_a_refusal_said_so() -> None:
    known = overridden({"etag": {"groups": True}})
    assert abilities.sends_versions(known, "Group") and not abilities.sends_versions(known, "User")
    assert not abilities.demands_versions(known, "Group")
    learnt = known.learn("answer to DELETE /Users: 428", kind="User", etag=True)
    assert abilities.demands_versions(learnt, "User")


def test_l12_a_put_is_meant_for_a_version_as_long_as_nothing_is_known() -> None:
    assert abilities.sends_versions(Capabilities(), "User", "PUT")
    assert not abilities.sends_versions(Capabilities(), "User", "PATCH")
    denied = Capabilities().learn("ServiceProviderConfig", rank=Rank.ANNOUNCED, etag=False)
    assert not abilities.sends_versions(denied, "User", "PUT")


@pytest.mark.parametrize(
    "values, may",
    [
        ({}, True),
        ({"media_type": "application/json"}, False),
        ({"media_type": "application/scim+json"}, False),
    ],
)
def test_e12_json_is_tried_unless_an_option_sets_the_media_type(
    values: dict[str, Any], may: bool
) -> None:
    assert abilities.may_be_json(overridden(values)) is may
