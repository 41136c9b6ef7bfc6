// What went wrong with a verdict that was sent while the next pair was already shown.

import { $, el } from "./dom.js";

/** Says it, until it is dealt with or dismissed. `onShow` opens the pair that it is about. */
export function notify(id, words, onShow) {
  dismiss(id);
  $("notices").append(
    el(
      "li",
      { class: "notice", "data-id": id },
      el("span", {}, words),
      onShow && el("button", { type: "button", class: "link", onclick: () => (dismiss(id), onShow()) }, "Show it as it is now"),
      el("button", { type: "button", class: "quiet", "aria-label": "Dismiss", onclick: () => dismiss(id) }, "×"),
    ),
  );
}

export function dismiss(id) {
  for (const notice of $("notices").children) if (notice.dataset.id === id) notice.remove();
}

export const clearNotices = () => $("notices").replaceChildren();
