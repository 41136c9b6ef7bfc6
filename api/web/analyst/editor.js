// A plain text field in which Tab indents. Escape gives Tab back to the keyboard's way through the page, until it is left.

const INDENT = "  ";

/** `onAsk()` is called at Ctrl+Enter or Cmd+Enter. */
export function edit(field, onAsk) {
  let isLeaving = false;
  field.addEventListener("blur", () => (isLeaving = false));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onAsk();
    } else if (event.key === "Escape") {
      isLeaving = true;
    } else if (event.key === "Tab" && !isLeaving && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      indent(field, event.shiftKey);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const before = field.value.slice(0, field.selectionStart);
      put(field, `\n${before.slice(before.lastIndexOf("\n") + 1).match(/^ */)[0]}`);
    }
  });
}

function indent(field, isBack) {
  const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const end = field.selectionEnd;
  if (!isBack && field.selectionStart === end) return put(field, INDENT);
  const lines = field.value.slice(start, end).split("\n");
  const changed = lines.map((line) => (isBack ? line.replace(/^ {1,2}/, "") : INDENT + line)).join("\n");
  field.setSelectionRange(start, end);
  put(field, changed);
  field.setSelectionRange(start, start + changed.length);
}

/** As if typed, so that the browser's own undo takes it back. */
function put(field, text) {
  field.focus();
  if (!document.execCommand("insertText", false, text)) field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
}
