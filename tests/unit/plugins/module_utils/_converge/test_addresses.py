# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which values of ``server_url`` are of one service."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.addresses import (
    is_address,
    same_service,
    shown_address,
)

ONE = "https://a.example.com/v2"


@pytest.mark.parametrize(
    "other",
    [ONE, f"{ONE}/", f" {ONE}", "HTTPS://A.Example.COM:443/v2//", "https://a.example.com./v2"],
)
def test_k1_one_address_in_other_words(other: str) -> None:
    assert same_service(ONE, other) and same_service(other, ONE)


@pytest.mark.parametrize(
    "other",
    [
        "http://a.example.com/v2",
        "https://a.example.com:8443/v2",
        "https://a.example.com/V2",
        "https://a.example.com",
        "https://b.example.com/v2",
        "https://u:p@a.example.com/v2",
        "nothing",
        "",
        None,
        3,
    ],
)
def test_k1_other_addresses(other: object) -> None:
    assert not same_service(ONE, other) and not same_service(other, ONE)
    assert not same_service(other, None)


def test_k1_an_address_is_shown_only_if_it_is_valid() -> None:
    assert shown_address(f"{ONE}/") == ONE and is_address(ONE)
    assert shown_address("https://u:canary@a.example.com") == "another address"
