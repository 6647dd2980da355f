# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks users up one by one with scim2-client, and creates those that are not there.

The script that its documentation leads to. It runs in an environment of its own, and knows
nothing of the collection.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import SearchRequest


def converge(client: Any, wanted: list[dict[str, Any]]) -> int:
    """Return how many users had to be created."""
    model = client.get_resource_model("User")
    created = 0
    for one in wanted:
        asked = SearchRequest(filter=f'userName eq "{one["userName"]}"')
        found = client.query(model, query_parameters=asked)
        if not found.resources:
            client.create(model(**one))
            created += 1
        elif found.resources[0].display_name != one["displayName"]:
            raise SystemExit("a user differs")
    return created


def main() -> None:
    """Do the job of a file, and print what it cost."""
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    headers = {"Authorization": "Bearer any"}
    with httpx2.Client(base_url=job["url"], headers=headers, trust_env=False) as http:
        client = SyncSCIMClient(http)
        client.discover()
        started, cpu = time.perf_counter(), time.process_time()
        created = converge(client, job["users"])
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    print(json.dumps({"seconds": seconds, "cpu": cpu, "created": created}))


if __name__ == "__main__":
    main()
