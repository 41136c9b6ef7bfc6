// The queue: which pairs wait, page by page, kept as the server tells of changes.

import { $, replace } from "./dom.js";
import { api } from "./client.js";
import { Filters } from "./filters.js";
import { itemOf } from "./items.js";
import { many, spaced } from "./words.js";

const PAGE = 25;
const LOW = 8; // pairs left below the selected one at which more are read
const COUNT_AFTER = 1_200; // ms from a change; longer than the server remembers its counts
const REFRESH_EVERY = 2_000; // ms at least between two readings that changes ask for
const ENDED = ["decided", "awaiting", "superseded", "stored"];

/** The list on the left. `onSelect(id)` when a pair is to be shown, `onError(error)`; `actor()` is who looks, `leave()` gives back what they have. */
export class Queue {
  #items = [];
  #next = null;
  #selected = null;
  #choices = 0; // how often a pair was selected
  #shows = 0; // how often another list was asked for
  #reading = null;
  #taken = new Set(); // decided here, maybe still in a page that was read before
  #refreshing = null;
  #refreshedAt = 0;
  #counted = 0;
  isBlind = false;

  constructor({ onSelect, onError, actor, leave }) {
    Object.assign(this, { onSelect, onError, actor, leave });
    this.filters = new Filters((change) => this.show(change));
    $("more").addEventListener("click", () => this.#readMore());
  }

  get selected() {
    return this.#selected;
  }

  get size() {
    return this.#items.length;
  }

  /** Reads the list anew under a changed filter and shows its first pair, or `keep` if it is there. What is chosen meanwhile stays as it is. */
  async show(change = {}, keep = null) {
    const turn = ++this.#shows; // only the list that was asked for last selects, else its pair would stay in that one
    const choices = this.#choices;
    this.filters.choose(change);
    await this.leave(); // else the list would lack the pair that was looked at
    const before = this.#items;
    const [isRead] = await Promise.all([this.#read(null), this.count()]);
    if (!isRead || turn !== this.#shows) return;
    if (!keep && this.#choices !== choices && this.#selected) {
      const chosen = before.find((item) => item.id === this.#selected);
      if (chosen && this.#place(chosen.id) < 0) this.#items.unshift(chosen); // claimed by now, so it is not listed
      return this.#draw(); // not shown again: somebody may be writing a note on it
    }
    await this.select(this.#place(keep) < 0 ? (this.#items[0]?.id ?? null) : keep);
  }

  async count() {
    const turn = ++this.#counted; // an answer to an earlier filter may come after that to a later one
    try {
      const [{ content }, matching] = await Promise.all([api.counts(), this.filters.isPlain || this.isBlind ? null : this.#matching()]);
      if (turn !== this.#counted) return;
      this.filters.count(content);
      $("matching").textContent = [matching, content.waiting > 0 && `${many(content.waiting, "person")} still to be scored.`].filter(Boolean).join(" ");
    } catch (error) {
      this.onError(error);
    }
  }

  /** Resolves once the pair is shown, or cannot be. */
  select(id) {
    this.#selected = id;
    this.#choices += 1;
    this.#items = this.#items.filter((item) => !item.isGone || item.id === id);
    this.#draw();
    const left = this.#items.length - this.#place(id);
    if (left <= LOW && this.#next && !this.#reading) this.#read(this.#next).then((isRead) => isRead && this.#draw());
    return this.onSelect(id);
  }

  /** The pair so many places from one; null beyond the ends. */
  beside(id, by = 1) {
    return this.#items[this.#place(id) + by]?.id ?? null;
  }

  /** The pair to go on with after one: the next that no colleague has, or one before it. */
  following(id) {
    const place = this.#place(id);
    const others = [...this.#items.slice(place + 1), ...this.#items.slice(0, Math.max(place, 0)).reverse()];
    const isFree = (item) => item.status !== "claimed" || item.claimed_by === this.actor();
    return (others.find(isFree) ?? others[0])?.id ?? null;
  }

  /** Shows the next (1) or previous (-1) pair: a promise as of `select`, or false where there is none. */
  move(by) {
    const there = this.beside(this.#selected, by);
    if (!there) return false;
    const shows = this.select(there);
    document.querySelector("#items [aria-current]")?.scrollIntoView({ block: "nearest" });
    return shows;
  }

  /** Takes a pair off the list, for it is decided, and selects the one to go on with. Returns what `putBack` takes. */
  take(id) {
    const place = this.#place(id);
    const following = this.following(id);
    const [item] = place < 0 ? [] : this.#items.splice(place, 1);
    this.#taken.add(id);
    if (this.#selected === id) this.select(following);
    return { id, place, item };
  }

  /** A pair that was decided here waits again. */
  expect(id) {
    this.#taken.delete(id);
  }

  putBack({ id, place, item }) {
    this.#taken.delete(id);
    if (item && this.#place(id) < 0) this.#items.splice(place, 0, item);
    this.#draw();
  }

  /** What the server told. True when it is about the selected pair. */
  change({ type, id, band, verdict, ...rest }) {
    const told = this.isBlind ? rest : { band, verdict, ...rest };
    const item = this.#items.find((one) => one.id === id);
    if (type === "many" || (!item && ["created", "open", "reopened"].includes(type) && told.kind === this.filters.chosen.kind)) {
      this.#taken.delete(id);
      this.#refreshSoon();
    }
    if (item) {
      Object.assign(item, told, { isGone: ENDED.includes(told.status) && told.status !== this.filters.chosen.status });
      if (item.isGone && id !== this.#selected) this.#items = this.#items.filter((one) => one !== item);
      this.#draw();
    }
    this.#countSoon();
    return type === "many" || id === this.#selected;
  }

  clear() {
    this.#items = [];
    this.#selected = this.#next = null;
    this.#taken.clear();
    this.#reading?.abort();
    clearTimeout(this.#refreshing);
    clearTimeout(this.counting);
    this.counting = this.#refreshing = null;
    this.#draw();
  }

  #place(id) {
    return this.#items.findIndex((item) => item.id === id);
  }

  async #matching() {
    if (this.filters.chosen.status === "weakened") return null;
    const { count, more } = (await api.matching(this.filters.asked)).content;
    return `${count.toLocaleString("en-GB")}${more ? " or more" : ""} match.`;
  }

  #countSoon() {
    this.counting ??= setTimeout(() => {
      this.counting = null;
      this.count();
    }, COUNT_AFTER);
  }

  #refreshSoon() {
    const wait = Math.max(200, this.#refreshedAt + REFRESH_EVERY - Date.now());
    this.#refreshing ??= setTimeout(() => {
      this.#refreshing = null;
      this.#refreshedAt = Date.now();
      this.#refresh();
    }, wait);
  }

  /** The same list as it is now; what is looked at, here or by a colleague, stays where it is. */
  async #refresh() {
    const before = this.#items;
    if (!(await this.#read(null, Math.min(Math.max(before.length, PAGE), 100)))) return;
    before.forEach((item, place) => {
      const stays = item.id === this.#selected || item.status === "claimed";
      if (stays && this.#place(item.id) < 0) this.#items.splice(Math.min(place, this.#items.length), 0, item);
    });
    if (this.#selected || !this.#items.length) this.#draw();
    else this.select(this.#items[0].id);
  }

  async #readMore() {
    const first = this.#items.length;
    await this.#read(this.#next);
    this.#draw();
    $("items").children[first]?.querySelector("button").focus();
  }

  /** False when a later read took the place of this one, or it failed. */
  async #read(cursor, limit = PAGE) {
    this.#reading?.abort();
    const reading = (this.#reading = new AbortController());
    try {
      const asked = { ...this.filters.asked, ...(this.isBlind && { blind: true }) };
      const { content } = await api.queue(asked, cursor, limit, reading.signal);
      const known = new Set(cursor ? this.#items.map((item) => item.id) : []);
      const isOpen = this.filters.chosen.status === "open";
      const fresh = content.items.filter(({ id }) => !known.has(id) && !(isOpen && this.#taken.has(id)));
      this.#items = cursor ? [...this.#items, ...fresh] : fresh;
      this.#next = content.next;
      return true;
    } catch (error) {
      if (error.name !== "AbortError") this.onError(error);
      return false;
    } finally {
      if (this.#reading === reading) this.#reading = null;
    }
  }

  #draw() {
    const shared = { actor: this.actor(), onSelect: (id) => this.select(id) };
    replace($("items"), this.#items.map((item) => itemOf(item, { ...shared, isCurrent: item.id === this.#selected })));
    $("more").hidden = !this.#next;
    const { status, band } = this.filters.chosen;
    const which = status === "open" ? "waiting" : spaced(status).toLowerCase();
    $("queue-note").textContent = this.#items.length ? "" : `No pair is ${which}${band ? ` in band ${band}` : ""}.`;
  }
}
