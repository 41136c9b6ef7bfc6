// What happened to both, in one list, newest first: each event stands on its person's side.

import { el, replace } from "./dom.js";
import { api } from "./client.js";
import { many, minute, personName, spaced } from "./words.js";

/** The section of both timelines; it fills itself, and says so when it cannot. */
export function timelines(candidate, signal) {
  const { left_person: left, right_person: right } = candidate;
  const body = el("tbody", {});
  const note = el("p", { class: "note" }, "Reading…");
  const more = el("button", { type: "button", hidden: true }, "Older events");
  const sides = left.view_id === right.view_id ? [side("left", left)] : [side("left", left), side("right", right)];
  const read = async () => {
    try {
      await Promise.all(sides.map((one) => one.readMore(signal)));
    } catch (error) {
      if (error.name !== "AbortError") note.textContent = `The timeline cannot be read: ${error.message}`;
      return;
    }
    const events = merged(sides);
    replace(body, events.map(row));
    more.hidden = sides.every((one) => one.next === null);
    note.textContent = `${many(events.length, "event")} shown.`;
  };
  more.addEventListener("click", read);
  read();
  return el(
    "section",
    { "aria-labelledby": "section-timeline" },
    el("h2", { id: "section-timeline" }, "Timeline"),
    el(
      "div",
      { class: "scrolls", role: "region", "aria-label": "Timeline of both", tabindex: "0" },
      el(
        "table",
        { class: "timeline", id: "timeline" },
        el("thead", {}, el("tr", {}, ["When", personName(left), personName(right)].map((title) => el("th", { scope: "col" }, title)))),
        body,
      ),
    ),
    note,
    more,
  );
}

function side(name, person) {
  return {
    name,
    events: [],
    next: undefined,
    async readMore(signal) {
      if (this.next === null) return;
      const { content } = await api.timeline(person.id, this.next, signal);
      this.events.push(...content.items.map((event) => ({ ...event, side: name })));
      this.next = content.next;
    },
  };
}

/** Both lists as one. What is older than the end of a list that goes on is held back, or it would be out of order. */
function merged(sides) {
  const reached = sides
    .filter((one) => one.next !== null && one.events.length)
    .map((one) => one.events.at(-1).occurred_at)
    .sort()
    .at(-1);
  return sides
    .flatMap((one) => one.events)
    .filter((event) => !reached || event.occurred_at >= reached)
    .sort((a, b) => (a.occurred_at < b.occurred_at ? 1 : a.occurred_at > b.occurred_at ? -1 : 0));
}

function row(event) {
  const told = el(
    "td",
    {},
    el("span", { class: "value" }, spaced(event.type)),
    el("span", { class: "provenance" }, [spaced(event.channel).toLowerCase(), event.target_id, carried(event)].filter(Boolean).join(" · ")),
  );
  const time = el("th", { scope: "row" }, el("time", { datetime: event.occurred_at }, minute(event.occurred_at)));
  return el("tr", {}, time, event.side === "left" ? [told, el("td")] : [el("td"), told]);
}

const carried = (event) => event.carries.map((one) => one.identifier).join(", ");
