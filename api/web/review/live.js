// The line on which the server tells what changes in the queue. It is opened again, however often it breaks.

import { $ } from "./dom.js";
import { changes } from "./client.js";

const FIRST_WAIT = 500; // ms, doubled up to
const LONGEST_WAIT = 8_000;

/** Listens from `start` to `stop`; after a break, everything may have changed: `{type: "many"}`. */
export class Live {
  #onChange;
  #onEnded;
  #closing = null;

  /** `onEnded` when the server says that who listens may not, or not any more. */
  constructor(onChange, onEnded) {
    this.#onChange = onChange;
    this.#onEnded = onEnded;
  }

  /** In blind mode the server tells less. */
  start(isBlind = false) {
    this.stop();
    this.#closing = new AbortController();
    this.#listen(isBlind, this.#closing.signal);
  }

  stop() {
    this.#closing?.abort();
    this.#closing = null;
  }

  async #listen(isBlind, signal) {
    let wait = FIRST_WAIT;
    let broke = false;
    while (!signal.aborted) {
      try {
        for await (const change of changes(isBlind, signal)) {
          wait = FIRST_WAIT;
          if (change.type !== "connected") this.#onChange(change);
          else if (broke) this.#onChange({ type: "many" });
          this.#tell("");
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error.status === 401 || error.status === 403) return this.#onEnded();
      }
      if (signal.aborted) return;
      broke = true;
      this.#tell("The server does not answer. Trying again…");
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
  }

  #tell(words) {
    if ($("line").textContent !== words) $("line").textContent = words;
  }
}
