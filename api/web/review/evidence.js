// What is attached to an event, on demand: the recording of a call and, word by word, what was heard in it.

import { readEvidence } from "./client.js";
import { el, replace } from "./dom.js";

const SPEAKERS = { inbound: "Customer", outbound: "Us" };

/** A closed box that fetches its content when it is opened; nothing where nothing is attached. */
export function attached({ evidence }, signal) {
  const kept = (evidence ?? []).filter((one) => one.status === "stored");
  if (!evidence?.length) return null;
  if (!kept.length) return el("p", { class: "note" }, "What was attached was deleted: its retention period is over.");
  const content = el("div", { class: "evidence-content", "aria-live": "polite" });
  const box = el("details", { class: "evidence" }, el("summary", {}, titleOf(kept)), content);
  box.addEventListener("toggle", () => box.open && !content.hasChildNodes() && fill(content, kept, signal));
  return box;
}

const titleOf = (kept) => (kept.some((one) => one.media_type.startsWith("audio/")) ? "Recording" : "Attached");

async function fill(content, kept, signal) {
  replace(content, el("p", { class: "note" }, "Reading…"));
  try {
    const pieces = await Promise.all(kept.map(async (one) => ({ ...one, blob: await readEvidence(one.sha256, signal) })));
    const sound = pieces.find((one) => one.media_type.startsWith("audio/"));
    const player = sound && audio(sound.blob, signal);
    const transcripts = pieces.filter((one) => one.media_type === "application/json");
    const texts = await Promise.all(transcripts.map(async ({ blob }) => transcript(JSON.parse(await blob.text()), player)));
    const others = pieces.filter((one) => one !== sound && !transcripts.includes(one)).map((one) => download(one, signal));
    replace(content, player, texts, others);
  } catch (error) {
    if (error.name === "AbortError") return;
    replace(content, el("p", { class: "warning" }, `It cannot be read: ${error.message}`));
  }
}

function audio(blob, signal) {
  return el("audio", { controls: true, preload: "metadata", src: addressOf(blob, signal) });
}

function download({ blob, media_type: type, sha256 }, signal) {
  return el("p", {}, el("a", { href: addressOf(blob, signal), download: sha256.slice(0, 12) }, `Save (${type})`));
}

/** An address in this page only, forgotten when another pair is shown. */
function addressOf(blob, signal) {
  const address = URL.createObjectURL(blob);
  signal?.addEventListener("abort", () => URL.revokeObjectURL(address), { once: true });
  return address;
}

/** Turns of speakers; each word plays the recording from where it was said. */
function transcript({ words, tracks }, player) {
  if (!words?.length) return el("p", { class: "note" }, "Nobody said a word that could be heard.");
  const turns = [];
  for (const word of words) {
    if (turns.at(-1)?.track !== word.track) turns.push({ track: word.track, words: [] });
    turns.at(-1).words.push(word);
  }
  const speaks = (track) => (tracks.length > 1 || track === "outbound" ? `${SPEAKERS[track] ?? track}: ` : "");
  return el(
    "div",
    { class: "transcript" },
    turns.map(({ track, words: said }) => el("p", {}, el("strong", {}, speaks(track)), said.flatMap((word) => [spoken(word, player), " "]))),
  );
}

function spoken({ text, start, probability }, player) {
  const attributes = { class: probability < 0.5 ? "word unsure" : "word", title: `${start.toFixed(1)} s, ${Math.round(probability * 100)} % sure` };
  if (!player) return el("span", attributes, text);
  const play = () => {
    player.currentTime = start;
    player.play().catch(() => {}); // a browser may refuse to play before anybody touched the page
  };
  return el("button", { type: "button", ...attributes, onclick: play }, text);
}
