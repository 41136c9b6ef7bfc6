// Sends what a site's server would send: `node send.mjs HOST WRITE_KEY`.
import { Analytics } from "@segment/analytics-node";

const [host, writeKey] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host, flushAt: 3, flushInterval: 100, maxRetries: 2 });
let failed = null;
analytics.on("error", (error) => (failed = error));

const at = (minute) => new Date(Date.UTC(2026, 10, 24, 10, minute));
analytics.track({ userId: "node-1", event: "Order Completed", properties: { total: 12.5 }, timestamp: at(3) });
analytics.identify({
  userId: "node-1",
  anonymousId: "node-device",
  traits: { email: "Nora@Example.com", firstName: "Nora", lastName: "Quist" },
  timestamp: at(2),
});
analytics.page({ anonymousId: "node-device", name: "Home", timestamp: at(1) });
analytics.group({ userId: "node-1", groupId: "shop-7", timestamp: at(4) });
analytics.screen({ userId: "node-1", name: "Basket", timestamp: at(5) });
analytics.alias({ userId: "node-1", previousId: "node-0", timestamp: at(6) });
await analytics.closeAndFlush({ timeout: 20000 });
if (failed) {
  console.error(failed);
  process.exit(1);
}
