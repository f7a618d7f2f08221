// The alignment: a row a pair, the strip at the right, the queue and the audit at the left.

import { $, ask, folded, get, inTurn, make, moved, number, parts, percent, say, sayOr, send, serial, state, tell } from "./review-basics.js";
import { WindowedList } from "./review-list.js";

const LEVELS = { sure: "●", fair: "◐", doubtful: "○", unaligned: "✕" };
const STATUS = { changed: "✎", approved: "✓", doubtful: "?", wrong: "⊘" };

const language = (side) => state.languages[side === "source" ? 0 : 1];
const other = (side) => (side === "source" ? "target" : "source");

// Rows ------------------------------------------------------------------------------------------------------------------

const chinese = (language) => /^(zh|cmn|chi|zho|yue)\b/i.test(language);
/** Join sentences as the server does, remembering where each begins. */
function joined(texts, language) {
  let text = "";
  const starts = [];
  for (const piece of texts) {
    const latin = /[A-Za-z0-9]$/.test(text) && /^[A-Za-z0-9]/.test(piece);
    if (text && (!chinese(language) || latin)) text += " ";
    starts.push(text.length);
    text += piece;
  }
  return { text, starts };
}
export function sideText(row, side) {
  const own = side === "source" ? row.es : row.et;
  if (own !== undefined) return { text: own, starts: [0] };
  return joined(side === "source" ? row.s : row.t, language(side));
}
const points = (text, offset) => Array.from(text.slice(0, offset)).length;

function cell(row, side, index) {
  const { text, starts } = sideText(row, side);
  const element = make("div", { className: `cell ${side}`, role: "gridcell", lang: language(side), dataset: { side } });
  if (!text) {
    element.append(make("span", { className: "empty", lang: state.language, textContent: say(`page.empty.${side}`) }));
    return element;
  }
  const caret = state.caret && state.caret.row === index && state.caret.side === side ? state.caret : null;
  if (caret) {
    const [from, to] = [Math.min(caret.offset, caret.anchor), Math.max(caret.offset, caret.anchor)];
    const line = make("span", { className: "caret" });
    const picked = make("mark", { textContent: text.slice(from, to) });
    element.append(text.slice(0, from), ...(caret.offset <= caret.anchor ? [line, picked] : [picked, line]), text.slice(to));
  } else {
    const picked = state.picked[side]?.row === index ? state.picked[side] : null;
    if (picked) element.append(text.slice(0, picked.start), make("mark", { textContent: text.slice(picked.start, picked.end) }), text.slice(picked.end));
    else starts.forEach((start, at) => element.append(make("span", { className: "s", textContent: text.slice(start, starts[at + 1] ?? text.length) })));
  }
  if ((side === "source" ? row.es : row.et) !== undefined) element.append(make("span", { className: "chip", lang: state.language, textContent: `✎ ${say("page.reworded")}` }));
  return element;
}

const flagWords = (flag) => sayOr(`flag.${flag}`, flag.replaceAll("-", " "));

function rowElement(row, index) {
  const words = row.l === "unaligned" ? say("level.unaligned") : percent(row.c);
  const mark = make("div", { className: "cell conf", role: "gridcell" },
    make("span", { className: `mark ${row.l}` }, make("span", { ariaHidden: "true", textContent: LEVELS[row.l] }), ` ${words}`),
    make("span", { className: "status", textContent: STATUS[row.st] ? `${STATUS[row.st]} ${say(`page.status.${row.st}`)}` : `${row.s.length}–${row.t.length}` }),
    make("span", { className: "place", textContent: row.p }));
  const element = make("div", { className: "row", role: "row", tabIndex: -1, dataset: { index: String(index), status: row.st, level: row.l } },
    mark, cell(row, "source", index), cell(row, "target", index));
  if (row.f?.length) {
    const flags = make("div", { className: "flags" });
    for (const flag of row.f) flags.append(make("span", { className: "chip", textContent: `! ${flagWords(flag)}` }));
    mark.append(flags);
  }
  if (index === state.current) choose(element, true);
  return element;
}

