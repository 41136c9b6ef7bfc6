// What was sent and whose answer was lost: whether it is recorded is asked of the server, never guessed.

import { api, Refused } from "./client.js";
import { decisionOf } from "./pair.js";

/** Whether what was sent may have been done all the same. */
export const mayBeDone = (error) => error instanceof Refused && (error.status === 0 || error.status >= 500);

/** The id of the decision by `actor` that a pair has, or that waits for a second person; null without one. Refused when it cannot be read. */
export async function decisionBy(actor, id, isBlind) {
  const { content: candidate } = await api.candidate(id, isBlind); // blind, it tells of decisions only once one's own is there
  if (!["decided", "awaiting"].includes(candidate.status)) return null;
  const decision = decisionOf(candidate);
  const told = candidate.history.find((entry) => entry.id === decision);
  const { items } = told ? (await api.log(told.at)).content : { items: [] };
  return items.find((entry) => entry.id === decision)?.actor === actor ? decision : null;
}

/** The id of the bulk act of `actor` on any of these pairs that the log tells of from a moment of the server's on; null without one. Refused when it cannot be read. */
export async function batchBy(actor, ids, since) {
  for (let cursor = null; ; ) {
    const { items, next } = (await api.log(since, cursor)).content;
    const mine = items.find((entry) => entry.batch && entry.actor === actor && ids.includes(entry.candidate_id));
    if (mine || !next) return mine?.batch ?? null;
    cursor = next;
  }
}
