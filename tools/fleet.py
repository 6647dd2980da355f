"""Runs docs/awx/fleet.yml on twenty services under ansible-runner, as AWX does.

Runs in the environment of that tool. Prints one line for each run that passed. Knows hosts and
their changes, nothing of SCIM.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ansible_runner
import yaml
from ansible_collections.identity.scim.tests.rehearsal.imitations import imitation_named
from ansible_collections.identity.scim.tests.rehearsal.serve import serving

AWX = Path(__file__).resolve().parents[1] / "docs/awx"
SERVICES = 20
FORKS = 10


def inventory(addresses: Mapping[str, str]) -> dict[str, Any]:
    """Return the inventory of docs/awx with other services."""
    every = yaml.safe_load((AWX / "inventory.yml").read_text(encoding="utf-8"))["all"]
    fleet = every["children"]["scim_fleet"]
    hosts = {name: {"scim_server_url": url} for name, url in addresses.items()}
    return {"all": {**every, "children": {"scim_fleet": {**fleet, "hosts": hosts}}}}


def changed_hosts(folder: Path, tokens: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """Run the fleet once. Return the hosts that were changed, and those that failed."""
    file = folder / "tokens.yml"
    file.write_text(json.dumps(tokens), encoding="utf-8")
    found = ansible_runner.run(
        private_data_dir=str(folder),
        playbook=str(AWX / "fleet.yml"),
        inventory=str(folder / "services.yml"),
        envvars={"SCIM_TOKENS_FILE": str(file)},
        forks=FORKS,
        quiet=True,
    )
    stats = found.stats or {}
    failed = {*stats.get("failures", ()), *stats.get("dark", ())}
    if {*stats.get("ok", ()), *failed} != tokens.keys():
        sys.exit(f"not every service was run: {stats}\n{found.stdout.read()}")
    return set(stats["changed"]), failed


def main() -> int:
    os.environ.pop("PYTHONPATH", None)
    imitation = imitation_named("scim2-server")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scim-fleet-")))
        served = {
            f"branch{number:02}": stack.enter_context(
                serving(imitation, token=f"token-of-{number:02}")
            )
            for number in range(SERVICES)
        }
        tokens = {name: one.token for name, one in served.items()}
        text = json.dumps(inventory({name: one.url for name, one in served.items()}))
        (folder / "services.yml").write_text(text, encoding="utf-8")
        one = min(tokens)
        for what, given, changed, failed in (
            ("first run", tokens, {*tokens}, set()),
            ("second run, nothing to do", tokens, set(), set()),
            ("a wrong token of one service", {**tokens, one: "token-of-another"}, set(), {one}),
        ):
            began = time.monotonic()
            if (found := changed_hosts(folder, given)) != (changed, failed):
                sys.exit(f"{what}: changed {sorted(found[0])}, failed {sorted(found[1])}")
            print(f"passed: {what}, {len(given)} services, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
