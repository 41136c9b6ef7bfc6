"""The script for pages, in a page of nothing but what it asks of one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from vitograph.api.routes.scripts import SNIPPET

PAGE = r"""
const answers = { chat: 201, logout: 201, observations: 201, forms: 201 }, posts = [], told = [], kept = {};
let timers = [], cookie = "";
const document = { currentScript: { src: "https://vito.example/vito.js", dataset: { key: "vito_pk_1" } },
  get cookie() { return cookie; }, set cookie(said) { cookie = said.split(";")[0].replace(/=$/, ""); } };
const location = { protocol: "https:" }, window = {}, addEventListener = () => {};
let last = 0;
const setTimeout = (act) => (timers.push([++last, act]), last);
const clearTimeout = (id) => { timers = timers.filter(([one]) => one !== id); };
const sessionStorage = { getItem: (name) => kept[name] ?? null, setItem: (name, value) => { kept[name] = value; },
  removeItem: (name) => { delete kept[name]; } };
const bodies = [];
const fetch = async (url, { body }) => {
  bodies.push(JSON.parse(body));
  const kind = Object.keys(answers).findLast((one) => url.includes(one));
  posts.push(kind);
  return { status: answers[kind] };
};
const settled = async () => { for (let turn = 0; turn < 200; turn++) await null; };
const later = async () => { const due = timers; timers = []; due.forEach(([, act]) => act()); await settled(); };
const tell = (name, promise) => void promise.then((answer) => told.push([name, answer && answer.status]));
"""


def page(script: str) -> Any:
    """The last value of the script, which has the page's own names."""
    source = f"{PAGE}\n{SNIPPET.decode()}\n(async () => {{ const {{ vito }} = window; {script} }})().then(say);"
    say = "const say = (value) => process.stdout.write(JSON.stringify(value));"
    node = Path(sys.executable).with_name("node")
    done = subprocess.run([node, "-e", say + source], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_fails_again_and_again_keeps_nothing_else_waiting() -> None:
    told = page("""
      answers.chat = 503;
      vito.consent(true);
      tell("chat", vito.chat("hello", { token: "t" }));
      tell("form", vito.form("summer", { email: "maria@example.com" }));
      await settled();
      await later();
      tell("track", vito.track("offer.opened"));
      await settled();
      const meanwhile = [...told];
      answers.chat = 201;
      await later();
      return [meanwhile, told];
    """)
    others = [["form", 201], ["track", 201]]
    assert told == [others, [*others, ["chat", 201]]]


def test_nothing_passes_a_logout() -> None:
    first, then = page("""
      answers.logout = answers.observations = 503;
      vito.consent(true);
      tell("before", vito.track("offer.opened"));
      tell("said", vito.chat("hello"));
      tell("logout", vito.logout());
      tell("after", vito.form("summer", { email: "vera@example.com" }));
      for (let turn = 0; turn < 6; turn++) { await settled(); await later(); }
      const first = [...told];
      answers.observations = 201;
      for (let turn = 0; turn < 3; turn++) await later();
      const then = [...told];
      answers.logout = 201;
      for (let turn = 0; turn < 3; turn++) await later();
      return [first, [...then, ...told.slice(then.length)]];
    """)
    assert first == [["said", 201]]
    assert then == [["said", 201], ["before", 201], ["logout", 201], ["after", 201]]


def test_what_consent_forgets_is_settled_and_what_comes_next_waits_for_consent() -> None:
    told, posts = page("""
      answers.observations = 503;
      vito.consent(true);
      tell("track", vito.track("offer.opened"));
      vito.consent(false);
      tell("waits", vito.track("offer.closed"));
      await settled();
      await later();
      return [told, posts];
    """)
    assert (told, posts) == ([["track", None]], ["observations"])


def test_however_much_waits_it_is_tried_again_at_one_time() -> None:
    waiting, posts = page("""
      answers.observations = 503;
      vito.consent(true);
      for (let turn = 0; turn < 20; turn++) { vito.track("offer.opened"); await settled(); }
      const waiting = timers.length, before = posts.length;
      await later();
      return [waiting, posts.length - before];
    """)
    assert (waiting, posts) == (1, 1)


def test_what_was_made_before_consent_was_taken_back_in_another_tab_is_never_sent() -> None:
    told, before, after, session = page("""
      answers.observations = 503;
      vito.consent(true);
      tell("before", vito.track("offer.opened"));
      await settled();
      const [before] = bodies.splice(0);
      document.cookie = "vito_id=; Max-Age=0";  // the other tab: no, and yes once more
      document.cookie = "vito_id=another";
      answers.observations = 201;
      await later();
      tell("after", vito.track("offer.closed"));
      await settled();
      const of = (body, kind) => body.identifiers.find((one) => one.kind === kind).value;
      return [told, bodies.map((one) => one.event.type), of(bodies[0], "cookie"),
        of(bodies[0], "session") === of(before, "session")];
    """)
    assert (told, before) == ([["before", None], ["after", 201]], ["offer.closed"])
    assert (after, session) == ("another", False)
