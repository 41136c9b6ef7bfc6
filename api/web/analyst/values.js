// Values of an answer as words, and the nodes and relationships among them. Types are named as Neo4j's Query API does.

const PSEUDONYM = /~[A-Za-z0-9_-]{43,}/g;
const MOST = 240;

/** A value as it stands in a cell. */
export function words(value) {
  const text = told(value);
  return text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text;
}

export const isFigure = (value) => typeof value === "number" || ["Integer", "Float"].includes(value?.$type);

/** A pseudonym is long; its first signs tell it from others. */
export const shortened = (text) => text.replace(PSEUDONYM, (token) => `${token.slice(0, 9)}…`);

function told(value) {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return shortened(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(told).join(", ")}]`;
  if (!("$type" in value)) return map(value);
  const inner = value._value;
  if (value.$type === "Node") return `(:${inner._labels.join(":")} ${map(inner._properties)})`;
  if (value.$type === "Relationship") return `[:${inner._type} ${map(inner._properties)}]`;
  if (value.$type === "Path") return inner.map(told).join(" – ");
  return value.$type === "Map" ? map(inner) : String(inner);
}

const map = (value) => `{${Object.entries(value).map(([name, one]) => `${name}: ${told(one)}`).join(", ")}}`;

/** What of an answer can be drawn: nodes by id, and relationships between them. */
export class Net {
  nodes = new Map();
  links = new Map();

  /** Takes what a value holds, however deep. */
  add(value) {
    if (value === null || typeof value !== "object") return;
    if (Array.isArray(value)) return value.forEach((one) => this.add(one));
    const inner = value._value;
    if (value.$type === "Node") this.nodes.set(inner._element_id, inner);
    else if (value.$type === "Relationship") this.links.set(inner._element_id, inner);
    else if (value.$type === "Path") inner.forEach((one) => this.add(one));
    else if (!("$type" in value)) Object.values(value).forEach((one) => this.add(one));
  }
}
