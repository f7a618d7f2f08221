// The review page. No framework: a list of rows, a list of terms, one queue of actions to the server.
// An action is shown only after the server has said that it is on disk.

const api = (path) => new URL(`api/${path}`, location.href);
const $ = (id) => document.getElementById(id);
const make = (tag, properties = {}, ...children) => {
  const { dataset, role, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  if (dataset) Object.assign(element.dataset, dataset);
  if (role) element.setAttribute("role", role);
  element.append(...children);
  return element;
};
const number = (value) => value.toLocaleString("en");
// Rounded down: only what a reviewer approved is 100 %.
const percent = (value) => `${Math.floor(100 * value + 1e-9)} %`;
const TAB = Math.random().toString(36).slice(2);
const CHUNK = 200; // rows put on the page at a time; more come while scrolling

const LEVELS = { sure: "●", fair: "◐", doubtful: "○", unaligned: "✕" };
const STATUS = {
  open: "", changed: "✎ changed", approved: "✓ approved", doubtful: "? doubtful", wrong: "⊘ not a translation",
};

const state = {
  revision: -1, instance: "", view: "alignment", overview: null,
  document: 0, languages: ["zh-CN", "en-US"], rows: [], first: 0, last: 0, current: 0, side: "target",
  caret: null, picked: { source: null, target: null }, editing: false, threshold: 0.9,
  queue: [], visited: null, audit: [], entries: [], shownEntries: [], entry: 0, rendering: 0, found: "",
};

// Talking to the server ---------------------------------------------------------------------------------------------

function tell(text, kind = "warning") {
  const notice = $("notice");
  notice.hidden = !text;
  notice.dataset.kind = kind;
  notice.firstElementChild.textContent = text;
}
$("notice").lastElementChild.addEventListener("click", () => tell(""));

function saved(text, kind = "") {
  $("saved").textContent = text;
  $("saved").dataset.kind = kind;
}

let others = 0;
function absorb(answer) {
  // An answer that was overtaken by a newer one must not turn the clock back.
  if (answer.revision !== undefined && (answer.instance !== state.instance || answer.revision > state.revision)) {
    state.revision = answer.revision;
    state.instance = answer.instance;
  }
  if (answer.undo !== undefined) {
    $("undo").disabled = !answer.undo;
    $("redo").disabled = !answer.redo;
    $("undo").title = `Undo (z) – ${answer.undo} steps`;
    $("redo").title = `Redo (Z) – ${answer.redo} steps`;
  }
  if (answer.counts) for (const [index, counts] of Object.entries(answer.counts)) state.overview.documents[index].counts = counts;
  if (answer.others !== undefined && answer.others !== others) {
    others = answer.others;
    if (others) tell("This project is open in another tab too. Nothing gets overwritten: what is changed there shows here first.", "info");
    else if ($("notice").dataset.kind === "info") tell("");
  }
}

async function get(path) {
  const answer = await fetch(api(path), { cache: "no-store" });
  const data = await answer.json();
  if (!answer.ok) throw new Error(data.error || answer.statusText);
  absorb(data);
  return data;
}

let chain = Promise.resolve();
let waiting = 0;
/** Do something after all actions under way, and hold back later ones until it is done. */
function serial(work) {
  chain = chain.then(work).catch((error) => tell(error.message, "error"));
  return chain;
}
/** Send one action after the other; the next sees what the last one left. */
function send(path, request) {
  waiting += 1;
  saved("Saving…", "busy");
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
        await reload();
        return null;
      }
      absorb(data);
      if (!answer.ok) {
        tell(data.error, answer.status >= 500 ? "error" : "warning");
        return null;
      }
      if ($("notice").dataset.kind === "warning") tell("");
      await show(data);
      return data;
    } catch (error) {
      tell("The server does not answer: the last action was NOT saved, all earlier ones are. Start duiyi review again and open its new address.", "error");
      failed = true;
      return null;
    } finally {
      waiting -= 1;
      if (!waiting) saved(failed ? "NOT SAVED" : `Saved ${new Date().toLocaleTimeString("en-GB")}`, failed ? "error" : "ok");
      failed = false;
    }
  };
  chain = chain.then(run);
  return chain;
}
let failed = false;

/** Show what an answer changed. */
async function show(data) {
  if (data.terms) {
    await loadTerms(data.entry);
    return;
  }
  if (data.document === undefined) return;
  if (data.reload || data.document !== state.document) {
    await loadDocument(data.document, data.row ?? 0);
    return;
  }
  for (const splice of data.splices || []) replaceRows(splice);
  state.caret = null;
  if (data.splices?.length) queueSoon();
  progress();
  go(Math.min(data.row ?? state.current, state.rows.length - 1));
}

