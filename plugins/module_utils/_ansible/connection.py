# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options, one table for modules and documentation.

Knows names, not transport.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any

from .._converge.addresses import is_address, same_service, shown_address
from .._input.options import Option, argument_spec
from .._model.errors import ScimError

CONNECTION = (
    Option(
        name="server_url",
        env="SCIM_SERVER_URL",
        doc=(
            "The base URL of the SCIM service, for example V(https://scim.example.com/v2). "
            "A trailing slash is optional.",
            "Connection options not set in the task or in C(module_defaults) are read from "
            "host variables prefixed with C(scim_), for example C(scim_server_url), then from "
            "the environment. A null option counts as omitted.",
        ),
    ),
    Option(
        name="token",
        env="SCIM_TOKEN",
        secret=True,
        doc=(
            "The bearer token (RFC 6750).",
            "One way to authenticate is required: O(token), "
            "or O(auth_username) with O(auth_password), "
            "or O(oauth_token_url) with O(oauth_client_id) and O(oauth_client_secret), "
            "or only O(client_cert) or O(secret_headers).",
            "All credentials come from one source, the first that sets any of them: "
            "the task with its C(module_defaults), the host variables, the environment.",
            "Credentials and O(headers) from a source that also sets O(server_url) are for that "
            "address only. If another source sets another address, the task fails.",
        ),
    ),
    Option(
        name="auth_username",
        env="SCIM_USERNAME",
        doc="The user name for HTTP Basic authentication.",
    ),
    Option(
        name="auth_password",
        env="SCIM_PASSWORD",
        secret=True,
        doc="The password for HTTP Basic authentication.",
    ),
    Option(
        name="oauth_token_url",
        env="SCIM_OAUTH_TOKEN_URL",
        secret=False,
        doc=(
            "The URL that issues access tokens for OAuth 2.0 client credentials "
            "(RFC 6749 section 4.4).",
            "The client secret is sent only to this URL, and the access token only to the service.",
        ),
    ),
    Option(
        name="oauth_client_id",
        env="SCIM_OAUTH_CLIENT_ID",
        doc="The client id for O(oauth_token_url).",
    ),
    Option(
        name="oauth_client_secret",
        env="SCIM_OAUTH_CLIENT_SECRET",
        secret=True,
        doc=(
            "The client secret for O(oauth_token_url).",
            "It is sent with HTTP Basic authentication, or else in the body.",
        ),
    ),
    Option(
        name="oauth_scopes",
        env="SCIM_OAUTH_SCOPES",
        type="list",
        elements="str",
        doc=("The scopes to request, as a list or as one string separated by spaces.",),
    ),
    Option(
        name="validate_certs",
        type="bool",
        default=True,
        doc="Whether the TLS certificates of the service and of O(oauth_token_url) are verified.",
    ),
    Option(
        name="ca_path",
        type="path",
        doc=(
            "A PEM file with CA certificates, or a folder with hashed ones, "
            "to verify the certificate of the service.",
            "It takes precedence over E(REQUESTS_CA_BUNDLE).",
        ),
    ),
    Option(
        name="client_cert",
        type="path",
        doc=(
            "A PEM file with the client certificate and its chain, for mutual TLS.",
            "It is a way to authenticate by itself and can be combined with another one.",
        ),
    ),
    Option(
        name="client_key",
        type="path",
        secret=False,
        doc="A PEM file with the private key of O(client_cert), if that file does not contain it.",
    ),
    Option(
        name="client_key_password",
        secret=True,
        doc=(
            "The password of an encrypted private key.",
            "There is never a prompt.",
        ),
    ),
    Option(
        name="allow_http",
        type="bool",
        default=False,
        doc=(
            "Whether credentials may be sent to another machine over plain C(http://).",
            "Loopback addresses are always allowed.",
        ),
    ),
    Option(
        name="use_proxy",
        type="bool",
        default=True,
        doc="Whether the usual proxy variables of the environment are used.",
    ),
    Option(
        name="timeout",
        type="float",
        default=30,
        doc="The maximum number of seconds for one whole request, including its answer.",
    ),
    Option(
        name="retries",
        type="int",
        default=5,
        doc=(
            "How often a request is repeated after a 429, a temporary 5xx or a broken connection.",
            "If this is not set, a service that was never reached is tried twice only, and its "
            "host name must be resolved within 2.5 seconds.",
        ),
    ),
    Option(
        name="retry_max_wait",
        type="float",
        default=120,
        doc=(
            "The maximum number of seconds that one request waits between its attempts, in total.",
        ),
    ),
    Option(
        name="consistency_wait",
        type="float",
        default=5,
        doc=(
            "The maximum number of seconds to wait for a service whose reads lag behind "
            "its writes.",
            "It waits only for what was written and does not show yet. With V(0) the service is "
            "read once.",
        ),
    ),
    Option(
        name="concurrency",
        type="int",
        default=8,
        doc=(
            "How many requests of this task are sent at the same time at most, from V(1) to V(64).",
            "Changes that depend on each other are sent in turn, and so are the changes of one "
            "group. Tasks of several hosts count each for itself.",
        ),
    ),
    Option(
        name="headers",
        type="dict",
        default={},
        doc=(
            "Further headers for every request to the service, "
            "for example V({X-Tenant: scranton}). Their values may be shown.",
        ),
    ),
    Option(
        name="secret_headers",
        type="dict",
        default={},
        secret=True,
        doc=(
            "Like O(headers), but for secret values, for example an API key.",
            "The values are masked wherever they occur. They are a way to authenticate by "
            "themselves and can be combined with another one.",
        ),
    ),
    Option(
        name="service_provider",
        env="SCIM_SERVICE_PROVIDER",
        doc=(
            "The service, by the name of its profile, for example V(aws), V(entra), V(github), "
            "V(slack) or V(databricks).",
            "If omitted or V(auto), the address of a known service is recognised.",
        ),
    ),
    Option(
        name="capabilities",
        type="dict",
        default={},
        doc=(
            "Capabilities of the service that replace all known ones, "
            "for example V({patch: false, members_per_patch: 100}).",
            "The documentation of the collection lists all capabilities. "
            "An unknown one is an error.",
        ),
    ),
)
# Credentials of different levels are never mixed: those of one level disable those of the next.
# Keep this list in step with _transport/credentials.py.
CREDENTIALS = (
    "token",
    "auth_username",
    "auth_password",
    "oauth_token_url",
    "oauth_client_id",
    "oauth_client_secret",
    "oauth_scopes",
    "client_cert",
    "client_key",
    "client_key_password",
    "secret_headers",
)
# What is meant for one service only. It is never sent to another address than the one beside it.
FOR_ONE_ADDRESS = (*CREDENTIALS, "headers")
# An option that is set to its default means more than one that is omitted.
UNLIKE_DEFAULT = ("retries",)
VARIABLE_PREFIX = "scim_"
USER_AGENT = "ansible-identity.scim"