function choose(element, chosen) {
  element.classList.toggle("current", chosen);
  element.tabIndex = chosen ? 0 : -1;
  element.setAttribute("aria-selected", String(chosen));
  element.dataset.side = state.side;
}

const list = new WindowedList($("scroller"), $("rows"), (index) => rowElement(state.rows[index], index), 76);
export const elementAt = (index) => list.element(index);

function renumber(from) {
  const children = $("rows").children;
  for (let at = Math.max(0, from - list.first); at < children.length; at += 1) children[at].dataset.index = String(at + list.first);
}

function refresh(index) {
  const old = elementAt(index);
  if (!old) return;
  const focused = old.contains(document.activeElement);
  const fresh = rowElement(state.rows[index], index);
  old.replaceWith(fresh);
  if (focused) fresh.focus({ preventScroll: true });
}

/** Keep the lists at the left pointing at the right rows until they are loaded anew. */
function moveListed(index, removed, added) {
  for (const button of document.querySelectorAll(".queue button")) {
    const row = Number(button.dataset.row);
    if (button.dataset.row === "" || Number(button.dataset.document) !== state.document || row < index) continue;
    button.dataset.row = String(row < index + removed ? Math.min(row, index + Math.max(0, added - 1)) : row + added - removed);
  }
}

function replaceRows({ index, removed, rows }) {
  state.rows.splice(index, removed, ...rows);
  if (rows.length !== removed) moveListed(index, removed, rows.length);
  state.picked = { source: null, target: null };
  list.splice(index, removed, rows.length);
  if (rows.length !== removed) renumber(index);
  $("rows").setAttribute("aria-rowcount", String(state.rows.length));
  drawMap(true);
}

/** Make a row the current one, and have it in view. */
export function go(index, focus = true, block = "nearest") {
  if (!state.rows.length) return;
  index = Math.max(0, Math.min(index, state.rows.length - 1));
  if (state.caret && state.caret.row !== index) {
    state.caret = null;
    refresh(state.current);
  }
  const before = elementAt(state.current);
  if (before) choose(before, false);
  state.current = index;
  list.show(index, block);
  const element = elementAt(index);
  choose(element, true);
  if (focus) element.focus({ preventScroll: true });
  drawMap();
  moved();
}

export function setSide(side) {
  state.side = side;
  const element = elementAt(state.current);
  if (element) element.dataset.side = side;
}

/** Show what an answer changed in the rows. */
export async function show(data) {
  if (data.reload || data.document !== state.document) {
    await loadDocument(data.document, data.row ?? 0);
    queueSoon();
    return;
  }
  for (const splice of data.splices || []) replaceRows(splice);
  state.caret = null;
  if (data.splices?.length) queueSoon();
  progress();
  go(Math.min(data.row ?? state.current, state.rows.length - 1));
}

