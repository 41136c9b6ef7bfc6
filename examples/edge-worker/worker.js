// Renders a campaign's offer at the edge, from what ViTo wrote to the key-value store (docs/guides/sinks.md).
// Dark (410) unless everything says that the campaign is on: absent, late, malformed or mismatched means dark.

const NEVER_CACHED = { "cache-control": "no-store" };

export default {
  async fetch(request, env) {
    const id = new URL(request.url).pathname.slice(1);
    if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(id)) return dark();
    const [status, reply] = await Promise.all([
      read(env.CAMPAIGNS, `campaign:${id}:status`),
      read(env.CAMPAIGNS, `campaign:${id}:reply`),
    ]);
    if (!isOn(status, Date.now() / 1000) || !reply?.live || reply.version !== status.version) {
      return dark(reply?.over?.closing);
    }
    return new Response(page(reply.live), { headers: { ...NEVER_CACHED, "content-type": "text/html; charset=utf-8" } });
  },
};

async function read(store, key) {
  try {
    return await store.get(key, "json");
  } catch {
    return null;
  }
}

function isOn(status, now) {
  return (
    status?.status === "active" &&
    Number.isInteger(status.version) &&
    typeof status.until === "number" && now < status.until &&
    (status.starts_at ?? -Infinity) <= now && now < (status.ends_at ?? Infinity)
  );
}

function dark(closing = "This offer is over.") {
  return new Response(`<!doctype html><title>Over</title><p>${escaped(closing)}</p>`, {
    status: 410,
    headers: { ...NEVER_CACHED, "content-type": "text/html; charset=utf-8" },
  });
}

// The layout is the page's own; ViTo stores meaning only.
function page(live) {
  const texts = Object.entries(live.artifacts).map(
    ([key, artifact]) =>
      `<section id="${escaped(key)}">${Object.values(artifact.content).map((value) => `<p>${shown(value)}</p>`).join("")}</section>`,
  );
  return `<!doctype html><title>${escaped(live.name)}</title><h1>${escaped(live.name)}</h1>${texts.join("")}`;
}

function shown(value) {
  return escaped(typeof value === "string" ? value : JSON.stringify(value));
}

function escaped(text) {
  return String(text).replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}
