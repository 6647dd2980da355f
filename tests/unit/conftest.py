# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of all unit tests.

Property tests are the same in every run, and no slow machine fails them. The files of tools/ can
be imported.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools"))

settings.register_profile(
    "ours",
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.load_profile("ours")


def pytest_configure(config: pytest.Config) -> None:
    """Run tests in the process of pytest, as without ansible-test.

    ansible-test runs each test in a fork, which takes longer than most tests.
    """
    forks = config.pluginmanager.get_plugin("ansible_forked")
    if forks is not None:
        config.pluginmanager.unregister(forks)