async function reload() {
  const current = state.current;
  await loadProject();
  await loadDocument(Math.min(state.document, state.overview.documents.length - 1), current);
  if (state.entries.length || state.view === "terms") await loadTerms(state.shownEntries[state.entry]?.id);
  await loadQueue();
}

async function pulse() {
  const before = state.revision;
  try {
    const answer = await fetch(api(`pulse?tab=${TAB}`), { cache: "no-store" });
    if (!answer.ok) return;
    const data = await answer.json();
    if (waiting || state.revision !== before) return; // an action came in between
    const stale = data.revision !== state.revision || data.instance !== state.instance;
    absorb({ others: data.others });
    if (stale && !state.editing && !document.querySelector("dialog[open]")) {
      tell("Changed in another tab; this page shows it now.", "warning");
      serial(reload);
    }
    if ($("saved").dataset.kind === "lost") saved("Connected", "ok");
  } catch {
    saved("No connection", "lost");
  }
}
setInterval(pulse, 4000);
addEventListener("visibilitychange", () => { if (!document.hidden) pulse(); });
addEventListener("pagehide", () => { fetch(api(`pulse?tab=${TAB}&bye=1`), { keepalive: true }).catch(() => {}); });

// Rows --------------------------------------------------------------------------------------------------------------

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
function sideText(row, side) {
  const own = side === "source" ? row.es : row.et;
  if (own !== undefined) return { text: own, starts: [0] };
  return joined(side === "source" ? row.s : row.t, state.languages[side === "source" ? 0 : 1]);
}
const points = (text, offset) => Array.from(text.slice(0, offset)).length;

