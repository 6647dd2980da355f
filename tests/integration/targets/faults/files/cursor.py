"""Knows what a server that reads on by cursor only (RFC 9865) is asked.

Lists, a purge, and a cursor that expires on the way.
"""

from __future__ import annotations

from driving import Server

PEOPLE = [{"user_name": f"user{number}"} for number in range(30)]
TEAM = {"name": "Office", "members": PEOPLE[:20]}
EXPIRY = 6.5  # the server of this lane lets cursors live for six seconds


def cursor(server: Server) -> str:
    server.spoil()
    server.clear()
    made = server.run("scim_directory", users=PEOPLE, teams=[TEAM])
    assert not made.failure and made.changed, made.failure
    again = server.run("scim_directory", users=PEOPLE, teams=[TEAM])
    assert not again.failure and not again.changed and not again.writes, again.failure
    by_cursor = {"capabilities": {"paging": "cursor"}}
    few = server.run("scim_user_info", limit=10, options=by_cursor)
    assert len(few.result["users"]) == 10 and few.seen["requests"] == 2, few.faults

    server.spoil(
        {"method": "GET", "path_prefix": "/Users?", "action": "delay", "delay": EXPIRY, "skip": 2}
    )
    listed = server.run("scim_user_info", options=by_cursor)
    refused = [one for one in listed.seen["entries"] if one["status"] == 400]
    assert (
        not listed.failure
        and len(listed.result["users"]) == 30
        and len(refused) == 1
        and listed.seen["requests"] == 8
    ), listed.failure
    assert not any("startIndex" in one["path"] for one in listed.seen["entries"])

    server.spoil(
        {
            "method": "GET",
            "path_prefix": "/Users?cursor=A",
            "action": "delay",
            "delay": EXPIRY,
            "times": None,
        }
    )
    purge = {
        "users": PEOPLE[:28],
        "purge": {"users": "absent"},
        "thresholds": {"max_removals": "none"},
    }
    late = server.run("scim_directory", **purge)
    assert "expiredCursor" in late.failure and not late.writes, late.failure or late.result
    server.spoil()
    gone = server.run("scim_directory", **purge)
    assert not gone.failure and gone.writes == 2 and len(server.held("Users")) == 28, gone.failure
    again = server.run("scim_directory", **purge)
    assert not again.changed and not again.writes
    server.clear()
    return "cursor: 30 people in pages of 7"
