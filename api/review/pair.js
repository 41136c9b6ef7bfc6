// One pair: who the two are, what the numbers say, and what joining them would bring together.

import { bar, el, figure } from "./dom.js";
import { agreements, comparison } from "./people.js";
import { waterfall } from "./waterfall.js";
import { bandInWords, day, many, minute, percent, personName, shortId, signed, spaced, titled, verdictInWords, verdictSentence } from "./words.js";

const MARGIN = 3; // bits within which a runner-up makes a pair ambiguous

export const least = (scored) => Math.min(scored.bits_stranger, scored.bits_household);

/** The runners-up that could as well be meant. */
export function rivals(candidate) {
  return candidate.runner_up.filter((other) => other.band !== "-" && Math.abs(least(other) - least(candidate)) <= MARGIN);
}

/** Everything about a pair but its timeline. `onOpen(id)` shows another pair, `onClaim()` takes this one. */
export function pairView(candidate, { onOpen, onClaim, onRetract, onConfirm }) {
  const score = candidate.waterfall;
  return [
    heading(candidate, { onClaim, onRetract, onConfirm }),
    numbers(candidate, score),
    candidate.ambiguous && warning(candidate, onOpen),
    el("div", { class: "columns" }, section("Side by side", comparison(candidate)), section("In common", agreements(candidate))),
    score?.evidence && section("Evidence", waterfall(score), provenance(candidate, score)),
    candidate.history?.length > 0 && section("Decisions so far", history(candidate)),
    el(
      "div",
      { class: "columns thirds" },
      section("What speaks against", whyNot(candidate)),
      section("Runners-up", runnersUp(candidate, onOpen)),
      section("If joined", preview(candidate)),
    ),
  ];
}

export function section(title, ...content) {
  const id = `section-${title.toLowerCase().replaceAll(" ", "-")}`;
  return el("section", { "aria-labelledby": id }, el("h2", { id }, title), content);
}

function heading(candidate, { onClaim, onRetract, onConfirm }) {
  const { left_person: left, right_person: right, status, band } = candidate;
  const decision = decisionOf(candidate);
  const waits = ["open", "reopened", "claimed"].includes(status);
  return el(
    "header",
    { class: "heading" },
    el("h1", {}, personName(left), el("span", { class: "and" }, " & "), personName(right)),
    el(
      "p",
      { class: "facts" },
      el("span", { class: `band band-${band === "-" ? "none" : band}` }, `Band ${band === "-" ? "–" : band}`),
      ` ${bandInWords(band)} · ${status}`,
      status !== "stored" && candidate.propensity < 1 && candidate.propensity > 0 && " · drawn from below the bar, to measure it",
      candidate.verdict && ` as ${verdictInWords(candidate.verdict).toLowerCase()}`,
      status === "claimed" && ` until ${minute(candidate.claimed_until)}`,
      left.view_id === right.view_id && " · one view now",
      ` · scored ${day(candidate.updated_at)}`,
    ),
    el(
      "div",
      { class: "row" },
      waits && el("button", { type: "button", class: "quiet", id: "claim", onclick: onClaim }, status === "claimed" ? "Renew claim" : "Claim", el("kbd", { "aria-hidden": "true" }, "c")),
      decision && status === "awaiting" && el("button", { type: "button", class: "primary", id: "confirm", onclick: onConfirm }, "Confirm as second person"),
      decision && ["decided", "unsure", "awaiting"].includes(status) && el("button", { type: "button", class: "quiet", id: "retract-this", onclick: onRetract }, "Retract decision"),
    ),
  );
}

/** The id of the decision that waits for a second person or, when none does, that stands for a candidate. */
export const decisionOf = (candidate) => candidate.pending ?? candidate.decision ?? null;

function numbers(candidate, score) {
  const stranger = score?.p_stranger ?? Math.max(0, 1 - candidate.p_same - candidate.p_household);
  const decides = candidate.bits_household <= candidate.bits_stranger ? "household" : "stranger";
  return el(
    "section",
    { class: "numbers", "aria-label": "Score" },
    el("p", { class: "sentence", id: "verdict-sentence" }, verdictSentence(candidate)),
    el(
      "dl",
      { class: "bits" },
      bitsOf("stranger", candidate.bits_stranger, decides),
      bitsOf("household", candidate.bits_household, decides),
    ),
    el("dl", { class: "chances" }, chanceOf("same", candidate.p_same), chanceOf("household", candidate.p_household), chanceOf("stranger", stranger)),
  );
}