function cell(row, side, index) {
  const { text, starts } = sideText(row, side);
  const language = state.languages[side === "source" ? 0 : 1];
  const element = make("div", { className: `cell ${side}`, role: "gridcell", lang: language, dataset: { side } });
  if (!text) {
    element.append(make("span", { className: "empty", lang: "en", textContent: side === "source" ? "no Chinese" : "no English" }));
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
  if ((side === "source" ? row.es : row.et) !== undefined) element.append(make("span", { className: "chip", lang: "en", textContent: "✎ reworded" }));
  return element;
}

function rowElement(row, index) {
  const words = row.l === "unaligned" ? "unaligned" : percent(row.c);
  const mark = make("div", { className: "cell conf", role: "gridcell" },
    make("span", { className: `mark ${row.l}` }, make("span", { ariaHidden: "true", textContent: LEVELS[row.l] }), ` ${words}`),
    make("span", { className: "status", textContent: STATUS[row.st] || `${row.s.length}–${row.t.length}` }),
    make("span", { className: "place", textContent: row.p }));
  const element = make("div", { className: "row", role: "row", tabIndex: -1, dataset: { index: String(index), status: row.st, level: row.l } },
    mark, cell(row, "source", index), cell(row, "target", index));
  if (row.f?.length) {
    const flags = make("div", { className: "flags" });
    for (const flag of row.f) flags.append(make("span", { className: "chip", textContent: `! ${flag.replaceAll("-", " ")}` }));
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

const elementAt = (index) => (index >= state.first && index < state.last ? $("rows").children[index - state.first] : null);

function renumber(from) {
  const children = $("rows").children;
  for (let at = Math.max(0, from - state.first); at < children.length; at += 1) children[at].dataset.index = String(at + state.first);
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
  const from = Math.max(index, state.first), to = Math.min(index + removed, state.last);
  if (index < state.first || index > state.last || from > to) {
    renderAround(Math.min(state.current, state.rows.length - 1));
    return;
  }
  const box = $("rows");
  for (let count = to - from; count > 0; count -= 1) box.children[from - state.first].remove();
  const fresh = rows.map((row, at) => rowElement(row, index + at));
  const before = box.children[from - state.first] || null;
  for (const element of fresh) box.insertBefore(element, before);
  state.last += fresh.length - (to - from);
  if (rows.length !== removed) renumber(index);
  edges();
  drawMap();
}

function renderAround(index) {
  state.first = Math.max(0, index - CHUNK / 2);
  state.last = Math.min(state.rows.length, state.first + CHUNK);
  const fragment = document.createDocumentFragment();
  for (let at = state.first; at < state.last; at += 1) fragment.append(rowElement(state.rows[at], at));
  $("rows").replaceChildren(fragment);
  $("rows").setAttribute("aria-rowcount", String(state.rows.length));
  edges();
  drawMap();
}

function edges() {
  $("earlier").hidden = state.first === 0;
  $("later").hidden = state.last >= state.rows.length;
}

function extend(down) {
  const box = $("rows"), scroller = $("scroller");
  if (down && state.last < state.rows.length) {
    const to = Math.min(state.rows.length, state.last + CHUNK / 2);
    for (let at = state.last; at < to; at += 1) box.append(rowElement(state.rows[at], at));
    state.last = to;
  } else if (!down && state.first > 0) {
    const from = Math.max(0, state.first - CHUNK / 2);
    const height = box.offsetHeight;
    const fragment = document.createDocumentFragment();
    for (let at = from; at < state.first; at += 1) fragment.append(rowElement(state.rows[at], at));
    box.prepend(fragment);
    state.first = from;
    scroller.scrollTop += box.offsetHeight - height;
  }
  edges();
}
new IntersectionObserver((seen) => { if (seen[0].isIntersecting) extend(true); }, { root: $("scroller"), rootMargin: "400px" }).observe($("later"));
new IntersectionObserver((seen) => { if (seen[0].isIntersecting) extend(false); }, { root: $("scroller"), rootMargin: "100px" }).observe($("earlier"));
$("earlier").firstElementChild.addEventListener("click", () => extend(false));
$("later").firstElementChild.addEventListener("click", () => extend(true));

/** Make a row the current one. */
function go(index, focus = true, block = "nearest") {
  if (!state.rows.length) return;
  index = Math.max(0, Math.min(index, state.rows.length - 1));
  const old = elementAt(state.current);
  if (state.caret && state.caret.row !== index) {
    state.caret = null;
    if (old) refresh(state.current);
  }
  const before = elementAt(state.current);
  if (before) choose(before, false);
  state.current = index;
  if (!elementAt(index)) renderAround(index);
  const element = elementAt(index);
  choose(element, true);
  if (focus) element.focus({ preventScroll: true });
  element.scrollIntoView({ block });
  // Rows off the screen have estimated heights; now that this one is laid out, look again.
  requestAnimationFrame(() => element.scrollIntoView({ block }));
  drawMap();
}

function setSide(side) {
  state.side = side;
  const element = elementAt(state.current);
  if (element) element.dataset.side = side;
}

// The strip at the right: the whole document at a glance.
const colours = { sure: "--sure", fair: "--fair", doubtful: "--doubt", unaligned: "--doubt" };
const rank = { sure: 0, fair: 1, doubtful: 2, unaligned: 3 };
let mapDue = false;
function drawMap() {
  if (mapDue) return;
  mapDue = true;
  requestAnimationFrame(() => {
    mapDue = false;
    const map = $("map"), style = getComputedStyle(document.documentElement);
    const height = map.clientHeight, scale = devicePixelRatio || 1;
    if (map.height !== Math.round(height * scale)) { map.height = Math.round(height * scale); map.width = Math.round(14 * scale); }
    const pen = map.getContext("2d");
    pen.clearRect(0, 0, map.width, map.height);
    const count = state.rows.length;
    if (!count) return;
    const tall = Math.max(1, map.height / count);
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
    pen.fillStyle = style.getPropertyValue("--accent");
    pen.fillRect(0, Math.floor(state.current * map.height / count) - scale, map.width, Math.max(3 * scale, tall));
  });
}
$("map").addEventListener("pointerdown", (event) => {
  const box = $("map").getBoundingClientRect();
  go(Math.floor((event.clientY - box.top) / box.height * state.rows.length));
});
addEventListener("resize", drawMap);

// Loading -----------------------------------------------------------------------------------------------------------

async function loadProject() {
  state.overview = await get("project");
  $("project").textContent = state.overview.project;
  document.title = `${state.overview.project} – duiyi`;
  $("document").replaceChildren(...state.overview.documents.map((item, index) =>
    make("option", { value: String(index), textContent: item.title && item.title !== item.name ? `${item.name} – ${item.title}` : item.name })));
}

async function loadDocument(index, row = 0) {
  const data = await get(`document?n=${index}`);
  state.document = index;
  state.languages = data.languages;
  state.rows = data.rows;
  state.caret = null;
  state.picked = { source: null, target: null };
  state.editing = false;
  $("document").value = String(index);
  state.current = Math.max(0, Math.min(row, state.rows.length - 1));
  renderAround(state.current);
  if (data.unfit.length) tell(`${data.unfit.length} earlier decisions no longer fit this document: ${data.unfit.slice(0, 3).join("; ")}`, "warning");
  go(state.current, state.view === "alignment", "center");
  progress();
}
$("document").addEventListener("change", () => serial(() => loadDocument(Number($("document").value))));

function progress() {
  const documents = state.overview.documents;
  const counts = documents[state.document].counts;
  const all = documents.reduce((sum, item) => ({ rows: sum.rows + item.counts.rows, settled: sum.settled + item.counts.settled }), { rows: 0, settled: 0 });
  $("meter").setAttribute("width", String(counts.rows ? 100 * counts.settled / counts.rows : 0));
  $("progress").textContent = `${number(counts.settled)} of ${number(counts.rows)} judged, ${number(counts.doubtful)} doubtful`
    + (documents.length > 1 ? `; in all ${number(all.settled)} of ${number(all.rows)}` : "");
}

function queueItem(item) {
  const conf = item.level === "unaligned" ? "unaligned" : percent(item.confidence ?? 0);
  return make("li", {}, make("button", { dataset: { document: item.document ?? "", row: item.row ?? "" }, disabled: item.row === undefined },
    make("span", { className: `mark ${item.level || item.verdict}` }, item.verdict ? { right: "✓ right", error: "✕ error", open: "· to look at" }[item.verdict] : `${LEVELS[item.level]} ${conf}`),
    make("span", { className: "snippet", lang: item.side === "target" ? "en" : "zh-CN", textContent: item.text })));
}

async function loadQueue() {
  const data = await get("queue");
  state.queue = data.items;
  $("queue").replaceChildren(...data.items.slice(0, 100).map(queueItem));
  $("tab-queue").textContent = `Queue (${number(data.total)})`;
  if (!$("audit-panel").hidden) await loadAudit();
}
let queueTimer = 0;
function queueSoon() {
  clearTimeout(queueTimer);
  queueTimer = setTimeout(() => serial(loadQueue), 250);
}

function showAudit(data) {
  state.audit = data.audit?.items || [];
  $("audit").replaceChildren(...state.audit.map(queueItem));
  $("audit-result").textContent = data.audit?.sentence || "";
}
const loadAudit = async () => showAudit(await get("audit"));
$("audit-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const data = await send("audit/start", { size: Number($("audit-size").value) });
  if (data) showAudit(data);
});
for (const list of [$("queue"), $("audit")]) {
  list.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button || button.dataset.row === "") return;
    await visit(Number(button.dataset.document), Number(button.dataset.row));
  });
}
function visit(index, row) {
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

const verbs = {
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
  realign: () => { saved("Aligning…", "busy"); return act("realign"); },
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
    else tell("Nothing is left to look at.", "info");
  },
  edit: startEditing,
  side: () => setSide(state.side === "source" ? "target" : "source"),
  find: () => { $("find").focus(); $("find").select(); },
  all: openThreshold,
  term: openTerm,
  help: () => $("help").showModal(),
};

