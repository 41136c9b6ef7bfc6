// The desk: what is shown, what is decided, and what is said about it.

import { $, el, replace } from "./dom.js";
import { openBulk, openBatch, lastBatch } from "./bulk.js";
import { Claim } from "./claim.js";
import { api, Refused } from "./client.js";
import { Decide } from "./decide.js";
import { HELP, listen } from "./keyboard.js";
import { Live } from "./live.js";
import { clearNotices, dismiss, notify } from "./notices.js";
import { showOwners } from "./owners.js";
import { decisionOf, pairView, rivals } from "./pair.js";
import { haveViewInCommon, Pairs } from "./pairs.js";
import { inCommon } from "./people.js";
import { openPerson } from "./person.js";
import { qualityView } from "./quality.js";
import { Queue } from "./queue.js";
import { refusalInWords } from "./refusals.js";
import { askToRetract } from "./retract.js";
import { Session } from "./session.js";
import { personName, UNDONE, VERDICTS, verdictInWords } from "./words.js";

const shown = { candidate: null, etag: null, drawing: null };
const decided = []; // by this tab, newest last: promises of {id, candidate, verdict, names}, or of null when refused
const pairs = new Pairs();

const say = (text) => ($("live").textContent = text);

function failed(error) {
  if (error.name === "AbortError") return;
  if (error instanceof Refused && error.status === 401) session.end("The key is not known any more. Sign in again.");
  else if (error instanceof Refused) say(error.message);
  else throw error;
}

const claim = new Claim((id, error) => {
  pairs.forget(id);
  say(`This pair cannot be claimed: ${error.message}`);
});
const queue = new Queue({ onSelect: show, onError: failed, actor: () => claim.actor });
const decide = new Decide(record);
const live = new Live(changed);
const session = new Session({
  onSignedIn: () => {
    live.start();
    view("person");
  },
  onSignedOut: () => {
    live.stop();
    claim.forget();
    decided.length = 0;
    drawUndo();
    clearNotices();
    pairs.clear();
    queue.clear();
    show(null);
    say("");
  },
});

/** Shows a pair, at once when it was read before; null clears the view. The next one is read meanwhile. */
async function show(id) {
  shown.drawing?.abort();
  const drawing = (shown.drawing = new AbortController());
  if (!id) {
    Object.assign(shown, { candidate: null, etag: null });
    claim.leave();
    decide.offer(null, [], false);
    replace($("pair-content"), session.isOpen && el("p", { class: "empty" }, "Nothing to decide here."));
    return;
  }
  const known = pairs.peek(id);
  if (known) return draw(known, drawing.signal);
  $("pair").setAttribute("aria-busy", "true");
  try {
    const found = await pairs.read(id);
    if (!drawing.signal.aborted) draw(found, drawing.signal);
  } catch (error) {
    if (!drawing.signal.aborted) failed(error);
  } finally {
    if (!drawing.signal.aborted) $("pair").removeAttribute("aria-busy");
  }
}

function draw({ content: candidate, etag }, signal) {
  Object.assign(shown, { candidate, etag });
  $("pair").removeAttribute("aria-busy");
  const actions = { onOpen: (id) => queue.select(id), onClaim: () => claim.take(), onRetract: retractShown, onConfirm: confirm, onPerson: openPerson };
  replace($("pair-content"), pairView(candidate, actions, signal));
  decide.offer(candidate, inCommon(candidate.left_person, candidate.right_person), rivals(candidate).length > 0);
  $("pair").scrollTop = 0;
  claim.look(candidate);
  for (const by of [1, 2, 3, 4, -1]) {
    const beside = queue.beside(candidate.id, by);
    if (beside) pairs.read(beside).catch(() => {}); // it says so when it is to be shown
  }
}

/** The pair as it is now. */
function reread(id) {
  pairs.forget(id);
  queue.select(id);
}

/** Told by the server: a pair came, was claimed, or was decided. */
function changed(change) {
  if ($("queue-side").hidden) return;
  const isOld = (version) => version !== undefined && change.version !== version;
  const known = pairs.peek(change.id)?.content;
  if (change.type === "many") pairs.clear();
  else if (known && (isOld(known.version) || known.status !== change.status)) pairs.forget(change.id);
  const concernsShown = queue.change(change);
  const { candidate } = shown;
  if (!concernsShown || !candidate || candidate.id !== change.id) return;
  claim.show(change.status === "claimed" ? change.claimed_by : null, change.claimed_until);
  if (!isOld(candidate.version)) return;
  say(`This pair is ${change.status} by now.`);
  notify(candidate.id, `${named(candidate)} changed while you look at it: it is ${change.status} by now.`, () => reread(candidate.id));
}

