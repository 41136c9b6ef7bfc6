// How the identifiers that both hold stand by now, as the server knows them: read once somebody looks.

import { el, replace } from "./dom.js";
import { api } from "./client.js";
import { keyOf } from "./people.js";
import { many } from "./words.js";

const DWELL = 400; // ms: who decides by key in less needs it not
const MOST = 5;

/** A list that fills itself, unless another pair is shown before. */
export function standings(common, signal) {
  const list = el("ul", { class: "standings note", id: "standings" });
  if (!common.length) return null;
  const timer = setTimeout(() => fill(list, common.slice(0, MOST).map(keyOf), signal), DWELL);
  signal.addEventListener("abort", () => clearTimeout(timer));
  return list;
}

async function fill(list, keys, signal) {
  try {
    const found = await Promise.all(keys.map((key) => api.identifier(key, signal)));
    replace(list, found.flatMap(({ content }) => content.items).map(standing));
  } catch (error) {
    if (error.name !== "AbortError") replace(list, el("li", {}, `How they stand cannot be read: ${error.message}`));
  }
}

function standing({ key, status, sentence, degree, persons, households }) {
  const counts = [persons !== undefined && many(persons, "person"), households && many(households, "household")].filter(Boolean);
  return el(
    "li",
    {},
    el("span", { class: `tag status-${status}` }, status),
    ` ${key}: ${sentence ?? ""} `,
    `Held by ${many(degree, "record")}${counts.length ? `, ${counts.join(" in ")}` : ""}.`,
  );
}
