// Doubtful calls, and whatever else a channel marks as doubtful: which wait, and the one that is shown.

import { $, el, replace } from "./dom.js";
import { callView, nameOf } from "./call.js";
import { api, Refused } from "./client.js";
import { withFaults } from "./refusals.js";
import { minute, spaced } from "./words.js";

/** The list on the left and what it shows. `say(words)`, `failed(error)`; `onPerson(id)` shows who an event is about. */
export class Calls {
  #items = [];
  #next = null;
  #selected = null;
  #drawing = null; // ends what is under way for the list or the call that was shown before

  constructor({ say, failed, onPerson }) {
    Object.assign(this, { say, failed, onPerson });
    $("calls-status").addEventListener("change", () => this.show());
    $("more-calls").addEventListener("click", () => this.#read(this.#next).catch(failed));
  }

  get isShown() {
    return !$("calls-side").hidden;
  }

  /** How many wait, beside the name of this view. */
  async count() {
    try {
      $("calls-count").textContent = (await api.counts()).content.doubtful?.toLocaleString("en-GB") ?? ""; // none by an older API
    } catch (error) {
      if (!(error instanceof Refused) || error.status === 401) this.failed(error); // that a figure cannot be had is no news
    }
  }

  /** Reads the list anew and shows the one that waits longest. */
  async show() {
    this.leave();
    $("calls-side").hidden = false;
    this.count();
    this.#begin();
    try {
      if (await this.#read(null)) this.#select(this.#items[0]?.event_id ?? null);
    } catch (error) {
      this.failed(error);
    }
  }

  /** Shows the next (1) or the previous (-1) one; false at the ends. */
  move(by) {
    const there = this.#items[this.#place(this.#selected) + by];
    if (!there) return false;
    this.#select(there.event_id);
    document.querySelector("#calls [aria-current]")?.scrollIntoView({ block: "nearest" });
    return true;
  }

  /** What is answered from now on is about nothing that is shown. */
  leave() {
    $("calls-side").hidden = true;
    this.#drawing?.abort();
    this.#items = [];
    this.#selected = null;
    replace($("calls"));
  }

  clear() {
    this.leave();
    $("calls-count").textContent = "";
  }

  #begin() {
    this.#drawing?.abort();
    this.#drawing = new AbortController();
    return this.#drawing.signal;
  }

  /** False when another list or another view was asked for meanwhile. */
  async #read(cursor) {
    const { signal } = this.#drawing;
    const { content } = await api.calls($("calls-status").value, cursor, signal);
    if (signal.aborted) return false;
    this.#items.push(...content.items);
    this.#next = content.next;
    this.#draw();
    return true;
  }

  #place(id) {
    return this.#items.findIndex((item) => item.event_id === id);
  }

  #select(id) {
    const signal = this.#begin();
    this.#selected = id;
    this.#draw();
    const review = this.#items[this.#place(id)];
    $("pair").setAttribute("aria-label", review ? `Call: ${nameOf(review)}` : "Call");
    const actions = { onSettle: (body) => this.#settle(review, body), onPerson: this.onPerson };
    replace($("pair-content"), review ? callView(review, actions, signal) : el("p", { class: "empty" }, "No call waits for a word here."));
    $("pair").scrollTop = 0;
  }

  #draw() {
    replace($("calls"), this.#items.map((review) => el("li", {}, this.#item(review))));
    $("calls-note").textContent = this.#items.length ? "" : "None.";
    $("more-calls").hidden = !this.#next;
  }

  #item(review) {
    const id = review.event_id;
    return el(
      "button",
      { type: "button", class: "item", "data-id": id, "aria-current": id === this.#selected ? "true" : null, onclick: () => this.#select(id) },
      el("span", { class: "names" }, el("bdi", {}, nameOf(review))),
      el("span", { class: "tag" }, spaced(review.verdict ?? review.proposed)),
      el("span", { class: "note" }, minute(review.occurred_at)),
    );
  }

  /** Records the word; the sentence that says why where it was refused. The call that waits next is shown then. */
  async #settle(review, body) {
    const id = review.event_id;
    try {
      await api.settle(id, body);
    } catch (error) {
      if (!(error instanceof Refused) || error.status === 401) return void this.failed(error);
      return withFaults(error);
    }
    this.say(`Recorded: ${nameOf(review)} – ${body.verdict === "confirm" ? "confirmed" : "rejected"}.`);
    this.count();
    const place = this.#place(id);
    if (place < 0) return; // another list is shown by now
    this.#items.splice(place, 1);
    if (this.#selected !== id) return this.#draw();
    $("pair").focus({ preventScroll: true });
    this.#select((this.#items[place] ?? this.#items[place - 1])?.event_id ?? null);
  }
}
