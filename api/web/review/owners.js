// Devices by person: whose devices wait, those with most of them first.

import { $, el, replace } from "./dom.js";
import { api } from "./client.js";
import { many, shortId, titled } from "./words.js";

/** `onChoose(person)` when one of them is to be looked at. */
export async function showOwners(isBlind, onChoose) {
  const { items } = (await api.owners(isBlind)).content;
  replace(
    $("owners"),
    items.length > 0 && el("h2", {}, "By person"),
    el("ul", { class: "items" }, items.map((one) => owner(one, onChoose))),
  );
}

function owner({ person_id, name, pairs }, onChoose) {
  const words = name ? titled(name) : shortId(person_id);
  return el(
    "li",
    {},
    el("button", { type: "button", class: "item owner", "data-person": person_id, onclick: (event) => (mark(event.currentTarget), onChoose(person_id)) }, el("span", {}, words), el("span", { class: "note" }, many(pairs, "device"))),
  );
}

function mark(chosen) {
  for (const one of $("owners").querySelectorAll("[aria-current]")) one.removeAttribute("aria-current");
  chosen.setAttribute("aria-current", "true");
}
