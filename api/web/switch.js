// ViTo's dead man's switch: what is no fresh "active" of its campaign makes the page dark (guide: Campaigns)
(() => {
  const me = document.currentScript, set = me.dataset, page = document, root = page.documentElement.dataset;
  const url = `${set.base || new URL(me.src).origin}/hot/campaigns/${encodeURIComponent(set.campaign)}/status`;
  const wait = +set.timeout || 800, sent = new WeakSet(), lit = "active", none = "unreachable";
  let turn = 0;
  const each = (mark, name, value) => page.querySelectorAll(`[data-vito-${mark}]`).forEach((one) => (one[name] = value));
  function show(word) {
    const dark = word !== lit;
    root.vito = word;
    each("live", "hidden", dark);
    each("enrol", "inert", dark);
    each("closed", "hidden", !dark || !turn);
    page.dispatchEvent(new CustomEvent("vito:switch", { detail: word }));
    return !dark;
  }
  async function read() {
    const mine = ++turn, stop = new AbortController(), clock = setTimeout(() => stop.abort(), wait);
    let word = none;
    try {
      const said = await fetch(url, { cache: "no-store", credentials: "omit", redirect: "error", signal: stop.signal });
      const { status } = await said.json();
      if (said.ok && typeof status === "string") word = status;
    } catch {}
    clearTimeout(clock);
    return mine === turn ? show(word) : word === lit && root.vito === lit;
  }
  addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-vito-enrol]") || sent.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await read()) {
      sent.add(form);
      form.requestSubmit(event.submitter);
    }
  }, true);
  addEventListener("offline", () => show(none, ++turn));
  ["online", "pageshow", "focus"].forEach((news) => addEventListener(news, read));
  setInterval(read, (+set.poll || 15) * 1e3);
  const begin = () => { show("checking"); read(); };
  if (page.readyState === "loading") page.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
