// One verdict for the pairs of a list that is shown: a decision each, a sample to look at again, and the way back.

import { $, alone, clicked, el, replace } from "./dom.js";
import { api } from "./client.js";
import { bandOf, nameOf } from "./items.js";
import { batchBy, mayBeDone } from "./lost.js";
import { planInWords } from "./retract.js";
import { many, percent, RETRACTIONS, VERDICTS, verdictInWords } from "./words.js";

const STORED = "vito.review.batch";
const OFFERED = ["same", "household", "different", "unsure"];

export const lastBatch = () => sessionStorage.getItem(STORED);

/** Shows `actor` what would be decided under a filter, as the API is asked for it. `onDone(words)` after something was. */
export async function openBulk(filter, isBlind, actor, onDone) {
  const blind = isBlind && { blind: true };
  const { content, date } = await api.bulk({ ...filter, ...blind });
  const { items, snapshot } = content;
  $("bulk-title").textContent = `Decide ${many(items.length, "pair")} at once`;
  const shown = { filter, items: items.map(({ id, version }) => ({ id, version })), snapshot, ...blind };
  const trace = () => batchBy(actor, items.map(({ id }) => id), date && new Date(date).toISOString());
  replace($("bulk-content"), items.length ? form(shown, items, sending(shown, trace, onDone)) : nothing());
  $("bulk").showModal();
}

/** What became of a bulk act, and the way back. */
export async function openBatch(id, onDone) {
  const batch = (await api.batch(id)).content;
  $("bulk-title").textContent = `${verdictInWords(batch.verdict)}, decided at once`;
  replace($("bulk-content"), standing(batch), batch.standing > 0 && way(batch, onDone), closing());
  if (!$("bulk").open) $("bulk").showModal();
}

const closing = (words = "Close") => el("button", { type: "button", class: "quiet", onclick: () => $("bulk").close() }, words);
const nothing = () => [el("p", {}, "Nothing is shown under this filter."), closing()];

/** Sends a verdict on all that is `shown`; resolves to why it was not recorded. `trace` finds the batch of a sending whose answer was lost. */
function sending(shown, trace, onDone) {
  let isUnknown = false; // of an earlier sending as well, which may have changed the pairs
  const done = async (id, words, refused = []) => {
    sessionStorage.setItem(STORED, id);
    onDone(words);
    await openBatch(id, onDone);
    if (refused.length) $("bulk-content").prepend(refusals(refused));
  };
  return async (said) => {
    try {
      const { id, decided, refused } = (await api.decideBulk({ ...said, ...shown })).content;
      return await done(id, `Recorded for ${many(decided.length, "pair")}: ${verdictInWords(said.verdict).toLowerCase()}.`, refused);
    } catch (error) {
      isUnknown ||= mayBeDone(error);
      const id = isUnknown && (await trace().catch(() => null));
      return id ? done(id, "Recorded, though the answer was lost.") : whyNot(error, isUnknown);
    }
  };
}

function whyNot({ status, problem, message }, isUnknown) {
  const why = status === 412 ? `${many(problem.changed?.length ?? 1, "pair")} changed since this list was shown.` : message;
  if (isUnknown) return `It is not known whether this was recorded. ${why} No pair is decided twice: try again, or close it and look.`;
  return status === 412 ? `${why} Nothing was decided: close it and look again.` : why;
}

function form(shown, items, record) {
  const offered = OFFERED.filter((value) => !(shown.blind && value === "same" && shown.filter.kind !== "device"));
  const verdict = el("select", { id: "bulk-verdict" }, offered.map((value) => el("option", { value }, VERDICTS[value].name)));
  const reason = el("select", { id: "bulk-reason" });
  const fill = () => replace(reason, VERDICTS[verdict.value].reasons.map((value) => el("option", { value }, value)));
  verdict.addEventListener("change", fill);
  fill();
  const note = el("input", { id: "bulk-note", maxlength: 500, autocomplete: "off" });
  const error = el("p", { class: "error", role: "alert", id: "bulk-error" });
  const send = alone(async () => {
    error.textContent = "";
    const said = { verdict: verdict.value, reason: reason.value, ...(note.value.trim() && { note: note.value.trim() }) };
    error.textContent = (await record(said).catch((refused) => refused.message)) ?? "";
  });
  const submit = (event) => {
    event.preventDefault();
    send();
  };
  return el(
    "form",
    { class: "stack", onsubmit: submit },
    el("p", { class: "note" }, "Each pair gets a decision of its own. A tenth of them, at least one, is looked at again by somebody else, blind."),
    el("div", { class: "scrolls tall", role: "region", "aria-label": "Pairs", tabindex: "0" }, list(items)),
    el("div", { class: "row" }, el("label", { for: "bulk-verdict" }, "Verdict"), verdict, el("label", { for: "bulk-reason" }, "Reason"), reason),
    el("div", { class: "row" }, el("label", { for: "bulk-note" }, "Note"), note),
    error,
    el("div", { class: "row" }, el("button", { type: "submit", class: "primary", id: "bulk-record" }, `Record for ${many(items.length, "pair")}`), closing("Cancel")),
  );
}

function list(items) {
  const row = (item) =>
    el("tr", {}, el("th", { scope: "row" }, nameOf(item, "left")), el("td", {}, nameOf(item, "right")), item.band && [el("td", {}, bandOf(item.band)), el("td", { class: "number" }, percent(item.p_same))]);
  return el("table", { id: "bulk-list" }, el("thead", {}, el("tr", {}, ["Left", "Right", ...(items[0].band ? ["Band", "Same"] : [])].map((name) => el("th", { scope: "col" }, name)))), el("tbody", {}, items.map(row)));
}

function refusals(refused) {
  return el("ul", { class: "error" }, refused.map(({ detail }) => el("li", {}, `Not recorded: ${detail}`)));
}

function standing(batch) {
  const waiting = batch.decisions.filter((row) => row.waits).length;
  return el(
    "ul",
    { class: "plan-list", id: "batch" },
    el("li", {}, `${batch.standing} of ${many(batch.decisions.length, "decision")} stand.`),
    waiting > 0 && el("li", {}, `${many(waiting, "pair")} wait for a second person.`),
    el("li", {}, `${many(batch.sampled, "pair")} drawn to be looked at again; ${many(batch.looks, "look")} so far, ${batch.disagreed} disagreed.`),
  );
}

function way(batch, onDone) {
  const reason = el("select", { id: "batch-reason" }, RETRACTIONS.map((value) => el("option", { value }, value)));
  const plan = el("div", { class: "plan", "aria-live": "polite" });
  const error = el("p", { class: "error", role: "alert" });
  const wish = () => ({ reason: reason.value, keep_apart: false });
  const attempt = (action) => () => action().catch((refused) => (error.textContent = refused.message));
  const show = attempt(async () => replace(plan, planInWords((await api.rehearseBatch(batch.id, wish())).content)));
  const send = alone(attempt(async () => {
    const { content } = await api.retractBatch(batch.id, wish());
    onDone(`Retracted: ${many(content.retracted.length, "decision")} of the batch.`);
    await openBatch(batch.id, onDone);
    if (content.refused.length) $("bulk-content").prepend(refusals(content.refused));
  }));
  return el(
    "div",
    { class: "stack" },
    el("div", { class: "row" }, el("label", { for: "batch-reason" }, "Reason"), reason, el("button", { type: "button", onclick: show }, "What would that do?"), el("button", { type: "button", class: "primary", id: "batch-retract", onclick: clicked(send) }, "Retract the batch")),
    plan,
    error,
  );
}
