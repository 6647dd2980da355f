# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wire floor: requests sent by bare keep-alive connections that drop the answers.

No client is faster with the same number of connections and Python. Knows no SCIM.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from typing import Any

HEADERS = {"Authorization": "Bearer any", "Content-Type": "application/scim+json"}


def send(host: str, requests: list[Any], concurrency: int) -> int:
    """Send (method, target, body) over so many connections; return the worst status."""
    waiting = iter(requests)
    lock = threading.Lock()
    worst = [0]

    def work() -> None:
        wire = http.client.HTTPConnection(host, timeout=60)
        while True:
            with lock:
                one = next(waiting, None)
            if one is None:
                break
            method, target, body = one
            wire.request(method, target, body, HEADERS)
            answer = wire.getresponse()
            answer.read()
            worst[0] = max(worst[0], answer.status)
        wire.close()

    threads = [threading.Thread(target=work) for _turn in range(min(concurrency, len(requests)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return worst[0]


def main() -> None:
    """Do the job of a file: stages of requests, each begun when the one before is through."""
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    started, cpu = time.perf_counter(), time.process_time()
    worst = 0
    for stage in job["stages"]:
        worst = max(worst, send(job["host"], stage, job["concurrency"]))
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    print(json.dumps({"seconds": seconds, "cpu": cpu, "status": worst}))


if __name__ == "__main__":
    main()
