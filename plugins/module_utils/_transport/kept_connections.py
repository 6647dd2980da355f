# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that outlive a session, for the tasks of one process.

The tasks run one after another. Keeps nothing else: no token, no answer and no count.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# Services close a connection that was not used for some seconds. A request that meets that moment
# would be lost.
IDLE = 2.0
MOST = 8


@dataclass(kw_only=True, slots=True)
class _Kept:
    """An adapter, what it was made for, and when it was asked for last."""

    made_for: Any
    adapter: Any
    used: float


class KeptConnections:
    """Adapters by what they were made for: address, credentials and TLS.

    They belong to the process that made them: a fork starts with none. Not for several threads.
    ``clock`` is for tests.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._process = os.getpid()
        self._kept: list[_Kept] = []

    def adapter(self, made_for: Any, make: Callable[[], Any]) -> Any:
        """Return the adapter that was made for an equal value, or what ``make`` returns.

        Connections that were idle for long are closed first.
        """
        if self._process != os.getpid():
            # They are the parent's: closing them here would end its TLS sessions.
            self._process, self._kept = os.getpid(), []
        now = self._clock()
        for one in self._kept:
            if one.made_for == made_for:
                if now - one.used > IDLE:
                    one.adapter.close()
                one.used = now
                return one.adapter
        adapter = make()
        self._kept.append(_Kept(made_for=made_for, adapter=adapter, used=now))
        if len(self._kept) > MOST:
            self._kept.pop(0).adapter.close()
        return adapter
