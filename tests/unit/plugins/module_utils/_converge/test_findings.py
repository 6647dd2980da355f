# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings become the capabilities that are not known yet."""

from __future__ import annotations

from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.plugins.module_utils._converge.findings import (
    OK,
    Finding,
    suggested,
)


def finding(**capabilities: Any) -> Finding:
    return Finding(about="x", status=OK, found="y", capabilities=capabilities)


def test_values_of_several_findings_join() -> None:
    findings = [
        finding(filters={"users": False}, unsaved=["User.title"]),
        finding(filters={"groups": False}, unsaved=["User.title", "User.nickName"], page_size=50),
    ]
    assert suggested(findings, overridden({})) == {
        "filters": {"users": False, "groups": False},
        "unsaved": ["User.title", "User.nickName"],
        "page_size": 50,
    }


def test_what_is_known_is_left_out() -> None:
    known = overridden({"filters": {"users": False}, "unsaved": ["User.title"], "page_size": 50})
    findings = [
        finding(filters={"users": False}, unsaved=["User.title", "User.nickName"], page_size=50)
    ]
    assert suggested(findings, known) == {"unsaved": ["User.nickName"]}
    known = overridden({"rewrite": {"User.title": "opaque"}})
    forms = {"User.title": "opaque", "User.displayName": "opaque"}
    assert suggested([finding(rewrite=forms)], known) == {"rewrite": {"User.displayName": "opaque"}}


def test_what_is_suggested_can_be_pasted() -> None:
    findings = [finding(patch={"users": False}, member_remove="list", filter_unknown="empty")]
    assert overridden(suggested(findings, overridden({}))).member_remove == "list"
