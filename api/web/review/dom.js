// Elements, made by calls: no markup is ever parsed from text, so nothing that a channel sent can run.

const SVG = "http://www.w3.org/2000/svg";

export const $ = (id) => document.getElementById(id);

/** An element. `attributes`: `on…` are listeners, `class`, `text`, booleans are set or left out. */
export function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** An SVG element, likewise. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

/**
 * Draws what `parent` holds anew. The keyboard stays where it was: at the same item of a list, else at what may have it around
 * `parent`. Never at a button that acts, which would be about something else by now.
 */
export function replace(parent, ...children) {
  const held = parent.contains(document.activeElement) ? document.activeElement : null;
  parent.replaceChildren(...present(children));
  if (held && !held.isConnected) {
    const again = held.dataset.id && parent.querySelector(`[data-id="${held.dataset.id}"]`);
    (again || parent.closest("[tabindex]"))?.focus({ preventScroll: true });
  }
  return parent;
}

/** A value with the exact number behind the rounded one that is read. */
export function figure(number, text, attributes = {}) {
  return el("data", { value: String(number), ...attributes }, text);
}

/** A bar for a probability; the number stands beside it, so it is decoration. */
export function bar(p, kind) {
  const width = Math.max(0, Math.min(1, p)) * 100;
  return svg(
    "svg",
    { class: `bar ${kind}`, viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "track", width: 100, height: 4 }),
    svg("rect", { class: "fill", width, height: 4 }),
  );
}

/**
 * A listener of clicks that act on what is shown. The second click of a double click was meant for what stood there before
 * the first, so it does nothing; a button that is pressed by key counts no clicks.
 */
export const clicked = (act) => (event) => event.detail > 1 || act(event);

/** The same act, but not again while it is under way: the second would be refused, and tell of the first that it failed. */
export function alone(act) {
  let isUnderWay = false;
  return async (...given) => {
    if (isUnderWay) return;
    isUnderWay = true;
    try {
      await act(...given);
    } finally {
      isUnderWay = false;
    }
  };
}

export function kbd(key) {
  return el("kbd", { "aria-hidden": "true" }, key);
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...present(children));
  return node;
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}