// The strip at the right: the whole document at a glance.
const colours = { sure: "--sure", fair: "--fair", doubtful: "--doubt", unaligned: "--doubt" };
const rank = { sure: 0, fair: 1, doubtful: 2, unaligned: 3 };
let mapDue = false;
let base = null; // the strip without the mark of the current row
/** Draw the strip; `anew` when rows or colours have changed. */
export function drawMap(anew = false) {
  if (anew) base = null;
  if (mapDue) return;
  mapDue = true;
  requestAnimationFrame(() => {
    mapDue = false;
    const map = $("map"), style = getComputedStyle(document.documentElement);
    const height = map.clientHeight, scale = devicePixelRatio || 1;
    if (!height) return;
    if (map.height !== Math.round(height * scale)) { map.height = Math.round(height * scale); map.width = Math.round(14 * scale); base = null; }
    const pen = map.getContext("2d");
    const count = state.rows.length;
    if (base) pen.putImageData(base, 0, 0);
    else {
      drawRows(pen, map, style, scale);
      base = pen.getImageData(0, 0, map.width, map.height);
    }
    if (!count) return;
    pen.globalAlpha = 1;
    pen.fillStyle = style.getPropertyValue("--accent");
    pen.fillRect(0, Math.floor(state.current * map.height / count) - scale, map.width, Math.max(3 * scale, map.height / count));
  });
}
function drawRows(pen, map, style, scale) {
  pen.clearRect(0, 0, map.width, map.height);
  const count = state.rows.length;
  const tall = Math.max(1, map.height / Math.max(1, count));
  const worst = new Map();
  state.rows.forEach((row, index) => {
    const y = Math.floor(index * map.height / count);
    const level = row.st === "approved" || row.st === "wrong" ? "done" : row.st === "doubtful" ? "doubtful" : row.l;
    if (!worst.has(y) || (rank[level] ?? -1) > (rank[worst.get(y)] ?? -1)) worst.set(y, level);
  });
  const colour = Object.fromEntries(Object.entries(colours).map(([level, name]) => [level, style.getPropertyValue(name)]));
  colour.done = style.getPropertyValue("--line-strong");
  for (const [y, level] of worst) {
    pen.globalAlpha = level === "sure" ? 0.35 : 1;
    pen.fillStyle = colour[level];
    pen.fillRect(level === "doubtful" || level === "unaligned" ? 0 : map.width * 0.35, y, map.width, Math.max(scale, tall - (tall > 3 ? 1 : 0)));
  }
  pen.globalAlpha = 1;
}
$("map").addEventListener("pointerdown", (event) => {
  const box = $("map").getBoundingClientRect();
  inTurn(() => go(Math.floor((event.clientY - box.top) / box.height * state.rows.length), true, "center"));
});
addEventListener("resize", () => drawMap(true));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawMap(true));

// Loading -----------------------------------------------------------------------------------------------------------

export async function loadProject() {
  state.overview = await get("project");
  $("project").textContent = state.overview.project;
  document.title = `${state.overview.project} – duiyi`;
  $("document").replaceChildren(...state.overview.documents.map((item, index) =>
    make("option", { value: String(index), textContent: item.title && item.title !== item.name ? `${item.name} – ${item.title}` : item.name })));
}

export async function loadDocument(index, row = 0) {
  const data = await get(`document?n=${index}`);
  state.document = index;
  state.languages = data.languages;
  state.rows = data.rows;
  state.caret = null;
  state.picked = { source: null, target: null };
  state.editing = false;
  $("document").value = String(index);
  state.current = Math.max(0, Math.min(row, state.rows.length - 1));
  list.reset(state.rows.length, state.current);
  $("rows").setAttribute("aria-rowcount", String(state.rows.length));
  drawMap(true);
  if (data.unfit.length) tell(say("page.unfit", { n: data.unfit.length, which: data.unfit.slice(0, 3).join("; ") }), "warning");
  go(state.current, state.view === "alignment", "center");
  progress();
}
$("document").addEventListener("change", () => inTurn(() => serial(() => loadDocument(Number($("document").value)))));

export function progress() {
  const documents = state.overview.documents;
  const counts = documents[state.document].counts;
  const all = documents.reduce((sum, item) => ({ rows: sum.rows + item.counts.rows, settled: sum.settled + item.counts.settled }), { rows: 0, settled: 0 });
  $("meter").setAttribute("width", String(counts.rows ? 100 * counts.settled / counts.rows : 0));
  $("progress").textContent = say("page.judged", counts) + (documents.length > 1 ? say("page.judged-all", all) : "");
}

