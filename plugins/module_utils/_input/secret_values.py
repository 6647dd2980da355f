# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which values of a task are secret.

Knows the option table, not how a secret is masked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .options import Option


def secret_values(options: Iterable[Option], params: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the value of every secret option, nested options included; of any shape."""
    for option in options:
        value = params.get(option.name)
        if value is None:
            continue
        if option.secret:
            yield value
        elif option.options:
            rows = value if isinstance(value, list) else [value]
            for row in rows:
                if isinstance(row, Mapping):
                    yield from secret_values(option.options, row)
