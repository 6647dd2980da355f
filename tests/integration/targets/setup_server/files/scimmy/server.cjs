// Knows how to keep people and groups in memory and serve them with scimmy-routers; knows nothing of tests, recording or Ansible.
//
// node server.cjs --token TOKEN [--port N] [--seconds N] [--ready-file FILE]
// The packages of package.json are looked up by NODE_PATH, so that they can lie in a folder of their own.
"use strict";

const fs = require("node:fs");
const { randomUUID } = require("node:crypto");
const { parseArgs } = require("node:util");
const express = require("express");
const { SCIMMYRouters, SCIMMY } = require("scimmy-routers");

const { values: options } = parseArgs({
    options: {
        token: { type: "string" },
        port: { type: "string", default: "0" },
        seconds: { type: "string" },
        "ready-file": { type: "string" },
    },
});

const users = new Map();
const groups = new Map();

// scimmy leaves memberships to the storage.
const groupsOf = (id) => [...groups.values()]
    .filter((group) => (group.members ?? []).some((member) => member.value === id))
    .map((group) => ({ value: group.id, display: group.displayName, type: "direct" }));
const withGroups = (user) => ({ ...user, groups: groupsOf(user.id) }); // always a list: a filter on an absent one is answered 400

function write(store, resource, data) {
    const known = resource.id === undefined ? undefined : store.get(resource.id);
    if (resource.id !== undefined && !known) throw new SCIMMY.Types.Error(404, null, `Resource ${resource.id} not found`);
    const content = JSON.parse(JSON.stringify(data));
    const name = content.userName?.toLowerCase();
    if (name && [...store.values()].some((one) => one.id !== resource.id && one.userName.toLowerCase() === name)) {
        throw new SCIMMY.Types.Error(409, "uniqueness", `userName ${content.userName} is taken`);
    }
    const now = new Date().toISOString();
    const { groups: _readOnly, ...rest } = content;
    const one = { ...rest, id: known?.id ?? randomUUID(), meta: { created: known?.meta.created ?? now, lastModified: now } };
    store.set(one.id, one);
    return one;
}

function read(store, resource, shown) {
    if (resource.id !== undefined) {
        if (!store.has(resource.id)) throw new SCIMMY.Types.Error(404, null, `Resource ${resource.id} not found`);
        return shown(store.get(resource.id));
    }
    const all = [...store.values()].map(shown);
    return resource.filter ? resource.filter.match(all) : all;
}

function remove(store, resource) {
    if (!store.delete(resource.id)) throw new SCIMMY.Types.Error(404, null, `Resource ${resource.id} not found`);
    for (const group of groups.values()) {
        if (group.members) group.members = group.members.filter((member) => member.value !== resource.id);
    }
}

SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
SCIMMY.Resources.declare(SCIMMY.Resources.User, {
    ingress: (resource, data) => withGroups(write(users, resource, data)),
    egress: (resource) => read(users, resource, withGroups),
    degress: (resource) => remove(users, resource),
});
SCIMMY.Resources.declare(SCIMMY.Resources.Group, {
    ingress: (resource, data) => write(groups, resource, data),
    egress: (resource) => read(groups, resource, (group) => group),
    degress: (resource) => remove(groups, resource),
});

const application = express();
application.use("/scim", new SCIMMYRouters({
    type: "bearer",
    handler: (request) => {
        if (request.header("Authorization") !== `Bearer ${options.token}`) throw new Error("wrong or no token");
        return "tests";
    },
}));

const server = application.listen(Number(options.port), "127.0.0.1", () => {
    const url = `http://127.0.0.1:${server.address().port}/scim`;
    if (options["ready-file"]) {
        fs.writeFileSync(`${options["ready-file"]}.part`, JSON.stringify({ url, pid: process.pid }));
        fs.renameSync(`${options["ready-file"]}.part`, options["ready-file"]);
    }
    console.log(`Serving SCIM on ${url}`);
});
if (options.seconds) setTimeout(() => process.exit(0), Number(options.seconds) * 1000).unref();
