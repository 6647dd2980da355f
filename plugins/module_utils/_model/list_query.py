# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of a list, and how its rows may stay unread.

Knows no service and reads nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .layouts import Layouts


class ListQuery(dict[str, str]):
    """The parameters of a list whose rows may stay unread, and their layouts."""

    def __init__(self, parameters: Mapping[str, str], layouts: Layouts) -> None:
        super().__init__(parameters)
        self.layouts = layouts
