# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that only the making of a connection refuses: each is one sentence, before any request."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.connect import connect
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError


def test_a_socks_proxy_without_its_library_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "socks", None)
    monkeypatch.delitem(sys.modules, "urllib3.contrib.socks", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "socks5h://127.0.0.1:9")
    options: dict[str, Any] = {
        "server_url": "https://scim.example.com/v2",
        "token": "t",
        "use_proxy": True,
    }
    with pytest.raises(
        ScimError, match="for a SOCKS proxy install PySocks; or set use_proxy: false"
    ):
        connect(options, user_agent="test/1", read_only=True)
