// The API, as this page calls it. The key lives in this tab's session storage and nowhere else.

const STORED = "vito.review.key";

/** What the API refused, with the problem document (RFC 9457) that says why. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `the server answered ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

export const key = {
  get: () => sessionStorage.getItem(STORED),
  set: (value) => sessionStorage.setItem(STORED, value),
  forget: () => sessionStorage.removeItem(STORED),
};

async function call(method, path, { body, ifMatch, signal } = {}) {
  const headers = { Authorization: `Bearer ${key.get() ?? ""}`, Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (ifMatch) headers["If-Match"] = ifMatch;
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, { detail: "The server does not answer. Nothing was recorded that was not confirmed here." });
  }
  const content = await response.json().catch((error) => {
    if (error.name === "AbortError") throw error;
    if (response.ok) throw new Refused(0, { detail: "The answer did not arrive whole. Read the pair again before deciding." });
    return {};
  });
  if (!response.ok) throw new Refused(response.status, content);
  return { content, etag: response.headers.get("ETag"), status: response.status };
}

const at = (...parts) => `/v1/${parts.map(encodeURIComponent).join("/")}`;

function query(path, parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== "" && value !== undefined);
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

export const api = {
  counts: () => call("GET", at("candidates", "counts")),
  queue: (filter, cursor, signal) => call("GET", query(at("candidates"), { ...filter, cursor, limit: 25 }), { signal }),
  candidate: (id, signal) => call("GET", at("candidates", id), { signal }),
  claim: (id, ifMatch) => call("POST", at("candidates", id, "claim"), { ifMatch }),
  decide: (id, body, ifMatch) => call("POST", at("candidates", id, "decisions"), { body, ifMatch }),
  confirm: (id, body, ifMatch) => call("POST", at("decisions", id, "confirm"), { body, ifMatch }),
  retract: (id, body, ifMatch) => call("POST", at("decisions", id, "retract"), { body, ifMatch }),
  person: (id) => call("GET", at("persons", id)),
  timeline: (id, cursor, signal) => call("GET", query(at("persons", id, "timeline"), { cursor, limit: 50 }), { signal }),
};
