# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two values of ``server_url`` are of one service.

Knows no option and no request. It imports little, because each task does so on the controller.
"""

from __future__ import annotations

from .._transport.text import clean
from .._transport.urls import base_url, compared


def is_address(value: object) -> bool:
    """Return whether requests can be sent to a ``server_url``."""
    return compared(value) is not None


def same_service(one: object, other: object) -> bool:
    """Return whether two values of ``server_url`` are of one service.

    One that is not valid is of none.
    """
    return is_address(one) and compared(one) == compared(other)


def shown_address(value: object) -> str:
    """Return a ``server_url`` for a sentence. One that is not valid may hold a secret."""
    return clean(base_url(value)) if is_address(value) else "another address"