const VERDICTS = { right: "✓", error: "✕", open: "·" };
/** Why a row is in the queue, in words. */
const whyListed = (item) => item.why.map(([code, value]) => (code === "flag" ? flagWords(value) : say(`page.why.${code}`, { value: code === "confidence" ? percent(value) : value })));
function queueItem(item) {
  const mark = item.verdict ? `${VERDICTS[item.verdict]} ${say(`page.verdict.${item.verdict}`)}` : `${LEVELS[item.level]} ${item.level === "unaligned" ? say("level.unaligned") : percent(item.confidence)}`;
  const button = make("button", { dataset: { document: item.document ?? "", row: item.row ?? "" }, disabled: item.row === undefined },
    make("span", { className: `mark ${item.level || item.verdict}`, textContent: mark }),
    make("span", { className: "snippet", lang: item.side === "target" ? "en" : "zh-CN", textContent: item.text }));
  if (!item.verdict) button.append(make("span", { className: "why", textContent: whyListed(item).join(" · ") }));
  return make("li", {}, button);
}

export async function loadQueue() {
  const data = await get("queue");
  state.queue = data.items;
  state.queueTotal = data.total;
  $("queue").replaceChildren(...data.items.slice(0, 100).map(queueItem));
  $("tab-queue").textContent = `${say("page.queue")} (${number(data.total)})`;
  queueEnd();
  if (!$("audit-panel").hidden) await loadAudit();
}
/** What the queue says when nothing is left in it. */
const nothingLeft = () => (state.undelivered ? say("page.queue-end-undelivered", { n: state.undelivered }) : say("page.queue-end"));
function exportButton() {
  const button = make("button", { className: "strong", textContent: say("page.export") });
  button.addEventListener("click", () => $("export").click());
  return button;
}
function queueEnd() {
  const end = $("queue-end");
  end.hidden = state.queueTotal !== 0;
  $("queue-hint").hidden = !end.hidden;
  if (!end.hidden) end.replaceChildren(make("p", { textContent: nothingLeft() }), ...(state.undelivered ? [exportButton()] : []));
}
parts.queueEnd = queueEnd;
let queueTimer = 0;
function queueSoon() {
  clearTimeout(queueTimer);
  queueTimer = setTimeout(() => serial(loadQueue), 250);
}

export function showAudit(data) {
  const audit = data.audit;
  state.audit = audit?.items || [];
  $("audit").replaceChildren(...state.audit.map(queueItem));
  $("audit-result").textContent = audit ? auditSentence(audit) : "";
}
function auditSentence({ looked, errors, items, of, rate, low, high }) {
  const among = of ? say("page.audit.among", { n: of }) : say("page.audit.among-all");
  if (!looked) return say("page.audit.nothing", { n: items.length, among });
  const share = (value) => (100 * value).toFixed(1);
  return say("page.audit.result", { rate: share(rate), low: share(low), high: share(high), among, errors, looked, left: items.length - looked });
}
export const loadAudit = async () => showAudit(await get("audit"));
for (const listing of [$("queue"), $("audit")]) {
  listing.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button || button.dataset.row === "") return;
    await inTurn(() => visit(Number(button.dataset.document), Number(button.dataset.row)));
  });
}
export function visit(index, row) {
  return serial(() => (index !== state.document ? loadDocument(index, row) : go(row, true, "center")));
}

// What can be done to rows ------------------------------------------------------------------------------------------

const current = () => ({ document: state.document, row: state.current });
const act = (action, more = {}) => send("act", () => ({ action, ...current(), ...more }));

async function actAndNext(action) {
  const data = await act(action);
  if (!data) return;
  if ($("audit-panel").hidden) { go(state.current + 1); return; }
  await serial(loadAudit); // in an audit the next row is the next one that was drawn
  const next = state.audit.find((item) => item.verdict === "open" && item.row !== undefined);
  if (next) await visit(next.document, next.row);
}

