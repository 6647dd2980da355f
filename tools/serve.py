"""Knows how to leave the demo server running in the foreground.

Knows nothing of what is done with it.
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


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    token = os.environ.get("SCIM_TOKEN") or secrets.token_hex(16)
    process = None
    try:
        env = environment.for_line(*environment.newest())
        with tempfile.TemporaryDirectory(prefix="scim-serve-") as folder:
            ready = Path(folder) / "ready"
            command = [
                str(env.python),
                str(DIRECTORY),
                f"--port={os.environ.get('PORT') or 0}",
                f"--token={token}",
                f"--ready-file={ready}",
            ]
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=env.variables())
            while not ready.exists():
                if process.poll() is not None:
                    return process.returncode or 1
                time.sleep(0.05)
            url = environment.read_json(ready)["url"]
            print(greeting(url, token), flush=True)
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
