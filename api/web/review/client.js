// The API, as this page calls it: by a session's cookie, which no script reads, or by a key in this tab's session storage.

const STORED = "vito.review.key";
const ANSWERED = 60_000; // ms: twice what the server gives a transaction. A network that goes silent closes nothing
const ALL_ANSWERED = 10 * ANSWERED; // for many pairs, a transaction each
const SILENT = 40_000; // ms without a byte on the line of changes, on which the server is heard every 15 s

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

/** What goes with a call: the key, else the token without which the session's cookie changes nothing. */
export const session = { csrf: null };
const authorization = () => (key.get() ? { Authorization: `Bearer ${key.get()}` } : session.csrf ? { "X-CSRF-Token": session.csrf } : {});

async function call(method, path, { body, ifMatch, signal, keepalive = false, within = ANSWERED } = {}) {
  const headers = { ...authorization(), Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (ifMatch) headers["If-Match"] = ifMatch;
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: either(AbortSignal.timeout(within), signal),
      keepalive,
      cache: "no-store",
      credentials: "same-origin",
      referrerPolicy: "no-referrer",
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, { detail: "The server does not answer. What was not confirmed here may be recorded all the same: look at the pair again." });
  }
  const content = await (response.status === 204 ? Promise.resolve(null) : response.json()).catch((error) => {
    if (error.name === "AbortError") throw error;
    if (response.ok) throw new Refused(0, { detail: "The answer did not arrive whole. Read the pair again before deciding." });
    return {};
  });
  if (!response.ok) throw new Refused(response.status, content);
  return { content, etag: response.headers.get("ETag"), date: response.headers.get("Date"), status: response.status };
}

/** Ends as soon as one of them does. */
const either = (...signals) => AbortSignal.any(signals.filter(Boolean));

const at = (...parts) => `/v1/${parts.map(encodeURIComponent).join("/")}`;

function query(path, parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== "" && value !== undefined);
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

export const api = {
  ways: () => call("GET", "/login/ways"),
  redeem: (ticket) => call("POST", "/login/ticket", { body: { ticket } }),
  session: () => call("GET", at("session")),
  endSession: () => call("DELETE", at("session")),
  counts: () => call("GET", at("candidates", "counts")),
  matching: (filter, signal) => call("GET", query(at("candidates", "matching"), filter), { signal }),
  queue: (filter, cursor, limit, signal) => call("GET", query(at("candidates"), { ...filter, cursor, limit }), { signal }),
  owners: (blind, signal) => call("GET", query(at("candidates", "by-person"), { blind: blind || null }), { signal }),
  candidate: (id, blind, signal) => call("GET", query(at("candidates", id), { whole: true, blind: blind || null }), { signal }),
  claim: (id, blind) => call("POST", query(at("candidates", id, "claim"), { blind: blind || null })),
  release: (id, blind) => call("DELETE", query(at("candidates", id, "claim"), { blind: blind || null }), { keepalive: true }),
  acknowledge: (id, body, ifMatch) => call("POST", at("candidates", id, "acknowledge"), { body, ifMatch }),
  decide: (id, body, ifMatch) => call("POST", at("candidates", id, "decisions"), { body, ifMatch }),
  log: (since, cursor = null) => call("GET", query(at("decisions"), { since, cursor })),
  confirm: (id, ifMatch) => call("POST", at("decisions", id, "confirm"), { ifMatch }),
  retract: (id, body) => call("POST", at("decisions", id, "retract"), { body }),
  rehearse: (id, body, signal) => call("POST", query(at("decisions", id, "retract"), { dry_run: true }), { body, signal }),
  bulk: (filter, signal) => call("GET", query(at("candidates", "bulk"), filter), { signal }),
  decideBulk: (body) => call("POST", at("candidates", "bulk"), { body, within: ALL_ANSWERED }),
  batch: (id) => call("GET", at("batches", id)),
  retractBatch: (id, body) => call("POST", at("batches", id, "retract"), { body, within: ALL_ANSWERED }),
  rehearseBatch: (id, body, signal) => call("POST", query(at("batches", id, "retract"), { dry_run: true }), { body, signal, within: ALL_ANSWERED }),
  person: (id, signal) => call("GET", at("persons", id), { signal }),
  timeline: (id, cursor, signal) => call("GET", query(at("persons", id, "timeline"), { cursor, limit: 50 }), { signal }),
  identifier: (key, signal) => call("GET", query(at("identifiers"), { key }), { signal }),
  calls: (status, cursor, signal) => call("GET", query(at("voice", "reviews"), { status, cursor }), { signal }),
  settle: (id, body) => call("POST", at("voice", "reviews", id), { body }),
  quality: (signal) => call("GET", at("quality"), { signal }),
};

/** The bytes of what is attached to an event: a media element cannot send a key, so they are fetched. */
export async function readEvidence(sha256, signal) {
  const response = await fetch(at("evidence", sha256), { headers: authorization(), signal, cache: "no-store", credentials: "same-origin", referrerPolicy: "no-referrer" });
  if (!response.ok) throw new Refused(response.status, await response.json().catch(() => ({})));
  return response.blob();
}

/** What changes in the queue, as it happens, until the line breaks or is silent: `{type, id, kind, status, version, claimed_by, …}`. */
export async function* changes(blind, signal) {
  const silence = new AbortController();
  let timer;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENT);
  };
  heard();
  try {
    const response = await fetch(query(at("candidates", "stream"), { blind: blind || null }), { headers: authorization(), signal: either(silence.signal, signal), cache: "no-store", credentials: "same-origin" });
    if (!response.ok) throw new Refused(response.status, {});
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    yield { type: "connected" };
    for (let rest = ""; ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const data = block.split("\n").find((line) => line.startsWith("data: "));
        if (data) yield JSON.parse(data.slice(6));
      }
    }
  } finally {
    clearTimeout(timer);
  }
}
