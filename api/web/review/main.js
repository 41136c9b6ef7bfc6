// The desk: what is shown, what is decided, and what is said about it.

import { $, clicked, el, replace } from "./dom.js";
import { openBulk, openBatch, lastBatch } from "./bulk.js";
import { Calls } from "./calls.js";
import { Claim } from "./claim.js";
import { api, Refused } from "./client.js";
import { Decide } from "./decide.js";
import { HELP, listen } from "./keyboard.js";
import { Live } from "./live.js";
import { clearNotices, notify } from "./notices.js";
import { showOwners } from "./owners.js";
import { pairView } from "./pair.js";
import { Pairs } from "./pairs.js";
import { inCommon } from "./people.js";
import { openPerson } from "./person.js";
import { sinceSomebody } from "./presence.js";
import { qualityView } from "./quality.js";
import { Queue } from "./queue.js";
import { Session } from "./session.js";
import { named, Verdicts } from "./verdicts.js";
import { VERDICTS } from "./words.js";

const COUNTED_EVERY = 60_000; // ms

const shown = { candidate: null, etag: null, drawing: null };
const pairs = new Pairs();

const say = (text) => ($("live").textContent = text);

function failed(error) {
  if (error.name === "AbortError") return;
  if (error instanceof Refused && error.status === 401) ended();
  else if (error instanceof Refused) say(error.message);
  else throw error;
}

const ended = () => session.end("Your session has ended, or your key is not known any more. Sign in again.");

