"""Knows how to start the demo server and the recorder in the background and to stop them; knows nothing of what is sent to them."""

# launch.py start [--patch off] [--page-size N] …   prints one JSON object: url, direct_url, recorder_url, token, username, password, log, pids
# launch.py stop PID…                               ends them

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
COLLECTION = "/ansible_collections/identity/scim/"
DJANGO = {"django": "d2.py", "django_scim2": "dj.py"}


def start_one(
    script: str,
    args: list[str],
    folder: Path,
    program: str = sys.executable,
    wait: float = 30,
    **variables: str,
) -> dict[str, Any]:
    """Start one script in a session of its own and wait for its ready file."""
    name = Path(script).name
    ready, output = folder / f"{name}.ready", folder / f"{name}.output"
    with output.open("wb") as sink:
        process = subprocess.Popen(  # pylint: disable=consider-using-with
            [program, str(HERE / script), "--ready-file", str(ready), *args],
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=folder,
        )
    end = time.monotonic() + wait
    try:
        while not ready.exists():
            if process.poll() is not None or time.monotonic() > end:
                sys.exit(
                    f"{script} did not start:\n{output.read_text(encoding='utf-8', errors='replace')}"
                )
            time.sleep(0.02)
    except BaseException:
        process.kill()
        raise
    result: dict[str, Any] = json.loads(ready.read_text(encoding="utf-8"))
    return result


def start_server(args: argparse.Namespace, options: list[str], folder: Path) -> dict[str, Any]:
    """The server of the wanted kind.

    What the others cannot be told is told to scim2-server only.
    """
    if args.kind == "scimmy":
        return start_one(
            "scimmy/server.cjs", options, folder, args.program, NODE_PATH=args.node_modules
        )
    if args.kind == "imitation":
        # ansible-test runs a copy of the targets below the collection.
        root = str(HERE).partition(COLLECTION)[0]
        script = f"{root}{COLLECTION}tests/rehearsal/serve.py"
        command = [f"--service={args.service}", f"--token={args.token}"]
        return start_one(script, command, folder, PYTHONPATH=root)
    if args.kind == "better_auth":
        # A module of Node.js looks up packages beside itself only.
        shutil.copy(HERE / "better_auth/server.mjs", folder)
        (folder / "node_modules").symlink_to(args.node_modules)
        return start_one(str(folder / "server.mjs"), options, folder, args.program)
    if args.kind in DJANGO:
        return start_one(DJANGO[args.kind], options, folder, args.program)
    options += [f"--basic={args.username}:{args.password}"]
    options += ["--no-patch"] if args.patch == "off" else []
    options += ["--no-bulk"] if args.bulk == "off" else []
    options += ["--page-size", str(args.page_size)] if args.page_size else []
    options += ["--cursor", str(args.cursor)] if args.cursor else []
    options += ["--cursor-seconds", str(args.cursor_seconds)] if args.cursor_seconds else []
    return start_one("directory.py", options, folder)


def start(args: argparse.Namespace) -> dict[str, Any]:
    folder = Path(args.folder or tempfile.mkdtemp(prefix="scim-server-"))
    folder.mkdir(parents=True, exist_ok=True)
    life = ["--seconds", str(args.seconds)]
    result: dict[str, Any] = {
        "token": args.token,
        "username": args.username,
        "password": args.password,
        "imitation": {},
        "pids": [],
    }
    try:
        if args.upstream:
            result["direct_url"] = args.upstream.rstrip("/")
        else:
            server = start_server(args, [f"--token={args.token}", *life], folder)
            result["direct_url"] = server["url"]
            result["imitation"] = {
                name: server[name] for name in ("held", "reader", "user") if name in server
            }
            result["pids"].append(int(server["pid"]))
        log = folder / "requests.ndjson"
        options = [
            "--upstream",
            result["direct_url"],
            "--log",
            str(log),
            *life,
            *(["--bodies"] if args.bodies == "on" else []),
        ]
        recorder = start_one("recorder.py", options, folder)
        result.update(
            url=recorder["url"], recorder_url=recorder["control"], log=str(log), folder=str(folder)
        )
        result["pids"].append(recorder["pid"])
    except BaseException:
        stop(result["pids"])
        raise
    return result


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def stop(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGTERM)
        except OSError:
            pass
    end = time.monotonic() + 0.3  # a process that ended can stay visible until it is reaped
    while any(alive(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(0.02)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    starting = commands.add_parser("start")
    starting.add_argument("--folder", help="for logs and ready files; default: a new temporary one")
    starting.add_argument(
        "--upstream", metavar="URL", help="record this server instead of starting one"
    )
    starting.add_argument(
        "--kind", choices=("scim2", "scimmy", "better_auth", "imitation", *DJANGO), default="scim2"
    )
    starting.add_argument("--service", help="the name of the service that is imitated")
    starting.add_argument(
        "--program",
        help="the Node.js of scimmy and better_auth, or the Python that the Django server is installed for",
    )
    starting.add_argument(
        "--node-modules", metavar="FOLDER", help="where the packages of Node.js are"
    )
    starting.add_argument("--token", default=secrets.token_urlsafe(24))
    starting.add_argument("--username", default="scim-admin")
    starting.add_argument("--password", default=secrets.token_urlsafe(24))
    starting.add_argument("--patch", choices=("on", "off"), default="on")
    starting.add_argument("--bulk", choices=("on", "off"), default="on")
    starting.add_argument(
        "--bodies", choices=("on", "off"), default="off", help="record request bodies"
    )
    starting.add_argument("--page-size", type=int, default=0)
    starting.add_argument("--cursor", type=int, default=0)
    starting.add_argument("--cursor-seconds", type=int, default=0)
    starting.add_argument(
        "--seconds", type=float, default=900, help="end after so many seconds, whatever happens"
    )
    stopping = commands.add_parser("stop")
    stopping.add_argument("pids", nargs="+", type=int)
    return parser.parse_args()


def main() -> None:
    args = arguments()
    if args.command == "stop":
        stop(args.pids)
    else:
        print(json.dumps(start(args)))


if __name__ == "__main__":
    main()
