// One doubtful event: why it is doubtful, what was heard and read, the recording, and the form for a specialist's word.

import { alone, clicked, el, replace } from "./dom.js";
import { attached } from "./evidence.js";
import { minute, percent, shortId, spaced } from "./words.js";

const ENROLLED = "campaign.enrolled";
const MEANINGS = [ENROLLED, "offer.accepted", "offer.declined", "callback.requested", "opt_out", "call.recorded"];
const READ = ["phone", "email"]; // kinds that a specialist reads from a recording
const TOLD = ["call", "streams", "campaign", "seconds", "model", "proposed", "needs_review", "intents", "stated"];

// A channel posts what it likes under these names.
const list = (value) => (Array.isArray(value) ? value : []);
const pieces = (value) => list(value).filter((one) => one instanceof Object);
const text = (value) => (typeof value === "string" ? value : "");

/** Whom an event is of, by what it carries. */
export function nameOf({ carries, person_id: person }) {
  const values = carries.map(({ identifier }) => identifier.split(/:(.*)/s, 2)).filter(([kind]) => kind !== "session" && kind !== "cookie");
  return values[0]?.[1] ?? shortId(person);
}

/** `onSettle(body)` records a word, and resolves to the sentence of a refusal; `onPerson(id)`. */
export function callView(review, { onSettle, onPerson }, signal) {
  const { properties } = review;
  const facts = [minute(review.occurred_at), spaced(review.channel), text(properties.campaign) && `campaign ${properties.campaign}`];
  return [
    el(
      "header",
      { class: "heading", "data-call": review.event_id },
      el("h1", {}, el("bdi", {}, nameOf(review))),
      el("p", { class: "facts" }, facts.filter(Boolean).join(" · ")),
      el("div", { class: "row" }, el("button", { type: "button", class: "quiet", onclick: () => onPerson(review.person_id) }, "Person")),
    ),
    part("Why it waits", doubts(list(properties.needs_review))),
    part("What was heard", heard([...pieces(properties.intents), ...pieces(properties.stated)])),
    others(properties),
    attached({ evidence: review.attached }, signal),
    review.status === "open" ? form(review, onSettle) : settled(review),
  ];
}

const part = (title, content) => content && el("section", { "aria-label": title }, el("h2", {}, title), content);

const doubts = (found) => (found.length ? el("ul", { id: "call-doubts" }, found.map((one) => el("li", {}, String(one)))) : el("p", { class: "note" }, "Its channel says that it is doubtful."));

function heard(found) {
  if (!found.length) return null;
  const heads = ["What", "Words", "Sure", "Doubts"].map((head) => el("th", { scope: "col" }, head));
  const row = (one) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, spaced(one.intent ?? one.kind), one.value && el("span", { class: "provenance" }, el("bdi", {}, one.value))),
      el("td", {}, text(one.words) ? `“${one.words}”` : "–"),
      el("td", { class: "number" }, Number.isFinite(one.confidence) ? percent(one.confidence) : "–"),
      el("td", {}, list(one.doubts).join("; ") || "none"),
    );
  return el("div", { class: "scrolls", role: "region", "aria-label": "What was heard", tabindex: "0" }, el("table", { id: "call-heard" }, el("thead", {}, el("tr", {}, heads)), el("tbody", {}, found.map(row))));
}

/** What a channel of another kind says of its event. */
function others(properties) {
  const found = Object.entries(properties).filter(([name, value]) => !TOLD.includes(name) && value !== null);
  const words = (value) => (typeof value === "string" ? value : JSON.stringify(value));
  return part("Properties", found.length > 0 && el("dl", { class: "properties" }, found.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, words(value))))));
}

const settled = ({ verdict, actor_name: name, closed_at: at, result }) =>
  part("Settled", el("p", {}, `${spaced(verdict)} by ${name ?? "somebody"}, ${minute(at)}.`, el("span", { class: "provenance" }, `Event ${result}`)));

function form(review, onSettle) {
  const { proposed } = review;
  const meaning = el("select", { id: "call-type" }, el("option", { value: "" }, `${spaced(proposed)} (as proposed)`), MEANINGS.filter((one) => one !== proposed).map((one) => el("option", { value: one }, spaced(one))));
  const campaign = el("input", { id: "call-campaign", maxlength: 128, autocomplete: "off", value: text(review.properties.campaign) });
  const enrols = el("p", { class: "row" }, el("label", { for: "call-campaign" }, "Enrolled in"), campaign);
  const fits = () => (enrols.hidden = (meaning.value || proposed) !== ENROLLED);
  meaning.addEventListener("change", fits);
  fits();
  const read = pieces(review.properties.stated).filter((one) => READ.includes(one.kind) && one.needs_review && one.value);
  const identifiers = [...read.map(({ kind, value }) => identifier(kind, value)), identifier(READ[0], "")];
  const note = el("input", { id: "call-note", maxlength: 2000, autocomplete: "off" });
  const error = el("p", { class: "error", role: "alert" });
  const record = alone(async (verdict) => {
    const isConfirmed = verdict === "confirm";
    replace(error);
    const body = {
      verdict,
      ...(note.value.trim() && { note: note.value.trim() }),
      ...(isConfirmed && meaning.value && { type: meaning.value }),
      ...(isConfirmed && !enrols.hidden && campaign.value.trim() && { target_id: campaign.value.trim() }),
      ...(isConfirmed && { identifiers: identifiers.map((one) => one.said()).filter(Boolean) }),
    };
    const refused = await onSettle(body);
    if (refused) replace(error, refused);
  });
  return el(
    "form",
    { id: "call-form", class: "stack", "aria-labelledby": "call-word", onsubmit: (event) => (event.preventDefault(), record("confirm")) },
    el("h2", { id: "call-word" }, "Your word"),
    el("p", { class: "row" }, el("label", { for: "call-type" }, "It means"), meaning),
    enrols,
    el("fieldset", {}, el("legend", {}, "Numbers and addresses that you hear yourself"), identifiers.map((one) => one.row)),
    el("p", { class: "row" }, el("label", { for: "call-note" }, "Note"), note),
    error,
    el("div", { class: "row" }, el("button", { type: "submit", class: "primary" }, "Confirm"), el("button", { type: "button", id: "call-reject", onclick: clicked(() => record("reject")) }, "Reject")),
  );
}

/** A line for an identifier, ticked by whoever hears the same; the last one is for what was not found. */
function identifier(kind, value) {
  const tick = value && el("input", { type: "checkbox", "aria-label": `Take ${value}` });
  const kinds = el("select", { "aria-label": "Kind" }, READ.map((one) => el("option", { value: one, selected: one === kind }, spaced(one))));
  const typed = el("input", { "aria-label": value ? `Instead of ${value}` : "Another", value, autocomplete: "off", maxlength: 512 });
  typed.addEventListener("input", () => tick && (tick.checked = true));
  return {
    row: el("p", { class: "row" }, tick, kinds, typed),
    said: () => typed.value.trim() && (!tick || tick.checked) && { kind: kinds.value, value: typed.value.trim() },
  };
}
