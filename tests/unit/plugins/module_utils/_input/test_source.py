# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that cannot be read are one sentence each, and no pipe is waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.identity.scim.plugins.module_utils._input.source import items_of
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError

UMLAUT = "user_name,title\nann,Müller\n"


def said(path: Path | str) -> str:
    with pytest.raises(ScimError) as info:
        list(items_of(str(path)))
    return str(info.value)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "user_name\nann\n"),
        ("a.json", '[{"user_name": "ann"}]'),
        ("a.ndjson", '{"user_name": "ann"}\n'),
        ("a.JSONL", '{"user_name": "ann"}\n'),
        ("a.yml", "- user_name: ann\n"),
        ("a.YAML", "- user_name: ann\n"),
    ],
)
def test_utf8_with_and_without_a_byte_order_mark(
    tmp_path: Path, name: str, text: str, mark: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(mark + text.encode())
    assert [one.value for one in items_of(str(file))][-1] == {"user_name": "ann"}


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.csv", UMLAUT.encode("latin-1"), "a.csv line 2 is not UTF-8; save the file as UTF-8"),
        ("a.ndjson", b'{"a":1}\n\n{"a":"\xe9"}\n', "a.ndjson line 3 is not UTF-8; save the file"),
        ("a.json", b'[\n"\xff"]', "a.json line 2 is not UTF-8; save the file as UTF-8"),
        ("a.yml", b"- a: b\n- a: \xe9\n", "a.yml line 2 is not UTF-8; save the file as UTF-8"),
        ("a.csv", UMLAUT.encode("utf-16"), "a.csv' is UTF-16 or binary; save the file as UTF-8"),
        ("a.csv", UMLAUT.encode("utf-16-le"), "a.csv' is UTF-16 or binary; save the file as UTF-8"),
        ("a.yml", b"$ANSIBLE_VAULT;1.1;AES256\n", "a.yml' is encrypted with Ansible Vault; "),
        ("a.csv", b"", "a.csv' is empty; it must have at least one row"),
        ("a.csv", b"a,b\n", "a.csv has no row; it must have at least one"),
        ("a.txt", b"x", "a.txt' must end with one of .yml, .yaml, .json, .ndjson, .jsonl, .csv; "),
        ("a", b"x", "a' must end with one of .yml, "),
    ],
)
def test_b6_a_file_that_cannot_be_used(
    tmp_path: Path, name: str, data: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(data)
    assert sentence in said(tmp_path / name)


def test_what_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").mkdir()
    assert said(tmp_path / "a.csv").endswith("a.csv' is a directory; name one file")
    assert said(tmp_path).endswith("' is a directory; name one file")
    os.mkfifo(tmp_path / "b.csv")
    assert said(tmp_path / "b.csv").endswith("b.csv' is not a regular file; name one file")
    (tmp_path / "c.csv").symlink_to("/dev/zero")
    assert said(tmp_path / "c.csv").endswith("c.csv' is not a regular file; name one file")
    missing = said(tmp_path / "d.csv")
    assert missing.endswith(
        "d.csv' does not exist; it is read where the task runs, which is the managed node"
    )
    monkeypatch.chdir(tmp_path)
    assert said("d.csv").startswith(f"src 'd.csv' does not exist in {tmp_path}; ")


@pytest.mark.parametrize("path", ["a\0.csv", "a\ud800.csv"])
def test_what_is_no_path(path: str) -> None:
    assert said(path).endswith(".csv' has a character that no path may have")


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert said(tmp_path / "a.csv").endswith("a.csv' cannot be read: permission denied")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "user_name\nann\n"),
        ("a.json", '[{"user_name": "ann"}]'),
        ("a.ndjson", '{"user_name": "ann"}\n'),
        ("a.yml", "- user_name: ann\n"),
    ],
)
def test_a_file_that_changes_while_it_is_read_is_no_roster(
    tmp_path: Path, name: str, text: str
) -> None:
    """What is there of it may be a part: whoever is missing would be a leaver."""
    path = tmp_path / name
    path.write_text(text)
    os.utime(path, (1, 1))

    def read() -> None:
        for _item in items_of(str(path)):
            with open(path, "a", encoding="utf-8") as file:
                file.write("\n")

    with pytest.raises(ScimError) as info:
        read()
    assert str(info.value).startswith(f"{name} changed while it was read; run again when it is")
    list(items_of(str(path)))


def test_a_file_that_is_replaced_while_it_is_read_is_read_as_it_was(tmp_path: Path) -> None:
    path, other = tmp_path / "a.csv", tmp_path / "b.csv"
    path.write_text("user_name\nann\nbob\n")
    other.write_text("user_name\ncid\n")
    found = []
    for one in items_of(str(path)):
        if other.exists():
            other.replace(path)
        found.append(one.value)
    assert found[1:] == [{"user_name": "ann"}, {"user_name": "bob"}]


def test_no_file_stays_open(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / "b.csv").write_text("a\n1\n")
    before = len(os.listdir("/proc/self/fd"))
    said(tmp_path / "a.csv")
    list(items_of(str(tmp_path / "b.csv")))
    assert len(os.listdir("/proc/self/fd")) == before