const claim = new Claim((id, error) => {
  pairs.forget(id);
  say(`This pair cannot be claimed: ${error.message}`);
});
const queue = new Queue({ onSelect: show, onError: failed, actor: () => claim.actor, leave: () => claim.leave() });
const decide = new Decide((said) => verdicts.record(said));
const verdicts = new Verdicts(shown, { queue, pairs, claim, decide, say, failed, reread });
const calls = new Calls({ say, failed, onPerson: openPerson });
const live = new Live(changed, ended);
const session = new Session({
  onSignedIn: (actor) => {
    claim.actor = actor;
    live.start(queue.isBlind);
    calls.count();
    view("person");
  },
  onSignedOut: () => {
    live.stop();
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close(); // of persons, too, nothing stays open
    claim.forget();
    verdicts.forget();
    clearNotices();
    pairs.clear();
    queue.clear();
    calls.clear();
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
    busy(false);
    entitle("Pair");
    decide.offer(null, []);
    replace($("pair-content"), session.isOpen && el("p", { class: "empty" }, "Nothing to decide here."));
    return;
  }
  const known = pairs.peek(id);
  if (known) return draw(known, drawing.signal);
  busy(true); // what is still there is another pair: nothing can be done to it any more
  try {
    const found = await pairs.read(id);
    if (!drawing.signal.aborted) draw(found, drawing.signal);
  } catch (error) {
    if (!drawing.signal.aborted) failed(error);
  } finally {
    if (!drawing.signal.aborted) busy(false);
  }
}

function busy(isBusy) {
  if (isBusy && $("pair-content").contains(document.activeElement)) $("pair").focus({ preventScroll: true }); // what is inert loses it
  $("pair-content").inert = isBusy;
  if (isBusy) $("pair").setAttribute("aria-busy", "true");
  else $("pair").removeAttribute("aria-busy");
}

/** What a screen reader calls the pair. It tells that when the keyboard comes there, so where it was already it comes anew. */
function entitle(words) {
  const isThere = document.activeElement === $("pair");
  if (isThere) $("pair").blur();
  $("pair").setAttribute("aria-label", words);
  if (isThere) $("pair").focus({ preventScroll: true });
}

function draw({ content: candidate, etag }, signal) {
  Object.assign(shown, { candidate, etag });
  busy(false);
  const actions = { onOpen: (id) => queue.select(id), onClaim: () => claim.take(), onRetract: () => verdicts.retract(), onConfirm: () => verdicts.confirm(), onLeave: (words) => verdicts.leave(words), onPerson: openPerson };
  entitle(`Pair: ${named(candidate)}`); // first: the keyboard may come to it
  replace($("pair-content"), pairView(candidate, actions, signal));
  decide.offer(candidate, inCommon(candidate.left_person, candidate.right_person));
  $("pair").scrollTop = 0;
  claim.look(candidate);
  for (const beside of [queue.following(candidate.id), ...[1, 2, 3, 4, -1].map((by) => queue.beside(candidate.id, by))]) {
    if (beside) pairs.read(beside).catch(() => {}); // it says so when it is to be shown
  }
}

/** The next (1) or previous (-1) pair, by its names for who does not see it. False at the ends. */
function move(by) {
  const shows = queue.move(by);
  return shows && shows.then(() => shown.candidate?.id === queue.selected && say(named(shown.candidate)));
}

/** The pair as it is now. */
function reread(id) {
  pairs.forget(id);
  return queue.select(id);
}

/** Told by the server: a pair came, was claimed, or was decided. */
function changed(change) {
  if ($("queue-side").hidden) return;
  const isOld = (version) => change.version > version;
  const known = pairs.peek(change.id)?.content;
  if (change.type === "many") pairs.clear();
  else if (known && (isOld(known.version) || known.status !== change.status)) pairs.forget(change.id);
  const concernsShown = queue.change(change);
  const { candidate } = shown;
  if (!concernsShown || !candidate || candidate.id !== change.id) return;
  claim.show(change.status === "claimed" ? change : null);
  if (!isOld(candidate.version)) return;
  say(`This pair is ${change.status} by now.`);
  notify(candidate.id, `${named(candidate)} changed while you look at it: it is ${change.status} by now.`, () => reread(candidate.id));
}

/** Persons, devices, calls or quality. */
function view(name) {
  for (const tab of document.querySelectorAll(".tabs [data-view]")) tab.setAttribute("aria-pressed", String(tab.dataset.view === name));
  $("queue-side").hidden = name === "quality" || name === "calls";
  $("owners").hidden = name !== "device";
  calls.leave();
  if ($("queue-side").hidden) {
    queue.clear();
    show(null);
    if (name === "calls") return calls.show();
    qualityView().then((content) => isViewed("quality") && replace($("pair-content"), content), failed);
    return;
  }
  queue.show({ kind: name, person: "" });
  if (name === "device") showOwners(queue.isBlind, (person) => queue.show({ person })).catch(failed);
}

const isViewed = (name) => document.querySelector(`.tabs [data-view=${name}]`).getAttribute("aria-pressed") === "true";

async function several() {
  const onDone = (words) => {
    say(words);
    drawBatch();
    pairs.clear();
    queue.show();
    if (queue.filters.chosen.kind === "device") showOwners(queue.isBlind, (person) => queue.show({ person })).catch(failed);
  };
  try {
    await claim.leave(); // it is one of those that are to be decided
    await openBulk(queue.filters.asked, queue.isBlind, claim.actor, onDone);
  } catch (error) {
    failed(error);
  }
}

/** The pair behind a dialog is looked at again, which had given it back. */
function lookAgain() {
  const { candidate } = shown;
  if (candidate) claim.look(candidate.claimed_by === claim.actor ? { ...candidate, status: "open" } : candidate);
}

const drawBatch = () => ($("batch-open").hidden = !lastBatch());

function setBlind(isBlind) {
  claim.leave();
  pairs.isBlind = queue.isBlind = claim.isBlind = isBlind;
  live.start(isBlind);
  pairs.clear();
  queue.filters.blind(isBlind);
  queue.show({ status: "open", ...(isBlind && { band: "", evidence: "", age: "" }) });
  say(isBlind ? "Blind: scores are hidden, and some pairs were decided before." : "Scores are shown again.");
}

const whenOpen = (action) => () => session.isOpen && !$("queue-side").hidden && action() !== false;
const step = (by) => (calls.isShown ? calls.move(by) : whenOpen(() => move(by))());
const verdictKeys = Object.entries(VERDICTS).flatMap(([verdict, { key }]) => [
  [key, whenOpen(() => decide.choose(verdict))],
  [key.toUpperCase(), whenOpen(() => decide.choose(verdict, true))],
]);

listen(
  {
    j: () => step(1),
    k: () => step(-1),
    ...Object.fromEntries(verdictKeys),
    digit: (digit) => decide.pick(digit),
    Escape: () => decide.cancel(),
    c: whenOpen(() => void claim.take()),
    z: whenOpen(() => void verdicts.undo()),
    "?": () => session.isOpen && void $("help").showModal(),
  },
  () => $("keys-on").checked,
);

replace($("help-keys"), HELP.map(([key, does]) => el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", {}, does))));
for (const tab of document.querySelectorAll(".tabs [data-view]")) tab.addEventListener("click", () => view(tab.dataset.view));
// What opened a dialog may have been drawn anew meanwhile: then the keyboard is at the pair. Until the next frame it may still be in what is closed.
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("close", () => {
    const at = document.activeElement;
    if (at === document.body || dialog.contains(at)) $("pair").focus({ preventScroll: true });
  });
}
$("show-help").addEventListener("click", () => $("help").showModal());
$("close-help").addEventListener("click", () => $("help").close());
$("bulk").addEventListener("close", lookAgain);
$("close-person").addEventListener("click", () => $("person").close());
$("undo").addEventListener("click", clicked(() => verdicts.undo()));
$("blind").addEventListener("change", (event) => setBlind(event.target.checked));
$("ask-reason").addEventListener("change", (event) => (decide.asksReason = event.target.checked));
$("bulk-open").addEventListener("click", several);
$("batch-open").addEventListener("click", () => openBatch(lastBatch(), (words) => (say(words), pairs.clear(), queue.show())).catch(failed));
drawBatch();
$("filters").open = !matchMedia("(max-width: 52rem)").matches;
// Nothing tells of a doubtful call as it comes. Of a page that nobody is at, nothing is asked: it would keep their session.
setInterval(() => session.isOpen && sinceSomebody() < COUNTED_EVERY && calls.count(), COUNTED_EVERY);
session.start();
