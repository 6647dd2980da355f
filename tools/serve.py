"""Knows how to leave a SCIM server running in the foreground.

``SERVICE`` names a service that is imitated; without it, it is the demo server. Knows nothing of
what is done with it.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import environment
import tree

IMITATION = "tests/rehearsal/serve.py"
DIRECTORY = environment.ROOT / "tests/integration/targets/setup_server/files/directory.py"


def interrupted(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def greeting(url: str, token: str) -> str:
    return f"""
A SCIM 2.0 server is running, empty and in memory.

  URL    {url}
  token  {token}

Paste this where you run Ansible:

  export SCIM_SERVER_URL={url}
  export SCIM_TOKEN={token}

PORT=… and SCIM_TOKEN=… choose others. Ctrl-C stops it.
"""


def rehearsal_greeting(service: str, ready: dict[str, str]) -> str:
    return f"""
An imitation of {ready["title"]} is running, empty and in memory.
It accepts, drops, refuses and limits what the documentation of the service says.

  URL              {ready["url"]}
  token            {ready["token"]}
  read-only token  {ready["reader"]}

Paste this where you run Ansible:

  export SCIM_SERVER_URL={ready["url"]}
  export SCIM_TOKEN={ready["token"]}
  export SCIM_SERVICE_PROVIDER={service}

PORT=… and SCIM_TOKEN=… choose others. RATE=5 refuses more than five requests in a second.
LIMITS=0 takes any number of requests. Ctrl-C stops it.
"""


def demo_command(env: environment.Environment, ready: Path, token: str) -> list[str]:
    """Return the command of the demo server."""
    port = os.environ.get("PORT") or "0"
    options = [f"--port={port}", f"--token={token}", f"--ready-file={ready}"]
    return [str(env.python), str(DIRECTORY), *options]


def imitation_command(
    env: environment.Environment, ready: Path, token: str, service: str
) -> list[str]:
    """Return the command of an imitation, in a copy that Python can import."""
    collection = tree.copy(ready.parent)
    options = [f"--service={service}", f"--rate={os.environ.get('RATE') or 0}"]
    if os.environ.get("LIMITS") != "0":
        options.append("--limits")
    demo = demo_command(env, ready, token)[2:]
    return [str(env.python), str(collection / IMITATION), *demo, *options]


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    token = os.environ.get("SCIM_TOKEN") or secrets.token_hex(16)
    service = os.environ.get("SERVICE", "").strip()
    process = None
    try:
        env = environment.for_line(*environment.newest())
        with tempfile.TemporaryDirectory(prefix="scim-serve-") as folder:
            ready = Path(folder) / "ready"
            command = demo_command(env, ready, token)
            if service:
                command = imitation_command(env, ready, token, service)
            variables = {**env.variables(), "PYTHONPATH": folder}
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=variables)
            while not ready.exists():
                if process.poll() is not None:
                    return process.returncode or 1
                time.sleep(0.05)
            found = environment.read_json(ready)
            text = greeting(found["url"], token)
            print(rehearsal_greeting(service, found) if service else text, flush=True)
            return process.wait()
    except environment.Missing as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nThe server is stopped.")
        return 0
    finally:
        if process:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
