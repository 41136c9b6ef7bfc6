// Whether somebody is at the page: what calls by itself should not look like a human.

const TELL = 5_000; // ms between two times that other tabs are told of it

const tabs = new BroadcastChannel("vito.presence");
let here = Date.now();
let elsewhere = 0;
let told = 0;

for (const sign of ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"]) {
  addEventListener(sign, seen, { capture: true, passive: true });
}
tabs.addEventListener("message", () => (elsewhere = Date.now()));

function seen() {
  here = Date.now();
  if (here - told < TELL) return;
  told = here;
  tabs.postMessage(null);
}

/** Milliseconds since somebody did anything here. */
export const sinceSomebody = () => Date.now() - here;

/** The same, here or in another tab of this browser: they have one session. */
export const sinceAnybody = () => Date.now() - Math.max(here, elsewhere);