def with_nulls(params: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return checked options with null where an omitted one is no default."""
    unset = [name for name in UNLIKE_DEFAULT if given.get(name) is None]
    return {**params, **dict.fromkeys(unset)}


def connection_spec() -> dict[str, dict[str, Any]]:
    """Return the connection options as ``argument_spec``.

    ``completed`` reads the environment, not Ansible.
    """
    return argument_spec(CONNECTION)


def open_options(params: Mapping[str, Any]) -> tuple[Option, ...]:
    """Return the options that the next level may still set.

    ``params`` holds what the levels before it have set. A null option counts as omitted, and so
    does an empty dictionary or list of credentials. Once any credential is set, all credentials
    are closed, because those of the next level may be for another service.
    """
    closed = any(is_set(params.get(name)) for name in CREDENTIALS)
    found = []
    for option in CONNECTION:
        is_open = params.get(option.name) is None
        if option.name in CREDENTIALS:
            is_open = not closed
        if is_open:
            found.append(option)
    return tuple(found)


def is_set(value: Any) -> bool:
    """Return whether a credential is set.

    An empty string counts as set: it is an error, and no token of another level is used.
    """
    return value is not None and value not in ({}, [])


def from_variables(
    args: Mapping[str, Any], names: Container[str], value_of: Callable[[str], Any]
) -> dict[str, str]:
    """Return the host variable for each option that host variables set.

    ``args`` are the options of the task, ``module_defaults`` included. ``names`` are the existing
    variables. ``value_of`` returns a value and is called only for the variables that are needed.
    A null variable counts as omitted. Raise ScimError if the variables are for another address.
    """
    found = {}
    for option in open_options(args):
        variable = VARIABLE_PREFIX + option.name
        if variable in names and value_of(variable) is not None:
            found[option.name] = variable
    address = VARIABLE_PREFIX + "server_url"
    if "server_url" not in found and address in names:
        check_address(args, found, value_of, address)
    return found


def check_address(
    options: Mapping[str, Any],
    filled: Mapping[str, str],
    value_of: Callable[[str], Any],
    address: str,
) -> None:
    """Raise ScimError if credentials would go to another address than theirs.

    ``filled`` says from which variable of one source each option comes, ``address`` is the
    variable in which that source has its own address. ``options`` hold the ``server_url`` in use.
    """
    theirs = [filled[name] for name in FOR_ONE_ADDRESS if name in filled]
    if not theirs:
        return
    used, beside = options.get("server_url"), value_of(address)
    if beside in (None, "") or not is_address(used) or same_service(used, beside):
        return
    verb = "belongs" if len(theirs) == 1 else "belong"
    raise ScimError(
        f"{', '.join(theirs)} {verb} to {shown_address(beside)} of {address} and would be sent to "
        f"{shown_address(used)}, so nothing was sent",
        hint="set the credentials where server_url is set",
    )


def completed(params: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the connection options of a task, completed from the environment.

    ``params`` come from AnsibleModule. The action plugin has already added the host variables.
    A null option and an empty environment variable count as omitted. Raise ScimError if the
    credentials of the environment are for another address.
    """
    options = {option.name: params.get(option.name) for option in CONNECTION}
    filled = {}
    for option in open_options(options):
        if option.env:
            options[option.name] = environment.get(option.env) or None
            if options[option.name] is not None:
                filled[option.name] = option.env
    check_address(options, filled, environment.get, "SCIM_SERVER_URL")
    return options