const named = (candidate) =>
  candidate.names ?? (candidate.names = `${personName(candidate.left_person)} & ${personName(candidate.right_person)}`);

/** Sends a verdict. The next pair is shown meanwhile, unless the verdict may change what it shows. */
async function record(body) {
  const { candidate, etag } = shown;
  if (candidate.id !== queue.selected) return; // another one was asked for and is still being read
  const sent = api.decide(candidate.id, pairs.isBlind ? { ...body, blind: true } : body, etag);
  const outcome = sent.then(({ content, status }) => ({ ...content, status }));
  const entry = outcome.then(
    ({ id, state }) => (state === "reviewed" ? null : { id, candidate: candidate.id, verdict: body.verdict, names: named(candidate) }),
    () => null,
  );
  decided.push(entry);
  const next = pairs.peek(queue.beside(candidate.id) ?? queue.beside(candidate.id, -1));
  const goesOn = next && !haveViewInCommon(next.content, candidate);
  const taken = goesOn && queue.take(candidate.id);
  if (goesOn) $("pair").focus({ preventScroll: true });
  else decide.busy(true);
  try {
    const { concerns, status } = await outcome;
    claim.spend(candidate.id);
    dismiss(candidate.id);
    pairs.forgetAround(candidate);
    pairs.forget(candidate.id);
    sayRecorded(candidate, body.verdict, status === 202 && (concerns ?? []));
    if (!goesOn) queue.take(candidate.id);
    if (!goesOn) $("pair").focus({ preventScroll: true });
  } catch (error) {
    decided.splice(decided.indexOf(entry), 1);
    pairs.forget(candidate.id);
    if (taken) queue.putBack(taken);
    await refused(error, candidate);
  } finally {
    if (!goesOn) decide.busy(false);
    drawUndo();
  }
}

function sayRecorded(candidate, verdict, concerns) {
  const name = VERDICTS[verdict].name;
  if (!concerns) return say(`Recorded: ${named(candidate)} – ${name.toLowerCase()}. z undoes it.`);
  const why = concerns.length ? ` (${concerns.join("; ")})` : "";
  say(`${name}: ${named(candidate)} waits for a second person to confirm${why}. z takes it back.`);
}

/** 409 and 412 are explained; the pair that they are about is never shown in the place of another by itself. */
async function refused(error, candidate) {
  if (!(error instanceof Refused)) throw error;
  if (error.status === 401) return failed(error);
  const isStale = error.status === 412;
  const words = isStale
    ? "This pair changed while you looked at it. Nothing was recorded: look at its new state and decide on that."
    : await refusalInWords(error, candidate);
  say(isStale ? "The pair changed meanwhile. Nothing was recorded." : "Nothing was recorded.");
  if (shown.candidate?.id !== candidate.id) return notify(candidate.id, `${named(candidate)}: ${words}`, () => reread(candidate.id));
  if (isStale) {
    pairs.forget(candidate.id);
    await show(candidate.id);
  }
  decide.say(words);
}

async function confirm() {
  const { candidate } = shown;
  try {
    const { content } = await api.confirm(decisionOf(candidate));
    decided.push(Promise.resolve({ id: decisionOf(candidate), candidate: candidate.id, verdict: candidate.verdict, names: named(candidate) }));
    drawUndo();
    pairs.forgetAround(candidate);
    say(`Confirmed: ${named(candidate)} – ${verdictInWords(content.verdict).toLowerCase()}.`);
    queue.take(candidate.id);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(`Not confirmed: ${error.message}`);
  }
}

const drawUndo = () => ($("undo").hidden = decided.length === 0);

let undoing = Promise.resolve(); // one after another, however fast `z` is pressed

const undo = () => (undoing = undoing.then(undoLast));

