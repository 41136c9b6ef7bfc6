// What differs between two values, word by word.

import { el } from "./dom.js";

/** Both values as content in which the words that the other has not are marked. */
export function differing(left, right) {
  const [ours, theirs] = [words(left), words(right)];
  const common = longestCommon(ours.map(folded), theirs.map(folded));
  return [marked(ours, common.left), marked(theirs, common.right)];
}

export const folded = (value) => String(value).normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();

// A date differs in its parts, an address in its words.
const words = (value) => String(value).split(/(?<=[\s,.@-])/u).slice(0, 60);

/** The places, in either list, of a longest common subsequence. */
function longestCommon(a, b) {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint8Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i][j] = a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
  const places = { left: new Set(), right: new Set() };
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      places.left.add(i++);
      places.right.add(j++);
    } else if (lengths[i + 1][j] >= lengths[i][j + 1]) i++;
    else j++;
  }
  return places;
}

function marked(parts, common) {
  return parts.map((part, place) => (common.has(place) ? part : el("mark", {}, part)));
}
