# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of ``make bench``, section by section, with their goals.

Each section takes a Bench and a number of users, and yields the lines in order. What is compared
runs in turns. What the collection cannot do yet is a line without a value.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import bench_figures as figures
from bench_figures import MIB, Figure, median, ratio
from bench_runs import CONCURRENCY, Bench, Broken, Options, Played

MODULE = "identity.scim"
GROUPS_FOR = 50  # one group for so many users: 200 for 10,000
MEMBERS = 100
PAGE = 1000
ROUNDS = 3
SMALL_BURST = 5  # a tenth of a second
AS_MODULE = {"BENCH": "1"}  # a task with an environment runs as a module
SINGLE = {
    "scim_user": "  one scim_user task in the worker",
    "module": "  one scim_user task as a module",
    "uri": "  one uri task",
    "debug": "  one debug task",
}
Lines = Iterator[Figure]


@dataclass(frozen=True)
class Section:
    """A part of the table: its work, its number of users, and what it is about."""

    work: Callable[[Bench, int], Lines]
    size: int
    title: str


def not_built(option: str, *texts: str) -> Lines:
    """Yield a line without a value for each text."""
    for text in texts:
        yield Figure(text=text, lacking=f"no {option}")


def task(bench: Bench, module: str, options: Options, **more: Any) -> Options:
    """Return a task of the collection."""
    return {"name": module, f"{MODULE}.{module}": {**bench.connection, **options}, **more}


def uri(bench: Bench, name: str = "{{ name }}") -> Options:
    """Return the task that looks one user up by ``uri``."""
    address = f"{bench.url}/Users?filter=userName%20eq%20%22{name}%22"
    headers = {"Authorization": "Bearer any"}
    options = {"url": address, "headers": headers, "return_content": True}
    return {"name": "uri", "ansible.builtin.uri": options}


def roster(bench: Bench, users: int, suffix: str, groups: int = 0) -> str:
    """Write a roster and return its path. Groups are teams named in its rows."""
    path = bench.folder / f"roster-{users}-{groups}.{suffix}"
    if path.exists():
        return str(path)
    teams: dict[int, list[str]] = {}
    for group in range(groups):
        for number in bench.people.member_numbers(group, MEMBERS, users):
            teams.setdefault(number, []).append(bench.people.group_name(group))
    with path.open("w", encoding="utf-8") as file:
        for number in range(users):
            row = bench.people.options(number)
            if number in teams:
                row["teams"] = teams[number]
            file.write(f"{'- ' if suffix == 'yml' else ''}{json.dumps(row)}\n")
    return str(path)


def whole(bench: Bench, users: int, groups: int = 0) -> Options:
    """Return the options of ``scim_directory`` for a roster in a file."""
    return {"src": roster(bench, users, "ndjson", groups)}


def core(bench: Bench, users: int, groups: int = 0, **job: Any) -> dict[str, Any]:
    """Run the core for a roster: from a file, inline while there is no ``src``."""
    if bench.has("src"):
        job["first"] = whole(bench, 1)
        return bench.core("scim_directory", whole(bench, users, groups), **job)
    return bench.core("scim_directory", {}, users=users, groups=groups, members=MEMBERS, **job)


def source(bench: Bench) -> str:
    """Return where the roster of ``core`` comes from, for a line."""
    return "src" if bench.has("src") else "inline"


def unchanged(found: Mapping[str, Any]) -> None:
    """Raise Broken if a run that should change nothing did."""
    if found["changed"] or found["counts"]["writes"]:
        raise Broken(f"a run of an unchanged roster wrote: {found}")


# --- single tasks ---------------------------------------------------------------------------------


