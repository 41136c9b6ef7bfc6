// Says what a file holds: `node replay.mjs HOST WRITE_KEY FILE`, a list of {kind, at, said}.
import { readFileSync } from "node:fs";
import { Analytics } from "@segment/analytics-node";

const [host, writeKey, file] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host, flushAt: 11, flushInterval: 200, maxRetries: 10 });
let failed = null;
analytics.on("error", (error) => (failed = error));
for (const { kind, at, said } of JSON.parse(readFileSync(file, "utf8"))) {
  analytics[kind]({ ...said, timestamp: new Date(at) });
}
await analytics.closeAndFlush({ timeout: 60000 });
if (failed) {
  console.error(failed);
  process.exit(1);
}
