// Verdicts: sent, refused, confirmed, undone and retracted; the queue goes on meanwhile.

import { $, alone } from "./dom.js";
import { api, Refused } from "./client.js";
import { decisionBy, mayBeDone } from "./lost.js";
import { dismiss, notify } from "./notices.js";
import { decisionOf } from "./pair.js";
import { haveViewInCommon } from "./pairs.js";
import { refusalInWords } from "./refusals.js";
import { askToRetract } from "./retract.js";
import { personName, UNDONE, VERDICTS, verdictInWords } from "./words.js";

export const named = ({ left_person: left, right_person: right }) => `${personName(left)} & ${personName(right)}`;

/** What a specialist does to the pair that `shown` holds. `desk`: its `queue`, `pairs`, `claim`, `decide`, `say`, `failed`, `reread`. */
export class Verdicts {
  #desk;
  #shown;
  #decided = []; // by this tab, newest last: promises of {id, candidate, verdict, names} (no id while it is not known to be recorded), of SECOND_LOOK, of null when refused
  #undoing = Promise.resolve(); // one after another, however fast `z` is pressed

  constructor(shown, desk) {
    this.#shown = shown;
    this.#desk = desk;
  }

  forget() {
    this.#decided.length = 0;
    this.#draw();
  }

  /** Sends a verdict. The next pair is shown meanwhile, unless the verdict may change what it shows. */
  async record(body) {
    const { queue, pairs, claim, decide } = this.#desk;
    const { candidate, etag } = this.#shown;
    if (candidate.id !== queue.selected) return; // another one was asked for and is still being read
    const said = { ...noted(null, candidate, body.verdict), isBlind: pairs.isBlind };
    const sent = api.decide(candidate.id, said.isBlind ? { ...body, blind: true } : body, etag);
    const entry = sent.then(
      ({ content }) => (content.state === "reviewed" ? SECOND_LOOK : { ...said, id: content.id }),
      (error) => (mayBeDone(error) ? this.#traced(said) : null),
    );
    this.#decided.push(entry);
    const next = pairs.peek(queue.following(candidate.id));
    const goesOn = next && !haveViewInCommon(next.content, candidate);
    const taken = goesOn && queue.take(candidate.id);
    if (goesOn) $("pair").focus({ preventScroll: true });
    else decide.busy(true);
    try {
      const { content, status } = await sent;
      claim.spend(candidate.id);
      dismiss(candidate.id);
      pairs.forgetAround(candidate);
      pairs.forget(candidate.id);
      this.#desk.say(recordedInWords(candidate, body.verdict, status === 202 && (content.concerns ?? [])));
      if (goesOn) return;
      const isAtPair = document.activeElement === document.body || $("pair").contains(document.activeElement);
      queue.take(candidate.id);
      if (isAtPair) $("pair").focus({ preventScroll: true }); // else somebody types in a filter by now
    } catch (error) {
      pairs.forget(candidate.id);
      if (mayBeDone(error)) return await this.#unanswered(error, candidate, taken, entry);
      this.#drop(entry);
      if (taken) queue.putBack(taken);
      await this.#refused(error, candidate);
    } finally {
      if (!goesOn) decide.busy(false);
      this.#draw();
    }
  }

  /** What was said, with the id of its decision if the server has it; `isRead` when the server could be asked. */
  async #traced(said) {
    try {
      const id = await decisionBy(this.#desk.claim.actor, said.candidate, said.isBlind);
      return { ...said, id, isRead: true };
    } catch {
      return said;
    }
  }

  /** The verdict may be recorded. Its entry stays the last one until that is known: `z` is never about the one before. */
  async #unanswered(error, candidate, taken, entry) {
    const { queue, pairs, claim, decide, say, reread } = this.#desk;
    say(`${UNKNOWN} The pair is read again.`);
    const { id, isRead, names, verdict } = await entry;
    if (id) {
      claim.spend(candidate.id);
      dismiss(candidate.id);
      pairs.forgetAround(candidate);
      if (!taken) queue.take(candidate.id);
      return say(`Recorded, though the answer was lost: ${names} – ${verdictInWords(verdict).toLowerCase()}. z undoes it.`);
    }
    if (taken) queue.putBack(taken);
    const words = isRead
      ? "The server did not answer properly, and had not recorded this when it was asked again. Look at the pair once more."
      : await refusalInWords(error, candidate);
    say(isRead ? "It was not recorded when the pair was read again." : UNKNOWN);
    if (this.#shown.candidate?.id !== candidate.id) return notify(candidate.id, `${names}: ${words}`, () => reread(candidate.id));
    if (isRead) await reread(candidate.id);
    decide.say(words);
  }

  /** 409 and 412 are explained; the pair that they are about is never shown in the place of another by itself. */
  async #refused(error, candidate) {
    const { say, failed, reread, decide } = this.#desk;
    if (!(error instanceof Refused) || error.status === 401) return failed(error);
    const isStale = error.status === 412;
    const words = isStale
      ? "This pair changed while you looked at it. Nothing was recorded: look at its new state and decide on that."
      : await refusalInWords(error, candidate);
    if (mayBeDone(error)) say(UNKNOWN);
    else say(isStale ? "The pair changed meanwhile. Nothing was recorded." : "Nothing was recorded.");
    if (this.#shown.candidate?.id !== candidate.id) return notify(candidate.id, `${named(candidate)}: ${words}`, () => reread(candidate.id));
    if (isStale) await reread(candidate.id);
    decide.say(words);
  }

  /** The second person's yes. */
  confirm = alone(() => this.#confirm());

  async #confirm() {
    const { queue, pairs, say, failed } = this.#desk;
    const { candidate, etag } = this.#shown;
    try {
      const { content } = await api.confirm(decisionOf(candidate), etag);
      this.#decided.push(Promise.resolve(noted(decisionOf(candidate), candidate, candidate.verdict)));
      this.#draw();
      pairs.forgetAround(candidate);
      say(`Confirmed: ${named(candidate)} – ${verdictInWords(content.verdict).toLowerCase()}.`);
      queue.take(candidate.id);
    } catch (error) {
      if (error.status === 412) await this.#desk.reread(candidate.id);
      else if (error.status !== 403 && error.status !== 409) return failed(error);
      say(error.status === 412 ? "This pair changed while you looked at it. Nothing was confirmed: look at its new state." : `Not confirmed: ${error.message}`);
    }
  }

  /** Leaves a link whose evidence became weaker as it is. */
  leave = alone((reason) => this.#leave(reason));

  async #leave(reason) {
    const { queue, pairs, say, reread } = this.#desk;
    const { candidate, etag } = this.#shown;
    try {
      await api.acknowledge(candidate.id, { weakened_by: candidate.weakened_by, ...(reason && { reason }) }, etag);
      pairs.forgetAround(candidate);
      pairs.forget(candidate.id);
      say(`Left as it is: ${named(candidate)}.`);
      if (queue.filters.chosen.status === "weakened") queue.take(candidate.id);
      else await reread(candidate.id);
    } catch (error) {
      await this.#refused(error, candidate);
    }
  }

  undo() {
    return (this.#undoing = this.#undoing.catch(() => {}).then(() => this.#undoLast()));
  }

  /**
   * Takes the last decision back at once: its pair waits again, and is shown. It stays the last one until the server has
   * said what became of it, so that pressing again never takes back the one before in its place.
   */
  async #undoLast() {
    const entry = this.#decided.at(-1);
    const told = await entry;
    const last = told && told !== SECOND_LOOK && !told.id ? await this.#traced(told) : told;
    if (!last) return; // there is none, or it was refused, which is told where that happened
    if (last === SECOND_LOOK) {
      this.#drop(entry);
      return this.#desk.say("That was a second look, which changes nothing: there is nothing to undo.");
    }
    if (!last.id) {
      if (!last.isRead) return this.#desk.say("The server does not answer: it is not known whether the last verdict was recorded.");
      this.#drop(entry);
      return this.#desk.say(`${last.names}: that was not recorded, so there is nothing to undo.`);
    }
    try {
      await api.retract(last.id, { reason: UNDONE, keep_apart: false });
      this.#drop(entry);
      await this.#showAgain(last, `Undone: ${last.names} – ${verdictInWords(last.verdict).toLowerCase()}. It waits again.`);
    } catch (error) {
      if (isFinal(error)) this.#drop(entry);
      this.#desk.failed(error);
    }
  }

  /** Takes the decision of the pair back, after its dry run was looked at. */
  async retract() {
    const { candidate } = this.#shown;
    const decision = noted(decisionOf(candidate), candidate, candidate.verdict);
    const what = `${decision.names} – ${verdictInWords(decision.verdict).toLowerCase()}`;
    const done = await askToRetract(what, decision.verdict === "same" && candidate.status !== "awaiting", {
      rehearse: (body, signal) => api.rehearse(decision.id, body, signal),
      send: (body) => api.retract(decision.id, body),
    });
    if (done) await this.#showAgain(decision, `Retracted: ${what}. Everything is where it was before.`);
  }

  async #showAgain({ candidate }, words) {
    const { queue, pairs, say } = this.#desk;
    pairs.clear();
    queue.expect(candidate);
    await queue.show({}, candidate);
    if (queue.selected !== candidate) await queue.select(candidate);
    dismiss(candidate); // the server told of this act as well, maybe before the pair was read again
    say(words);
  }

  #drop(entry) {
    this.#decided = this.#decided.filter((one) => one !== entry);
    this.#draw();
  }

  #draw() {
    $("undo").hidden = this.#decided.length === 0;
  }
}

const SECOND_LOOK = Object.freeze({});
const UNKNOWN = "It is not known whether this was recorded.";

/** Whether asking again would be answered so again. */
const isFinal = (error) => error instanceof Refused && [403, 404, 409, 410, 412, 422].includes(error.status);

const noted = (id, candidate, verdict) => ({ id, candidate: candidate.id, verdict, names: named(candidate) });

/** `concerns`: why a second person must confirm; false when none must. */
function recordedInWords(candidate, verdict, concerns) {
  const name = VERDICTS[verdict].name;
  if (!concerns) return `Recorded: ${named(candidate)} – ${name.toLowerCase()}. z undoes it.`;
  const why = concerns.length ? ` (${concerns.join("; ")})` : "";
  return `${name}: ${named(candidate)} waits for a second person to confirm${why}. z takes it back.`;
}
