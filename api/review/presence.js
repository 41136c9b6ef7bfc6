// Whether somebody is at the page: what calls by itself should not look like a human.

let seen = Date.now();

for (const sign of ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"]) {
  addEventListener(sign, () => (seen = Date.now()), { capture: true, passive: true });
}

/** Milliseconds since somebody did anything here. */
export const sinceSomebody = () => Date.now() - seen;
