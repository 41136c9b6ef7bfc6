// Who holds which identifier, drawn: left person, identifiers, right person. What is drawn is told in words as well.

import { el, svg } from "./dom.js";
import { many, personName, spaced } from "./words.js";

const MOST_IDENTIFIERS = 14;
const MOST_FRAGMENTS = 6;
const ROW = 34;
const X = { left: 120, middle: 400, right: 680 };

/** The picture of a pair, from its two neighbourhoods. */
export function picture(candidate) {
  const { nodes, edges } = joined(candidate.graphs ?? []);
  const isOne = candidate.left_person.view_id === candidate.right_person.view_id;
  const sides = { left: fragmentsOf(candidate.left_person), right: isOne ? [] : fragmentsOf(candidate.right_person) };
  const holds = edges.filter((edge) => edge.type === "HAS");
  const shown = ranked([...nodes.values()].filter((node) => node.label === "Identifier"), holds, sides).slice(0, MOST_IDENTIFIERS);
  if (!shown.length) return el("p", { class: "note" }, "Neither holds an identifier.");
  const height = ROW * Math.max(shown.length, sides.left.length, sides.right.length) + 30;
  const places = new Map(shown.map(({ node }, index) => [node.id, { x: X.middle, y: yOf(index, shown.length, height) }]));
  for (const side of ["left", "right"])
    sides[side].forEach((id, index) => places.set(id, { x: X[side], y: yOf(index, sides[side].length, height) }));
  const lines = edges.filter(({ source, target }) => places.has(source) && places.has(target));
  const words = `${many(shown.filter((one) => one.isCommon).length, "identifier")} of ${shown.length} held by ${isOne ? "more than one fragment" : "both"}.`;
  return el(
    "figure",
    { class: "picture" },
    el(
      "div",
      { class: "scrolls", role: "region", "aria-label": "Identifiers, drawn", tabindex: "0" },
      svg(
        "svg",
        { id: "picture", viewBox: `0 0 800 ${height}`, role: "img", "aria-label": `${personName(candidate.left_person)} and ${personName(candidate.right_person)}: ${words}` },
        lines.map((edge) => line(edge, places)),
        shown.map((one) => identifier(one, places.get(one.node.id))),
        ["left", "right"].flatMap((side) => sides[side].map((id, index) => person(candidate[`${side}_person`], id, index, places.get(id)))),
      ),
    ),
    el("figcaption", { class: "note" }, `${words} The number beside one is how many others hold it.`),
  );
}

function joined(graphs) {
  const nodes = new Map(graphs.flatMap((graph) => graph.nodes).map((node) => [node.id, node]));
  const edges = new Map(graphs.flatMap((graph) => graph.edges).map((edge) => [`${edge.source} ${edge.type} ${edge.target}`, edge]));
  return { nodes, edges: [...edges.values()] };
}

const fragmentsOf = (person) => person.fragments.slice(0, MOST_FRAGMENTS).map((fragment) => fragment.id);

/** What both hold comes first, then what others hold too. */
function ranked(identifiers, holds, { left, right }) {
  return identifiers
    .map((node) => {
      const holders = new Set(holds.filter((edge) => edge.target === node.id).map((edge) => edge.source));
      const [ours, theirs] = [left, right].map((side) => side.filter((id) => holders.has(id)).length);
      return { node, isOwn: ours + theirs > 0, isCommon: right.length ? ours > 0 && theirs > 0 : ours > 1, others: holders.size - ours - theirs };
    })
    .filter(({ isOwn }) => isOwn)
    .sort((a, b) => b.isCommon - a.isCommon || b.others - a.others || (a.node.id < b.node.id ? -1 : 1));
}

const yOf = (index, count, height) => (height * (index + 0.5)) / count;

function line({ source, target, type }, places) {
  const [from, to] = [places.get(source), places.get(target)];
  const bend = from.x === to.x ? (from.x < X.middle ? -70 : 70) : 0;
  const path = `M${from.x} ${from.y} Q${(from.x + to.x) / 2 + bend} ${(from.y + to.y) / 2} ${to.x} ${to.y}`;
  return svg("path", { class: `edge ${type.toLowerCase()}`, d: path }, svg("title", {}, spaced(type)));
}

function identifier({ node, others, isCommon }, { x, y }) {
  const text = shortened(`${node.kind} ${node.value}`, 34);
  return svg(
    "g",
    { class: `node identifier status-${node.status ?? "untold"}${isCommon ? " common" : ""}` },
    svg("title", {}, [`${node.kind} ${node.value}`, node.status].filter(Boolean).join(" · ")),
    svg("rect", { x: x - 130, y: y - 12, width: 260, height: 24, rx: 12 }),
    svg("text", { x, y: y + 4, "text-anchor": "middle" }, text),
    others > 0 && svg("text", { class: "others", x: x + 138, y: y + 4 }, `+${others}`),
  );
}

function person(view, id, index, { x, y }) {
  const name = index === 0 ? shortened(personName(view), 24) : "fragment";
  return svg(
    "g",
    { class: "node person" },
    svg("title", {}, id),
    svg("rect", { x: x - 95, y: y - 15, width: 190, height: 30, rx: 4 }),
    svg("text", { x, y: y + 4, "text-anchor": "middle" }, name),
  );
}

const shortened = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