// The caret: by click or by keys.
function startCaret() {
  const row = state.rows[state.current];
  const choice = [state.side, state.side === "source" ? "target" : "source"].find((side) => sideText(row, side).text.length > 1);
  if (!choice) return;
  setSide(choice);
  const { text, starts } = sideText(row, choice);
  const middle = text.length / 2;
  const borders = starts.length > 1 ? starts.slice(1) : [...text.matchAll(/[，、；：,;:—–]\s*/g)].map((match) => match.index + match[0].length).filter((at) => at < text.length);
  const offset = borders.length ? borders.reduce((best, at) => (Math.abs(at - middle) < Math.abs(best - middle) ? at : best)) : Math.round(middle);
  setCaret(choice, offset);
  tell("← → move the caret (Ctrl by clause), Shift selects, Tab changes the side, s or Enter splits here, Esc leaves.", "hint");
}
function setCaret(side, offset, anchor = offset, index = state.current) {
  state.caret = { row: index, side, offset, anchor };
  if (offset !== anchor) pick(index, side, Math.min(offset, anchor), Math.max(offset, anchor));
  setSide(side);
  refresh(index);
}
function dropCaret() {
  if (!state.caret) return;
  const index = state.caret.row;
  state.caret = null;
  refresh(index);
  if ($("notice").dataset.kind === "hint") tell("");
}
function moveCaret(event) {
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
  if (!element) return;
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
});
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
    const area = make("textarea", { value: text, lang: state.languages[side === "source" ? 0 : 1], rows: 2, ariaLabel: side === "source" ? "Chinese" : "English", spellcheck: side === "target" });
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
  const save = make("button", { className: "strong", textContent: "Save (Enter)" });
  const cancel = make("button", { textContent: "Cancel (Esc)" });
  save.addEventListener("click", () => finish(true));
  cancel.addEventListener("click", () => finish(false));
  element.querySelector(".conf").append(make("div", { className: "edit-buttons" }, save, cancel));
  areas[state.side].focus();
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
    $("threshold-count").textContent = `${number(found)} rows of this document`;
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
  ask($("term-dialog"), () => send("act", { action: "term-add", ...at, term: $("term-source").value, rendering: $("term-target").value }).then((data) => {
    if (data) { tell(`Added to the terms: ${$("term-source").value} = ${$("term-target").value}`, "info"); elementAt(state.current)?.focus(); }
    return data;
  }));
  (source ? (target ? $("term-target") : $("term-target")) : $("term-source")).focus();
}

