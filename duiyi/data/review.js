// The review page. No framework: a list of rows, a list of terms, one queue of actions to the server.

import { $, absorb, chooseTab, inAction, inTurn, keepDesk, loadWords, make, moved, parts, pulse, saved, say, send, serial, state, tell } from "./review-basics.js";
import { drawMap, dropCaret, elementAt, findRow, go, loadAudit, loadDocument, loadProject, loadQueue, moveCaret, setSide, show, showAudit, sideText, startCaret, verbs } from "./review-rows.js";
import { backToTerm, changeTerms, goEntry, loadTerms, setFilters, showEntries, verbsOfTerms } from "./review-terms.js";

// What an answer changes --------------------------------------------------------------------------------------------

/** Show what an answer changed; what was undone or done again elsewhere is gone to, and said. */
parts.show = async (data) => {
  if (data.terms) {
    if (data.turned && state.view !== "terms") await view("terms", false);
    changeTerms(data.terms, data.entry);
    if (data.turned) {
      const term = state.entries.find((entry) => entry.id === data.entry)?.term ?? "";
      tell(say(data.turned.back ? "page.undone-term" : "page.redone-term", { term }), "done");
    }
    return;
  }
  if (data.document === undefined) return;
  if (data.turned && state.view !== "alignment") await view("alignment", false);
  await show(data);
  if (data.turned) {
    const where = { row: state.current + 1, document: state.overview.documents[data.document].name };
    tell(say(data.turned.back ? "page.undone-row" : "page.redone-row", where), "done");
  }
};
parts.reload = async () => {
  const current = state.current;
  await loadProject();
  await loadDocument(Math.min(state.document, state.overview.documents.length - 1), current);
  if (state.entries.length || state.view === "terms") await loadTerms();
  await loadQueue();
};
setInterval(pulse, 4000);

// Keys, buttons, help: one table ------------------------------------------------------------------------------------

const FIND = () => { $("find").focus(); $("find").select(); };
const common = { undo: verbs.undo, redo: verbs.redo, find: FIND, help: () => $("help").showModal() };
const rowVerbs = { ...verbs, ...common, back: backToTerm };
const termVerbs = { ...verbsOfTerms, ...common };

// Key, verb, and whether there is a button; what it does is in the messages, under page.key.row and page.key.term.
const ROW_KEYS = [
  ["j", "next"], ["k", "previous"], ["a", "approve", true], ["m", "merge", true], ["s", "split", true], ["u", "up", true], ["d", "down", true],
  ["x", "exchange", true], ["e", "edit", true], ["r", "doubt", true], ["n", "wrong", true], ["g", "gain", true], ["p", "realign", true],
  ["A", "all", true], ["t", "term", true], ["Tab", "side"], ["b", "back"], ["z", "undo"], ["Z", "redo"], ["/", "find"], ["?", "help"],
];
const TERM_KEYS = [
  ["j", "next"], ["k", "previous"], ["a", "accept", true], ["d", "drop", true], ["r", "discuss", true], ["o", "reopen", true], ["e", "edit", true],
  ["P", "prefer", true], ["x", "avoid", true], ["y", "type", true], ["n", "add", true], ["v", "variant", true], ["s", "split", true], ["h", "hide", true],
  ["c", "row", true], ["b", "back"], [" ", "tick"], ["z", "undo"], ["Z", "redo"], ["/", "find"], ["?", "help"],
];
const named = (key) => (key === " " ? say("page.space") : key);

