# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write a roster, given as JSON, in every format into a folder, and files that are none."""

from __future__ import annotations

import csv
import json
import os
import sys
from pathlib import Path
from typing import Any

COLUMNS = {
    "user_name": "Login",
    "external_id": "Personnel No",
    "name.given_name": "First Name",
    "title": "Job",
    "emails.work": "E-Mail",
    "emails.work.primary": "Main",
    "enterprise.employee_number": "No",
    "teams": "Team",
}
# An alias of an alias of an alias, nine times nine times nine.
BOMB = "x-a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"x-{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi")
)
BAD: dict[str, bytes] = {
    "empty.csv": b"",
    "header.csv": b"user_name,title\n",
    "blank.ndjson": b"\n\n",
    "nothing.yml": b"# nobody\n---\n",
    "none.json": b"[]",
    "utf16.csv": "user_name,title\nann,Müller\n".encode("utf-16"),
    "latin.csv": "user_name,title\nann,x\nbob,Müller\n".encode("latin-1"),
    "latin.yml": "- user_name: Müller\n".encode("latin-1"),
    "vault.yml": b"$ANSIBLE_VAULT;1.1;AES256\n6162\n",
    "roster.txt": b"ann\n",
    "both.csv": b"user_name,title;locale\nann,x;y\n",
    "tabs.csv": b"user_name\ttitle\nann\tx\n",
    "twice.csv": b"user_name,title,user_name\nann,x,bob\n",
    "unknown.csv": b"user_name,mail,titel\nann,a@b.c,x\n",
    "quote.csv": b'user_name,title\nann,x\nbob,"y\ncid,z\n',
    "short.csv": b"user_name,title\nann\nbob,x,y\ncid,z\n",
    "rows.csv": b"user_name,active,emails.work\nann,maybe,a@b.c\nbob,,nowhere\n,,c@b.c\n",
    "many.csv": b"user_name,active\n" + b"ann,maybe\n" * 100,
    "cut.ndjson": b'{"user_name": "ann"}\n{"user_name": "bo',
    "two.ndjson": b'{"user_name": "ann"} {"user_name": "bob"}\n',
    "comma.ndjson": b'{"user_name": "ann"},\n',
    "twice.ndjson": b'{"user_name": "ann", "user_name": "bob"}\n',
    "number.json": b'[\n{"user_name": "ann", "attributes": {"urn:x:2.0:User:n": 99999999999999999999}}]',
    "nan.json": b'[{"user_name": "ann", "attributes": {"urn:x:2.0:User:n": NaN}}]',
    "deep.json": b"[" * 100_000,
    "open.json": b'[{"user_name": "ann"}\n',
    "key.json": b'{"people": [{"user_name": "ann"}]}',
    "twice.yml": b"- user_name: ann\n  title: x\n  title: y\n",
    "tab.yml": b"- user_name: ann\n\ttitle: x\n",
    "template.yml": b"- user_name: {{ name }}\n",
    "bomb.yml": BOMB.encode() + b"users: [*i]\n",
    "tag.yml": b"- user_name: !vault x\n",
    "two.yml": b"- user_name: ann\n---\n- user_name: bob\n",
    "deep.yml": b"- " + b"[" * 100 + b"]" * 100,
    "member.yml": b"- name: Sales\n  members:\n  - user_name: ann\n  - username: jhalpert\n",
    "none.yml": b"- name: Sales\n  state: offboarded\n  members: []\n",
    "secret.yml": b"- user_name: ann\n  password: canary-in-a-file\n  titel: canary-in-a-file\n",
}


def yaml_of(rows: list[dict[str, Any]]) -> str:
    """Rows in YAML as people write it: nothing is quoted that need not be."""
    text = ""
    for row in rows:
        (name, value), *more = row.items()
        text += f"- {name}: {value}\n"
        for name, value in more:
            text += f"  {name}: {value if isinstance(value, str) else json.dumps(value)}\n"
    return text


def cells(row: dict[str, Any]) -> dict[str, str]:
    """A row by the names of columns."""
    found = {}
    for name, value in row.items():
        if name == "emails":
            found["emails.work"] = value[0]["value"]
            found["emails.work.primary"] = "yes"
        elif name == "teams":
            found[name] = "; ".join(value)
        elif isinstance(value, dict):
            found.update({f"{name}.{part}": inner for part, inner in value.items()})
        else:
            found[name] = value
    return found


def write_table(path: Path, names: dict[str, str], rows: list[dict[str, str]], **how: Any) -> None:
    """Write a table whose columns have these names."""
    encoding = how.pop("encoding", "utf-8")
    with open(path, "w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, **how)
        writer.writerow([*names.values(), "Remark"] if "Login" in names.values() else names)
        for row in rows:
            values = [row.get(name, "") for name in names]
            writer.writerow([*values, "{{ ignored }}"] if "Login" in names.values() else values)


def main() -> None:
    """Write everything into the folder that is named."""
    folder = Path(sys.argv[1])
    rows = json.load(sys.stdin)
    tables = [cells(row) for row in rows]
    (folder / "good.yml").write_text(yaml_of(rows), encoding="utf-8-sig")
    (folder / "good.json").write_text(json.dumps({"users": rows}, indent=1), encoding="utf-8")
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n\n" for row in rows)
    (folder / "good.ndjson").write_text(lines, encoding="utf-8-sig")
    names = {name: name for name in COLUMNS}
    write_table(folder / "good.csv", names, tables)
    write_table(folder / "excel.csv", names, tables, delimiter=";", encoding="utf-8-sig")
    write_table(folder / "foreign.csv", COLUMNS, tables, delimiter=";", quoting=csv.QUOTE_ALL)
    for name, data in BAD.items():
        (folder / name).write_bytes(data)
    (folder / "folder.csv").mkdir()
    os.mkfifo(folder / "pipe.csv")
    (folder / "device.csv").symlink_to("/dev/zero")


if __name__ == "__main__":
    main()
