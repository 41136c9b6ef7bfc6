// Two workers in one workerd over one KV namespace: Cloudflare's REST interface, and the example Worker.
// Prints their addresses as one line of JSON; ends when its stdin does.

import { readFileSync } from "node:fs";
import { Miniflare } from "miniflare";

const [, , rest, landing] = process.argv;
const common = { modules: true, compatibilityDate: "2026-07-01", unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] };
const miniflare = new Miniflare({
  host: "127.0.0.1",
  port: 0,
  workers: [
    {
      ...common,
      name: "rest",
      script: readFileSync(rest, "utf8"),
      kvNamespaces: { KV: "campaigns" },
      bindings: { ACCOUNT: "acc", NAMESPACE: "ns", TOKEN: process.env.KV_TOKEN },
    },
    { ...common, name: "landing", script: readFileSync(landing, "utf8"), kvNamespaces: { CAMPAIGNS: "campaigns" } },
  ],
});
const urls = { rest: await miniflare.unsafeGetDirectURL("rest"), landing: await miniflare.unsafeGetDirectURL("landing") };
console.log(JSON.stringify(urls));
process.stdin.resume();
process.stdin.on("end", () => miniflare.dispose().then(() => process.exit(0)));
