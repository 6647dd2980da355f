# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Raw attributes are one path in any spelling, and never one that has an option."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.identity.scim.plugins.module_utils._model.schema import ENTERPRISE_URN
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._input.wrong import (
    CORE,
    URN,
    user_errors,
)


@pytest.mark.parametrize(
    "params, said",
    [
        (
            {"attributes": {"userName": "x"}},
            "attributes names userName, which has an option of its own: user_name",
        ),
        (
            {"attributes": {"USERNAME": "x"}},
            "attributes names USERNAME, which has an option of its own: user_name",
        ),
        (
            {"attributes": {"emails": []}},
            "attributes names emails, which has an option of its own: emails",
        ),
        (
            {"attributes": {ENTERPRISE_URN: {"department": "x"}}},
            f"attributes names {ENTERPRISE_URN}:department, which has an option of its own: enterprise.department",
        ),
        ({"attributes": {ENTERPRISE_URN.lower(): {"Manager": {"value": "1"}}}}, None),
        (
            {"attributes": {"password": "hunter2"}},
            "attributes names password, which is secret; set it as password or in secret_attributes",
        ),
        (
            {"attributes": {"PassWord": "hunter2"}},
            "attributes names PassWord, which is secret; set it as password or in secret_attributes",
        ),
        (
            {"attributes": {URN: {"password": "hunter2"}}},
            f"attributes names {URN}:password, which is secret; set it in secret_attributes",
        ),
        ({"attributes": {"id": "1"}}, "attributes names id, which is read-only here"),
        ({"attributes": {"Meta": {}}}, "attributes names Meta, which is read-only here"),
        (
            {"attributes": {"groups": []}},
            "attributes names groups, which is read-only here; use the option groups",
        ),
        ({"attributes": {"schemas": []}}, "attributes names schemas, which is read-only here"),
        (
            {"secret_attributes": {"userName": "x"}},
            "secret_attributes names userName, which has an option of its own: user_name",
        ),
        (
            {"attributes": {URN: {"pin": 1}}, "secret_attributes": {URN: {"pin": 2}}},
            f"secret_attributes names {URN}:pin, which attributes names too",
        ),
        (
            {"attributes": {CORE: {"title": "x"}}},
            f"attributes names {CORE}:title, which has an option of its own: title",
        ),
        (
            {"attributes": {CORE.lower(): {"TITLE": "x"}}},
            f"attributes names {CORE.lower()}:TITLE, which has an option of its own: title",
        ),
        (
            {"attributes": {f"{CORE}:title": "x"}},
            f"attributes names {CORE}:title, which has an option of its own: title",
        ),
        (
            {"attributes": {f"{ENTERPRISE_URN}:manager": {"value": "1"}}},
            f"attributes names {ENTERPRISE_URN}:manager, which has an option of its own: enterprise.manager",
        ),
        (
            {"attributes": {"name.givenName": "x"}},
            "attributes names name.givenName, which has an option of its own: name.given_name",
        ),
        (
            {"attributes": {"emails.value": "x"}},
            "attributes names emails.value, which has an option of its own: emails",
        ),
        (
            {"attributes": {f"{CORE}:name.GIVENNAME": "x"}},
            f"attributes names {CORE}:name.GIVENNAME, which has an option of its own: name.given_name",
        ),
        (
            {"attributes": {CORE: {"password": "hunter2"}}},
            f"attributes names {CORE}:password, which is secret; set it as password or in secret_attributes",
        ),
        (
            {"attributes": {f"{CORE}:Password": "hunter2"}},
            f"attributes names {CORE}:Password, which is secret; set it as password or in secret_attributes",
        ),
        (
            {"attributes": {"vpn": {"password": "hunter2"}}},
            "attributes names vpn, which is secret; set it in secret_attributes",
        ),
        (
            {"attributes": {"vpn.password": "hunter2"}},
            "attributes names vpn.password, which is secret; set it in secret_attributes",
        ),
        (
            {"attributes": {URN: {"vpn": [{"password": "hunter2"}]}}},
            f"attributes names {URN}:vpn, which is secret; set it in secret_attributes",
        ),
        (
            {"attributes": {CORE: {"groups": []}}},
            f"attributes names {CORE}:groups, which is read-only here; use the option groups",
        ),
        (
            {"attributes": {f"{CORE}:id": "1"}},
            f"attributes names {CORE}:id, which is read-only here",
        ),
        (
            {"secret_attributes": {CORE: {"title": "x"}}},
            f"secret_attributes names {CORE}:title, which has an option of its own: title",
        ),
        (
            {"password": "hunter2", "secret_attributes": {"password": "hunter3"}},
            "secret_attributes names password, which is set too",
        ),
        (
            {"attributes": {"COSTCODE": 1, "costCode": 2}},
            "attributes names costCode, which it names twice",
        ),
        (
            {"attributes": {"costCode": 1, f"{CORE}:costCode": 2}},
            "attributes names costCode, which it names twice",
        ),
        (
            {"attributes": {"badge": {"a": 1}, "badge.A": 2}},
            "attributes names badge.A, which it names twice",
        ),
        (
            {"attributes": {"badge": "x", "badge.a": 2}},
            "attributes names badge.a, which it names twice",
        ),
        (
            {"attributes": {URN: {"pin": 1}, f"{URN.upper()}:pin": 2}},
            f"attributes names {URN.upper()}:pin, which it names twice",
        ),
    ],
)
def test_b20_raw_attributes(params: dict[str, Any], said: str | None) -> None:
    found = user_errors(**params)
    assert len(found) == 1 and (said is None or found == [said])
    assert "hunter2" not in str(found)
