// What the parts of the review page share: state, words, talking to the server.
// An action is shown only after the server has said that it is on disk.

import { keepInView } from "./review-list.js";

const api = (path) => new URL(`api/${path}`, location.href);
export const $ = (id) => document.getElementById(id);
export const make = (tag, properties = {}, ...children) => {
  const { dataset, role, style, aria, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  if (dataset) Object.assign(element.dataset, dataset);
  if (role) element.setAttribute("role", role);
  if (style) Object.assign(element.style, style);
  for (const [name, value] of Object.entries(aria || {})) element.setAttribute(`aria-${name}`, value);
  element.append(...children);
  return element;
};
export const number = (value) => value.toLocaleString("en");
// Rounded down: only what a reviewer approved is 100 %.
export const percent = (value) => `${Math.floor(100 * value + 1e-9)} %`;
export const folded = (text) => text.normalize("NFKC").toLowerCase();
const TAB = Math.random().toString(36).slice(2);

export const state = {
  revision: -1, instance: "", undelivered: 0, view: "alignment", overview: null, language: "en",
  document: 0, languages: ["zh-CN", "en-US"], rows: [], current: 0, side: "target",
  caret: null, picked: { source: null, target: null }, editing: false, threshold: 0.9,
  queue: [], visited: null, audit: [], entries: [], shownEntries: [], entry: 0, rendering: 0, termLanguages: ["zh-CN", "en-US"],
  selected: new Set(), lingering: "", cameFrom: "",
};
/** What the parts do when the server's answers ask for it; each part adds its own. */
export const parts = {};

// Words: the messages of the page's language, as the server has them ------------------------------------------------

let words = {};
export function say(name, values = {}) {
  const found = words[name];
  if (found === undefined) throw new Error(`no message ${name}`);
  const text = typeof found === "string" ? found : found[values.n === 1 ? "one" : "other"];
  return text.replace(/\{(\w+)(?::[^}]*)?\}/g, (_, key) => (typeof values[key] === "number" ? number(values[key]) : String(values[key] ?? "")));
}
/** A message for a name that the server gave, the name itself where there is none. */
export const sayOr = (name, other) => (words[name] === undefined ? other : say(name));
export async function loadWords() {
  const data = await get("words");
  words = data.words;
  state.language = data.language;
}

// Notices and the sign of life --------------------------------------------------------------------------------------

export function tell(text, kind = "warning", ...buttons) {
  const notice = $("notice");
  notice.hidden = !text;
  notice.dataset.kind = kind;
  notice.firstElementChild.replaceChildren(text, ...buttons);
  keepInView();
}
$("notice").lastElementChild.addEventListener("click", () => tell(""));

export function saved(text, kind = "") {
  $("saved").textContent = text;
  $("saved").dataset.kind = kind;
}

/** Say how many decisions are not in the files yet. */
function showUndelivered() {
  const n = state.undelivered;
  $("export-count").textContent = n ? number(n) : "";
  $("export-count").hidden = !n;
  $("export").title = n ? say("page.undelivered", { n }) : say("page.export-title");
  parts.queueEnd?.();
}

let others = 0;
export function absorb(answer) {
  // An answer that was overtaken by a newer one must not turn the clock back.
  if (answer.revision !== undefined && (answer.instance !== state.instance || answer.revision > state.revision)) {
    state.revision = answer.revision;
    state.instance = answer.instance;
  }
  if (answer.undo !== undefined) {
    for (const [name, key] of [["undo", "z"], ["redo", "Z"]]) {
      $(name).disabled = !answer[name];
      $(name).title = `${say(`page.${name}`)} (${key}) – ${say("page.steps", { n: answer[name] })}`;
    }
  }
  if (answer.undelivered !== undefined && answer.undelivered !== state.undelivered) {
    state.undelivered = answer.undelivered;
    showUndelivered();
  }
  if (answer.counts) for (const [index, counts] of Object.entries(answer.counts)) state.overview.documents[index].counts = counts;
  if (answer.others !== undefined && answer.others !== others) {
    others = answer.others;
    if (others) tell(say("page.other-tab"), "info");
    else if ($("notice").dataset.kind === "info") tell("");
  }
}

export async function get(path) {
  const answer = await fetch(api(path), { cache: "no-store" });
  const data = await answer.json();
  if (!answer.ok) throw new Error(data.error || answer.statusText);
  absorb(data);
  return data;
}

