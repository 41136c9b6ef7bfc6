// The list of pairs, as the queue holds them.

import { bar, el, figure } from "./dom.js";
import { bandInWords, percent, shortId, spaced, titled } from "./words.js";

/** One pair of the list; `actor` is who looks at it. */
export function itemOf(item, { isCurrent, actor, onSelect }) {
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "item", "data-id": item.id, "data-status": item.status, "aria-current": isCurrent ? "true" : null, onclick: () => onSelect(item.id) },
      el("span", { class: "names" }, el("bdi", {}, nameOf(item, "left")), el("span", { class: "and" }, " & "), el("bdi", {}, nameOf(item, "right"))),
      item.band && bandOf(item.band),
      item.p_same !== undefined && [chance("same", item.p_same), chance("household", item.p_household)],
      tags(item, actor).map((words) => el("span", { class: "tag" }, words)),
    ),
  );
}

export function bandOf(band) {
  const shown = band === "-" ? "–" : band;
  return el("span", { class: `band band-${band === "-" ? "none" : band}`, title: bandInWords(band) }, el("span", { class: "unseen" }, "Band "), shown);
}

function tags(item, actor) {
  return [
    item.verdict && spaced(item.verdict),
    item.status === "reopened" && "Reopened",
    item.status === "claimed" && (item.claimed_by === actor ? "Yours" : `Claimed by ${item.claimed_by_name ?? "a colleague"}`),
    item.isGone && `${spaced(item.status)} meanwhile`,
  ].filter(Boolean);
}

export function nameOf(item, side) {
  const name = item[`${side}_name`];
  return name ? titled(name) : (item[`${side}_identifier`] ?? shortId(item[side]));
}

function chance(kind, p) {
  return el(
    "span",
    { class: `chance ${kind}` },
    el("span", { class: "chance-name" }, kind),
    bar(p, kind),
    figure(p, percent(p), { class: "chance-figure" }),
  );
}
