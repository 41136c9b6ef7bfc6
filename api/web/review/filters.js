// What of the queue is shown: chosen here, with counts beside every choice.

import { $, el, replace } from "./dom.js";
import { spaced } from "./words.js";

const STATUSES = ["open", "reopened", "claimed", "awaiting", "decided", "weakened", "stored", "superseded"];
const STATUS_WORDS = { awaiting: "Awaiting a second person", weakened: "Evidence weakened" };
const BANDS = ["", "A", "B", "C", "-"];
const GROUPS = ["", "account", "email", "phone", "name", "birth_date", "address", "device"];
const HOUR = 3_600_000;
const AGES = {
  "": { name: "Any age" },
  hour: { name: "Last hour", since: HOUR },
  day: { name: "Last day", since: 24 * HOUR },
  week: { name: "Last week", since: 168 * HOUR },
  older: { name: "Older than a week", until: 168 * HOUR },
  oldest: { name: "Older than a month", until: 720 * HOUR },
};
const FIELDS = ["status", "band", "evidence", "age", "campaign"];

/** The controls. `onChange(change)` when a human chose something. */
export class Filters {
  #counts = { items: [], evidence: {} };
  #chosen = { kind: "person", status: "open", band: "", evidence: "", age: "", campaign: "", person: "" };

  constructor(onChange) {
    replace($("status"), STATUSES.map((value) => el("option", { value })));
    replace($("band"), BANDS.map((value) => el("option", { value })));
    replace($("evidence"), GROUPS.map((value) => el("option", { value })));
    replace($("age"), Object.entries(AGES).map(([value, { name }]) => el("option", { value }, name)));
    for (const name of FIELDS) $(name).addEventListener("change", () => onChange({ [name]: $(name).value.trim() }));
    $("any-person").addEventListener("click", () => onChange({ person: "" }));
  }

  get chosen() {
    return this.#chosen;
  }

  choose(change) {
    this.#chosen = { ...this.#chosen, ...change };
    this.draw();
  }

  /** As the API is asked; `age` becomes moments. */
  get asked() {
    const { age, status, ...rest } = this.#chosen;
    const { since, until } = AGES[age];
    const ago = (ms) => (ms ? new Date(Date.now() - ms).toISOString() : "");
    const standing = status === "weakened" ? { weakened: true } : { status };
    return Object.fromEntries(Object.entries({ ...rest, ...standing, since: ago(since), until: ago(until) }).filter(([, value]) => value));
  }

  /** In blind mode nothing is chosen by what tells a score or a verdict. */
  blind(isBlind) {
    for (const name of ["status", "band", "evidence", "age"]) $(name).disabled = isBlind;
  }

  /** Whether counts by band and status tell all there is to tell. */
  get isPlain() {
    const { evidence, age, campaign, person, status } = this.#chosen;
    return !evidence && !age && !campaign && !person && status !== "weakened";
  }

  count(counts) {
    this.#counts = counts;
    this.draw();
  }

  draw() {
    const { kind, status, band } = this.#chosen;
    for (const tab of document.querySelectorAll(".tabs [data-kind]")) {
      replace(tab.querySelector(".count"), this.#sum({ kind: tab.dataset.kind, status: "open" }).toLocaleString("en-GB"));
    }
    for (const option of $("status").options) {
      const name = STATUS_WORDS[option.value] ?? spaced(option.value);
      option.textContent = option.value === "weakened" ? name : `${name} (${this.#ofStatus(kind, option.value)})`;
    }
    for (const option of $("band").options) {
      const among = { kind, status, ...(option.value && { band: option.value }) };
      option.textContent = `${bandName(option.value)} (${this.#sum(among)})`;
    }
    for (const option of $("evidence").options) {
      const count = this.#counts.evidence[kind]?.[option.value] ?? 0;
      option.textContent = option.value ? `${spaced(option.value)} (${count})` : "All";
    }
    // What somebody is typing is theirs: counts come in at any time.
    for (const name of FIELDS) if ($(name) !== document.activeElement) $(name).value = this.#chosen[name];
    $("of-person").hidden = !this.#chosen.person;
    $("bulk-open").hidden = status === "weakened"; // what is decided is looked at one by one
  }

  #ofStatus(kind, status) {
    return status === "reopened" ? (this.#counts.evidence[kind]?.reopened ?? 0) : this.#sum({ kind, status });
  }

  #sum(among) {
    const counted = this.#counts.items.filter((row) => Object.entries(among).every(([name, value]) => row[name] === value));
    return counted.reduce((sum, row) => sum + row.count, 0);
  }
}

const bandName = (band) => (band ? (band === "-" ? "below" : band) : "All");
