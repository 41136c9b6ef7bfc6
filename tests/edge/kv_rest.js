// The part of Cloudflare's REST interface for Workers KV that clients write with, over a real namespace in workerd.

const VALUES = /^\/client\/v4\/accounts\/([^/]+)\/storage\/kv\/namespaces\/([^/]+)\/(values|metadata)\/([^/]+)$/;

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const found = VALUES.exec(url.pathname);
    if (request.headers.get("authorization") !== `Bearer ${env.TOKEN}`) return refused(403, 10000, "Authentication error");
    if (!found || found[1] !== env.ACCOUNT || found[2] !== env.NAMESPACE) return refused(404, 10013, "namespace not found");
    const key = decodeURIComponent(found[4]);
    try {
      if (found[3] === "metadata") return await metadata(env.KV, key);
      if (request.method === "PUT") return await put(env.KV, key, request, url.searchParams);
      if (request.method === "DELETE") return answer(await env.KV.delete(key));
    } catch (error) {
      return refused(400, 10147, String(error.message));
    }
    return refused(405, 10405, "Method not allowed");
  },
};

async function metadata(store, key) {
  const held = await store.getWithMetadata(key);
  return held.value === null ? refused(404, 10009, "key not found") : answer(held.metadata);
}

async function put(store, key, request, query) {
  const form = await request.formData();
  const options = { metadata: JSON.parse(form.get("metadata") ?? "null") };
  if (query.has("expiration_ttl")) options.expirationTtl = Number(query.get("expiration_ttl"));
  const value = form.get("value");
  await store.put(key, typeof value === "string" ? value : await value.text(), options);
  return answer({});
}

function answer(result) {
  return Response.json({ success: true, errors: [], messages: [], result: result ?? null });
}

function refused(status, code, message) {
  return Response.json({ success: false, errors: [{ code, message }], messages: [], result: null }, { status });
}