export const verbs = {
  next: () => go(state.current + 1),
  previous: () => go(state.current - 1),
  merge: () => act("merge"),
  up: () => act("up", { side: state.side }),
  down: () => act("down", { side: state.side }),
  approve: () => actAndNext("approve"),
  doubt: () => act("doubt"),
  wrong: () => actAndNext("wrong"),
  undo: () => send("undo", {}),
  redo: () => send("redo", {}),
  async exchange() {
    const data = await act("exchange", { side: state.side });
    if (data) tell(say("page.exchanged", { first: data.splices[0].index + 1, second: data.splices[0].index + 2 }), "done");
  },
  async realign() {
    const data = await send("act", () => ({ action: "realign", ...current() }), say("page.aligning"));
    if (!data) return;
    const splices = data.splices;
    if (!splices.length) { tell(say("page.realigned-nothing"), "done"); return; }
    const n = splices.reduce((sum, splice) => sum + splice.rows.length, 0), last = splices.at(-1);
    const seen = make("button", { textContent: say("page.show-them") });
    seen.addEventListener("click", () => inTurn(() => go(splices[0].index, true, "center")));
    tell(`${say("page.realigned", { n, first: splices[0].index + 1, last: last.index + Math.max(1, last.rows.length) })} `, "done", seen);
  },
  split() {
    const caret = state.caret;
    if (caret && caret.row === state.current) {
      const { text } = sideText(state.rows[caret.row], caret.side);
      return act("split", { side: caret.side, offset: points(text, caret.offset) });
    }
    return startCaret();
  },
  async gain() {
    await serial(loadQueue);
    const same = (item) => item && item.document === state.document && item.row === state.current;
    const at = same(state.visited) ? state.queue.findIndex(same) : -1;
    const item = state.queue[(at + 1) % state.queue.length];
    state.visited = item;
    if (item) await visit(item.document, item.row);
    else tell(nothingLeft(), "done", ...(state.undelivered ? [exportButton()] : []));
  },
  edit: startEditing,
  side: () => setSide(state.side === "source" ? "target" : "source"),
  all: openThreshold,
  term: openTerm,
};

