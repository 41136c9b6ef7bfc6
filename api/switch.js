// ViTo's dead man's switch: whatever is not a fresh "active" of this campaign makes the page dark. See "Campaigns" of the guides
(() => {
  const me = document.currentScript, set = me.dataset, page = document;
  const url = `${set.base || new URL(me.src).origin}/hot/campaigns/${encodeURIComponent(set.campaign)}/status`;
  const wait = +set.timeout || 800, sent = new WeakSet();
  let turn = 0;
  const each = (mark, name, value) =>
    page.querySelectorAll(`[data-vito-${mark}]`).forEach((one) => { one[name] = value; });
  function show(word) {
    const dark = word !== "active";
    page.documentElement.dataset.vito = word;
    each("live", "hidden", dark);
    each("enrol", "inert", dark);
    each("closed", "hidden", !dark || word === "checking");
    page.dispatchEvent(new CustomEvent("vito:switch", { detail: word }));
    return !dark;
  }
  async function read() {
    const mine = ++turn, stop = new AbortController(), clock = setTimeout(() => stop.abort(), wait);
    let word = "unreachable";
    try {
      const said = await fetch(url, { cache: "no-store", credentials: "omit", redirect: "error", signal: stop.signal });
      if (said.ok) word = String((await said.json()).status);
    } catch {}
    clearTimeout(clock);
    return mine === turn && show(word);
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
  addEventListener("offline", () => { turn++; show("unreachable"); });
  ["online", "pageshow", "focus"].forEach((news) => addEventListener(news, read));
  setInterval(read, (+set.poll || 15) * 1e3);
  const begin = () => { show("checking"); read(); };
  if (page.readyState === "loading") page.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
