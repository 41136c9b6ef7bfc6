// Taking a decision back, after a question in the page.

import { $, el, replace } from "./dom.js";
import { RETRACTIONS } from "./words.js";

/**
 * Asks for a reason and calls `send(body)`; resolves to its result, or to null when the decision is kept. When `send`
 * throws, the dialog stays and says why. `keepApart` is null where the verdict had not joined the two.
 */
export function askToRetract(what, keepApart, send) {
  const dialog = $("retract");
  const opener = document.activeElement;
  $("retract-what").textContent = what;
  $("retract-error").textContent = "";
  $("retract-note").value = "";
  $("keep-apart-choice").hidden = keepApart === null;
  $("keep-apart").checked = keepApart === true;
  replace($("retract-reason"), RETRACTIONS.map((reason) => el("option", { value: reason }, reason)));
  const done = new AbortController();
  return new Promise((resolve) => {
    const close = (result) => {
      done.abort();
      dialog.close();
      opener?.isConnected && opener.focus();
      resolve(result);
    };
    const listen = (target, name, action) => target.addEventListener(name, action, { signal: done.signal });
    listen($("keep"), "click", () => close(null));
    listen(dialog, "cancel", (event) => {
      event.preventDefault();
      close(null);
    });
    listen($("retract-form"), "submit", async (event) => {
      event.preventDefault();
      const note = $("retract-note").value.trim();
      const apart = keepApart === null ? {} : { keep_apart: $("keep-apart").checked };
      try {
        close(await send({ reason: $("retract-reason").value, ...(note && { note }), ...apart }));
      } catch (error) {
        $("retract-error").textContent = error.message;
      }
    });
    dialog.showModal();
    $("retract-reason").focus();
  });
}
