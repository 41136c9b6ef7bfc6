// Signing in with a key, and out.

import { $ } from "./dom.js";
import { api, key } from "./client.js";

/** Shows the sign-in form or the desk. `onSignedIn()` starts the desk, `onSignedOut()` empties it. */
export class Session {
  constructor({ onSignedIn, onSignedOut }) {
    this.onSignedIn = onSignedIn;
    this.onSignedOut = onSignedOut;
    $("sign-in-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#signIn($("api-key").value.trim());
    });
    $("sign-out").addEventListener("click", () => this.end(""));
  }

  get isOpen() {
    return !$("desk").hidden;
  }

  start() {
    if (key.get()) this.#signIn(key.get());
    else this.#show(false);
  }

  /** Forgets the key and says why, if there is a reason to. */
  end(reason) {
    key.forget();
    this.onSignedOut();
    this.#show(false);
    $("key-error").textContent = reason;
  }

  async #signIn(secret) {
    if (!/^[\x21-\x7e]+$/.test(secret)) {
      $("key-error").textContent = "A key has letters, digits and signs only; this is none.";
      return;
    }
    key.set(secret);
    try {
      await api.counts();
    } catch (refused) {
      this.end(explained(refused));
      return;
    }
    $("api-key").value = "";
    $("key-error").textContent = "";
    this.#show(true);
    this.onSignedIn();
  }

  #show(isSignedIn) {
    $("sign-in").hidden = isSignedIn;
    $("desk").hidden = !isSignedIn;
    $("top-actions").hidden = !isSignedIn;
    if (!isSignedIn) $("api-key").focus();
  }
}

function explained(refused) {
  if (refused.status === 401) return "This key is not known, or it was revoked.";
  if (refused.status === 403) return `This key may not review: ${refused.message}.`;
  return refused.message;
}