/** Takes the last decision back at once: its pair waits again, and is shown. */
async function undoLast() {
  const last = await decided.pop();
  drawUndo();
  if (!last) return decided.length > 0 && undoLast();
  try {
    await api.retract(last.id, { reason: UNDONE, keep_apart: false });
    await afterRetraction(last, `Undone: ${last.names} – ${verdictInWords(last.verdict).toLowerCase()}. It waits again.`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(`Not undone: ${error.message}`);
  }
}

async function retractShown() {
  const { candidate } = shown;
  const decision = { id: decisionOf(candidate), candidate: candidate.id, verdict: candidate.verdict, names: named(candidate) };
  const what = `${decision.names} – ${verdictInWords(decision.verdict).toLowerCase()}`;
  const done = await askToRetract(what, decision.verdict === "same" && candidate.status !== "awaiting", {
    rehearse: (body, signal) => api.rehearse(decision.id, body, signal),
    send: (body) => api.retract(decision.id, body),
  });
  if (done) await afterRetraction(decision, `Retracted: ${what}. Everything is where it was before.`);
}

async function afterRetraction(decision, words) {
  pairs.clear();
  dismiss(decision.candidate);
  queue.expect(decision.candidate);
  await queue.show({}, decision.candidate);
  if (queue.selected !== decision.candidate) queue.select(decision.candidate);
  say(words);
}

/** Persons, devices or quality. */
function view(name) {
  for (const tab of document.querySelectorAll(".tabs [data-view]")) tab.setAttribute("aria-pressed", String(tab.dataset.view === name));
  $("queue-side").hidden = name === "quality";
  $("owners").hidden = name !== "device";
  if (name === "quality") {
    queue.clear();
    show(null);
    qualityView().then((content) => $("queue-side").hidden && replace($("pair-content"), content), failed);
    return;
  }
  queue.show({ kind: name, person: "" });
  if (name === "device") showOwners((person) => queue.show({ person })).catch(failed);
}

function several() {
  openBulk(queue.filters.asked, (words) => {
    say(words);
    drawBatch();
    pairs.clear();
    queue.show();
    if (queue.filters.chosen.kind === "device") showOwners((person) => queue.show({ person })).catch(failed);
  }).catch(failed);
}

const drawBatch = () => ($("batch-open").hidden = !lastBatch());

function setBlind(isBlind) {
  pairs.isBlind = queue.isBlind = isBlind;
  pairs.clear();
  queue.filters.blind(isBlind);
  $("bulk-open").disabled = isBlind;
  queue.show({ status: "open", ...(isBlind && { band: "", evidence: "", age: "" }) });
  say(isBlind ? "Blind: scores are hidden, and some pairs were decided before." : "Scores are shown again.");
}

const whenOpen = (action) => () => session.isOpen && !$("queue-side").hidden && action() !== false;
const verdictKeys = Object.entries(VERDICTS).flatMap(([verdict, { key }]) => [
  [key, whenOpen(() => decide.choose(verdict))],
  [key.toUpperCase(), whenOpen(() => decide.choose(verdict, true))],
]);

listen(
  {
    j: whenOpen(() => queue.move(1)),
    k: whenOpen(() => queue.move(-1)),
    ...Object.fromEntries(verdictKeys),
    digit: (digit) => decide.pick(digit),
    Escape: () => decide.cancel(),
    c: whenOpen(() => void claim.take()),
    z: whenOpen(() => void undo()),
    "?": () => session.isOpen && void $("help").showModal(),
  },
  () => $("keys-on").checked,
);

replace($("help-keys"), HELP.map(([key, does]) => el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", {}, does))));
for (const tab of document.querySelectorAll(".tabs [data-view]")) tab.addEventListener("click", () => view(tab.dataset.view));
$("show-help").addEventListener("click", () => $("help").showModal());
$("close-help").addEventListener("click", () => $("help").close());
$("close-person").addEventListener("click", () => $("person").close());
$("undo").addEventListener("click", undo);
$("blind").addEventListener("change", (event) => setBlind(event.target.checked));
$("ask-reason").addEventListener("change", (event) => (decide.asksReason = event.target.checked));
$("bulk-open").addEventListener("click", several);
$("batch-open").addEventListener("click", () => openBatch(lastBatch(), (words) => (say(words), pairs.clear(), queue.show())).catch(failed));
drawBatch();
$("filters").open = !matchMedia("(max-width: 52rem)").matches;
session.start();
