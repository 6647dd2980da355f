# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make serve`` prints what to paste, and an unknown service is one sentence."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import serve

from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = ROOT / serve.IMITATION
# The folder in which ansible_collections is, as for every run of the unit tests.
VARIABLES = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT.parents[2]), *sys.path])}


def started(service: str, ready: Path) -> subprocess.Popen[str]:
    command = [sys.executable, str(PROGRAM), f"--service={service}", f"--ready-file={ready}"]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=VARIABLES)


def test_greeting_has_three_lines_to_paste_and_the_read_only_token() -> None:
    ready = {"url": "http://127.0.0.1:1/v2", "token": "t-1", "reader": "r-1", "title": "AWS"}
    text = serve.rehearsal_greeting("aws", ready)
    lines = [line.strip() for line in text.splitlines() if "export" in line]
    assert lines == [
        "export SCIM_SERVER_URL=http://127.0.0.1:1/v2",
        "export SCIM_TOKEN=t-1",
        "export SCIM_SERVICE_PROVIDER=aws",
    ]
    assert "read-only token  r-1" in text


def test_imitation_runs_until_a_signal_comes(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    process = started("aws", ready)
    try:
        for _turn in range(400):
            if ready.exists() or process.poll() is not None:
                break
            time.sleep(0.05)
        found: dict[str, Any] = json.loads(ready.read_text(encoding="utf-8"))
        assert found["url"].startswith("http://127.0.0.1:")
        assert found["url"].endswith(IMITATIONS["aws"].base)
        assert found["token"] != found["reader"]
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_unknown_service_is_one_sentence(tmp_path: Path) -> None:
    process = started("awss", tmp_path / "ready")
    _output, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert said.startswith("there is no imitation of 'awss'; did you mean 'aws'?")
    assert len(said.splitlines()) == 1
