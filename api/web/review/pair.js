// One pair: who the two are, what the numbers say, and what joining them would bring together.

import { differing } from "./diff.js";
import { bar, clicked, el, figure } from "./dom.js";
import { bandOf } from "./items.js";
import { agreements, comparison, inCommon } from "./people.js";
import { picture } from "./picture.js";
import { standings } from "./standing.js";
import { timelines } from "./timeline.js";
import { waterfall } from "./waterfall.js";
import { bandInWords, day, many, minute, percent, personName, shortId, signed, spaced, titled, verdictInWords, verdictSentence } from "./words.js";

const MARGIN = 3; // bits within which a runner-up makes a pair ambiguous

export const least = (scored) => Math.min(scored.bits_stranger, scored.bits_household);

/** The runners-up that could as well be meant. A person may have many devices: only a device can be doubtful there. */
function rivals(candidate) {
  const isRival = (other) => candidate.kind === "person" || other.right === candidate.right;
  const isNear = (other) => other.band !== "-" && Math.abs(least(other) - least(candidate)) <= MARGIN;
  return (candidate.runner_up ?? []).filter((other) => isRival(other) && isNear(other));
}

/**
 * Everything about a pair, until `signal` says that another is shown. `onOpen(id)` shows another pair, `onPerson(id)` a
 * person; the others act on this one.
 */
export function pairView(candidate, actions, signal) {
  const score = candidate.blind ? null : candidate.waterfall;
  return [
    heading(candidate, actions),
    weakened(candidate, actions.onLeave),
    reopened(candidate),
    score && numbers(candidate, score),
    candidate.ambiguous === true && warning(candidate, actions.onOpen),
    el(
      "div",
      { class: "columns" },
      section("Side by side", comparison(candidate)),
      section("In common", agreements(candidate), !candidate.blind && standings(inCommon(candidate.left_person, candidate.right_person), signal)),
    ),
    candidate.blind && section("Compared", compared(candidate.waterfall)),
    score?.evidence && section("Evidence", waterfall(score), provenance(candidate, score)),
    el("div", { class: "columns" }, section("Identifiers as a picture", picture(candidate)), section("If joined", preview(candidate))),
    timelines(candidate, signal),
    candidate.history?.length > 0 && section("Decisions so far", history(candidate)),
    score && el("div", { class: "columns" }, section("What speaks against", whyNot(candidate)), section("Runners-up", runnersUp(candidate, actions.onOpen))),
  ];
}

export function section(title, ...content) {
  const id = `section-${title.toLowerCase().replaceAll(" ", "-")}`;
  return el("section", { "aria-labelledby": id }, el("h2", { id }, title), content);
}

function heading(candidate, { onClaim, onRetract, onConfirm, onPerson }) {
  const { left_person: left, right_person: right, status } = candidate;
  const decision = decisionOf(candidate);
  const waits = ["open", "reopened", "claimed"].includes(status);
  // Whom a person is one with is what blind mode asks.
  const person = (one) => (candidate.blind ? el("span", { class: "name" }, personName(one)) : el("button", { type: "button", class: "name", onclick: () => onPerson(one.id) }, personName(one)));
  return el(
    "header",
    { class: "heading", "data-pair": candidate.id },
    el("h1", {}, person(left), el("span", { class: "and" }, " & "), person(right)),
    el("p", { class: "facts" }, facts(candidate)),
    el(
      "div",
      { class: "row" },
      el("span", { id: "lease", class: "lease", role: "status" }),
      waits && el("button", { type: "button", class: "quiet", id: "claim", onclick: onClaim }, "Claim", el("kbd", { "aria-hidden": "true" }, "c")),
      decision && status === "awaiting" && el("button", { type: "button", class: "primary", id: "confirm", onclick: clicked(onConfirm) }, "Confirm as second person"),
      decision && ["decided", "awaiting"].includes(status) && el("button", { type: "button", class: "quiet", id: "retract-this", onclick: onRetract }, "Retract decision"),
    ),
  );
}

function facts(candidate) {
  const { band, status, verdict, propensity: chance } = candidate;
  if (candidate.blind) return ["Blind: say what the two are by what they stated."];
  return [
    bandOf(band),
    ` ${bandInWords(band)} · ${status}`,
    status !== "stored" && chance < 1 && chance > 0 && " · drawn from below the bar, to measure it",
    verdict && ` as ${verdictInWords(verdict).toLowerCase()}`,
    candidate.left_person.view_id === candidate.right_person.view_id && " · one view now",
    ` · scored ${day(candidate.updated_at)}`,
  ];
}

function weakened({ weakened_by: keys }, onLeave) {
  if (!keys?.length) return null;
  const reason = el("input", { id: "leave-reason", maxlength: 500, value: "looked at, and left", autocomplete: "off" });
  return el(
    "p",
    { class: "warning", id: "weakened" },
    el("strong", {}, "Evidence weakened. "),
    `This link leaned on what is weaker by now: ${keys.join(", ")}. Look at it again: retract it, or leave it as it is.`,
    el("span", { class: "row" }, el("label", { for: "leave-reason" }, "Reason"), reason, el("button", { type: "button", id: "leave", onclick: clicked(() => onLeave(reason.value.trim())) }, "Leave it")),
  );
}

function reopened({ reopened: why }) {
  if (!why) return null;
  const news = why.evidence.map((row) => row.sentence).join(" ");
  return el("p", { class: "warning", id: "reopened" }, el("strong", {}, "Reopened. "), `${signed(why.bits)} bits since it was decided. ${news}`);
}

/** What blind mode tells of the evidence: what was compared, without its weight. */
function compared(score) {
  const rows = score?.evidence ?? [];
  if (!rows.length) return el("p", { class: "note" }, "Nothing that both stated.");
  const row = ({ comparison, left, right }) => {
    const [ours, theirs] = left && right ? differing(left, right) : [left || "–", right || "–"];
    return el("tr", {}, el("th", { scope: "row" }, spaced(comparison)), el("td", {}, ours), el("td", {}, theirs));
  };
  return el("table", { class: "traits" }, el("tbody", {}, rows.map(row)));
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
    `Another pair of one of the two is within ${MARGIN} bits of this one. Look at both: one key does not join here. `,
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
  if (entry === "acknowledgement") return "Looked at, and left";
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
  const { fragments, events, identifiers, campaigns, consent_conflicts: conflicts } = candidate.preview;
  return [
    el("p", {}, `One view of ${many(fragments, "fragment")}, ${many(events, "event")} and ${many(identifiers, "identifier")}.`),
    campaigns.length > 0
      ? el("p", {}, `Campaigns: ${campaigns.join(", ")}`)
      : el("p", { class: "note" }, "No campaign is touched."),
    ...(conflicts.length > 0 ? [el("p", {}, `One agreed to what the other refused: ${conflicts.join(", ")}. A second person must confirm.`)] : []),
  ];
}