function fillKeys() {
  for (const [box, table, kind, run] of [[$("actions"), ROW_KEYS, "row", rowVerbs], [$("term-actions"), TERM_KEYS, "term", termVerbs]]) {
    for (const [key, verb, shown] of table) {
      if (!shown) continue;
      const button = make("button", { title: say(`page.key.${kind}.${verb}`), dataset: { verb } }, make("kbd", { textContent: named(key) }), ` ${say(`page.button.${kind}.${verb}`)}`);
      button.addEventListener("click", () => inTurn(run[verb]));
      box.append(button);
    }
    const title = make("h3", { textContent: say(kind === "row" ? "page.alignment" : "page.terms") });
    $("help-body").append(title, make("dl", {}, ...table.map(([key, verb]) => make("div", {}, make("dt", {}, make("kbd", { textContent: named(key) })), make("dd", { textContent: say(`page.key.${kind}.${verb}`) })))));
  }
  $("help-body").append(make("p", { className: "quiet", textContent: say("page.key.more") }));
}
$("undo").addEventListener("click", () => inTurn(verbs.undo));
$("redo").addEventListener("click", () => inTurn(verbs.redo));
$("keys").addEventListener("click", common.help);

const rowVerb = Object.fromEntries(ROW_KEYS), termVerb = Object.fromEntries(TERM_KEYS);
const step = (event) => (event.key === "ArrowDown" || event.key === "ArrowRight" ? 1 : -1);

const ownKeys = (element) => element.matches("input, textarea, select") || element.closest("dialog");
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.metaKey || event.defaultPrevented || ownKeys(event.target)) return;
  const plain = !event.ctrlKey && !event.altKey;
  const does = () => (state.view === "terms" ? termKey : rowKey)(event, event.target, plain);
  if (inAction()) { // what it does is known when what was asked before is done; by then it may be meant for a field
    if (plain && (event.key.length === 1 || event.key.startsWith("Arrow"))) event.preventDefault();
    inTurn(() => (ownKeys(document.activeElement) ? null : does()?.()));
    return;
  }
  const work = does();
  if (!work) return;
  event.preventDefault();
  inTurn(work);
});

/** What a key does to the terms, if anything. */
function termKey(event, target, plain) {
  const inButton = target.matches("button, summary");
  if (event.ctrlKey && event.key === "a" && !inButton) return verbsOfTerms.tickAll;
  if (!plain || (inButton && [" ", "Enter"].includes(event.key))) return null;
  if (termVerb[event.key]) return termVerbs[termVerb[event.key]];
  if (event.key === "Escape") return verbsOfTerms.clear;
  if (inButton) return null;
  switch (event.key) {
    case "ArrowDown": case "ArrowUp": return () => (event.shiftKey ? verbsOfTerms.tickNext(step(event)) : goEntry(state.entry + step(event)));
    case "ArrowLeft": case "ArrowRight": return () => verbsOfTerms.rendering(step(event));
    case "Home": return () => goEntry(0);
    case "End": return () => goEntry(state.shownEntries.length - 1);
    case "Enter": return verbsOfTerms.edit;
    default: return null;
  }
}

/** What a key does to the rows, if anything. */
function rowKey(event, target, plain) {
  const inRow = target.closest?.(".row") || target === document.body;
  const caret = state.caret && inRow && caretKey(event, plain);
  if (caret) return caret;
  if (!plain) return null;
  if (event.key === "Tab") // chooses the English side, then leaves the row as it does everywhere; Shift+Tab goes the other way
    return inRow && target !== document.body && state.side === (event.shiftKey ? "target" : "source") ? verbs.side : null;
  if (inRow) {
    switch (event.key) {
      case "ArrowDown": return verbs.next;
      case "ArrowUp": return verbs.previous;
      case "ArrowLeft": return () => setSide("source");
      case "ArrowRight": return () => setSide("target");
      case "Home": return () => go(0);
      case "End": return () => go(state.rows.length - 1);
      default:
    }
  }
  return rowVerbs[rowVerb[event.key]];
}
/** What a key does while there is a caret in the row, if anything. */
function caretKey(event, plain) {
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") return () => moveCaret(event);
  if (plain && event.key === "Escape") return dropCaret;
  if (plain && event.key === "Enter") return verbs.split;
  if (!plain || event.key !== "Tab" || event.shiftKey) return null;
  return () => {
    const side = state.caret.side === "source" ? "target" : "source";
    if (!sideText(state.rows[state.caret.row], side).text) return;
    dropCaret();
    setSide(side);
    startCaret();
  };
}

