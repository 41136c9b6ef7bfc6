// The queue: which pairs wait, filtered, counted, page by page.

import { $, bar, el, figure, replace } from "./dom.js";
import { bandInWords, percent, shortId, spaced, titled } from "./words.js";

const STATUSES = ["open", "reopened", "claimed", "awaiting", "decided", "stored", "superseded"];
const BANDS = ["", "A", "B", "C", "-"];

/** The list on the left. `onSelect(id)` when a pair is chosen by click, `onError(error)` when it cannot be read. */
export class Queue {
  #api;
  #onSelect;
  #onError;
  #items = [];
  #next = null;
  #selected = null;
  #counts = [];
  #reading = null;

  constructor(api, { onSelect, onError }) {
    this.#api = api;
    this.#onSelect = onSelect;
    this.#onError = onError;
    this.filter = { kind: "person", status: "open", band: "" };
    this.#fillFilters();
    for (const tab of this.#tabs()) tab.addEventListener("click", () => this.show({ kind: tab.dataset.kind }));
    $("status").addEventListener("change", (event) => this.show({ status: event.target.value }));
    $("band").addEventListener("change", (event) => this.show({ band: event.target.value }));
    $("refresh").addEventListener("click", () => this.show({}));
    $("more").addEventListener("click", () => this.#readMore());
  }

  get selected() {
    return this.#selected;
  }

  /** Reads the list anew under a changed filter and selects its first pair, or `keep` if it is still there. */
  async show(change, keep = null) {
    Object.assign(this.filter, change);
    const [isRead] = await Promise.all([this.#read(null), this.count()]);
    if (!isRead) return;
    const ids = this.#items.map((item) => item.id);
    this.select(keep && ids.includes(keep) ? keep : (ids[0] ?? null));
  }

  async count() {
    try {
      this.#counts = (await this.#api.counts()).content.items;
    } catch (error) {
      this.#onError(error);
    }
    this.#drawCounts();
  }

  select(id) {
    this.#selected = id;
    this.#draw();
    this.#onSelect(id);
  }

  /** The next (1) or previous (-1) pair; more are read at the end of the list. */
  async move(by) {
    const here = this.#items.findIndex((item) => item.id === this.#selected);
    const there = here + by;
    if (there >= this.#items.length && this.#next) await this.#readMore();
    if (there < 0 || there >= this.#items.length) return false;
    this.select(this.#items[there].id);
    document.querySelector(`#items [aria-current]`)?.scrollIntoView({ block: "nearest" });
    return true;
  }

  /** Takes a pair off the list, for it is decided, and selects the one after it. */
  async drop(id) {
    const here = this.#items.findIndex((item) => item.id === id);
    if (here >= 0) this.#items.splice(here, 1);
    if (this.#items.length <= here && this.#next) await this.#read(this.#next);
    this.count();
    this.select((this.#items[here] ?? this.#items.at(-1))?.id ?? null);
  }

  clear() {
    this.#items = [];
    this.#counts = [];
    this.#selected = null;
    this.#next = null;
    this.#reading?.abort();
    this.#draw();
  }

  async #readMore() {
    const first = this.#items.length;
    await this.#read(this.#next);
    this.#draw();
    $("items").children[first]?.querySelector("button").focus();
  }

  /** False when a later read took the place of this one, or it failed. */
  async #read(cursor) {
    this.#reading?.abort();
    this.#reading = new AbortController();
    try {
      const { content } = await this.#api.queue(this.filter, cursor, this.#reading.signal);
      const known = new Set(cursor ? this.#items.map((item) => item.id) : []);
      const fresh = content.items.filter((item) => !known.has(item.id));
      this.#items = cursor ? [...this.#items, ...fresh] : fresh;
      this.#next = content.next;
      return true;
    } catch (error) {
      if (error.name !== "AbortError") this.#onError(error);
      return false;
    }
  }

  #draw() {
    replace($("items"), this.#items.map((item) => this.#drawItem(item)));
    $("more").hidden = !this.#next;
    const { status, band } = this.filter;
    $("queue-note").textContent = this.#items.length
      ? ""
      : `No pair is ${status === "open" ? "waiting" : status}${band ? ` in band ${band}` : ""}.`;
  }

  #drawItem(item) {
    const current = item.id === this.#selected;
    return el(
      "li",
      {},
      el(
        "button",
        { type: "button", class: "item", "data-id": item.id, "aria-current": current ? "true" : null, onclick: () => this.select(item.id) },
        el("span", { class: "names" }, nameOf(item, "left"), el("span", { class: "and" }, " & "), nameOf(item, "right")),
        el("span", { class: `band band-${item.band === "-" ? "none" : item.band}`, title: bandInWords(item.band) }, el("span", { class: "unseen" }, "Band "), item.band === "-" ? "–" : item.band),
        chance("same", item.p_same),
        chance("household", item.p_household),
        item.verdict && el("span", { class: "tag" }, spaced(item.verdict)),
      ),
    );
  }

  #drawCounts() {
    const { status, band } = this.filter;
    for (const tab of this.#tabs()) {
      const kind = tab.dataset.kind;
      tab.setAttribute("aria-pressed", String(kind === this.filter.kind));
      replace(tab.querySelector(".count"), this.#sum({ kind, status }).toLocaleString("en-GB"));
    }
    for (const option of $("status").options) {
      option.textContent = `${spaced(option.value)} (${this.#sum({ kind: this.filter.kind, status: option.value })})`;
    }
    for (const option of $("band").options) {
      const among = { kind: this.filter.kind, status, ...(option.value && { band: option.value }) };
      option.textContent = `${option.value ? (option.value === "-" ? "below" : option.value) : "All"} (${this.#sum(among)})`;
    }
    $("status").value = status;
    $("band").value = band;
  }

  #sum(among) {
    const counted = this.#counts.filter((row) => Object.entries(among).every(([name, value]) => row[name] === value));
    return counted.reduce((sum, row) => sum + row.count, 0);
  }

  #fillFilters() {
    replace($("status"), STATUSES.map((value) => el("option", { value }, spaced(value))));
    replace($("band"), BANDS.map((value) => el("option", { value }, value || "All")));
  }

  #tabs() {
    return document.querySelectorAll(".tabs [data-kind]");
  }
}

function nameOf(item, side) {
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