function ask(dialog, onYes) {
  dialog.returnValue = "";
  dialog.showModal();
  dialog.onclose = () => { if (dialog.returnValue === "yes") onYes(); };
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

// Find: rows of the open document, or terms.
const folded = (text) => text.normalize("NFKC").toLowerCase();
function findRow(step = 1, from = state.current) {
  const wanted = folded($("find").value.trim());
  if (!wanted) { $("found").textContent = ""; return; }
  const hits = (row) => folded(`${sideText(row, "source").text}\n${sideText(row, "target").text}`).includes(wanted);
  const total = state.rows.reduce((sum, row) => sum + hits(row), 0);
  $("found").textContent = total ? `${number(total)} found` : "none found";
  for (let at = 1; at <= state.rows.length && total; at += 1) {
    const index = (from + step * at + state.rows.length * 2) % state.rows.length;
    if (hits(state.rows[index])) { go(index, false, "center"); return; }
  }
}
$("find").addEventListener("input", () => { if (state.view === "terms") showEntries(); else findRow(1, state.current - 1); });
$("find").addEventListener("keydown", (event) => {
  event.stopPropagation();
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "Enter") { event.preventDefault(); if (state.view === "terms") $("entries").focus(); else findRow(event.shiftKey ? -1 : 1); }
  if (event.key === "Escape") { event.preventDefault(); if (state.view === "terms") $("entries").focus(); else elementAt(state.current)?.focus(); }
});

// Terms -------------------------------------------------------------------------------------------------------------

const REVIEW = { candidate: "", accepted: "✓ accepted", edited: "✎ edited", rejected: "✕ dropped", discuss: "? discuss" };
async function loadTerms(keep) {
  const data = await get("terms");
  state.entries = data.entries;
  state.termLanguages = data.languages;
  $("tab-terms").textContent = `Terms (${number(data.entries.filter((entry) => entry.review !== "rejected" && !entry.broader).length)})`;
  showEntries(keep);
}

function showEntries(keep = state.shownEntries[state.entry]?.id) {
  const filter = $("term-filter").value, wanted = state.view === "terms" ? folded($("find").value.trim()) : "";
  const gone = (entry) => entry.review === "rejected" || entry.broader;
  const chosen = {
    open: (entry) => !gone(entry) && entry.review === "candidate", recurring: (entry) => !gone(entry) && entry.list === "recurring",
    once: (entry) => !gone(entry) && entry.list === "once", accepted: (entry) => entry.review === "accepted" || entry.review === "edited",
    dropped: gone, all: () => true,
  }[filter];
  const was = state.entry;
  state.shownEntries = state.entries.filter((entry) => (chosen(entry) || entry.id === state.lingering)
    && (!wanted || folded([entry.term, ...entry.renderings.map((r) => r.text), ...entry.variants.map((v) => v.text)].join("\n")).includes(wanted)));
  const at = state.shownEntries.findIndex((entry) => entry.id === keep);
  state.entry = at >= 0 ? at : Math.min(was, Math.max(0, state.shownEntries.length - 1));
  $("term-count").textContent = `${number(state.shownEntries.length)} of ${number(state.entries.length)}`;
  const shown = state.shownEntries.slice(0, 2000);
  $("entries").replaceChildren(...shown.map((entry, index) => {
    const item = make("div", { className: "entry", role: "option", id: `entry-${index}`, dataset: { index: String(index), review: entry.review } },
      make("span", { className: "entry-term", lang: "zh-CN", textContent: entry.term }),
      make("span", { className: "entry-rendering", lang: "en", textContent: entry.renderings[0]?.text ?? "" }),
      make("span", { className: "entry-count quiet", textContent: `${number(entry.count)}×` }),
      make("span", { className: `status ${entry.review}`, textContent: entry.broader ? "hidden" : REVIEW[entry.review] }));
    if (entry.broader || entry.review === "rejected") item.classList.add("gone");
    return item;
  }));
  goEntry(state.entry, false);
}

