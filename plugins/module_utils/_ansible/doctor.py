# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of scim_service_provider_info: what a service says and does.

Knows no AnsibleModule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._converge.findings import FAILED, NOTE, WARNING, suggested
from .._converge.probe import Probe
from .._converge.probe_reads import probe_reads
from .._converge.probe_traces import probe_earlier
from .._converge.probe_writes import may_write, note_what_stays, probe_writes
from .._converge.service import FIELDS, Service
from .._model.errors import ScimError
from .._report.probe import page
from .._report.report import Report

Params = Mapping[str, Any]


def read_service_provider(params: Params, service: Service, *, check: bool) -> Report:
    """Return the result of scim_service_provider_info. What cannot be read is null."""
    if params["probe"] != "none":
        return _probed(params, service, check=check)
    result, warnings = _documents(service)
    failure = _interruption(service)
    if failure is not None:
        warnings = []
    return Report(
        result={**result, **_capabilities(service)}, warnings=tuple(warnings), failure=failure
    )


def _interruption(service: Service) -> ScimError | None:
    """Return the failure of a run that a signal ended, None if none did."""
    if not service.interrupted:
        return None
    return ScimError("interrupted", doing="reading the service", hint="run again")


def _documents(service: Service) -> tuple[dict[str, Any], list[str]]:
    """Return what the service says of itself, and what cannot be read.

    RFC 7644 section 4.
    """
    result: dict[str, Any] = {
        "changed": False,
        "service_provider_config": service.discover(),
    }
    warnings: list[str] = []
    if result["service_provider_config"] is None:
        warnings.append("the ServiceProviderConfig of the service cannot be read")
    for name, endpoint in (("resource_types", "ResourceTypes"), ("schemas", "Schemas")):
        result[name], problem = service.discovered_rows(endpoint)
        if problem:
            warnings.append(f"the {endpoint} of the service cannot be read: {problem}")
    return result, warnings


def _capabilities(service: Service) -> dict[str, Any]:
    known = service.capabilities
    return {
        "service_provider": service.profile or None,
        "capabilities": {name: known.shown(name) for name in FIELDS},
    }


def _check_prefix(prefix: str) -> None:
    """Raise ScimError for a prefix that is no beginning of a plain name."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]{2,39}", prefix):
        raise ScimError(
            "probe_prefix must be 3 to 40 plain letters, digits and ._-, and begin with a letter, "
            f"not '{prefix}'"
        )


def _note_profile(probe: Probe) -> None:
    """Say which profile is used, if any."""
    if probe.service.profile:
        probe.note("profile", probe.service.profile)
        return
    remedy = "set service_provider if the service is one of docs/services/README.md"
    probe.note("profile", "none for this address", status=NOTE, remedy=remedy)


def _probed(params: Params, service: Service, *, check: bool) -> Report:
    """Return the result with what a probe found.

    A service that does not answer is a finding too, so that the page is always shown.
    """
    _check_prefix(params["probe_prefix"])
    result, _warnings = _documents(service)
    probe = Probe(service)
    try:
        probe.note("address", service.address)
        _note_profile(probe)
        probe_reads(probe, result)
        probe_earlier(probe, params["probe_prefix"])
        note_what_stays(probe)
        if params["probe"] == "writes" and check:
            probe.note("writes", "left out in check mode", status=NOTE)
        elif params["probe"] == "writes" and may_write(probe):
            probe_writes(probe, params["probe_prefix"])
    except ScimError as problem:
        remedy = problem.hint or "see server_url, the proxy and the certificate"
        probe.note("connection", problem.reason, status=FAILED, remedy=remedy)
    if probe.left:
        found = f"left on the service: {', '.join(dict.fromkeys(probe.left))}"
        probe.note("traces", found, status=WARNING, remedy="remove them there")
    lines = suggested(probe.findings, service.capabilities)
    result.update(
        changed=bool(probe.left),
        findings=[one.row for one in probe.findings],
        suggested_capabilities=lines,
        report=page(probe.findings, lines),
        **_capabilities(service),
    )
    return Report(result=result, failure=_interruption(service))
