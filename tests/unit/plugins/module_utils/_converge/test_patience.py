# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""D5: how long a service is waited for whose reads lag."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.patience import (
    Patience,
    looks,
    looks_at_promise,
    waits,
)
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store


@pytest.mark.parametrize("most", [0, 0.1, 5, 60])
def test_pauses_grow_and_are_bounded_together(most: float) -> None:
    pauses = list(waits(most))
    assert sum(pauses) == pytest.approx(most) and len(pauses) < 12
    assert pauses[:-1] == sorted(pauses[:-1])


@pytest.mark.parametrize(("most", "count"), [(0.0, 1), (0.2, 2), (5.0, 6)])
def test_each_look_but_the_last_is_followed_by_a_pause(most: float, count: int) -> None:
    store = Store()
    service = Service(store, overridden({}))
    service.consistency_wait = most
    lasts = list(looks(service))
    assert lasts == [False] * (count - 1) + [True]
    assert store.waited == pytest.approx(most)


def test_an_interruption_ends_the_waiting() -> None:
    service = Service(Store(), overridden({}))
    service.consistency_wait = 5.0
    seen = looks(service)
    next(seen)
    service.interrupted = True
    with pytest.raises(ScimError, match="interrupted"):
        next(seen)


def test_l16_promises_are_waited_for_together() -> None:
    store = Store()
    service = Service(store, overridden({}))
    patience = Patience(5.0)
    first = looks_at_promise(service, patience)
    assert [next(first), next(first)] == [False, False]
    assert list(looks_at_promise(service, patience))[-1] is True
    assert list(looks_at_promise(service, patience)) == [True]
    assert store.waited <= 5.0
    assert list(looks_at_promise(service, Patience(0))) == [True]
