// The rows of an answer.

import { el, replace } from "/review/assets/dom.js";
import { isFigure, words } from "./values.js";

const MOST_DRAWN = 1000;

/** A table that grows while rows come; more than a thousand are counted and not drawn. */
export class Table {
  #parent;
  #body;
  count = 0;

  constructor(parent, columns) {
    this.#parent = parent;
    this.#body = el("tbody");
    const heads = columns.map((column) => el("th", { scope: "col" }, column));
    replace(this.#parent, el("table", {}, el("thead", {}, el("tr", {}, heads)), this.#body));
  }

  add(row) {
    this.count += 1;
    if (this.count > MOST_DRAWN) return;
    this.#body.append(el("tr", {}, row.map((value) => el("td", { class: isFigure(value) ? "figure" : null }, words(value)))));
  }
}
