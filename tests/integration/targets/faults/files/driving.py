"""Knows how to run the work of a module in this process, against the server behind the recorder, and to look at what the server holds."""

from __future__ import annotations

import json
import sys
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# The folder that holds ansible_collections; ansible-test runs a copy of the targets some levels below it.
ROOT = next(
    folder.parent
    for folder in Path(__file__).resolve().parents
    if folder.name == "ansible_collections"
)
sys.path.insert(0, str(ROOT))

# pylint: disable=wrong-import-position
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator  # noqa: E402

from ansible_collections.identity.scim.plugins.module_utils._ansible.tasks import TASKS  # noqa: E402
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service  # noqa: E402
from ansible_collections.identity.scim.plugins.module_utils._input.options import argument_spec  # noqa: E402
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError  # noqa: E402
from ansible_collections.identity.scim.plugins.module_utils._report.redaction import Redactor  # noqa: E402
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden  # noqa: E402
from ansible_collections.identity.scim.plugins.module_utils._transport.settings import settings_from  # noqa: E402
from ansible_collections.identity.scim.plugins.module_utils._transport.session import Clock, Session  # noqa: E402

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
APART = ("id", "meta", "schemas", "groups", "members")


@dataclass
class Said:
    """How a run ended: its result, the sentence of a failure ("" if there is none), seconds, and what the recorder saw."""

    result: dict[str, Any]
    failure: str
    seconds: float
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        return bool(self.result.get("changed"))

    @property
    def writes(self) -> int:
        """Writes that reached the server."""
        return sum(1 for one in self.seen["entries"] if one["write"] and not one.get("unseen"))

    @property
    def faults(self) -> list[str]:
        """What was spoilt."""
        return [
            f"{one['method']} {one['path']} {one['fault']}"
            for one in self.seen["entries"]
            if one.get("fault")
        ]


@dataclass
class Server:
    """The server behind the recorder, as ``launch.py`` says where it is."""

    url: str
    direct_url: str
    recorder_url: str
    token: str

    def ask(self, url: str, method: str = "GET", body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/scim+json"}
        data = json.dumps(body).encode() if body is not None else None
        with OPENER.open(
            urllib.request.Request(url, data, headers, method=method), timeout=30
        ) as answer:
            return json.loads(answer.read() or b"null")

    def held(self, endpoint: str) -> list[dict[str, Any]]:
        """Everything at an endpoint, page by page, by index or by cursor."""
        found: list[dict[str, Any]] = []
        following: str | None = ""
        while following is not None:
            page = self.ask(f"{self.direct_url}/{endpoint}?count=1000{following}")
            found += page.get("Resources") or []
            following = (
                f"&startIndex={len(found) + 1}" if len(found) < page["totalResults"] else None
            )
            if page.get("nextCursor"):
                following = f"&cursor={page['nextCursor']}"
        return found

    def state(self, prefix: str = "") -> dict[str, Any]:
        """What it holds by name, without ids; names that are there twice are told."""
        users, groups = self.held("Users"), self.held("Groups")
        names = {one["id"]: one.get("userName") or one["displayName"] for one in (*users, *groups)}
        found: dict[str, Any] = {}
        for one in (*users, *groups):
            name = names[one["id"]]
            if name.startswith(prefix):
                plain = {key: value for key, value in one.items() if key not in APART}
                members = sorted(
                    names.get(row["value"], f"a stranger: {row['value']}")
                    for row in one.get("members") or ()
                )
                assert len(set(members)) == len(members), f"{name} has a member twice: {members}"
                assert name not in found, f"{name} is there twice"
                found[name] = plain | (
                    {"members": members} if "displayName" in one and "userName" not in one else {}
                )
        return found

    def clear(self) -> None:
        """Delete everything."""
        operations = [
            {"method": "DELETE", "path": f"/{kind}/{one['id']}"}
            for kind in ("Groups", "Users")
            for one in self.held(kind)
        ]
        for start in range(0, len(operations), 500):
            schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]
            self.ask(
                f"{self.direct_url}/Bulk",
                "POST",
                {"schemas": schemas, "Operations": operations[start : start + 500]},
            )
        assert not self.state()

    def spoil(self, *rules: Mapping[str, Any]) -> None:
        """Forget all rules of the recorder and state these."""
        self.ask(f"{self.recorder_url}/fault", "DELETE")
        for rule in rules:
            self.ask(f"{self.recorder_url}/fault", "POST", dict(rule))

    def service(self, *, sleep: Any, **options: Any) -> Service:
        """A service as the modules make it.

        It gets its tokens from the recorder, so that one can expire.
        """
        given = {
            "server_url": self.url,
            "oauth_token_url": f"{self.recorder_url}/token",
            "oauth_client_id": "test",
            "oauth_client_secret": self.token,
            "use_proxy": False,
            **options,
        }
        return Service(
            Session(settings_from(given), user_agent="test", clock=Clock(sleep=sleep)),
            overridden(options.get("capabilities") or {}),
        )

    def run(
        self,
        module: str,
        *,
        check: bool = False,
        sleep: Any = None,
        options: Mapping[str, Any] | None = None,
        count: bool = True,
        **given: Any,
    ) -> Said:
        """One run of a module. No time is spent between tries unless ``sleep``.

        What a person would see as a traceback is raised.

        ``count``: with what the recorder saw; not where several run at the same time.
        """
        task = TASKS[module]
        validated = ArgumentSpecValidator(argument_spec(task.options)).validate(
            json.loads(json.dumps(given))
        )
        assert not validated.error_messages, validated.error_messages
        service = self.service(
            sleep=sleep or (lambda seconds: None), **{"timeout": 10, **(options or {})}
        )
        if count:
            self.ask(f"{self.recorder_url}/take")
        started = time.monotonic()
        failure, result = "", {"changed": False}
        try:
            report = task.work(validated.validated_parameters, service, check, Redactor())
            failure = str(report.failure or "")
            result = {**report.result, "warnings": list(report.warnings)}
        except ScimError as error:
            failure = str(error)
        seconds = time.monotonic() - started
        service.session.close()
        return Said(
            result, failure, seconds, self.ask(f"{self.recorder_url}/take") if count else {}
        )
