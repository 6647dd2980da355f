# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A ServiceProviderConfig is read part by part, and no part is a reason to fail."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    FIELDS,
    Capabilities,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.discovery import announced


INTEROP = {"put": False, "filter_clauses": 1, "page_size": 100}


@pytest.mark.parametrize(
    "config, found",
    [
        ({"patch": {"supported": False}}, {"patch": False}),
        ({"patch": {"supported": "false"}, "filter": {"supported": True}}, {"filters": True}),
        ({"filter": {"maxResults": 200}}, {"page_size": 200}),
        ({"filter": {"maxResults": 5000}}, {"page_size": 1000}),
        ({"filter": {"maxResults": 0}, "pagination": {"maxPageSize": 50}}, {"page_size": 50}),
        ({"filter": {"maxResults": 20}, "pagination": {"maxPageSize": 50}}, {"page_size": 20}),
        ({"filter": {"maxResults": 80}, "pagination": {"maxPageSize": 50}}, {"page_size": 50}),
        ({"filter": {"maxResults": True}, "pagination": {"maxPageSize": "9"}}, {}),
        ({"pagination": {"cursor": True, "index": False}}, {"paging": "cursor"}),
        ({"pagination": {"cursor": True, "index": True}}, {"paging": "cursor"}),
        ({"pagination": {"cursor": True}}, {"paging": "cursor"}),
        (
            {"pagination": {"cursor": True, "index": True, "defaultPaginationMethod": "index"}},
            {"paging": "cursor"},
        ),
        ({"pagination": {"cursor": False, "index": True}}, {}),
        ({"pagination": {"index": True, "defaultPaginationMethod": "index"}}, {}),
        ({"pagination": {"cursor": "true", "index": False}}, {}),
        (
            {"pagination": {"cursor": True, "defaultPaginationMethod": "cursor"}},
            {"paging": "cursor"},
        ),
        ({"pagination": {"defaultPaginationMethod": "cursor"}}, {}),
        ({"interopProfileConformant": True}, INTEROP),
        ({"INTEROPprofileConformant": True}, INTEROP),
        ({"interopProfileConformant": "true"}, {}),
        ({"interopProfileConformant": False}, {}),
        (
            {"interopProfileConformant": True, "filter": {"maxResults": 50, "supported": True}},
            {**INTEROP, "filters": True, "page_size": 50},
        ),
        (
            {"interopProfileConformant": True, "filter": {"maxResults": 400}},
            {**INTEROP, "page_size": 400},
        ),
    ],
)
def test_usable_parts_of_a_configuration_are_announced(config: Any, found: dict[str, Any]) -> None:
    assert announced(config) == found


documents = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(
                ("patch", "filter", "pagination", "supported", "maxResults", "cursor", "index")
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)


@given(documents)
def test_any_document_is_read_without_failure(config: Any) -> None:
    found = announced(config)
    assert set(found) <= set(FIELDS)
    assert Capabilities().learn("ServiceProviderConfig", **found).page_size >= 1