// Find: rows of the open document, or terms.
const leaveFind = () => (state.view === "terms" ? $("entries") : elementAt(state.current))?.focus({ preventScroll: true });
$("find").addEventListener("input", () => { if (state.view === "terms") showEntries(); else findRow(1, state.current - 1); });
$("find").addEventListener("keydown", (event) => {
  event.stopPropagation();
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "Enter") { event.preventDefault(); if (state.view === "terms") leaveFind(); else findRow(event.shiftKey ? -1 : 1); }
  if (event.key === "Escape") { event.preventDefault(); leaveFind(); }
});

// Tabs, colours, language, export -----------------------------------------------------------------------------------

/** Show the alignment or the terms; `load` says whether the terms are to be read anew. */
async function view(name, load = true) {
  state.view = name;
  if (["done", "hint"].includes($("notice").dataset.kind)) tell("");
  chooseTab(["alignment", "terms"], name);
  $("find").value = "";
  $("found").textContent = "";
  if (name === "terms") {
    $("entries").focus({ preventScroll: true });
    if (load) await loadTerms();
  } else {
    drawMap(true);
    go(state.current);
  }
  moved();
}
parts.view = view;
for (const [names, choose] of [[["alignment", "terms"], async (name) => {
  await inTurn(() => view(name, false));
  if (name === "terms") serial(loadTerms); // meanwhile one may go on in those that are there
}], [["queue", "audit"], (name) => { chooseTab(["queue", "audit"], name); return serial(name === "audit" ? loadAudit : loadQueue); }]]) {
  names.forEach((name, at) => {
    $(`tab-${name}`).addEventListener("click", () => choose(name));
    $(`tab-${name}`).addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      event.preventDefault();
      event.stopPropagation();
      const other = names[(at + 1) % names.length];
      choose(other);
      $(`tab-${other}`).focus();
    });
  });
}
$("audit-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const data = await send("audit/start", { size: Number($("audit-size").value) });
  if (data) showAudit(data);
});

const setTheme = (theme) => {
  if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme;
};
$("theme").addEventListener("click", () => {
  const order = ["", "light", "dark"];
  setTheme(order[(order.indexOf(document.documentElement.dataset.theme || "") + 1) % 3]);
  drawMap(true);
  moved();
});
$("language").addEventListener("click", () => serial(async () => {
  await keepDesk();
  await keepDesk(JSON.stringify({ language: state.language === "zh" ? "en" : "zh" }));
  location.reload();
}));

$("export").addEventListener("click", async () => {
  const watching = setInterval(pulse, 500);
  $("export").disabled = true;
  try {
    const data = await send("export", {}, say("page.exporting"));
    if (!data) return;
    const files = data.changed.length ? say("page.written", { n: data.changed.length, files: data.changed.join(state.language === "zh" ? "、" : ", ") }) : say("page.written-nothing");
    tell([files, ...data.set_aside].join(" "), data.set_aside.length ? "warning" : "done");
  } finally {
    clearInterval(watching);
    $("export").disabled = false;
  }
});

// Begin
try {
  await loadWords();
  fillKeys();
  await loadProject();
  const desk = state.overview.desk;
  setTheme(desk.theme || "");
  setFilters(desk.filters);
  state.side = desk.side || "target";
  if (state.overview.documents.length) {
    const left = state.overview.documents.findIndex((item) => item.name === desk.document);
    await loadDocument(Math.max(0, left), left < 0 ? 0 : desk.row || 0);
    await loadQueue();
  } else tell(say("page.no-document"), "warning");
  await loadTerms();
  if (desk.entry) showEntries(desk.entry);
  if (desk.view === "terms") await view("terms", false);
  await pulse();
  absorb({ undelivered: state.undelivered });
  saved(say("page.all-saved"), "ok");
  document.documentElement.dataset.ready = "yes";
} catch (error) {
  tell(`duiyi: ${error.message}`, "error");
  saved("");
}
