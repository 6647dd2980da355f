# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads for changes that are carried out at the same time; knows no change.

Only one thread at a time runs the code of a run. It lets the others go on while it waits for the
service. So nothing that threads share changes under their hands.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import TYPE_CHECKING, Generic, TypeVar, cast

if TYPE_CHECKING:
    from concurrent.futures import Executor

Result = TypeVar("Result")


class Baton:
    """What a thread holds while it runs the code of a run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder: int | None = None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the baton for the time of the ``with``."""
        self._take()
        try:
            yield
        finally:
            self._give()

    @contextlib.contextmanager
    def handed_on(self) -> Iterator[None]:
        """Let other threads hold the baton. A thread that does not hold it just goes on."""
        if self._holder != threading.get_ident():
            yield
            return
        self._give()
        try:
            yield
        finally:
            self._take()

    def _take(self) -> None:
        self._lock.acquire()
        self._holder = threading.get_ident()

    def _give(self) -> None:
        self._holder = None
        self._lock.release()


class Threads(Generic[Result]):
    """Work under way in threads, at most ``most`` pieces of it.

    The thread that makes this holds the baton. Threads are begun when a second piece is.
    """

    def __init__(self, baton: Baton, most: int) -> None:
        self.most = most
        self._baton = baton
        self._begun = 0
        self._under_way = 0
        self._executor: Executor | None = None
        # What came of each piece of work, by the order of its begin. One queue for all of them
        # wakes nobody in vain, unlike waiting for the first of many futures.
        self._results: queue.SimpleQueue[tuple[int, Result | None, BaseException | None]]
        self._results = queue.SimpleQueue()

    @property
    def is_idle(self) -> bool:
        """Return whether nothing is under way."""
        return not self._under_way

    def has_room(self, most: int) -> bool:
        """Return whether more may begin, if ``most`` pieces of work may be under way."""
        return self._under_way < min(self.most, most)

    def begin(self, work: Callable[[], Result]) -> None:
        """Begin a piece of work in a thread of its own."""
        from concurrent.futures import ThreadPoolExecutor

        if self._executor is None:
            self._executor = ThreadPoolExecutor(self.most, thread_name_prefix="scim")
        self._begun += 1
        self._under_way += 1
        self._executor.submit(self._held, work, self._begun)

    def _held(self, work: Callable[[], Result], number: int) -> None:
        result, failure = None, None
        try:
            with self._baton.held():
                result = work()
        except BaseException as error:  # pylint: disable=broad-exception-caught
            failure = error
        self._results.put((number, result, failure))

    def finished(self) -> list[Result]:
        """Wait until some work is finished. Return its results, in the order of its begin."""
        with self._baton.handed_on():
            found = [self._results.get()]
        while not self._results.empty():
            found.append(self._results.get())
        self._under_way -= len(found)
        return [_result_of(*one) for one in sorted(found, key=itemgetter(0))]

    def close(self) -> None:
        """Wait for what is under way, and end the threads."""
        if self._executor is not None:
            with self._baton.handed_on():
                self._executor.shutdown()


def _result_of(_number: int, result: Result | None, failure: BaseException | None) -> Result:
    """Return a result, or raise what was raised instead."""
    if failure is not None:
        raise failure
    return cast(Result, result)
