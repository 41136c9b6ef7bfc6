// Signing in (at the issuer, with the link of `vito login`, or with a key), and out.

import { $ } from "./dom.js";
import { api, key, session } from "./client.js";
import { sinceAnybody } from "./presence.js";

const TICKET = /^#ticket=([\w-]+)$/;
const LOOK = 15_000; // ms between two looks at whether anybody is still there

/** Shows the sign-in form or the desk. `onSignedIn(actor)` starts the desk, `onSignedOut()` empties it. */
export class Session {
  #idle = Infinity; // ms

  constructor({ onSignedIn, onSignedOut }) {
    this.onSignedIn = onSignedIn;
    this.onSignedOut = onSignedOut;
    $("sign-in-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#signIn($("api-key").value.trim());
    });
    $("sign-out").addEventListener("click", () => this.#signOut(""));
    setInterval(() => this.#leaveAlone(), LOOK);
  }

  /** Signs out where nobody was, in no tab, for as long as the server says: what is open calls by itself, and would go on for ever. */
  #leaveAlone() {
    if (this.isOpen && sinceAnybody() >= this.#idle) this.#signOut("Nobody was here for a while, so you were signed out.");
  }

  get isOpen() {
    return !$("desk").hidden;
  }

  async start() {
    const ticket = TICKET.exec(location.hash)?.[1];
    if (ticket) {
      history.replaceState(null, "", location.pathname); // it is good once, and belongs into no history
      key.forget();
      await this.#enter(() => api.redeem(ticket), explained);
    } else await this.#enter(() => api.session(), (refused) => (key.get() ? explained(refused) : ""));
  }

  /** Forgets the key, unless it is to be tried again, and says why, if there is a reason to. */
  end(reason, forgets = true) {
    this.onSignedOut(); // it gives back what is claimed, which takes the key
    if (forgets) key.forget();
    session.csrf = null;
    this.#show(false);
    $("key-error").textContent = reason;
  }

  async #signOut(reason) {
    const { csrf } = session;
    this.end(reason);
    if (!csrf) return;
    try {
      session.csrf = csrf;
      const { elsewhere } = (await api.endSession()).content;
      if (elsewhere && !reason) location.assign(elsewhere);
    } catch (refused) {
      if (refused.status !== 401) $("key-error").textContent = `The session was not ended: ${refused.message}`;
    } finally {
      session.csrf = null;
    }
  }

  async #signIn(secret) {
    if (!/^[\x21-\x7e]+$/.test(secret)) {
      $("key-error").textContent = "A key has letters, digits and signs only; this is none.";
      return;
    }
    key.set(secret);
    await this.#enter(() => api.session(), explained);
  }

  /** The desk opens when `ask` tells who this is, and when they may review. */
  async #enter(ask, why) {
    try {
      const { content } = await ask();
      session.csrf = content.csrf;
      this.#idle = content.idle_seconds * 1_000;
      await api.counts();
      $("api-key").value = "";
      $("key-error").textContent = "";
      $("who").textContent = content.name;
      this.#show(true);
      this.onSignedIn(content.actor);
    } catch (refused) {
      this.end(why(refused), [401, 403].includes(refused.status)); // another answer says nothing about the key
    }
  }

  #show(isSignedIn) {
    $("sign-in").hidden = isSignedIn;
    $("desk").hidden = !isSignedIn;
    $("top-actions").hidden = !isSignedIn;
    if (isSignedIn) return;
    $("api-key").focus();
    api.ways().then(({ content }) => ($("sign-in-oidc").hidden = !content.oidc), () => {});
  }
}

function explained(refused) {
  if (refused.status === 401) return key.get() ? "This key is not known, or it was revoked." : refused.message;
  if (refused.status === 403) return `${key.get() ? "This key" : "You"} may not review: ${refused.message}.`;
  return refused.message;
}
