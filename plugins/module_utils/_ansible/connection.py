# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options, one table for modules and documentation; knows what they are called, not what is done with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.options import Option, argument_spec

CONNECTION = (
    Option(name="server_url", env="SCIM_SERVER_URL", doc=(
        "The base URL of the SCIM service, with or without a slash at its end, for example V(https://scim.example.com/v2).",
        "It has no user info, query or fragment. Required here or in the environment.")),
    Option(name="token", env="SCIM_TOKEN", secret=True, doc=(
        "The bearer token (RFC 6750). State either this or O(auth_username) and O(auth_password).",
        "White space around it and a pasted C(Bearer) in front of it are trimmed with a warning.",
        "A way to authenticate that is stated in the task silences those that come from the environment.")),
    Option(name="auth_username", env="SCIM_USERNAME", doc="The user name for HTTP Basic authentication."),
    Option(name="auth_password", env="SCIM_PASSWORD", secret=True, doc="The password for HTTP Basic authentication."),
    Option(name="validate_certs", type="bool", default=True, doc="Whether the service's TLS certificate is checked."),
    Option(name="ca_path", type="path", doc=(
        "A file of certificates (PEM) or a folder of hashed ones to check the service's certificate against.",
        "It wins over E(REQUESTS_CA_BUNDLE).")),
    Option(name="allow_http", type="bool", default=False, doc=(
        "Whether credentials may be sent over plain C(http://) to another machine. To the loopback addresses they always may.")),
    Option(name="use_proxy", type="bool", default=True, doc="Whether the usual proxy variables of the environment are honoured."),
    Option(name="timeout", type="float", default=30, doc="Seconds that one whole request may take, its answer included."),
    Option(name="retries", type="int", default=5, doc=(
        "How often a request is sent again after 429, a temporary 5xx or a broken connection.",
        "A write whose answer was lost is never simply sent again: the service is read first.")),
    Option(name="retry_max_wait", type="float", default=120, doc=(
        "The longest time in seconds that one request waits between its tries, all waits together.",
        "A service that asks for more ends the task with an error that says so.")),
    Option(name="capabilities", type="dict", default={}, doc=(
        "What is known of the service, overriding what is assumed or learnt, for example V({patch: false, members_per_patch: 100}).",
        "The capabilities are listed in the documentation of the collection. An unknown one is an error.")),
)
WAYS = (("token",), ("auth_username", "auth_password"))


def connection_spec() -> dict[str, dict[str, Any]]:
    """The connection options as ``argument_spec``. The environment is read by ``stated``, not by Ansible."""
    return argument_spec(CONNECTION)


def stated(params: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """The connection options of a task, completed from the environment.

    ``params`` as AnsibleModule gives them; null is not stated. A way to authenticate of which the task states any part
    silences the ways of the environment (INTERFACE: one way to authenticate). An empty variable is not stated.
    """
    options = {option.name: params.get(option.name) for option in CONNECTION}
    authentication = {name for way in WAYS for name in way}
    silenced = authentication if any(options[name] is not None for name in authentication) else set()
    for option in CONNECTION:
        if options[option.name] is None and option.env and option.name not in silenced:
            options[option.name] = environment.get(option.env) or None
    return options
