# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option tables: what Ansible is told of them, and what every option has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.identity.scim.plugins.module_utils._input.directory_options import (
    DIRECTORY_OPTIONS,
)
from ansible_collections.identity.scim.plugins.module_utils._input.info_options import info_options
from ansible_collections.identity.scim.plugins.module_utils._input.options import (
    Option,
    argument_spec,
    checked_spec,
    attribute_options,
)
from ansible_collections.identity.scim.plugins.module_utils._input.resource_options import (
    GROUP_OPTIONS,
    MEMBERSHIP_OPTIONS,
    USER_OPTIONS,
)
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER

TABLES = {
    "user": USER_OPTIONS,
    "group": GROUP_OPTIONS,
    "membership": MEMBERSHIP_OPTIONS,
    "directory": DIRECTORY_OPTIONS,
    "users": info_options(USER),
    "groups": info_options(GROUP),
}


def every(options: tuple[Option, ...]) -> Iterator[Option]:
    for one in options:
        yield one
        yield from every(one.options)


@pytest.mark.parametrize("options", TABLES.values(), ids=TABLES)
def test_every_option_is_documented_and_called_once(options: tuple[Option, ...]) -> None:
    for table in (options, *(one.options for one in every(options) if one.options)):
        names = [one.name for one in table]
        assert len(names) == len(set(names))
    for one in every(options):
        assert all(one.doc if isinstance(one.doc, tuple) else [one.doc]), one.name
        assert (one.elements is not None) == (one.type == "list"), one.name
        assert one.default is None or not one.choices or one.default in ([], *one.choices), one.name


def test_a_user_has_these_options() -> None:
    spec = argument_spec(USER_OPTIONS)
    assert {
        "id",
        "user_name",
        "external_id",
        "display_name",
        "active",
        "name",
        "nick_name",
        "title",
        "user_type",
        "profile_url",
        "preferred_language",
        "locale",
        "timezone",
        "emails",
        "phone_numbers",
        "ims",
        "photos",
        "entitlements",
        "roles",
        "x509_certificates",
        "addresses",
        "password",
        "update_password",
        "enterprise",
        "attributes",
        "secret_attributes",
        "create_only",
        "groups",
        "clear",
        "match_by",
        "previous_user_names",
        "multi_valued",
        "update_method",
        "state",
        "verify",
    } == set(spec)
    assert (
        spec["state"]["choices"] == ["present", "inactive", "absent"]
        and spec["state"]["default"] == "present"
    )
    assert set(spec["name"]["options"]) == {
        "formatted",
        "family_name",
        "given_name",
        "middle_name",
        "honorific_prefix",
        "honorific_suffix",
    }
    emails = next(one for one in USER_OPTIONS if one.name == "emails")
    entry = {"value", "type", "primary", "display"}
    assert {one.name for one in emails.options} == {*entry, "set", "add", "remove"}
    assert spec["emails"] == {"type": "raw"}
    assert set(spec["enterprise"]["options"]) == {
        "employee_number",
        "cost_center",
        "organization",
        "division",
        "department",
        "manager",
    }


def test_secrets_are_marked_both_ways() -> None:
    spec = argument_spec(USER_OPTIONS)
    assert spec["password"]["no_log"] is True and spec["secret_attributes"]["no_log"] is True
    assert spec["update_password"]["no_log"] is False


def test_nothing_is_managed_by_default() -> None:
    for name, one in argument_spec(attribute_options(USER)).items():
        assert "default" not in one, name


def test_set_excludes_add_and_remove() -> None:
    spec = argument_spec(GROUP_OPTIONS)["members"]
    pairs = {frozenset(pair) for pair in spec["mutually_exclusive"]}
    assert pairs == {frozenset(("set", "add")), frozenset(("set", "remove"))}


def test_an_offboarded_member_has_no_default_state() -> None:
    teams = argument_spec(DIRECTORY_OPTIONS)["teams"]["options"]
    assert "default" not in teams["members"]["options"]["state"]
    assert teams["name"]["required"] is True and teams["state"]["default"] == "onboarded"


def test_defaults_of_the_directory_are_the_careful_ones() -> None:
    spec = argument_spec(DIRECTORY_OPTIONS)
    assert {
        name: spec[name].get("default") for name in ("membership", "leavers", "verify", "return")
    } == {"membership": "exact", "leavers": "inactive", "verify": "removals", "return": "summary"}
    assert set(spec["thresholds"]["options"]) == {
        "max_removals",
        "users_removed",
        "groups_removed",
        "memberships_removed",
        "members_removed_per_group",
        "identities_changed",
        "users_created",
    }


def test_ansible_checks_no_row() -> None:
    """Rows are checked by the collection. The documentation shows their options all the same."""
    spec = checked_spec(DIRECTORY_OPTIONS)
    assert "options" in argument_spec(DIRECTORY_OPTIONS)["users"]
    assert spec["users"] == {"type": "list", "elements": "raw"}
    assert spec["teams"] == spec["groups"] == spec["users"] and "options" in spec["purge"]
