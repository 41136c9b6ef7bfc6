// The desk: what is shown, what is decided, and what is said about it.

import { $, el, replace } from "./dom.js";
import { api, Refused } from "./client.js";
import { Decide } from "./decide.js";
import { HELP, listen } from "./keyboard.js";
import { decisionOf, pairView } from "./pair.js";
import { inCommon } from "./people.js";
import { Queue } from "./queue.js";
import { askToRetract } from "./retract.js";
import { refusalInWords } from "./refusals.js";
import { Session } from "./session.js";
import { timelines } from "./timeline.js";
import { personName, VERDICTS, verdictInWords } from "./words.js";

const shown = { candidate: null, etag: null, reading: null };
let last = null; // the last decision of this tab, for `z`

const say = (text) => ($("live").textContent = text);

function failed(error) {
  if (error.name === "AbortError") return;
  if (error instanceof Refused && error.status === 401) session.end("The key is not known any more. Sign in again.");
  else if (error instanceof Refused) say(error.message);
  else throw error;
}

const session = new Session({
  onSignedIn: () => queue.show({}),
  onSignedOut: () => {
    remember(null);
    queue.clear();
    show(null);
    say("");
  },
});
const queue = new Queue(api, { onSelect: show, onError: failed });
const decide = new Decide(record);

/** Reads a pair and shows it; null clears the view. */
async function show(id) {
  shown.reading?.abort();
  shown.reading = new AbortController();
  const { signal } = shown.reading;
  if (!id) {
    Object.assign(shown, { candidate: null, etag: null });
    decide.offer(null, [], false);
    replace($("pair-content"), session.isOpen && el("p", { class: "empty" }, "Nothing to decide here."));
    return;
  }
  $("pair").setAttribute("aria-busy", "true");
  try {
    const { content, etag } = await api.candidate(id, signal);
    if (signal.aborted) return;
    draw(content, etag, signal);
  } catch (error) {
    failed(error);
  } finally {
    if (!signal.aborted) $("pair").removeAttribute("aria-busy");
  }
}

function draw(candidate, etag, signal) {
  Object.assign(shown, { candidate, etag });
  const actions = { onOpen: (id) => queue.select(id), onClaim: claim, onRetract: retractShown, onConfirm: confirm };
  replace($("pair-content"), pairView(candidate, actions), timelines(candidate, signal));
  decide.offer(candidate, inCommon(candidate.left_person, candidate.right_person), candidate.ambiguous === true);
  $("pair").scrollTop = 0;
}

const named = (candidate) => `${personName(candidate.left_person)} & ${personName(candidate.right_person)}`;

async function record(body) {
  const { candidate, etag } = shown;
  decide.busy(true);
  try {
    const { content, status } = await api.decide(candidate.id, body, etag);
    const decision = content.decision?.id ?? content.id;
    remember({ id: decision, candidate: candidate.id, verdict: body.verdict, names: named(candidate) });
    const name = VERDICTS[body.verdict].name;
    if (status === 202) say(`${name}: ${named(candidate)} waits for a second person to confirm. z takes it back.`);
    else say(`Recorded: ${named(candidate)} – ${name.toLowerCase()}. z retracts it.`);
    await queue.drop(candidate.id);
    $("pair").focus({ preventScroll: true });
  } catch (error) {
    await refused(error, candidate);
  } finally {
    decide.busy(false);
  }
}

/** 409 is explained where the decision is made; 412 shows the pair as it is now. */
async function refused(error, candidate) {
  if (!(error instanceof Refused)) throw error;
  if (error.status === 412) {
    await show(candidate.id);
    decide.say("This pair changed while you looked at it. What you see now is its new state: decide on that.");
    say("The pair changed and was read again. Nothing was recorded.");
    return;
  }
  if (error.status === 401) return failed(error);
  decide.say(await refusalInWords(error, candidate));
  say("Nothing was recorded.");
}

async function claim() {
  const { candidate, etag } = shown;
  if (!candidate) return;
  try {
    const claimed = await api.claim(candidate.id, etag);
    say(`${named(candidate)} is yours for ten minutes.`);
    shown.etag = claimed.etag;
    await show(candidate.id);
    queue.count();
  } catch (error) {
    await refused(error, candidate);
  }
}

async function confirm() {
  const { candidate, etag } = shown;
  try {
    const { content } = await api.confirm(decisionOf(candidate), {}, etag);
    remember({ id: decisionOf(candidate), candidate: candidate.id, verdict: candidate.verdict, names: named(candidate) });
    say(`Confirmed: ${named(candidate)} – ${verdictInWords(content.verdict).toLowerCase()}.`);
    await queue.drop(candidate.id);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(`Not confirmed: ${error.message}`);
  }
}

function remember(decision) {
  last = decision;
  $("undo").hidden = !decision;
}

function retractLast() {
  if (last) retract(last, false);
}

function retractShown() {
  const { candidate } = shown;
  const { verdict } = candidate;
  retract({ id: decisionOf(candidate), candidate: candidate.id, verdict, names: named(candidate) }, true);
}

/** After a question in the page: `same` may leave the two apart, or put the pair back into the queue. */
async function retract(decision, keepApart) {
  const what = `${decision.names} – ${verdictInWords(decision.verdict).toLowerCase()}`;
  const send = async (body) => {
    const etag = (await api.candidate(decision.candidate)).etag;
    return api.retract(decision.id, body, etag);
  };
  const done = await askToRetract(what, decision.verdict === "same" ? keepApart : null, send);
  if (!done) return;
  if (last?.id === decision.id) remember(null);
  say(`Retracted: ${what}. Everything is where it was before.`);
  await queue.show({}, decision.candidate);
  if (queue.selected !== decision.candidate) await show(decision.candidate);
}

const choose = (verdict) => session.isOpen && decide.choose(verdict);
const whenOpen = (action) => () => (session.isOpen ? (action(), true) : false);

listen({
  j: whenOpen(() => queue.move(1)),
  k: whenOpen(() => queue.move(-1)),
  ...Object.fromEntries(Object.entries(VERDICTS).map(([verdict, { key }]) => [key, () => choose(verdict)])),
  digit: (digit) => decide.pick(digit),
  Escape: () => decide.cancel(),
  c: whenOpen(claim),
  z: whenOpen(retractLast),
  "?": whenOpen(() => $("help").showModal()),
});

replace($("help-keys"), HELP.map(([key, does]) => el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", {}, does))));
$("show-help").addEventListener("click", () => $("help").showModal());
$("close-help").addEventListener("click", () => $("help").close());
$("undo").addEventListener("click", retractLast);
session.start();
