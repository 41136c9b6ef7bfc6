// ViTo in a page: <script src="https://VITO/vito.js" data-key="vito_pk_…" defer></script>
// Nothing is stored or sent before vito.consent(true). Each thing has an id, so sending it twice counts once.
(() => {
  "use strict";
  const tag = document.currentScript, base = new URL(tag.src).origin;
  const COOKIE = "vito_id", SESSION = "vito_session", QUEUE = "vito_queue";
  const IDLE = 30 * 60e3, YEAR = 31536e3, MOST = 100;
  const url = (path) => `${base}${path}?key=${encodeURIComponent(tag.dataset.key)}`;
  const done = new Map();
  let waiting = [], busy = false, failures = 0, timer;

  const uuid = () => {
    const b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64;
    b[8] = (b[8] & 63) | 128;
    return [...b].map((n, i) => ([4, 6, 8, 10].includes(i) ? "-" : "") + n.toString(16).padStart(2, "0")).join("");
  };
  const held = () => (document.cookie.match(`(?:^|; )${COOKIE}=([^;]+)`) || [])[1];
  const write = (value, age) => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${COOKIE}=${value}; Max-Age=${age}; Path=/; SameSite=Lax${secure}`;
  };
  const read = (name) => {
    try { return JSON.parse(sessionStorage.getItem(name)); } catch { return null; }
  };
  const keep = (name, value) => {
    try { value ? sessionStorage.setItem(name, JSON.stringify(value)) : sessionStorage.removeItem(name); } catch {}
  };
  const session = () => {
    const known = read(SESSION), now = Date.now();
    const id = known?.of === held() && now - known.at < IDLE ? known.id : uuid();
    keep(SESSION, { id, at: now, of: held() });
    return id;
  };
  const own = () => ({ session: session(), cookie: held() });
  // The consent that things wait for may have been given in another tab. What was made before it was taken back, of
  // another cookie, is forgotten.
  const ripe = () => {
    const id = held();
    if (id) {
      waiting = waiting.map((one) => (one.call ? one() : one))
        .filter((one) => one[2].includes(id) || done.get(one[0])?.(null));
      // A proof of identity is not left in the page's storage.
      keep(QUEUE, waiting.filter((one) => !one[2].includes('"identity"')));
    }
    return id;
  };

  const send = async () => {
    if (busy) return;
    busy = true;
    // What failed lets the others pass, but for a logout: what comes after that is somebody else's.
    const end = waiting.findIndex((one) => one[1] === "/v1/chat/logout");
    if (failures && end && waiting[1]) waiting.splice(end < 0 ? MOST : end - 1, 0, waiting.shift());
    try {
      while (ripe() && waiting.length) {
        const [id, path, body] = waiting[0];
        let answer;
        try {
          answer = await fetch(url(path), { method: "POST", body, keepalive: true });
        } catch {}
        if (!answer || /408|429|5../.test(answer.status)) {
          clearTimeout(timer);
          timer = setTimeout(send, Math.min(60e3, 500 * 2 ** failures++));
          break;
        }
        failures = 0;
        waiting = waiting.filter((one) => one[0] !== id);
        done.get(id)?.(answer);
        done.delete(id);
      }
    } finally { busy = false; }
  };
  // What a thing says is made when it is sent for the first time: before consent there is no id of the visitor.
  const add = (path, make) => new Promise((resolve) => {
    if (waiting.length >= MOST) return resolve(null);
    const id = uuid(), at = new Date().toISOString();
    const ready = () => [id, path, JSON.stringify({ id, occurred_at: at, ...make() })];
    done.set(id, resolve);
    waiting.push(held() ? ready() : ready);
    if (ripe()) send();
  });
  const weak = () => Object.entries(own()).map(([kind, value]) => ({ kind, value, assurance: "observed" }));
  const observe = (event, strong = [], traits = {}) => add("/v1/observations", () => (
    { channel: "web", identifiers: [...strong, ...weak()], traits, event }));

  window.vito = {
    consent(given) {
      if (given) {
        write(held() || uuid(), YEAR);
        ripe();
        send();
      } else {
        write("", 0);
        waiting = [];
        done.forEach((settle) => settle(null));
        [SESSION, QUEUE].forEach((name) => keep(name, null));
      }
    },
    track: (type, properties = {}, target_id) => observe({ type, properties, target_id: target_id || undefined }),
    identify({ email, phone, user_id, ...traits }) {
      const strong = Object.entries({ email, phone, user_id }).filter(([, value]) => value)
        .map(([kind, value]) => ({ kind, value, assurance: "asserted" }));
      return observe({ type: "person.identified" }, strong, traits);
    },
    form: (campaign, fields) => add(`/v1/forms/${encodeURIComponent(campaign)}`, () => ({ ...fields, ...own() })),
    chat: (text, identity) => add("/v1/chat/messages", () => ({ text, identity, ...own() })),
    logout() {
      const ended = add("/v1/chat/logout", own);
      keep(SESSION, null);
      return ended;
    },
  };
  addEventListener("pagehide", () => {
    if (ripe()) waiting.forEach(([, path, body]) => navigator.sendBeacon(url(path), body));
  });
  addEventListener("online", send);
  if (held()) { waiting = read(QUEUE) || []; send(); }
})();
