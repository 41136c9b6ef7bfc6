// The verdict: one key or one button gives it, or opens the form for a reason of its own.

import { $, clicked, el, kbd, replace } from "./dom.js";
import { keyOf } from "./people.js";
import { BY_EVIDENCE, spaced, VERDICTS } from "./words.js";

const WAITING = ["open", "reopened", "claimed"];
const UNSEEN = 300; // ms after the pair that follows a verdict is shown in which what is pressed was meant for the one before

/**
 * The bar under a pair. `onDecide({verdict, reason, note, identifier})` is called with the verdict, at once unless a
 * human must say more: one key never joins where another pair is as likely, or where blind mode hides whether it is, nor
 * guesses which identifier is shared.
 */
export class Decide {
  #root = $("decide");
  #onDecide;
  #verdict = null;
  #common = [];
  #candidate = null;
  #busy = false;
  #gave = false;
  #seeing = null;
  asksReason = false;

  constructor(onDecide) {
    this.#onDecide = onDecide;
  }

  /** Offers the verdicts for a pair, or nothing when it does not wait for one. */
  offer(candidate, common) {
    if (this.#gave && candidate && candidate.id !== this.#candidate?.id) this.#see();
    this.#common = common;
    this.#candidate = candidate;
    this.#verdict = null;
    this.#root.hidden = !candidate || !WAITING.includes(candidate.status);
    this.#draw();
  }

  #give(said) {
    this.#gave = true;
    this.#onDecide(said);
  }

  /** Nobody can have seen yet what is shown. By a timer, so that it begins once it is drawn. */
  #see() {
    this.#gave = false;
    clearTimeout(this.#seeing);
    this.#root.dataset.unseen = "";
    this.#seeing = setTimeout(() => delete this.#root.dataset.unseen, UNSEEN);
  }

  /** Gives a verdict; with `asking`, or where it must, asks why. False when there is nothing to decide. */
  choose(verdict, asking = this.asksReason) {
    if (this.#root.hidden || this.#busy || "unseen" in this.#root.dataset) return false;
    if (verdict === "shared_identifier" && this.#common.length === 0) {
      this.say("The two hold no identifier in common that could be shared.");
      return true;
    }
    if (asking || this.#mustSayMore(verdict)) this.#ask(verdict);
    else this.#give({ verdict, reason: BY_EVIDENCE });
    return true;
  }

  #mustSayMore(verdict) {
    if (verdict === "same") return this.#candidate.ambiguous === true || this.#candidate.blind === true;
    return verdict === "shared_identifier" && this.#common.length > 1;
  }

  #ask(verdict) {
    this.#verdict = verdict;
    this.#draw();
    this.#root.querySelector("input[type=radio]")?.focus();
  }

  /** Chooses the reason of a digit; false when no verdict is chosen or there is no such reason. */
  pick(digit) {
    const radio = this.#root.querySelectorAll("input[name=reason]")[Number(digit) - 1];
    if (!radio) return false;
    radio.checked = true;
    radio.focus();
    return true;
  }

  /** Takes the choice back; false when there was none. */
  cancel() {
    if (!this.#verdict) return false;
    const verdict = this.#verdict;
    this.#verdict = null;
    this.#draw();
    this.#root.querySelector(`[data-verdict=${verdict}]`)?.focus();
    return true;
  }

  say(...content) {
    replace(this.#root.querySelector("#decide-error"), ...content);
  }

  busy(isBusy) {
    this.#busy = isBusy;
    for (const button of this.#root.querySelectorAll("button")) button.disabled = isBusy;
    this.#root.setAttribute("aria-busy", String(isBusy));
  }

  #draw() {
    replace(
      this.#root,
      el("p", { class: "error", id: "decide-error", role: "alert" }),
      el(
        "div",
        { class: "verdicts", role: "group", "aria-label": "Verdict" },
        Object.entries(VERDICTS).map((one) => this.#button(...one)),
        el("span", { class: "note" }, "Shift: with a reason of your own"),
      ),
      this.#verdict && this.#form(VERDICTS[this.#verdict]),
    );
  }

  #button(verdict, { name, key }) {
    return el(
      "button",
      {
        type: "button",
        class: `verdict ${verdict}`,
        "data-verdict": verdict,
        "aria-pressed": String(verdict === this.#verdict),
        "aria-keyshortcuts": key,
        onclick: clicked((event) => this.choose(verdict, event.shiftKey || this.asksReason)),
      },
      name,
      kbd(key),
    );
  }

  #form({ name, says, reasons }) {
    const needsNote = this.#candidate.ambiguous === true && this.#verdict === "same";
    return el(
      "form",
      { class: "reason", id: "reason-form", onsubmit: (event) => this.#submit(event) },
      el("fieldset", {}, el("legend", {}, `Why ${says}?`), el("div", { class: "reasons" }, reasons.map(reasonChoice))),
      this.#verdict === "shared_identifier" && this.#sharedChoice(),
      el(
        "div",
        { class: "row" },
        el("label", { for: "note" }, needsNote ? "Note (required: another pair is as likely)" : "Note"),
        el("input", { id: "note", maxlength: 500, autocomplete: "off", required: needsNote }),
        el("button", { type: "submit", class: "primary", id: "record" }, `Record: ${name.toLowerCase()}`, kbd("↵")),
        el("button", { type: "button", class: "quiet", onclick: () => this.cancel() }, "Cancel", kbd("Esc")),
      ),
    );
  }

  #sharedChoice() {
    const all = this.#common.length > 1 ? [el("option", { value: "" }, "all that they have in common")] : [];
    const each = this.#common.map((held) => el("option", { value: keyOf(held) }, `${spaced(held.kind)} ${held.value}`));
    return el("div", { class: "row" }, el("label", { for: "identifier" }, "Shared is"), el("select", { id: "identifier" }, all, each));
  }

  #submit(event) {
    event.preventDefault();
    if (this.#busy) return;
    const form = event.target;
    const reason = form.querySelector("input[name=reason]:checked")?.value;
    if (!reason) return;
    const note = form.querySelector("#note").value.trim();
    const identifier = form.querySelector("#identifier")?.value;
    this.#give({ verdict: this.#verdict, reason, ...(note && { note }), ...(identifier && { identifier }) });
  }
}

function reasonChoice(reason, index) {
  const id = `reason-${index + 1}`;
  return el(
    "span",
    { class: "choice" },
    el("input", { type: "radio", name: "reason", id, value: reason, required: true, checked: index === 0 }),
    el("label", { for: id }, kbd(String(index + 1)), reason),
  );
}