// The caret: by click or by keys.
export function startCaret() {
  const row = state.rows[state.current];
  const choice = [state.side, state.side === "source" ? "target" : "source"].find((side) => sideText(row, side).text.length > 1);
  if (!choice) return;
  setSide(choice);
  const { text, starts } = sideText(row, choice);
  const middle = text.length / 2;
  const borders = starts.length > 1 ? starts.slice(1) : [...text.matchAll(/[，、；：,;:—–]\s*/g)].map((match) => match.index + match[0].length).filter((at) => at < text.length);
  const offset = borders.length ? borders.reduce((best, at) => (Math.abs(at - middle) < Math.abs(best - middle) ? at : best)) : Math.round(middle);
  setCaret(choice, offset);
  tell(say("page.caret-hint"), "hint");
}
function setCaret(side, offset, anchor = offset, index = state.current) {
  state.caret = { row: index, side, offset, anchor };
  if (offset !== anchor) pick(index, side, Math.min(offset, anchor), Math.max(offset, anchor));
  setSide(side);
  refresh(index);
  list.reveal(index, "stay");
}
export function dropCaret() {
  if (!state.caret) return;
  const index = state.caret.row;
  state.caret = null;
  refresh(index);
  if ($("notice").dataset.kind === "hint") tell("");
}
export function moveCaret(event) {
  const { side, offset, anchor } = state.caret;
  const { text, starts } = sideText(state.rows[state.caret.row], side);
  let to = offset;
  const step = event.key === "ArrowLeft" ? -1 : 1;
  if (event.ctrlKey || event.altKey) {
    const borders = [0, ...starts, ...[...text.matchAll(/[，、；：。！？,;:.!?—–]+[”’"']?\s*/g)].map((match) => match.index + match[0].length), text.length].sort((a, b) => a - b);
    to = step < 0 ? borders.filter((at) => at < offset).pop() ?? 0 : borders.find((at) => at > offset) ?? text.length;
  } else {
    to = offset + step;
    const code = text.charCodeAt(step < 0 ? to : to - 1);
    if (step < 0 && code >= 0xdc00 && code <= 0xdfff) to -= 1;
    if (step > 0 && code >= 0xd800 && code <= 0xdbff) to += 1;
  }
  to = Math.max(0, Math.min(text.length, to));
  setCaret(side, to, event.shiftKey ? anchor : to);
}

function offsetIn(box, node, offset) {
  const range = document.createRange();
  range.selectNodeContents(box);
  try { range.setEnd(node, offset); } catch { return 0; }
  return range.toString().length;
}
function pick(index, side, start, end) {
  const { text } = sideText(state.rows[index], side);
  state.picked[side] = start < end ? { row: index, start, end, text: text.slice(start, end).trim() } : null;
}
$("rows").addEventListener("pointerup", (event) => {
  if (state.editing) return;
  const element = event.target.closest(".row");
  if (element) inTurn(() => point(event, element));
});
/** Make the row that was clicked the current one, with a caret or what was marked in it. */
function point(event, element) {
  if (!element.isConnected) return; // it gave way to what was done before
  const index = Number(element.dataset.index);
  const box = event.target.closest(".cell");
  const side = box?.dataset.side;
  const selection = getSelection();
  let span = null;
  if (side && selection.rangeCount && box.contains(selection.anchorNode) && box.contains(selection.focusNode)) {
    const { text } = sideText(state.rows[index], side);
    const clip = (value) => Math.min(value, text.length);
    span = [clip(offsetIn(box, selection.anchorNode, selection.anchorOffset)), clip(offsetIn(box, selection.focusNode, selection.focusOffset))];
  }
  if (index !== state.current) {
    if (state.caret) dropCaret();
    go(index);
  } else element.focus({ preventScroll: true });
  if (!span) { if (side) setSide(side); return; }
  const [start, end] = [Math.min(...span), Math.max(...span)];
  for (const other of ["source", "target"]) {
    const old = state.picked[other];
    if (old && (other === side || old.row !== index)) { state.picked[other] = null; refresh(old.row); }
  }
  if (start < end) { pick(index, side, start, end); state.caret = null; setSide(side); refresh(index); getSelection().removeAllRanges(); }
  else setCaret(side, start, start, index);
}
$("rows").addEventListener("dblclick", (event) => { if (event.target.closest(".cell.source, .cell.target") && event.altKey) startEditing(); });

// Editing
function startEditing() {
  const index = state.current, row = state.rows[index];
  if (!row || state.editing) return;
  state.caret = null;
  refresh(index);
  const element = elementAt(index);
  state.editing = true;
  element.classList.add("editing");
  const areas = {};
  for (const side of ["source", "target"]) {
    const { text } = sideText(row, side);
    const area = make("textarea", { value: text, lang: language(side), rows: 2, ariaLabel: say(`page.${side}`), spellcheck: side === "target" });
    areas[side] = area;
    element.querySelector(`.cell.${side}`).replaceChildren(area);
    const grow = () => { area.rows = Math.max(2, Math.ceil(area.scrollHeight / 26)); };
    area.addEventListener("input", grow);
    requestAnimationFrame(grow);
    area.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      event.stopPropagation();
      if (event.key === "Escape") finish(false);
      else if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); finish(true); }
    });
  }
  const save = make("button", { className: "strong", textContent: say("page.save-enter") });
  const cancel = make("button", { textContent: say("page.cancel-esc") });
  save.addEventListener("click", () => finish(true));
  cancel.addEventListener("click", () => finish(false));
  element.querySelector(".conf").append(make("div", { className: "edit-buttons" }, save, cancel));
  areas[state.side].focus({ preventScroll: true });
  requestAnimationFrame(() => list.reveal(index, "nearest"));
  async function finish(keep) {
    if (!state.editing) return;
    if (!keep) { state.editing = false; refresh(index); elementAt(index).focus(); return; }
    const texts = { source: areas.source.value, target: areas.target.value };
    const data = await send("act", { action: "edit", document: state.document, row: index, ...texts });
    if (!data && areas.source.isConnected) { areas[state.side].focus(); return; } // refused: what was typed stays
    state.editing = false;
    refresh(index);
    elementAt(index)?.focus();
  }
}

