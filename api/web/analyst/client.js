// The API, as this page calls it. The key lives in this tab's session storage and nowhere else.

const STORED = "vito.analyst.key";

/** What the API refused, with the sentence of its problem document (RFC 9457). */
export class Refused extends Error {
  constructor(status, problem) {
    const faults = (problem.errors ?? []).map(({ detail }) => detail).join("; ");
    super(faults || problem.detail || problem.title || `the server answered ${status}`);
    this.status = status;
  }
}

export const key = {
  get: () => sessionStorage.getItem(STORED),
  set: (value) => sessionStorage.setItem(STORED, value),
  forget: () => sessionStorage.removeItem(STORED),
};

async function call(method, path, body, signal) {
  const headers = { Authorization: `Bearer ${key.get() ?? ""}`, "Content-Type": "application/json" };
  const options = { method, headers, signal, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" };
  let response;
  try {
    response = await fetch(path, body === undefined ? options : { ...options, body: JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, { detail: "The server does not answer." });
  }
  if (!response.ok) throw new Refused(response.status, await response.json().catch(() => ({})));
  return response;
}

export const listNamed = async () => (await (await call("GET", "/v1/cypher/named")).json()).items;

/** The copy is made at the first question, which takes a while: so one is asked before anybody has thought of another. */
export const wake = () =>
  call("POST", "/v1/cypher", { query: "RETURN 1" })
    .then((response) => response.text())
    .catch(() => {}); // whoever asks next is told

/** The parts of an answer as they come: `{columns}`, then arrays, then `{summary}`. */
export async function* ask(body, signal) {
  const response = await call("POST", "/v1/cypher", body, signal);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}