def single(bench: Bench, rounds: int) -> Lines:
    """One unchanged task beside one ``uri``, in turns within one playbook."""
    bench.change(users=100, groups=0, latency=0)
    row = {"user_name": bench.people.user_name(1), "title": "Associate 1"}
    tasks: list[Options] = []
    for _turn in range(rounds):
        tasks.append(uri(bench, row["user_name"]))
        tasks.append({**task(bench, "scim_user", row, environment=AS_MODULE), "name": "module"})
        if bench.has("in_process"):
            tasks.append(task(bench, "scim_user", row))
        tasks.append({"name": "debug", "ansible.builtin.debug": {"msg": "x"}})
    played = bench.play(tasks)
    floor = played.seconds("uri")
    text = "one unchanged scim_user task in the worker / one uri GET task"
    if bench.has("in_process"):
        yield Figure(
            text=text, value=ratio(played.seconds("scim_user"), floor), unit="×", goal=0.10
        )
    else:
        yield from not_built("in-process", text)
    as_module = ratio(played.seconds("module"), floor)
    text = "one unchanged scim_user task as a module / one uri GET task"
    yield Figure(text=text, value=as_module, unit="×", goal=1.1)
    for name, text in SINGLE.items():
        if played.seconds(name):
            yield Figure(text=text, value=1000 * median(played.seconds(name)), unit="ms")


def loops(bench: Bench, items: int) -> Lines:
    """A loop of one task beside the same loop of ``debug`` and of ``uri``."""
    bench.change(users=max(items, 100), groups=0, latency=0)
    fast = bench.has("in_process")
    some = items if fast else min(items, 30)
    played = [_loop(bench, items, some) for _turn in range(ROUNDS if fast else 1)]
    text = f"loop of {items:,} unchanged scim_user / loop of {items:,} debug"
    connections = f"  connections of a loop of {items:,}"
    each = median(one.seconds("scim_user")[0] for one in played) / some
    if fast:
        ours = [one.seconds("scim_user")[0] for one in played]
        plain = [one.seconds("debug")[0] for one in played]
        yield Figure(text=text, value=ratio(ours, plain), unit="×", goal=1.5)
        yield Figure(text=connections, value=bench.counts()["connections"], goal=1)
        requests = bench.counts()["requests"]
        yield Figure(text=f"  requests of a loop of {items:,}", value=requests, goal=items)
    else:
        yield from not_built("in-process", text, connections)
    yield Figure(text="  one item of a loop of scim_user", value=1000 * each, unit="ms")
    few = min(items, 30)
    by_uri = bench.play([{**uri(bench, "user{{ '%06d' % item }}"), **_over(few)}])
    each = by_uri.seconds("uri")[0] / few
    yield Figure(text="  one item of a loop of uri", value=1000 * each, unit="ms")


def _over(items: int) -> Options:
    return {"loop": f"{{{{ range({items}) | list }}}}"}


def _loop(bench: Bench, items: int, some: int) -> Played:
    """Run a loop of ``debug`` and one of ``scim_user`` over some of the users."""
    bench.change()
    debug = {"name": "debug", "ansible.builtin.debug": {"msg": "{{ item }}"}, **_over(items)}
    row = {"user_name": "user{{ '%06d' % item }}", "active": True}
    played = bench.play([debug, task(bench, "scim_user", row, **_over(some))])
    if any(one["changed"] for one in played.tasks) or bench.counts()["writes"]:
        raise Broken("a loop over unchanged users wrote")
    return played


# --- whole directories ----------------------------------------------------------------------------


def directory(bench: Bench, users: int) -> Lines:
    """A whole playbook over an unchanged roster, from ``src``."""
    bench.change(users=users, groups=0, latency=0)
    text = f"scim_directory, {users:,} users unchanged, whole playbook, from src"
    if bench.has("src"):
        tasks = [task(bench, "scim_directory", whole(bench, users))]
        costs = [bench.play(tasks).cost for _turn in range(5)]
        found = median(one.seconds for one in costs)
        yield Figure(text=text, value=found, unit="s", goal=1.0)
        yield Figure(text="  CPU", value=median(one.cpu for one in costs), unit="s")
        requests = bench.counts()["requests"] / 5
        yield Figure(text="  requests", value=requests, goal=figures.pages(users, PAGE))
    else:
        yield from not_built("src", text)
    empty = [{"name": "debug", "ansible.builtin.debug": {"msg": "x"}}]
    start = median(bench.play(empty).cost.seconds for _turn in range(ROUNDS))
    yield Figure(text="  a playbook with one debug task", value=start, unit="s")