let chain = Promise.resolve();
let waiting = 0;
let failed = false;
/** Do something after all actions under way, and hold back later ones until it is done. */
export function serial(work) {
  chain = chain.then(work).catch((error) => tell(error.message, "error"));
  return chain;
}
let turn = Promise.resolve();
let turns = 0;
/** True while something that was asked for by a key or a click is not done yet. */
export const inAction = () => turns > 0;
/** Do what a key or a click asks for once what was asked before is done, so that it is done to the row the reader means. */
export function inTurn(work) {
  const done = turns ? turn.then(work) : Promise.resolve(work());
  turns += 1;
  document.documentElement.dataset.busy = "yes";
  turn = done.catch((error) => tell(error.message, "error")).finally(() => {
    turns -= 1;
    if (!turns) delete document.documentElement.dataset.busy;
  });
  return turn;
}
/** Send one action after the other; the next sees what the last one left. */
export function send(path, request, busy = say("page.saving")) {
  waiting += 1;
  saved(busy, "busy");
  const run = async () => {
    try {
      const body = typeof request === "function" ? request() : request;
      if (!body) return null;
      const answer = await fetch(api(path), {
        method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ...body, tab: TAB, revision: state.revision, instance: state.instance }),
      });
      const data = await answer.json();
      if (data.stale) {
        tell(data.error, "warning");
        await parts.reload();
        return null;
      }
      absorb(data);
      if (!answer.ok) {
        tell(data.error, answer.status >= 500 ? "error" : "warning");
        return null;
      }
      if (["warning", "done", "hint"].includes($("notice").dataset.kind)) tell("");
      await parts.show(data);
      return data;
    } catch {
      tell(say("page.server-gone"), "error");
      failed = true;
      return null;
    } finally {
      waiting -= 1;
      if (!waiting) saved(failed ? say("page.not-saved") : say("page.saved-at", { time: new Date().toLocaleTimeString("en-GB") }), failed ? "error" : "ok");
      failed = false;
    }
  };
  chain = chain.then(run);
  return chain;
}

export async function pulse() {
  const before = state.revision;
  try {
    const answer = await fetch(api(`pulse?tab=${TAB}`), { cache: "no-store" });
    if (!answer.ok) return;
    const data = await answer.json();
    if (data.writing.name && $("saved").dataset.kind === "busy") {
      const step = sayOr(`step.${data.writing.name}`, data.writing.name);
      saved(data.writing.total ? `${step} ${number(data.writing.done)}/${number(data.writing.total)}` : `${step} …`, "busy");
    }
    if (waiting || state.revision !== before) return; // an action came in between
    const stale = data.revision !== state.revision || data.instance !== state.instance;
    absorb({ others: data.others });
    if (stale && !state.editing && !document.querySelector("dialog[open]")) {
      tell(say("page.changed-elsewhere"), "warning");
      serial(parts.reload);
    }
    if ($("saved").dataset.kind === "lost") saved(say("page.connected"), "ok");
  } catch {
    saved(say("page.no-connection"), "lost");
  }
}
addEventListener("visibilitychange", () => { if (!document.hidden) pulse(); });

// Where one is, kept by the server so that the page opens there again -----------------------------------------------

let deskTimer = 0;
const wherePage = () => JSON.stringify({
  view: state.view, document: state.overview?.documents[state.document]?.name ?? "", row: state.current, side: state.side,
  entry: state.shownEntries[state.entry]?.id ?? "", filters: parts.filters?.() ?? {}, theme: document.documentElement.dataset.theme || "",
});
export const keepDesk = (body = wherePage()) => fetch(api("desk"), { method: "POST", keepalive: true, headers: { "Content-Type": "application/json" }, body }).catch(() => {});
/** Note where one is, a little later and once. */
export function moved() {
  if (!document.documentElement.dataset.ready) return;
  clearTimeout(deskTimer);
  deskTimer = setTimeout(() => keepDesk(), 800);
}
addEventListener("pagehide", () => {
  if (state.overview) keepDesk();
  fetch(api(`pulse?tab=${TAB}&bye=1`), { keepalive: true }).catch(() => {});
});

// Dialogs and tabs --------------------------------------------------------------------------------------------------

export function ask(dialog, onYes) {
  dialog.returnValue = "";
  dialog.showModal();
  dialog.onclose = () => { if (dialog.returnValue === "yes") inTurn(onYes); };
}
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(""); });
  const form = dialog.querySelector("form");
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || event.target.tagName !== "INPUT") return;
    const yes = form.querySelector('button[value="yes"]');
    if (yes) { event.preventDefault(); yes.click(); }
  });
}

export function chooseTab(names, chosen) {
  for (const name of names) {
    const tab = $(`tab-${name}`), panel = $(tab.getAttribute("aria-controls"));
    tab.setAttribute("aria-selected", String(name === chosen));
    tab.tabIndex = name === chosen ? 0 : -1;
    panel.hidden = name !== chosen;
  }
}

/** The pieces of a text, those that are the term marked. */
export const marked = (pieces) => pieces.map(([text, term]) => (term ? make("mark", { textContent: text }) : text));