function goEntry(index, focus = true) {
  const box = $("entries");
  box.querySelector(".current")?.classList.remove("current");
  if (!state.shownEntries.length) { $("detail").replaceChildren(make("p", { className: "quiet", textContent: "No term here." })); box.removeAttribute("aria-activedescendant"); return; }
  index = Math.max(0, Math.min(index, state.shownEntries.length - 1));
  if (index !== state.entry) state.rendering = 0;
  state.entry = index;
  for (const item of box.querySelectorAll('[aria-selected="true"]')) item.setAttribute("aria-selected", "false");
  const item = box.children[index];
  if (item) {
    item.classList.add("current");
    item.setAttribute("aria-selected", "true");
    box.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }
  if (focus) box.focus({ preventScroll: true });
  showDetail();
}

function marked(pieces, language) {
  return make("p", { lang: language }, ...pieces.map(([text, term]) => (term ? make("mark", { textContent: text }) : text)));
}
function showDetail() {
  const entry = state.shownEntries[state.entry];
  const [zh, en] = state.termLanguages;
  state.rendering = Math.min(state.rendering, entry.renderings.length - 1);
  const renderings = entry.renderings.map((rendering, index) => {
    const button = make("button", { className: "rendering", ariaPressed: String(index === state.rendering), dataset: { index: String(index) } },
      make("span", { className: "radio", ariaHidden: "true", textContent: rendering.usage === "preferred" ? "◉" : "○" }),
      make("span", { lang: en, textContent: rendering.text }),
      make("small", { className: "quiet", textContent: `${rendering.usage} · ${rendering.count} of ${entry.count}` }));
    button.addEventListener("click", () => { state.rendering = index; if (index) verbsOfTerms.prefer(); else showDetail(); });
    return button;
  });
  const broader = state.entries.find((other) => other.id === entry.broader);
  $("detail").replaceChildren(
    make("header", {}, make("h2", { lang: zh, textContent: entry.term }),
      make("p", { className: "quiet", textContent: [entry.type, entry.list === "once" ? "once only" : "recurring", `${number(entry.count)} occurrences`, REVIEW[entry.review]].filter(Boolean).join(" · ") })),
    ...(broader ? [make("p", {}, "Hidden: stands only inside ", make("span", { lang: zh, textContent: broader.term }))] : []),
    make("h3", { textContent: "Renderings" }), make("div", { className: "renderings", role: "group", ariaLabel: "Renderings" }, ...renderings),
    ...(entry.variants.length ? [make("h3", { textContent: "Variants" }), make("p", {}, ...entry.variants.map((variant) => make("span", { className: "pill" }, make("span", { lang: zh, textContent: variant.text }), make("small", { className: "quiet", textContent: ` ${variant.kind}` }))))] : []),
    make("h3", { textContent: "In context" }),
    ...(entry.contexts.length ? entry.contexts.map((context) => make("div", { className: "context" }, marked(context.source, zh), marked(context.target, en), make("small", { className: "quiet", textContent: [context.document, context.place, context.date].filter(Boolean).join(" · ") }))) : [make("p", { className: "quiet", textContent: "No context was kept." })]),
    ...(entry.reasons.length ? [make("h3", { textContent: "Why it is listed" }), make("p", { className: "quiet", textContent: entry.reasons.join("; ") })] : []),
  );
}

const termAct = (action, more = {}) => {
  const entry = state.shownEntries[state.entry];
  return entry ? send("act", () => ({ action: `term-${action}`, entry: entry.id, ...more })) : null;
};
async function judge(action) {
  const here = state.entry, id = state.shownEntries[here]?.id;
  const data = await termAct(action);
  if (!data) return;
  const still = state.shownEntries.findIndex((entry) => entry.id === id);
  goEntry(still >= 0 ? still + 1 : here);
}
const verbsOfTerms = {
  next: () => goEntry(state.entry + 1),
  previous: () => goEntry(state.entry - 1),
  accept: () => judge("accept"),
  drop: () => judge("reject"),
  discuss: () => judge("discuss"),
  prefer() {
    const entry = state.shownEntries[state.entry];
    if (!entry) return null;
    const chosen = entry.renderings[state.rendering || (entry.renderings.length > 1 ? 1 : 0)];
    state.rendering = 0;
    return termAct("prefer", { rendering: chosen.text });
  },
  rendering(step) {
    const entry = state.shownEntries[state.entry];
    if (!entry) return;
    state.rendering = (state.rendering + step + entry.renderings.length) % entry.renderings.length;
    showDetail();
  },
  hide: () => termAct("hide"),
  variant: openVariant,
  undo: verbs.undo, redo: verbs.redo, find: verbs.find, help: verbs.help,
};

