# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of a list are a dictionary, whether its rows may stay unread or not."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._model.layouts import Layouts
from ansible_collections.identity.scim.plugins.module_utils._model.list_query import ListQuery
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.unread_objects import (
    kinds,
)


def test_a_query_of_a_list_is_its_parameters() -> None:
    known = Layouts(kinds)
    query = ListQuery({"count": "5"}, known)
    assert query == {"count": "5"} and query.layouts is known
