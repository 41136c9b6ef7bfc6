// The claim on the pair that somebody looks at: taken after a while, renewed, given back, and shown.

import { $, replace } from "./dom.js";
import { api, Refused } from "./client.js";
import { sinceSomebody } from "./presence.js";
import { clock } from "./words.js";

const DWELL = 1_500; // ms: who decides sooner needs no claim, the version of the pair is guard enough
const RENEW = 4 * 60_000;
const THERE = 10 * 60_000; // ms without a human after which a claim is let lapse
const STORED = "vito.review.actor";

export class Claim {
  #id = null;
  #held = null;
  #timer = null;
  #taking = Promise.resolve(); // the last call for a claim, with what follows from its answer
  #onLost;
  isBlind = false;

  constructor(onLost) {
    this.#onLost = onLost;
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => this.take());
  }

  /** The id under which the server knows this specialist. */
  get actor() {
    return sessionStorage.getItem(STORED);
  }

  set actor(id) {
    sessionStorage.setItem(STORED, id);
  }

  forget() {
    this.leave();
    sessionStorage.removeItem(STORED);
  }

  /** Somebody looks at this pair now. */
  look(candidate) {
    this.leave();
    const { id, status } = candidate;
    const waits = ["open", "reopened", "claimed"].includes(status);
    this.#id = waits ? id : null;
    this.show(status === "claimed" ? candidate : null);
    if (status === "claimed" && candidate.claimed_by === this.actor) this.#held = id;
    if (waits) this.#timer = setTimeout(() => this.take(), DWELL);
  }

  /** Takes the pair, or renews that. False when it cannot be had, or a list in front of it is to be decided. */
  async take() {
    clearTimeout(this.#timer);
    if (!this.#id || document.hidden || $("bulk").open) return false;
    return (this.#taking = this.#ask(this.#id));
  }

  async #ask(id) {
    try {
      const { content } = await api.claim(id, this.isBlind);
      if (this.#id !== id) {
        await this.#giveBack(id);
        return false;
      }
      this.#held = id;
      this.show(content);
      this.#timer = setTimeout(() => sinceSomebody() < THERE && this.take(), RENEW);
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (this.#id === id && error.status === 409) this.#onLost(id, error);
      return false;
    }
  }

  /** It is decided: there is nothing to give back. */
  spend(id) {
    if (this.#held === id) this.#held = null;
  }

  /** Gives back what is held. Resolves once the server knows: what waits is listed without what somebody has. */
  async leave() {
    clearTimeout(this.#timer);
    const given = this.#held && this.#giveBack(this.#held);
    this.#id = this.#held = null;
    this.show(null);
    await Promise.allSettled([given, this.#taking]);
  }

  /** It lapses by itself where this fails. */
  #giveBack(id) {
    return api.release(id, this.isBlind).catch(() => {});
  }

  /** Tells who has the pair until when; null when nobody has it. */
  show(claimed) {
    if (!$("lease")) return;
    const mine = claimed !== null && claimed.claimed_by === this.actor;
    const who = mine ? "Yours" : `${claimed?.claimed_by_name ?? "A colleague"} has it`;
    const words = claimed === null ? "" : `${who} until ${clock(claimed.claimed_until)}`;
    $("lease").classList.toggle("other", claimed !== null && !mine);
    replace($("lease"), words);
  }
}