function bitsOf(rival, bits, decides) {
  return el(
    "div",
    { class: rival === decides ? "decides" : null },
    el("dt", {}, `bits against a ${rival}`),
    el("dd", { id: `bits-${rival}` }, figure(bits, signed(bits))),
  );
}

function chanceOf(kind, p) {
  return el("div", { class: "chance" }, el("dt", { class: "chance-name" }, kind), el("dd", {}, bar(p, kind), figure(p, percent(p), { class: "chance-figure" })));
}

function warning(candidate, onOpen) {
  const first = rivals(candidate)[0] ?? candidate.runner_up[0];
  return el(
    "p",
    { class: "warning", id: "ambiguous" },
    el("strong", {}, "Ambiguous. "),
    `Another pair of one of the two is within ${MARGIN} bits of this one. Look at both before you decide. `,
    el("button", { type: "button", class: "link", onclick: () => onOpen(first.id) }, "Show the other pair"),
  );
}

function provenance(candidate, score) {
  return el("p", { class: "note" }, `Model ${candidate.model}${score.calibrated ? "" : ", not yet calibrated by verdicts"} · figures are rounded, sums are exact`);
}

function history(candidate) {
  return el(
    "ol",
    { class: "history" },
    candidate.history.map((entry) =>
      el(
        "li",
        {},
        el("strong", {}, historyName(entry)),
        ` – ${[entry.reason, entry.note].filter(Boolean).join(": ") || "no reason kept"}`,
        el("span", { class: "provenance" }, `${entry.actor} · ${minute(entry.at)}`),
      ),
    ),
  );
}

function historyName({ entry, verdict }) {
  if (entry === "retraction") return "Retracted";
  return entry === "confirmation" ? `Confirmed: ${verdictInWords(verdict).toLowerCase()}` : verdictInWords(verdict);
}

function whyNot(candidate) {
  const rows = candidate.why_not.map((row) =>
    el("li", {}, el("span", { class: "number against" }, figure(row.bits, signed(row.bits))), el("span", {}, row.sentence)),
  );
  const missing = candidate.missing_bits;
  return [
    rows.length ? el("ul", { class: "why-not", id: "why-not" }, rows) : el("p", { class: "note" }, "Nothing does."),
    missing > 0 && el("p", { class: "note" }, `${missing.toFixed(1)} bits more would make it 99 % sure.`),
    missing > 0 && whatIf(candidate.counterfactuals ?? []),
  ];
}

/** What to ask the customer for, the easiest first. */
function whatIf(answers) {
  if (!answers.length) return null;
  return el("ul", { class: "what-if note", id: "what-if" }, answers.map(({ sentence }) => el("li", {}, sentence)));
}

function runnersUp(candidate, onOpen) {
  if (!candidate.runner_up.length) return el("p", { class: "note" }, "No other pair of either.");
  return el(
    "ul",
    { class: "runners" },
    candidate.runner_up.map((other) => {
      const shared = [candidate.left, candidate.right].find((id) => id === other.left || id === other.right);
      const whose = shared === candidate.left ? "left" : shared === candidate.right ? "right" : "one";
      return el(
        "li",
        {},
        el("button", { type: "button", class: "link", onclick: () => onOpen(other.id) }, `${spaced(whose)} with ${otherName(other, shared)}`),
        el("span", { class: "note" }, ` ${percent(other.p_same)} · ${signed(least(other))} bits · ${other.status}`),
      );
    }),
  );
}

function otherName(other, shared) {
  const side = other.left === shared ? "right" : "left";
  const name = other[`${side}_name`];
  return name ? titled(name) : shortId(other[side]);
}

function preview(candidate) {
  const { fragments, events, identifiers, campaigns } = candidate.preview;
  return [
    el("p", {}, `One view of ${many(fragments, "fragment")}, ${many(events, "event")} and ${many(identifiers, "identifier")}.`),
    campaigns.length > 0
      ? el("p", {}, `Campaigns: ${campaigns.join(", ")}`)
      : el("p", { class: "note" }, "No campaign is touched."),
  ];
}
