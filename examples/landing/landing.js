// The page's own script: how things look is decided here; what is said comes from ViTo, as text and never as markup.
"use strict";
const { base, campaign } = document.currentScript.dataset;

function visitor() {
  const found = document.cookie.match(/(?:^|; )visitor=([\w-]+)/);
  const id = found ? found[1] : crypto.randomUUID();
  document.cookie = `visitor=${id}; path=/; max-age=31536000; samesite=lax`;
  return id;
}

async function read(path) {
  const answer = await fetch(base + path, { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(10_000) });
  return answer.ok ? answer.json() : {};
}

function showCampaign({ artifacts = {} }) {
  for (const [key, { kind, content }] of Object.entries(artifacts)) {
    const place = document.querySelector(`[data-artifact="${CSS.escape(key)}"]`);
    if (kind === "copy" && place) place.textContent = content.text ?? "";
    if (kind === "image") {
      const picture = document.getElementById("picture");
      picture.src = content.url ?? `${base}/images/${content.sha256}`;
      picture.alt = content.alt ?? "";
      picture.hidden = false;
    }
  }
}

function showVisitor({ first_name: name, campaign: shown = {} }) {
  document.getElementById("greeting").textContent = name ? `Welcome back, ${name}!` : "";
  const offers = Object.values(shown.offers ?? {}).map(({ content }) => {
    const item = document.createElement("li");
    item.textContent = content.text ?? "";
    return item;
  });
  document.getElementById("offers").replaceChildren(...offers);
}

/** What the campaign says once it is over; the page's own words stand where it says nothing, or cannot be asked. */
async function showClosing() {
  const { closing } = await read(`/hot/campaigns/${encodeURIComponent(campaign)}`).catch(() => ({}));
  if (closing) document.getElementById("closing").textContent = closing;
}

let isShown = false;
document.addEventListener("vito:switch", async ({ detail }) => {
  if (detail === "ended") showClosing();
  if (detail !== "active" || isShown) return;
  isShown = true;
  const mine = `/hot/visitors/${visitor()}?campaign=${encodeURIComponent(campaign)}`;
  const [shown, known] = await Promise.allSettled([read(`/hot/campaigns/${encodeURIComponent(campaign)}`), read(mine)]);
  if (shown.status === "fulfilled") showCampaign(shown.value);
  if (known.status === "fulfilled") showVisitor(known.value);
  document.documentElement.dataset.landing = "shown";
});

// The switch has asked once more before this is heard.
document.querySelector("[data-vito-enrol]").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.target));
  body.set("visitor", visitor());
  const answer = await fetch("/enrol", { method: "POST", body }).catch(() => null);
  const said = document.getElementById("enrolled");
  if (!answer?.ok) said.textContent = "That did not work. Please try again.";
  else said.textContent = (await answer.json()).enrolled ? "You are in!" : "This offer is over.";
});
