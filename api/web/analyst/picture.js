// The graph of an answer, drawn: nodes pushed apart and drawn together by what links them. The table tells the same in words.

import { el, svg } from "/review/assets/dom.js";
import { shortened, words } from "./values.js";

const MOST_NODES = 150;
const STEPS = 200;
const SIZE = { width: 900, height: 560 };
const RADIUS = 11;
const KINDS = 4;

/** The picture of a net, or a sentence where there is nothing to draw. */
export function picture(net) {
  const nodes = [...net.nodes.values()].slice(0, MOST_NODES);
  if (!nodes.length) return el("p", { class: "note" }, "No row holds a node: return nodes, relationships or paths to see them drawn.");
  const places = new Map(nodes.map((node, index) => [node._element_id, start(index, nodes.length)]));
  const links = [...net.links.values()].filter((link) => ends(link).every((end) => places.has(end)));
  settle([...places.values()], links.map((link) => ends(link).map((end) => places.get(end))));
  const labels = [...new Set(nodes.map((node) => node._labels[0] ?? ""))].sort();
  const told = `${nodes.length} of ${net.nodes.size} nodes and ${links.length} relationships: ${labels.join(", ")}.`;
  return el(
    "figure",
    {},
    svg(
      "svg",
      { class: "net", viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: "img", "aria-label": told },
      links.map((link) => line(link, places)),
      nodes.map((node) => dot(node, places.get(node._element_id), labels.indexOf(node._labels[0] ?? "") % KINDS)),
    ),
    el("figcaption", { class: "note" }, told),
  );
}

const ends = (link) => [link._start_node_element_id, link._end_node_element_id];

/** On a spiral: the same answer gives the same picture. */
function start(index, count) {
  const angle = index * 2.39996;
  const far = Math.sqrt((index + 0.5) / count);
  return { x: SIZE.width * (0.5 + 0.4 * far * Math.cos(angle)), y: SIZE.height * (0.5 + 0.4 * far * Math.sin(angle)) };
}

function settle(places, links) {
  const wish = Math.min(120, Math.sqrt((SIZE.width * SIZE.height) / places.length) * 0.7);
  for (let step = 0; step < STEPS; step += 1) {
    const heat = 30 * (1 - step / STEPS);
    const moves = places.map(() => ({ x: 0, y: 0 }));
    places.forEach((one, i) => {
      for (let j = i + 1; j < places.length; j += 1) push(one, places[j], moves[i], moves[j], (far) => -(wish * wish) / far);
    });
    const index = new Map(places.map((place, i) => [place, i]));
    for (const [from, to] of links) push(from, to, moves[index.get(from)], moves[index.get(to)], (far) => (far * far) / wish);
    places.forEach((place, i) => move(place, moves[i], heat));
  }
}

function push(one, other, ofOne, ofOther, force) {
  const [dx, dy] = [other.x - one.x || 0.01, other.y - one.y || 0.01];
  const far = Math.max(1, Math.hypot(dx, dy));
  const strength = force(far) / far;
  ofOne.x += dx * strength;
  ofOne.y += dy * strength;
  ofOther.x -= dx * strength;
  ofOther.y -= dy * strength;
}

function move(place, by, heat) {
  const length = Math.max(1, Math.hypot(by.x, by.y));
  const part = Math.min(heat, length) / length;
  const within = (value, most) => Math.min(most - 40, Math.max(40, value));
  place.x = within(place.x + by.x * part + (SIZE.width / 2 - place.x) * 0.01, SIZE.width);
  place.y = within(place.y + by.y * part + (SIZE.height / 2 - place.y) * 0.01, SIZE.height);
}

function line(link, places) {
  const [from, to] = ends(link).map((end) => places.get(end));
  return svg(
    "g",
    {},
    svg("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y }),
    svg("text", { class: "type", x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 - 3 }, link._type),
  );
}

function dot(node, { x, y }, kind) {
  const { id, key, name, type, kind: sort } = node._properties;
  const title = String(name ?? type ?? sort ?? key ?? id ?? node._labels[0] ?? "");
  return svg(
    "g",
    { class: `kind-${kind}` },
    svg("title", {}, words({ $type: "Node", _value: node })),
    svg("circle", { cx: x, cy: y, r: RADIUS }),
    svg("text", { x, y: y + RADIUS + 10 }, shortened(title).slice(0, 26)),
  );
}
