// What happened to both, on one axis of time and in one list, newest first: each event stands on its person's side.

import { el, replace, svg } from "./dom.js";
import { api } from "./client.js";
import { attached } from "./evidence.js";
import { day, many, minute, parsed, personName, spaced } from "./words.js";

const PAGE = 50; // events of either side that come with the pair
const LANES = { left: 26, right: 74 };

/** The section of both timelines; older events are read when they are asked for. */
export function timelines(candidate, signal) {
  const { left_person: left, right_person: right } = candidate;
  const isOne = left.view_id === right.view_id;
  // Blind, nothing is read beyond what came with the pair: a timeline of its own is that of the view that was decided.
  const mayGoOn = !candidate.blind;
  const sides = [side("left", left, candidate.timelines[0], mayGoOn), ...(isOne ? [] : [side("right", right, candidate.timelines[1], mayGoOn)])];
  const axis = el("div", { class: "axis" });
  const body = el("tbody", {});
  const note = el("p", { class: "note" });
  const more = el("button", { type: "button" }, "Older events");
  const draw = () => {
    const events = merged(sides);
    replace(axis, axisOf(events, left, right));
    replace(body, events.map((event) => row(event, signal)));
    more.hidden = sides.every((one) => !one.goesOn);
    note.textContent = `${many(events.length, "event")} shown.`;
  };
  more.addEventListener("click", async () => {
    try {
      await Promise.all(sides.map((one) => one.readMore(signal)));
      draw();
    } catch (error) {
      if (error.name !== "AbortError") note.textContent = `The timeline cannot be read: ${error.message}`;
    }
  });
  draw();
  const heads = ["When", personName(left), personName(right)].map((title) => el("th", { scope: "col" }, title));
  return el(
    "section",
    { "aria-labelledby": "section-timeline" },
    el("h2", { id: "section-timeline" }, "Timeline"),
    axis,
    el(
      "div",
      { class: "scrolls tall", role: "region", "aria-label": "Timeline of both", tabindex: "0" },
      el("table", { class: "timeline", id: "timeline" }, el("thead", {}, el("tr", {}, heads)), body),
    ),
    note,
    more,
  );
}

function side(name, person, first, mayGoOn) {
  const known = new Map(first.map((event) => [event.id, { ...event, side: name }]));
  let cursor = null;
  return {
    goesOn: mayGoOn && first.length === PAGE,
    get events() {
      return [...known.values()];
    },
    async readMore(signal) {
      const before = known.size;
      while (this.goesOn && known.size === before) {
        const { content } = await api.timeline(person.id, cursor, signal);
        for (const event of content.items) known.set(event.id, { ...event, side: name });
        cursor = content.next;
        this.goesOn = cursor !== null;
      }
    },
  };
}

/** Both lists as one. What is older than the end of a list that goes on is held back, or it would be out of order. */
function merged(sides) {
  const reached = sides
    .filter((one) => one.goesOn && one.events.length)
    .map((one) => one.events.at(-1).occurred_at)
    .sort()
    .at(-1);
  return sides
    .flatMap((one) => one.events)
    .filter((event) => !reached || event.occurred_at >= reached)
    .sort((a, b) => (a.occurred_at < b.occurred_at ? 1 : a.occurred_at > b.occurred_at ? -1 : 0));
}

/** Left above the axis, right below it. The list under it says the same in words. */
function axisOf(events, left, right) {
  if (!events.length) return null;
  const times = events.map((event) => parsed(event.occurred_at).getTime());
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const x = (time) => (last > first ? 130 + ((time - first) / (last - first)) * 850 : 555);
  const label = `${many(events.length, "event")} from ${day(events.at(-1).occurred_at)} to ${day(events[0].occurred_at)}, both on one axis`;
  return svg(
    "svg",
    { id: "axis", viewBox: "0 0 1000 116", role: "img", "aria-label": label },
    svg("line", { class: "axle", x1: 120, x2: 990, y1: 50, y2: 50 }),
    Object.entries({ left, right }).map(([name, person]) => svg("text", { class: "lane", x: 0, y: LANES[name] + 4 }, personName(person).slice(0, 18))),
    events.map((event, index) =>
      svg(
        "circle",
        { class: `event ${event.side}`, cx: x(times[index]), cy: LANES[event.side], r: 6 },
        svg("title", {}, `${minute(event.occurred_at)} · ${spaced(event.type)}`),
      ),
    ),
    svg("text", { class: "tick", x: x(first), y: 112, "text-anchor": last > first ? "start" : "middle" }, day(events.at(-1).occurred_at)),
    last > first && svg("text", { class: "tick", x: x(last), y: 112, "text-anchor": "end" }, day(events[0].occurred_at)),
  );
}

function row(event, signal) {
  const told = el(
    "td",
    {},
    el("span", { class: "value" }, spaced(event.type)),
    el("span", { class: "provenance" }, [spaced(event.channel).toLowerCase(), event.target_id, carried(event)].filter(Boolean).join(" · ")),
    attached(event, signal),
  );
  const time = el("th", { scope: "row" }, el("time", { datetime: event.occurred_at }, minute(event.occurred_at)));
  return el("tr", {}, time, event.side === "left" ? [told, el("td")] : [el("td"), told]);
}

const carried = (event) => event.carries.map((one) => one.identifier).join(", ");
