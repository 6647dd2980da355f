# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options, one table for modules and documentation; knows what they are called, not what is done with them."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any

from .._model.options import Option, argument_spec

CONNECTION = (
    Option(name="server_url", env="SCIM_SERVER_URL", doc=(
        "The base URL of the SCIM service, with or without a slash at its end, for example V(https://scim.example.com/v2).",
        "It has no user info, query or fragment. Required here, as host variable or in the environment.",
        "Whatever of the options of the connection neither the task nor its C(module_defaults) states is taken from the host variable "
        "of the same name with C(scim_) in front, for example C(scim_server_url). Null is not stated.")),
    Option(name="token", env="SCIM_TOKEN", secret=True, doc=(
        "The bearer token (RFC 6750). State one way to authenticate: this, or O(auth_username) and O(auth_password), or "
        "O(oauth_token_url), O(oauth_client_id) and O(oauth_client_secret), or only O(client_cert) or O(secret_headers).",
        "White space around it and a pasted C(Bearer) in front of it are trimmed with a warning.",
        "Credentials come from one place, the first that states any: the task with its C(module_defaults), the host variables, the environment. "
        "So a way to authenticate that is stated in the task silences those of variables and environment.")),
    Option(name="auth_username", env="SCIM_USERNAME", doc="The user name for HTTP Basic authentication."),
    Option(name="auth_password", env="SCIM_PASSWORD", secret=True, doc="The password for HTTP Basic authentication."),
    Option(name="oauth_token_url", env="SCIM_OAUTH_TOKEN_URL", secret=False, doc=(
        "Where access tokens are asked for by OAuth 2.0 client credentials (RFC 6749 section 4.4).",
        "One is asked for before the first request, and once more when it expires or the service answers 401.",
        "The client secret is sent there and nowhere else, the access token to the service and nowhere else.")),
    Option(name="oauth_client_id", env="SCIM_OAUTH_CLIENT_ID", doc="The client id to ask for access tokens with."),
    Option(name="oauth_client_secret", env="SCIM_OAUTH_CLIENT_SECRET", secret=True, doc=(
        "The client secret to ask for access tokens with.",
        "It is sent as HTTP Basic authentication, and in the body where the token endpoint does not know the client that way.")),
    Option(name="oauth_scopes", env="SCIM_OAUTH_SCOPES", type="list", elements="str", doc=(
        "The scopes to ask for, as a list or as one string with spaces between them. By default the token endpoint decides.")),
    Option(name="validate_certs", type="bool", default=True, doc="Whether the TLS certificate of the service is checked, and of O(oauth_token_url)."),
    Option(name="ca_path", type="path", doc=(
        "A file of certificates (PEM) or a folder of hashed ones to check the service's certificate against.",
        "It wins over E(REQUESTS_CA_BUNDLE).")),
    Option(name="client_cert", type="path", doc=(
        "A file (PEM) with the certificate to show to the service, and its chain: mutual TLS.",
        "It is a way to authenticate by itself, or goes with another. It is shown to O(oauth_token_url) too if that asks for one.")),
    Option(name="client_key", type="path", secret=False, doc=(
        "A file (PEM) with the private key of O(client_cert), if it is not in that file.")),
    Option(name="client_key_password", secret=True, doc=(
        "The password of an encrypted private key. Without it, an encrypted key is an error; it is never asked for.")),
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
    Option(name="headers", type="dict", default={}, doc=(
        "Further headers to send with every request to the service, for example V({X-Tenant: scranton}). They may be shown.",
        "They are sent to the service only, not to O(oauth_token_url).")),
    Option(name="secret_headers", type="dict", default={}, secret=True, doc=(
        "Further headers like O(headers) whose values are secret, for example an API key.",
        "Their values are masked wherever they occur, so that a short or common one makes results unreadable.",
        "They are a way to authenticate by themselves, or go with another.")),
    Option(name="capabilities", type="dict", default={}, doc=(
        "What is known of the service, overriding what is assumed or learnt, for example V({patch: false, members_per_patch: 100}).",
        "The capabilities are listed in the documentation of the collection. An unknown one is an error.")),
)
# Credentials of different levels are never mixed: what one level states silences the next. To be in step with _transport/credentials.py.
CREDENTIALS = ("token", "auth_username", "auth_password", "oauth_token_url", "oauth_client_id", "oauth_client_secret", "oauth_scopes",
               "client_cert", "client_key", "client_key_password", "secret_headers")
VARIABLE_PREFIX = "scim_"


def connection_spec() -> dict[str, dict[str, Any]]:
    """The connection options as ``argument_spec``. The environment is read by ``stated``, not by Ansible."""
    return argument_spec(CONNECTION)


def open_options(params: Mapping[str, Any]) -> tuple[Option, ...]:
    """The options that the next level may fill, where ``params`` is what the levels before it state.

    Null is not stated, nor is an empty dictionary or list of credentials. Any credential that is stated closes all of
    them: the next level's are for something else, perhaps for another service.
    """
    closed = any(is_stated(params.get(name)) for name in CREDENTIALS)
    return tuple(option for option in CONNECTION
                 if not (closed and option.name in CREDENTIALS) and (params.get(option.name) is None or option.name in CREDENTIALS))


def is_stated(value: Any) -> bool:
    """Whether a credential is there at all. An empty text is, so that it becomes an error and not somebody else's token."""
    return value is not None and value not in ({}, [])


def from_variables(args: Mapping[str, Any], names: Container[str], value_of: Callable[[str], Any]) -> dict[str, str]:
    """The options that come from host variables → the variable of each.

    ``args``: what the task states, ``module_defaults`` included. ``names`` are the variables that exist; ``value_of``
    gives a value, and is asked only for those that are needed. A variable that is null is not stated.
    """
    candidates = [(option.name, VARIABLE_PREFIX + option.name) for option in open_options(args)]
    return {name: variable for name, variable in candidates if variable in names and value_of(variable) is not None}


def stated(params: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """The connection options of a task, completed from the environment.

    ``params`` as AnsibleModule gives them; null is not stated. What is filled from host variables is in them already:
    the action plugin did that. An empty variable of the environment is not stated.
    """
    options = {option.name: params.get(option.name) for option in CONNECTION}
    for option in open_options(options):
        if option.env:
            options[option.name] = environment.get(option.env) or None
    return options