function openThreshold() {
  const value = $("threshold-value");
  value.value = String(Math.round(100 * state.threshold));
  const count = () => {
    const least = Number(value.value) / 100;
    const found = state.rows.filter((row) => row.st === "open" && row.l !== "unaligned" && row.c >= least).length;
    $("threshold-count").textContent = say("page.threshold-count", { n: found });
  };
  value.oninput = count;
  count();
  ask($("threshold"), () => {
    state.threshold = Number(value.value) / 100;
    return act("approve-all", { threshold: state.threshold });
  });
  value.select();
}

function openTerm() {
  const source = state.picked.source?.text || "", target = state.picked.target?.text || "";
  $("term-source").value = source;
  $("term-target").value = target;
  const at = current();
  const texts = Object.fromEntries(["source", "target"].map((side) => [side, sideText(state.rows[at.row], side).text]));
  watchTerm(texts);
  ask($("term-dialog"), async () => {
    const [term, rendering] = [$("term-source").value, $("term-target").value];
    const data = await send("act", { action: "term-add", ...at, term, rendering });
    if (data) { tell(say("page.term-added", { term, rendering }), "done"); elementAt(state.current)?.focus(); }
  });
  (source ? $("term-target") : $("term-source")).focus();
}

/** Say under the fields of a new term what speaks for and against it, while it is typed. */
function watchTerm(texts) {
  let timer = 0;
  const check = async () => {
    const [term, rendering] = [$("term-source").value.trim(), $("term-target").value.trim()];
    const notes = [];
    const warn = (text) => notes.push(make("li", { className: "warn", textContent: text }));
    if (term && !texts.source.includes(term)) warn(say("page.check.not-here-source"));
    if (rendering && !folded(texts.target).includes(folded(rendering))) warn(say("page.check.not-here-target"));
    if (term) {
      const data = await get(`check-term?${new URLSearchParams({ term, rendering })}`);
      if (term !== $("term-source").value.trim() || rendering !== $("term-target").value.trim()) return;
      if (!data.source) warn(say("page.check.nowhere", { term }));
      else notes.push(make("li", { textContent: rendering ? say("page.check.counts", { source: data.source, both: data.both }) : say("page.check.count", { n: data.source }) }));
      if (rendering && !data.target) warn(say("page.check.nowhere", { term: rendering }));
      const held = data.held;
      if (held) {
        const preferred = held.renderings[0].text, values = { term: held.term, rendering: preferred, status: say(`review.${held.review}`) };
        if (folded(preferred) === folded(rendering)) notes.push(make("li", { textContent: say("page.check.held-same", values) }));
        else warn(say("page.check.held", values));
      }
      if (data.twins.length) warn(say("page.check.twins", { rendering, terms: data.twins.join("、") }));
    }
    $("term-check").replaceChildren(...notes);
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(() => check().catch(() => {}), 200); };
  $("term-source").oninput = soon;
  $("term-target").oninput = soon;
  $("term-check").replaceChildren();
  check().catch(() => {});
}

// Find: rows of the open document, or terms.
const searched = new WeakMap(); // the text of each row as it is searched
function searchText(row) {
  if (!searched.has(row)) searched.set(row, folded(`${sideText(row, "source").text}\n${sideText(row, "target").text}`));
  return searched.get(row);
}
export function findRow(step = 1, from = state.current) {
  const wanted = folded($("find").value.trim());
  if (!wanted) { $("found").textContent = ""; return; }
  const hits = (row) => searchText(row).includes(wanted);
  const total = state.rows.reduce((sum, row) => sum + hits(row), 0);
  $("found").textContent = total ? say("page.found", { n: total }) : say("page.none-found");
  for (let at = 1; at <= state.rows.length && total; at += 1) {
    const index = (from + step * at + state.rows.length * 2) % state.rows.length;
    if (hits(state.rows[index])) { go(index, false, "center"); return; }
  }
}
