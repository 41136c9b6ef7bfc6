// How good decisions and proposals are: tables, and one small picture for each that is a distribution.

import { bar, el, svg } from "./dom.js";
import { api } from "./client.js";
import { minute, percent, spaced } from "./words.js";

export async function qualityView() {
  const found = (await api.quality()).content;
  return [
    el("header", { class: "heading" }, el("h1", {}, "Quality"), el("p", { class: "facts" }, `Counted ${minute(found.at)}`)),
    part("Precision by band", ["Kind", "Band", "Decided", "Same", "Precision", "95 % bound", ""], found.precision.map(precision)),
    part("Overturned decisions", ["Verdict", "Decisions", "Overturned", "Rate"], overturned(found.overturned)),
    part("Agreement of second looks", ["Looks taken", "Looks", "Agreed", "Rate", "Kappa"], agreement(found.agreement)),
    part("Age of the queue", ["Kind", "Waiting", "Median", "95th percentile", "Oldest"], found.queue_age.map(age)),
    part("Identifiers that are not one person's", ["Kind", "Status", "Holders", "Identifiers"], found.identifiers.map((row) => [spaced(row.kind), row.status, `${row.at_least} or more`, row.identifiers])),
    part("Scores of this week beside the 90 days before", ["Model", "Stability index", "Before", "This week"], found.drift.map(drift)),
  ];
}

/** A table, or a sentence where there is nothing to count yet. */
function part(title, heads, rows) {
  const id = `quality-${title.toLowerCase().replaceAll(/\W+/g, "-")}`;
  const table = () =>
    el(
      "div",
      { class: "scrolls", role: "region", "aria-labelledby": id, tabindex: "0" },
      el(
        "table",
        { class: "figures" },
        el("thead", {}, el("tr", {}, heads.map((head) => (head ? el("th", { scope: "col" }, head) : el("td", {}))))),
        el("tbody", {}, rows.map(([first, ...cells]) => el("tr", {}, el("th", { scope: "row" }, first), cells.map((cell) => el("td", { class: "number" }, cell ?? "–"))))),
      ),
    );
  return el("section", { "aria-labelledby": id }, el("h2", { id }, title), rows.length ? table() : el("p", { class: "note" }, "Nothing to count yet."));
}

const rate = (value) => (value === null || value === undefined ? "–" : percent(value));

const precision = (row) => [spaced(row.kind), row.band, row.decided, row.same, rate(row.precision), rate(row.lower_bound), row.decided ? bar(row.lower_bound, "same") : null];

const overturned = ({ by_verdict: rows, ...all }) =>
  all.decisions ? [...rows.map((row) => [spaced(row.verdict), row.decisions, row.overturned, rate(row.overturned / row.decisions)]), ["All", all.decisions, all.overturned, rate(all.rate)]] : [];

function agreement({ by_purpose: parts, ...all }) {
  const row = ([name, { looks, agreed, rate: share, kappa }]) => [spaced(name), looks, agreed, rate(share), kappa === null ? "–" : kappa.toFixed(2)];
  return all.looks ? [...Object.entries(parts), ["All", all]].map(row) : [];
}

const age = ({ kind, waiting, median, p95, oldest }) => [spaced(kind), waiting, ...[median, p95, oldest].map(duration)];

function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}

const drift = ({ model, stability, before, recent }) => [model, stability === null ? "–" : `${stability.toFixed(2)}${stability > 0.25 ? " – something moved" : ""}`, histogram(before), histogram(recent)];

/** Ten bars, P(same) from 0 to 1; the counts are told as well. */
function histogram(counts) {
  const most = Math.max(1, ...counts);
  return svg(
    "svg",
    { class: "histogram", viewBox: "0 0 100 30", role: "img", "aria-label": `Pairs by P(same), in tenths: ${counts.join(", ")}` },
    counts.map((count, bin) => svg("rect", { x: bin * 10 + 1, y: 30 - (count / most) * 30, width: 8, height: (count / most) * 30 })),
  );
}
