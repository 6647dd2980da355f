# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a service is waited for whose reads lag; reads nothing itself."""

from __future__ import annotations

from collections.abc import Iterator

from .service import Service

FIRST_WAIT = 0.25


def waits(most: float) -> Iterator[float]:
    """Yield the pauses between looks: longer each time, together ``most`` seconds."""
    wait = FIRST_WAIT
    while most > 0:
        pause = min(wait, most)
        yield pause
        most -= pause
        wait *= 2


def looks(service: Service) -> Iterator[bool]:
    """Yield at once and after each pause whether it is the last look.

    The pauses are ``consistency_wait`` together. Raise ScimError if the run is interrupted.
    """
    pauses = list(waits(service.consistency_wait))
    yield not pauses
    for number, pause in enumerate(pauses, start=1):
        service.pause(pause)
        yield number == len(pauses)


class Patience:
    """How long changes of one step wait together for what a service promised (202)."""

    def __init__(self, most: float) -> None:
        """Begin to wait: ``most`` seconds for all of them."""
        self._pauses = waits(most)

    def next_pause(self) -> float | None:
        """Return how long to wait before the next look, None if there is no time left."""
        return next(self._pauses, None)


def looks_at_promise(service: Service, patience: Patience) -> Iterator[bool]:
    """Yield at once and after each pause whether it is the last look at a promise.

    Raise ScimError if the run is interrupted.
    """
    pause = patience.next_pause()
    yield pause is None
    while pause is not None:
        service.pause(pause)
        pause = patience.next_pause()
        yield pause is None
