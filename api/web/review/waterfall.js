// The waterfall: every row of evidence with its bits against either rival, as bars inside a real table.

import { el, figure, svg } from "./dom.js";
import { signed, spaced } from "./words.js";

const RIVALS = [
  { column: "bits_stranger", name: "a stranger", heading: "Against a stranger" },
  { column: "bits_household", name: "a household", heading: "Against a household" },
];

/** Where each bar of a column starts and ends, in bits: one after another, from zero to the total. */
function steps(rows, column) {
  let reached = 0;
  return rows.map((row) => {
    const from = reached;
    reached += row[column];
    return { from, to: reached, bits: row[column] };
  });
}

/** The table of a score. Rows without evidence come last, quietly: what is missing counts nothing. */
export function waterfall(score) {
  const rows = [...score.evidence].sort((a, b) => isSilent(a) - isSilent(b));
  const columns = RIVALS.map((rival) => ({ ...rival, steps: steps(rows, rival.column), total: score[rival.column] }));
  const scale = scaleOf(columns);
  return el(
    "div",
    { class: "scrolls", role: "region", "aria-label": "Evidence, row by row", tabindex: "0" },
    el(
      "table",
      { class: "waterfall", id: "waterfall" },
      el("caption", { class: "unseen" }, "Evidence and its bits; each column adds up to its total"),
      el("thead", {}, headings()),
      el("tbody", {}, rows.map((row, index) => evidenceRow(row, index, columns, scale))),
      el("tfoot", {}, totals(columns, scale)),
    ),
  );
}

function headings() {
  return el(
    "tr",
    {},
    el("th", { scope: "col" }, "Compared"),
    RIVALS.map((rival) => [
      el("th", { scope: "col", class: "number" }, el("span", { class: "unseen" }, `Bits ${rival.name} · `), "bits"),
      el("th", { scope: "col", class: "bars" }, rival.heading),
    ]),
  );
}

function evidenceRow(row, index, columns, scale) {
  return el(
    "tr",
    { class: isSilent(row) ? "silent" : null },
    el(
      "th",
      { scope: "row" },
      el("span", { class: "comparison" }, spaced(row.comparison), row.capped && el("span", { class: "tag" }, "capped")),
      values(row),
      el("span", { class: "sentence" }, row.sentence),
    ),
    columns.map((column) => {
      const step = column.steps[index];
      const title = `${spaced(row.comparison)}: ${signed(step.bits)} bits against ${column.name}, reaching ${signed(step.to)}`;
      return [
        el("td", { class: `number ${sign(step.bits)}`, "data-column": column.column }, figure(step.bits, signed(step.bits))),
        el("td", { class: "bars" }, drawn(step, scale, title, sign(step.bits))),
      ];
    }),
  );
}

function totals(columns, scale) {
  const least = Math.min(...columns.map((column) => column.total));
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, "Total", el("span", { class: "sentence" }, "The smaller of the two decides.")),
    columns.map((column) => {
      const total = { from: 0, to: column.total, bits: column.total };
      const title = `Total: ${signed(column.total)} bits against ${column.name}`;
      return [
        el(
          "td",
          { class: `number total${column.total === least ? " decides" : ""}`, "data-total": column.column },
          figure(column.total, signed(column.total)),
        ),
        el("td", { class: "bars" }, drawn(total, scale, title, `total ${sign(column.total)}`)),
      ];
    }),
  );
}

/** Both values, when they say more than the sentence does. */
function values(row) {
  if (!row.left && !row.right) return null;
  if (row.left === row.right) return el("span", { class: "values" }, row.left);
  return el("span", { class: "values" }, row.left || "–", el("span", { "aria-label": "against" }, " ↔ "), row.right || "–");
}

/** One bar, floating where the bars before it ended, with a thin line back to there. */
function drawn(step, scale, title, kind) {
  const x = scale(Math.min(step.from, step.to));
  const width = Math.max(Math.abs(scale(step.to) - scale(step.from)), step.bits === 0 ? 0 : 0.6);
  return svg(
    "svg",
    { class: "step", role: "img", viewBox: "0 0 100 20", preserveAspectRatio: "none", "aria-label": title },
    svg("title", {}, title),
    svg("line", { class: "zero", x1: scale(0), x2: scale(0), y1: 0, y2: 20 }),
    svg("line", { class: "link", x1: scale(step.from), x2: scale(step.from), y1: 0, y2: 6 }),
    svg("line", { class: "link", x1: scale(step.to), x2: scale(step.to), y1: 14, y2: 20 }),
    svg("rect", { class: kind, x, y: 5, width, height: 10 }),
  );
}

/** Bits to 0…100, one scale for both columns so that they compare. */
function scaleOf(columns) {
  const ends = columns.flatMap((column) => column.steps.flatMap((step) => [step.from, step.to]));
  const least = Math.min(0, ...ends);
  const span = Math.max(0, ...ends) - least || 1;
  return (bits) => 1 + ((bits - least) / span) * 98;
}

const isSilent = (row) => Number(row.bits_stranger === 0 && row.bits_household === 0);
const sign = (bits) => (bits > 0 ? "for" : bits < 0 ? "against" : "neither");
