// Two persons side by side: what each stated and where that comes from, and the identifiers they hold.

import { differing, folded } from "./diff.js";
import { el } from "./dom.js";
import { day, many, personName, spaced } from "./words.js";

const ORDER = ["full_name", "given_name", "family_name", "date_of_birth", "gender", "street", "postal_code", "city", "region", "country"];

/** Traits of both in one table; where they differ, it says so in words and not by colour alone. */
export function comparison({ left_person: left, right_person: right }) {
  const known = new Set([...Object.keys(left.traits), ...Object.keys(right.traits)]);
  const traits = [...ORDER.filter((name) => known.delete(name)), ...known];
  return el(
    "div",
    { class: "scrolls", role: "region", "aria-label": "Traits of both", tabindex: "0" },
    el(
      "table",
      { class: "traits", id: "traits" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Trait"), heading("Left", left), heading("Right", right))),
      el("tbody", {}, traits.map((name) => traitRow(name, left.traits[name], right.traits[name])), sizes(left, right)),
    ),
  );
}

function heading(side, person) {
  return el("th", { scope: "col" }, el("span", { class: "unseen" }, `${side}: `), personName(person));
}

function traitRow(name, left, right) {
  const relation = related(left, right);
  const [ours, theirs] = relation === "differs" ? differing(left.value, right.value) : [];
  return el(
    "tr",
    { class: relation },
    el("th", { scope: "row" }, spaced(name), relation === "differs" && el("span", { class: "tag" }, "differs")),
    el("td", {}, stated(left, ours)),
    el("td", {}, stated(right, theirs)),
  );
}

function related(left, right) {
  if (!left || !right) return "one-sided";
  return folded(left.value) === folded(right.value) ? "agrees" : "differs";
}

function stated(trait, shown) {
  if (!trait) return el("span", { class: "note" }, "–");
  const others = trait.others ?? [];
  return [
    el("span", { class: "value" }, shown ?? String(trait.value)),
    el("span", { class: "provenance" }, `${trait.assurance} · ${spaced(trait.channel).toLowerCase()} · ${day(trait.occurred_at)}`),
    others.length > 0 && el("span", { class: "provenance" }, `also: ${others.map((other) => other.value).join(", ")}`),
  ];
}

function sizes(left, right) {
  const size = (person) => `${many(person.fragments.length, "fragment")} · ${many(person.events, "event")}`;
  return el("tr", { class: "sizes" }, el("th", { scope: "row" }, "History"), el("td", {}, size(left)), el("td", {}, size(right)));
}

/** Identifiers that both hold, and then those that only one does. */
export function agreements({ left_person: left, right_person: right }) {
  const common = inCommon(left, right);
  const shared = new Set(common.map(keyOf));
  return [
    common.length
      ? el("ul", { class: "identifiers", id: "in-common" }, common.map((held) => identifier(held, true)))
      : el("p", { class: "note" }, "They hold no identifier in common."),
    only("Only left", left, shared),
    only("Only right", right, shared),
  ];
}

export function inCommon(left, right) {
  const theirs = new Set(right.identifiers.map(keyOf));
  return distinct(left.identifiers).filter((held) => theirs.has(keyOf(held)));
}

function only(title, person, shared) {
  const own = distinct(person.identifiers).filter((held) => !shared.has(keyOf(held)));
  if (!own.length) return null;
  return [el("h3", {}, title), el("ul", { class: "identifiers" }, own.map((held) => identifier(held, false)))];
}

function identifier(held, isCommon) {
  const isOrdinary = !held.status || (held.status === "exclusive" && !isCommon); // blind mode tells none
  return el(
    "li",
    { class: isCommon ? "common" : null },
    el("span", { class: "kind" }, spaced(held.kind)),
    el("span", { class: "value" }, held.value),
    !isOrdinary && el("span", { class: `tag status-${held.status}` }, held.status),
    el("span", { class: "provenance" }, `${held.assurance} · ${held.count}× · last ${day(held.last_seen)}`),
  );
}

export const keyOf = (held) => `${held.kind}:${held.value}`;

function distinct(identifiers) {
  return [...new Map(identifiers.map((held) => [keyOf(held), held])).values()];
}
