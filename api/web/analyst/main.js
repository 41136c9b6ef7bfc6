// The analysts' page: a query, its answer as a table and as a picture, and queries that are there already.

import { $, el, replace } from "/review/assets/dom.js";
import { Refused, ask, key, listNamed, wake } from "./client.js";
import { edit } from "./editor.js";
import { picture } from "./picture.js";
import { Table } from "./table.js";
import { Net } from "./values.js";

const STOPPED = {
  rows: "There are more rows.",
  bytes: "The answer is too large: the rest was left out.",
  time: "Its time was over.",
  memory: "It needs too much memory.",
  error: "It failed.",
  restart: "The analysts' Neo4j started anew; ask again.",
};

let asking = null;
let net = new Net();
const say = (text) => ($("live").textContent = text);

async function signIn(secret) {
  if (!/^[\x21-\x7e]+$/.test(secret)) return signedOut("A key has letters, digits and signs only; this is none.");
  key.set(secret);
  try {
    showNamed(await listNamed());
  } catch (refused) {
    return signedOut(refused.status === 401 ? "This key is not known, or it was revoked." : refused.message);
  }
  $("api-key").value = "";
  $("key-error").textContent = "";
  show(true);
  wake();
  $("query").focus();
}

function signedOut(reason) {
  key.forget();
  asking?.abort();
  $("answer").hidden = true;
  $("refusal").textContent = "";
  for (const part of ["table", "graph"]) replace($(part));
  show(false);
  $("key-error").textContent = reason;
}

function show(isSignedIn) {
  $("sign-in").hidden = isSignedIn;
  $("desk").hidden = !isSignedIn;
  $("top-actions").hidden = !isSignedIn;
  if (!isSignedIn) $("api-key").focus();
}

function showNamed(queries) {
  replace($("named-queries"), queries.map((query) => el("li", {}, el("button", { type: "button", class: "link", onclick: () => choose(query) }, query.name.replaceAll("_", " ")))));
}

function choose(query) {
  $("query").value = query.query;
  $("parameters").value = JSON.stringify(Object.fromEntries(query.parameters.map(({ name, default: value }) => [name, value])), null, 2);
  $("parameters-part").open = query.parameters.length > 0;
  $("named-doc").textContent = [query.doc, ...query.parameters.map(({ name, type, doc }) => `${name} (${type}): ${doc}.`)].join(" ");
  $("named-doc").hidden = false;
  $("query").focus();
}

function parametersOf() {
  try {
    const given = JSON.parse($("parameters").value || "{}");
    if (given !== null && typeof given === "object" && !Array.isArray(given)) return given;
  } catch {
    // told below
  }
  throw new Refused(0, { detail: "Parameters must be a JSON object." });
}

async function run() {
  asking?.abort();
  const mine = (asking = new AbortController());
  $("refusal").textContent = "";
  $("stop").hidden = false;
  say("Asking…");
  try {
    const body = { query: $("query").value, parameters: parametersOf(), limit: Number($("limit").value) };
    await take(ask(body, mine.signal));
  } catch (error) {
    if (mine !== asking) return;
    $("answer").hidden = true;
    if (error.status === 401) return signedOut("This key is not known any more.");
    $("refusal").textContent = error.name === "AbortError" ? "" : error.message;
    say(error.name === "AbortError" ? "Left." : "Refused.");
  } finally {
    if (mine === asking) {
      asking = null;
      $("stop").hidden = true;
    }
  }
}

async function take(parts) {
  let table = null;
  net = new Net();
  for await (const part of parts) {
    if (Array.isArray(part)) {
      table.add(part);
      net.add(part);
    } else if (part.columns) {
      table = new Table($("table"), part.columns);
      $("summary").textContent = "";
      $("answer").hidden = false;
    } else {
      end(part.summary);
    }
  }
}

function end({ rows, ms, as_of: asOf, masked, stopped, detail }) {
  const count = `${rows} ${rows === 1 ? "row" : "rows"}`;
  const reason = stopped ? ` ${STOPPED[stopped]} ${detail ?? ""}` : "";
  $("summary").textContent = `${count} in ${ms} ms, of the graph at ${new Date(asOf).toLocaleString()}${masked ? ", masked" : ", personal values shown"}.${reason}`;
  say(`${count}.${stopped ? ` ${STOPPED[stopped]}` : ""}`);
  view(document.querySelector(".tabs [aria-pressed=true]").dataset.view);
}

function view(name) {
  for (const tab of document.querySelectorAll(".tabs [data-view]")) tab.setAttribute("aria-pressed", String(tab.dataset.view === name));
  $("table").hidden = name !== "table";
  $("graph").hidden = name !== "graph";
  if (name === "graph") replace($("graph"), picture(net));
}

$("sign-in-form").addEventListener("submit", (event) => {
  event.preventDefault();
  signIn($("api-key").value.trim());
});
$("sign-out").addEventListener("click", () => signedOut(""));
$("ask-form").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
$("stop").addEventListener("click", () => asking?.abort());
for (const tab of document.querySelectorAll(".tabs [data-view]")) tab.addEventListener("click", () => view(tab.dataset.view));
edit($("query"), run);
if (key.get()) signIn(key.get());
else show(false);
