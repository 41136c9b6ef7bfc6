// Pairs as they were read, so that the next one is there before it is asked for.

import { api } from "./client.js";

const MOST = 12;

/** Reads pairs, each once while nothing is known to have changed. */
export class Pairs {
  #reads = new Map(); // id → promise of {content, etag}, oldest first
  #ready = new Map(); // id → what came of it
  isBlind = false;

  /** A promise of `{content, etag}`. */
  read(id) {
    if (!this.#reads.has(id)) this.#start(id);
    return this.#reads.get(id);
  }

  /** `{content, etag}` if it is there already. */
  peek(id) {
    return this.#ready.get(id) ?? null;
  }

  forget(id) {
    this.#reads.delete(id);
    this.#ready.delete(id);
  }

  /** Forgets all of the views of a pair: a verdict on it may have changed them. */
  forgetAround(pair) {
    for (const [id, { content }] of this.#ready) if (haveViewInCommon(content, pair)) this.forget(id);
  }

  clear() {
    this.#reads.clear();
    this.#ready.clear();
  }

  #start(id) {
    const read = api.candidate(id, this.isBlind);
    this.#reads.set(id, read);
    read.then(
      (found) => this.#reads.get(id) === read && this.#ready.set(id, found),
      () => this.#reads.get(id) === read && this.forget(id),
    );
    for (const old of this.#reads.keys()) {
      if (this.#reads.size <= MOST) break;
      this.forget(old);
    }
  }
}

/** Whether a verdict on one changes what the other shows. */
export function haveViewInCommon(one, other) {
  const views = [one.left_person.view_id, one.right_person.view_id];
  return views.includes(other.left_person.view_id) || views.includes(other.right_person.view_id);
}
