// Keys for those who decide all day. None fires while somebody types, or with a modifier.

const TYPING = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

export const HELP = [
  ["j", "next pair or call"],
  ["k", "previous pair or call"],
  ["s", "same person"],
  ["h", "household"],
  ["d", "different people"],
  ["i", "shared identifier"],
  ["u", "unsure"],
  ["Shift + s h d i u", "the same, with a reason of your own"],
  ["1 – 9", "choose a reason, once it is asked for"],
  ["Enter", "record the verdict"],
  ["Esc", "take the choice back"],
  ["z", "undo the last decision, then the one before"],
  ["c", "claim the pair now"],
  ["?", "this list"],
];

/** Calls `actions[key]` for a key that is meant for the page, while `isOn()`; digits go to `actions.digit`. */
export function listen(actions, isOn) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    if (event.target.closest?.(TYPING) && event.key !== "Escape") return;
    if (document.querySelector("dialog[open]") || (!isOn() && event.key !== "Escape")) return;
    const action = /^[1-9]$/.test(event.key) ? actions.digit : actions[event.key];
    if (action && action(event.key) !== false) event.preventDefault();
  });
}