def large_groups(bench: Bench, users: int) -> Lines:
    """An unchanged directory with groups, beside the wire floor."""
    groups = max(1, users // GROUPS_FOR)
    bench.change(users=users, groups=groups, members=MEMBERS, page=PAGE, latency=0.1)
    stages = listing_stages(users, groups)
    ours, floors = [], []
    for _turn in range(ROUNDS):
        floors.append(bench.floor(stages).seconds)
        ours.append(core(bench, users, groups))
    for one in ours:
        unchanged(one)
    fewest = figures.pages(users, PAGE) + figures.pages(groups, PAGE)
    what = f"{users:,} users + {groups:,} groups unchanged, {source(bench)}"
    requests = max(one["counts"]["requests"] for one in ours)
    yield Figure(text=f"{what}: requests", value=requests, goal=fewest)
    cpu = 1e6 * median(one["cpu"] for one in ours) / users
    yield Figure(text="  CPU a user after imports", value=cpu, unit="µs", goal=15)
    seconds = [one["seconds"] for one in ours]
    yield Figure(
        text="  wall / wire floor at 100 ms latency",
        value=ratio(seconds, floors),
        unit="×",
        goal=1.3,
    )
    yield Figure(text="  wall", value=median(seconds), unit="s")
    yield Figure(text="  wire floor", value=median(floors), unit="s")


def listing_stages(users: int, groups: int) -> list[list[list[str | None]]]:
    """Return the requests that read everything: first pages, then the others."""
    first = [_page("Users", 1), _page("Groups", 1)]
    rest = []
    for kind, total in (("Users", users), ("Groups", groups)):
        rest += [_page(kind, start) for start in range(PAGE + 1, total + 1, PAGE)]
    return [first, rest] if rest else [first]


def _page(kind: str, start: int) -> list[str | None]:
    return ["GET", f"/v2/{kind}?startIndex={start}&count={PAGE}", None]


def memory(bench: Bench, users: int) -> Lines:
    """A very large unchanged directory from ``src``, and how its cost grows."""
    sizes = [size for size in (1000, 10_000, 100_000) if size < users] + [users]
    if not bench.has("src"):
        texts = (f"{users:,} users unchanged, from src: peak of the largest process", "  CPU")
        yield from not_built("src", *texts, "  CPU / CPU of a tenth of the users")
        sizes = sizes[:2]
    peaks: dict[int, int] = {}
    for size in sizes:
        bench.change(users=size, groups=0, page=PAGE, latency=0)
        if bench.has("src"):
            cost = bench.play([task(bench, "scim_directory", whole(bench, size))]).cost
            peaks[size], last = cost.peak, cost
        else:
            peaks[size] = core(bench, size)["peak"]
    if bench.has("src"):
        text = f"{users:,} users unchanged, from src: peak of the largest process"
        yield Figure(text=text, value=last.peak / MIB, unit="MiB", goal=150)
        yield Figure(text="  CPU of the whole playbook", value=last.cpu, unit="s", goal=2.5)
        yield _growth(bench, users)
    for size, peak in peaks.items():
        text = f"  peak of the largest process, {size:,} users, {source(bench)}"
        yield Figure(text=text, value=peak / MIB, unit="MiB")


def _growth(bench: Bench, users: int) -> Figure:
    """Return the CPU after imports beside that of a tenth of the users."""
    costs: list[list[float]] = [[], []]
    for found, size in zip(costs, (users // 10, users), strict=True):
        bench.change(users=size)
        for _turn in range(ROUNDS):
            one = core(bench, size)
            unchanged(one)
            found.append(one["cpu"])
    value = median(costs[1]) / median(costs[0])
    return Figure(text="  CPU / CPU of a tenth of the users", value=value, unit="×", goal=11)


# --- writing --------------------------------------------------------------------------------------


def load(bench: Bench, users: int) -> Lines:
    """The first load of an empty service at 20 ms latency, without and with Bulk."""
    latency = 0.02
    bench.change(users=0, groups=0, page=PAGE, latency=latency, operations=100)
    empty = {"users": 0}
    never = {"bulk": "never"} if bench.has("bulk") else {}
    ideal = figures.load_seconds(users, latency, CONCURRENCY)
    posts = [["POST", "/v2/Users", bench.people.text(number)] for number in range(users)]
    ours, floors = [], []
    for _turn in range(ROUNDS if bench.has("bulk") else 1):
        bench.change(**empty)
        floors.append(bench.floor([posts]).seconds)
        ours.append(core_load(bench, users, never, empty))
    text = f"first load of {users:,} at 20 ms / (N × latency / {CONCURRENCY})"
    seconds = [one["seconds"] for one in ours]
    yield Figure(text=text, value=median(seconds) / ideal, unit="×", goal=1.2)
    yield Figure(text="  wire floor / the same", value=median(floors) / ideal, unit="×")
    requests = max(one["counts"]["requests"] for one in ours)
    yield Figure(
        text="  requests: one listing, its proof, N writes", value=requests, goal=users + 2
    )
    text = "  writes with Bulk, 100 operations each"
    if not bench.has("bulk"):
        yield from not_built("bulk", text, "  wall with Bulk")
        return
    by_bulk = core_load(bench, users, {"bulk": "auto"}, empty)
    writes = by_bulk["counts"]["writes"]
    yield Figure(text=text, value=writes, goal=figures.bulk_writes(users, 100))
    yield Figure(text="  wall with Bulk", value=by_bulk["seconds"], unit="s")


def core_load(bench: Bench, users: int, more: Options, reset: Options) -> dict[str, Any]:
    """Create all users of a roster; raise Broken if they are not there at the end."""
    found = bench.core("scim_directory", more, users=users, reset=reset)
    counts = found["counts"]
    if counts["methods"].get("POST", 0) + counts["operations"] < users:
        raise Broken(f"not all users were created: {found}")
    return found


def limit(bench: Bench, users: int) -> Lines:
    """Many writes against a rate limit of 50 a second, whatever may come at once."""
    rate = 50
    yield from limited(bench, users, rate, rate, (95, 1))
    small = f"  the same if {SMALL_BURST} may come at once"
    yield from limited(bench, users, rate, SMALL_BURST, (85, 1), small)


def limited(
    bench: Bench, users: int, rate: int, burst: int, goals: tuple[int, int], text: str = ""
) -> Lines:
    """Many writes against a limit of ``rate`` a second, with a bucket of ``burst``."""
    bench.change(users=0, groups=0, latency=0.02, rate=0)
    never = {"bulk": "never"} if bench.has("bulk") else {}
    found = core_load(bench, users, never, {"users": 0, "rate": rate, "burst": burst})
    bench.change(rate=0)
    counts = found["counts"]
    passed = counts["requests"] - counts["refused"]
    ideal = figures.limited_seconds(passed, rate, burst)
    text = text or f"{users:,} writes at a limit of {rate}/s: of the ideal rate"
    part = figures.share(ideal, found["seconds"])
    yield Figure(text=text, value=part, unit="%", goal=goals[0], at_least=True)
    refused = figures.share(counts["refused"], counts["requests"])
    yield Figure(text="  requests refused", value=refused, unit="%", goal=goals[1])


# --- rosters --------------------------------------------------------------------------------------


def yaml(bench: Bench, users: int) -> Lines:
    """Reading a roster in YAML, and in the other formats, without a request."""
    if not bench.has("src"):
        yield from not_built("src", f"{users:,} users in YAML as src: read in, CPU", "  peak")
        return
    for suffix, name in (("yml", "YAML"), ("ndjson", "NDJSON")):
        path, small = roster(bench, users, suffix), roster(bench, 1, suffix)
        found = [bench.read(path, small) for _turn in range(ROUNDS)]
        if {one["rows"] for one in found} != {users}:
            raise Broken(f"not all of {users} rows were read: {found}")
        text = f"{users:,} users in {name} as src: read in, CPU"
        seconds = Figure(text=text, value=median(one["cpu"] for one in found), unit="s", goal=1.0)
        peak = max(one["peak"] for one in found) / MIB
        memory_of = Figure(text="  peak of the process", value=peak, unit="MiB", goal=100)
        judged = [seconds, memory_of]
        yield from judged if name == "YAML" else (one.unjudged() for one in judged)


def role(bench: Bench, users: int) -> Lines:
    """The role over an unchanged roster of teams, from ``team_src``."""
    text = f"role team, {users:,} users by team_src unchanged, whole playbook"
    if not bench.has("team_src"):
        yield from not_built("team_src", text)
        return
    groups = max(1, users // GROUPS_FOR)
    bench.change(users=users, groups=groups, members=MEMBERS, page=PAGE, latency=0)
    given = {f"scim_{name}": value for name, value in bench.connection.items()}
    given["team_src"] = roster(bench, users, "ndjson", groups)
    tasks = [{"ansible.builtin.import_role": {"name": f"{MODULE}.team"}, "vars": given}]
    costs = [bench.play(tasks).cost for _turn in range(ROUNDS)]
    found = median(one.seconds for one in costs)
    if bench.counts()["writes"]:
        raise Broken("the role wrote for an unchanged roster")
    yield Figure(text=text, value=found, unit="s", goal=3.0)
    yield Figure(text="  CPU", value=median(one.cpu for one in costs), unit="s")


def inline(bench: Bench, users: int) -> Lines:
    """What a roster inside of Ansible's variables costs."""
    bench.change(users=users, groups=0, page=PAGE, latency=0)
    one = _inline(bench, 1, "json").cost
    by_json = _inline(bench, users, "json")
    by_yaml = _inline(bench, users, "yml")
    text = f"inline users of {users:,} from JSON variables, whole playbook"
    yield Figure(text=text, value=by_json.cost.seconds, unit="s")
    yield Figure(text="  from YAML variables", value=by_yaml.cost.seconds, unit="s")
    for name, played in (("JSON", by_json), ("YAML", by_yaml)):
        value = 1000 * (played.cost.cpu - one.cpu) / users
        yield Figure(text=f"  CPU a user, {name}", value=value, unit="ms")
    notes = bench.core("scim_directory", {}, users=users)["notes"] or []
    found = sum("src" in note for note in notes)
    yield Figure(text="  notes that name src", value=found, goal=1, at_least=True)


def _inline(bench: Bench, users: int, suffix: str) -> Played:
    """Run a playbook with a roster from a file of variables."""
    rows = [json.dumps(bench.people.options(number)) for number in range(users)]
    path = bench.folder / f"variables-{users}.{suffix}"
    text = f"[{', '.join(rows)}]"
    content = f'{{"roster": {text}}}' if suffix == "json" else "roster:\n- " + "\n- ".join(rows)
    path.write_text(content, encoding="utf-8")
    tasks = [task(bench, "scim_directory", {"users": "{{ roster }}"})]
    return bench.play(tasks, extra=("-e", f"@{path}"))


def peers(bench: Bench, users: int) -> Lines:
    """Other ways to the same end, at 20 ms latency."""
    some = max(1, min(users, 100))
    bench.change(users=users, groups=0, page=PAGE, latency=0.02)
    ours = core(bench, users)
    unchanged(ours)
    text = f"{users:,} users unchanged at 20 ms: scim_directory, {source(bench)}"
    yield Figure(text=text, value=ours["seconds"], unit="s")
    pages = listing_stages(users, 0)
    yield Figure(text="  wire floor", value=bench.floor(pages).seconds, unit="s")
    script = bench.script(range(some)).seconds * users / some
    yield Figure(text=f"  a script with scim2-client (from {some})", value=script, unit="s")
    calls = [bench.command_line(number).seconds for number in range(ROUNDS)]
    text = f"  a loop of scim2-cli (from {ROUNDS})"
    yield Figure(text=text, value=median(calls) * users, unit="s")
    bench.change(users=0)
    made = bench.script(range(some)).seconds * users / some
    text = f"{users:,} users created at 20 ms: a script with scim2-client (from {some})"
    yield Figure(text=text, value=made, unit="s")


SECTIONS = {
    "task": Section(single, 15, "one task"),
    "loop": Section(loops, 1000, "a loop of tasks"),
    "directory": Section(directory, 1000, "a directory"),
    "unchanged": Section(large_groups, 10_000, "a directory with groups, 100 ms latency"),
    "memory": Section(memory, 100_000, "a very large directory"),
    "load": Section(load, 1000, "first load, 20 ms latency"),
    "limit": Section(limit, 1000, "a rate limit"),
    "yaml": Section(yaml, 10_000, "a roster in YAML"),
    "role": Section(role, 10_000, "the role"),
    "inline": Section(inline, 2000, "a roster in variables"),
    "peers": Section(peers, 1000, "other clients"),
}
