// Taking a decision back: what it would do is shown first, and only that is done.

import { $, alone, el, replace } from "./dom.js";
import { many, RETRACTIONS, shortId, verdictInWords } from "./words.js";

const SCOPES = {
  decision: "This decision alone",
  subtree: "With every link that hangs on it",
  caused: "With everything that was decided later on their view",
};

/**
 * Asks for a scope and a reason. `rehearse(body, signal)` tells what would happen, `send(body)` does it; resolves to its
 * result, or to null when the decision is kept. When `send` throws, the dialog stays and says why. Without `joins`, the
 * verdict had not joined the two: nothing hangs on it, and there is nothing to keep apart.
 */
export function askToRetract(what, joins, { rehearse, send }) {
  const dialog = $("retract");
  const opener = document.activeElement;
  const state = { snapshot: null, reading: null };
  $("retract-what").textContent = what;
  $("retract-error").textContent = "";
  $("retract-note").value = "";
  $("keep-apart-choice").hidden = $("retract-scope").hidden = !joins;
  $("keep-apart").checked = joins;
  replace($("retract-scope"), el("legend", {}, "What to take back"), Object.entries(SCOPES).map(scopeChoice));
  replace($("retract-reason"), RETRACTIONS.map((reason) => el("option", { value: reason }, reason)));
  const chosen = () => ({
    reason: $("retract-reason").value,
    scope: $("retract-scope").querySelector("input:checked").value,
    keep_apart: joins && $("keep-apart").checked,
  });
  const show = async () => {
    state.reading?.abort();
    state.reading = new AbortController();
    state.snapshot = null;
    $("take-back").disabled = true; // nobody takes back what they have not seen the plan of
    replace($("retract-plan"), el("p", { class: "note" }, "Reading what that would do…"));
    try {
      const { content } = await rehearse(chosen(), state.reading.signal);
      state.snapshot = content.snapshot;
      replace($("retract-plan"), planInWords(content));
      $("take-back").disabled = false;
    } catch (error) {
      if (error.name !== "AbortError") replace($("retract-plan"), el("p", { class: "error" }, error.message));
    }
  };
  const done = new AbortController();
  return new Promise((resolve) => {
    const close = (result) => {
      if (done.signal.aborted) return;
      done.abort();
      state.reading?.abort();
      dialog.close();
      if (opener?.isConnected) opener.focus();
      resolve(result);
    };
    const listen = (target, name, action) => target.addEventListener(name, action, { signal: done.signal });
    listen($("keep"), "click", () => close(null));
    listen($("retract-scope"), "change", show);
    listen($("keep-apart"), "change", show);
    listen(dialog, "close", () => close(null));
    const take = alone(async () => {
      if (!state.snapshot) return;
      const note = $("retract-note").value.trim();
      try {
        close(await send({ ...chosen(), ...(note && { note }), snapshot: state.snapshot }));
      } catch (error) {
        $("retract-error").textContent = error.status === 412 ? "Something else was decided meanwhile. This is what it would do now:" : error.message;
        if (error.status === 412) show();
      }
    });
    listen($("retract-form"), "submit", (event) => {
      event.preventDefault();
      take();
    });
    dialog.showModal();
    $("retract-reason").focus();
    show();
  });
}

/** The plan of a dry run: decisions, views that come apart, identifiers that stand otherwise. */
export function planInWords({ decisions, resting = [], views, identifiers }) {
  const part = ({ fragments, events }) => `${many(fragments.length, "fragment")} with ${many(events, "event")}`;
  return el(
    "ul",
    { class: "plan-list" },
    el("li", {}, `${many(decisions.length, "decision")} taken back.`),
    decisions.length > 1 && decisions.slice(0, 20).map((one) => el("li", { class: "note" }, `${verdictInWords(one.verdict)} by ${one.actor_name}: ${one.reason}`)),
    resting.length > 0 && el("li", {}, `Stays: ${many(resting.length, "later decision")} on their view; a link among them comes under “Evidence weakened”.`),
    views.map(({ view_id, parts }) => el("li", {}, `View ${shortId(view_id)} comes apart: ${parts.map(part).join("; ")}.`)),
    identifiers.map(({ key, status, becomes }) => el("li", {}, `${key} is ${becomes} again (now ${status}).`)),
    views.length === 0 && el("li", { class: "note" }, "No view changes."),
  );
}

function scopeChoice([value, words], index) {
  const id = `scope-${value}`;
  return el("span", { class: "choice" }, el("input", { type: "radio", name: "scope", id, value, checked: index === 0 }), el("label", { for: id }, words));
}
