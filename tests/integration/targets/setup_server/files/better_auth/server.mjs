// Knows how to keep users and groups in memory and serve them with @better-auth/scim; knows nothing of tests, recording or Ansible.
//
// node server.mjs --token TOKEN [--port N] [--seconds N] [--ready-file FILE]
// The packages of package.json are looked up in node_modules beside this file.
import fs from "node:fs";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { scim } from "@better-auth/scim";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { getAuthTables } from "better-auth/db";
import { toNodeHandler } from "better-auth/node";

const { values: options } = parseArgs({
    options: {
        token: { type: "string" },
        port: { type: "string", default: "0" },
        seconds: { type: "string" },
        "ready-file": { type: "string" },
    },
});

const settings = {
    plugins: [scim({ connections: [{ id: "tests", credentials: [{ type: "bearer", id: "tests", token: options.token }] }] })],
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: "error" },
    secret: options.token.padEnd(32, "-"),
};
const tables = Object.fromEntries(Object.values(getAuthTables(settings)).map((table) => [table.modelName, []]));

const server = createServer();
server.listen(Number(options.port), "127.0.0.1", () => {
    const base = `http://127.0.0.1:${server.address().port}`;
    server.on("request", toNodeHandler(betterAuth({ ...settings, baseURL: base, database: memoryAdapter(tables) })));
    const url = `${base}/api/auth/scim/v2`;
    if (options["ready-file"]) {
        fs.writeFileSync(`${options["ready-file"]}.part`, JSON.stringify({ url, pid: process.pid }));
        fs.renameSync(`${options["ready-file"]}.part`, options["ready-file"]);
    }
    console.log(`Serving SCIM on ${url}`);
});
if (options.seconds) setTimeout(() => process.exit(0), Number(options.seconds) * 1000).unref();
