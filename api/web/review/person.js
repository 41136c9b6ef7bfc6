// One person in a dialog: where the id is now and was before, what is decided of it, and apart from that what is likely.

import { $, el, replace } from "./dom.js";
import { api } from "./client.js";
import { day, many, minute, percent, personName, shortId, spaced } from "./words.js";

export async function openPerson(id) {
  $("person-title").textContent = "Person";
  replace($("person-content"), el("p", { class: "note" }, "Reading…"));
  $("person").showModal();
  try {
    const { content } = await api.person(id);
    $("person-title").textContent = personName(content);
    replace($("person-content"), parts(content));
  } catch (error) {
    replace($("person-content"), el("p", { class: "error" }, error.message));
  }
}

function parts({ view_id, since, fragments, events, links, devices, history }) {
  return [
    el("p", {}, `One view of ${many(fragments.length, "fragment")} and ${many(events, "event")}${since ? `, since ${minute(since)}` : ""}.`),
    el("h3", {}, "Decided"),
    links.length ? el("ul", {}, links.map(link)) : el("p", { class: "note" }, "Nothing was joined."),
    el("h3", {}, "Likely devices, undecided and no part of the view"),
    devices.length ? el("ul", { id: "likely-devices" }, devices.map(device)) : el("p", { class: "note" }, "None."),
    el("h3", {}, "Where this id was"),
    el("ol", { class: "history" }, history.map((stay) => el("li", {}, `View ${shortId(stay.view_id ?? view_id)}`, stay.since && el("span", { class: "provenance" }, `since ${minute(stay.since)}`)))),
  ];
}

const link = ({ left, right, decision, weakened_by }) =>
  el("li", {}, `${shortId(left)} is ${shortId(right)}`, el("span", { class: "provenance" }, `decision ${shortId(decision)}${weakened_by?.length ? ` · weakened by ${weakened_by.join(", ")}` : ""}`));

const device = ({ person_id, p_same, status, events, last_seen }) =>
  el("li", {}, `Device ${shortId(person_id)} · ${percent(p_same)}`, el("span", { class: "provenance" }, `${spaced(status)} · ${many(events, "event")} · last ${day(last_seen)}`));