function openVariant() {
  const entry = state.shownEntries[state.entry];
  if (!entry) return;
  const dialog = $("variant"), find = $("variant-find"), list = $("variant-list");
  $("variant-title").textContent = `${entry.term} is a variant of which term?`;
  find.value = "";
  const fill = () => {
    const wanted = folded(find.value.trim());
    const others = state.entries.filter((other) => other.id !== entry.id && other.review !== "rejected"
      && (!wanted || folded(`${other.term}\n${other.renderings.map((r) => r.text).join("\n")}`).includes(wanted)));
    const near = (other) => (other.term.includes(entry.term) || entry.term.includes(other.term) ? 0 : other.renderings.some((r) => entry.renderings.some((own) => own.text === r.text)) ? 1 : 2);
    others.sort((a, b) => near(a) - near(b));
    list.replaceChildren(...others.slice(0, 12).map((other) => {
      const button = make("button", { type: "button" }, make("span", { lang: "zh-CN", textContent: other.term }), make("span", { lang: "en", className: "quiet", textContent: other.renderings[0]?.text ?? "" }));
      button.addEventListener("click", () => { dialog.close(); termAct("variant", { of: other.id }); });
      return button;
    }));
  };
  find.oninput = fill;
  find.onkeydown = (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter") { event.preventDefault(); list.firstElementChild?.click(); }
    if (event.key === "ArrowDown") { event.preventDefault(); list.firstElementChild?.focus(); }
  };
  fill();
  ask(dialog, () => {});
  find.focus();
}
$("entries").addEventListener("click", (event) => { const item = event.target.closest(".entry"); if (item) goEntry(Number(item.dataset.index)); });
$("term-filter").addEventListener("change", () => showEntries());

// Keys, buttons, help: one table ------------------------------------------------------------------------------------

const ROW_KEYS = [
  ["j", "next", "next row", ""], ["k", "previous", "previous row", ""],
  ["a", "approve", "approve and next", "Approve"], ["m", "merge", "merge with the next row", "Merge"],
  ["s", "split", "split at the caret (click in the text, or s and the arrow keys)", "Split"],
  ["u", "up", "move the first sentence of the chosen side to the row above", "Up"],
  ["d", "down", "move the last sentence of the chosen side to the row below", "Down"],
  ["e", "edit", "edit the wording", "Edit"], ["r", "doubt", "mark as doubtful", "Doubtful"], ["n", "wrong", "not a translation", "No translation"],
  ["g", "gain", "next doubtful row, the most doubtful first", "Next doubtful"], ["p", "realign", "align again what is not approved", "Re-align"],
  ["A", "all", "approve all above a threshold", "Approve all…"], ["t", "term", "make the selected pair a term", "Make a term"],
  ["Tab", "side", "choose the other side (in the row)", ""],
  ["z", "undo", "undo", ""], ["Z", "redo", "redo", ""], ["/", "find", "find", ""], ["?", "help", "this help", ""],
];
const TERM_KEYS = [
  ["j", "next", "next term", ""], ["k", "previous", "previous term", ""],
  ["a", "accept", "accept and next", "Accept"], ["d", "drop", "drop and next", "Drop"], ["v", "variant", "variant of another term", "Variant of…"],
  ["P", "prefer", "prefer the chosen rendering (← → choose)", "Prefer"], ["h", "hide", "hide shorter terms inside this one", "Hide shorter"],
  ["z", "undo", "undo", ""], ["Z", "redo", "redo", ""], ["/", "find", "find", ""], ["?", "help", "this help", ""],
];

function buttons(box, table, run) {
  for (const [key, verb, words, label] of table) {
    if (!label) continue;
    const button = make("button", { title: words, dataset: { verb } }, make("kbd", { textContent: key }), ` ${label}`);
    button.addEventListener("click", () => run[verb]());
    box.append(button);
  }
}
buttons($("actions"), ROW_KEYS, verbs);
buttons($("term-actions"), TERM_KEYS, verbsOfTerms);
for (const [title, table] of [["Alignment", ROW_KEYS], ["Terms", TERM_KEYS]]) {
  $("help-body").append(make("h3", { textContent: title }), make("dl", {}, ...table.map(([key, , words]) => make("div", {}, make("dt", {}, make("kbd", { textContent: key })), make("dd", { textContent: words })))));
}
$("undo").addEventListener("click", verbs.undo);
$("redo").addEventListener("click", verbs.redo);
$("keys").addEventListener("click", verbs.help);

