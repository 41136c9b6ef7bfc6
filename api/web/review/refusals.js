// Why a verdict was refused, in words and with names.

import { api } from "./client.js";
import { mayBeDone } from "./lost.js";
import { personName, shortId } from "./words.js";

/** The sentence of a refusal. A contradiction tells its path: who would be one with whom, and who must not. */
export async function refusalInWords(error, candidate) {
  const path = error.problem.path;
  if (error.status !== 409 || !path?.length) return withFaults(error);
  const names = await Promise.all(path.map((id) => nameOf(id, candidate)));
  const chain = names.slice(1).map((name, index) => `${names[index]} is one with ${name}`).join(", ");
  return (
    `Not recorded: it would contradict an earlier decision. Then ${chain} – ` +
    `but ${names[0]} and ${names.at(-1)} were decided to be two people (decision ${shortId(error.problem.decision)}). ` +
    "Retract that decision first, or decide otherwise here."
  );
}

async function nameOf(id, { left_person: left, right_person: right }) {
  const here = [left, right].find((person) => person.fragments.some((fragment) => fragment.id === id));
  if (here) return personName(here);
  try {
    return personName((await api.person(id)).content);
  } catch {
    return shortId(id);
  }
}

/** The same where no pair is told of. */
export function withFaults(error) {
  const faults = (error.problem.errors ?? []).map((fault) => fault.detail);
  return `${mayBeDone(error) ? "It is not known whether this was recorded" : "Not recorded"}: ${[error.message, ...faults].join("; ")}`;
}