const rowVerb = Object.fromEntries(ROW_KEYS.map(([key, verb]) => [key, verb]));
const termVerb = Object.fromEntries(TERM_KEYS.map(([key, verb]) => [key, verb]));

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.metaKey || event.defaultPrevented) return;
  const target = event.target;
  if (target.matches("input, textarea, select") || target.closest("dialog")) return;
  const plain = !event.ctrlKey && !event.altKey;
  const inButton = target.matches("button");
  if (state.view === "terms") {
    if (plain && termVerb[event.key] && event.key !== "Tab") { event.preventDefault(); verbsOfTerms[termVerb[event.key]](); }
    else if (plain && !inButton && (event.key === "ArrowDown" || event.key === "ArrowUp")) { event.preventDefault(); goEntry(state.entry + (event.key === "ArrowDown" ? 1 : -1)); }
    else if (plain && !inButton && (event.key === "ArrowLeft" || event.key === "ArrowRight")) { event.preventDefault(); verbsOfTerms.rendering(event.key === "ArrowRight" ? 1 : -1); }
    return;
  }
  const inRow = target.closest?.(".row") || target === document.body;
  if (state.caret && inRow) {
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") { event.preventDefault(); moveCaret(event); return; }
    if (plain && event.key === "Escape") { event.preventDefault(); dropCaret(); return; }
    if (plain && event.key === "Enter") { event.preventDefault(); verbs.split(); return; }
    if (plain && event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      const other = state.caret.side === "source" ? "target" : "source";
      if (sideText(state.rows[state.caret.row], other).text) { setSide(other); state.caret = null; refresh(state.current); startCaret(); }
      return;
    }
  }
  if (!plain) return;
  if (event.key === "Tab") {
    // Tab chooses the English side, then leaves the row as it does everywhere; Shift+Tab goes the other way.
    if (inRow && target !== document.body && state.side === (event.shiftKey ? "target" : "source")) { event.preventDefault(); verbs.side(); }
    return;
  }
  if (inRow && event.key === "ArrowDown") { event.preventDefault(); verbs.next(); }
  else if (inRow && event.key === "ArrowUp") { event.preventDefault(); verbs.previous(); }
  else if (inRow && (event.key === "ArrowLeft" || event.key === "ArrowRight")) { event.preventDefault(); setSide(event.key === "ArrowLeft" ? "source" : "target"); }
  else if (inRow && event.key === "Home") { event.preventDefault(); go(0); }
  else if (inRow && event.key === "End") { event.preventDefault(); go(state.rows.length - 1); }
  else if (rowVerb[event.key]) { event.preventDefault(); verbs[rowVerb[event.key]](); }
});

// Tabs, colours, export ---------------------------------------------------------------------------------------------

function chooseTab(names, chosen) {
  for (const name of names) {
    const tab = $(`tab-${name}`), panel = $(tab.getAttribute("aria-controls"));
    tab.setAttribute("aria-selected", String(name === chosen));
    tab.tabIndex = name === chosen ? 0 : -1;
    panel.hidden = name !== chosen;
  }
}
async function view(name) {
  state.view = name;
  chooseTab(["alignment", "terms"], name);
  $("find").value = "";
  $("found").textContent = "";
  (name === "terms" ? $("entries") : elementAt(state.current))?.focus({ preventScroll: true });
  if (name === "terms") { await serial(() => loadTerms()); goEntry(state.entry); } else { drawMap(); elementAt(state.current)?.focus(); }
}
for (const [names, choose_] of [[["alignment", "terms"], view], [["queue", "audit"], (name) => { chooseTab(["queue", "audit"], name); return serial(name === "audit" ? loadAudit : loadQueue); }]]) {
  names.forEach((name, at) => {
    $(`tab-${name}`).addEventListener("click", () => choose_(name));
    $(`tab-${name}`).addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      event.preventDefault();
      event.stopPropagation();
      const other = names[(at + 1) % names.length];
      choose_(other);
      $(`tab-${other}`).focus();
    });
  });
}

$("theme").addEventListener("click", () => {
  const order = ["", "light", "dark"];
  const theme = order[(order.indexOf(document.documentElement.dataset.theme || "") + 1) % 3];
  if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme;
  drawMap();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawMap);

$("export").addEventListener("click", async () => {
  saved("Exporting…", "busy");
  const data = await send("export", {});
  if (data) tell([`Written: ${data.files.join(", ")}`, ...data.set_aside].join(". "), data.set_aside.length ? "warning" : "info");
});

// Begin
try {
  await loadProject();
  if (state.overview.documents.length) {
    await loadDocument(0);
    await loadQueue();
  } else tell("There is no document here.", "warning");
  await loadTerms();
  await pulse();
  saved("All saved", "ok");
  document.documentElement.dataset.ready = "yes";
} catch (error) {
  tell(`The page could not be loaded: ${error.message}`, "error");
  saved("");
}
