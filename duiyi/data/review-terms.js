// The terms: a list one can sort, filter and select from, and beside it the entry with all its occurrences.

import { $, ask, folded, get, inTurn, make, marked, moved, number, parts, percent, say, sayOr, send, serial, state, tell } from "./review-basics.js";
import { WindowedList } from "./review-list.js";
import { visit } from "./review-rows.js";

const SIGN = { candidate: "", accepted: "✓", edited: "✎", rejected: "✕", discuss: "?" };
const TYPES = ["concept", "institution", "person", "event", "initiative", "slogan", "title", "place", "abbreviation", "phrase", "other"];
const WORD_CLASSES = ["noun", "verb", "adjective", "adverb", "properNoun", "phrase", "other"];
const USAGES = ["preferred", "admitted", "superseded", "deprecated"];
const KINDS = ["synonym", "short form", "full form", "abbreviation", "spelling"];
const LEVELS = [["sure", 0.9], ["fair", 0.5], ["doubtful", 0]]; // as for rows
const NEITHER = ["superseded", "deprecated"]; // not to be used

const gone = (entry) => entry.review === "rejected" || Boolean(entry.broader);
const level = (entry) => LEVELS.find(([, least]) => entry.score >= least)[0];
const status = (entry) => (entry.broader && entry.review !== "rejected" ? say("page.hidden") : entry.review === "candidate" ? "" : `${SIGN[entry.review]} ${say(`review.${entry.review}`)}`);

// The list ----------------------------------------------------------------------------------------------------------

const FILTERS = {
  status: {
    open: (entry) => !gone(entry) && entry.review === "candidate", all: () => true,
    accepted: (entry) => entry.review === "accepted", edited: (entry) => entry.review === "edited",
    discuss: (entry) => entry.review === "discuss", gone,
  },
  list: {
    "": () => true, ...Object.fromEntries(["political", "other", "general"].map((domain) => [domain, (entry) => entry.domain === domain])),
    recurring: (entry) => entry.list === "recurring", once: (entry) => entry.list === "once",
  },
  type: { "": () => true, ...Object.fromEntries(TYPES.map((type) => [type, (entry) => entry.type === type])) },
  level: { "": () => true, ...Object.fromEntries(LEVELS.map(([name]) => [name, (entry) => level(entry) === name])) },
  known: {
    "": () => true, several: (entry) => entry.renderings.filter((rendering) => !NEITHER.includes(rendering.usage)).length > 1,
    ...Object.fromEntries(["known", "conflicting", "new"].map((known) => [known, (entry) => entry.known === known])),
  },
};
const RANK = { discuss: 0, candidate: 1, edited: 2, accepted: 3, rejected: 4 };
const pinyin = new Intl.Collator("zh-Hans-CN-u-co-pinyin"), english = new Intl.Collator("en", { sensitivity: "base" });
const SORTS = {
  rank: null, // as the server gives them: strongest first
  chinese: (a, b) => pinyin.compare(a.term, b.term),
  english: (a, b) => english.compare(a.renderings[0]?.text ?? "", b.renderings[0]?.text ?? ""),
  count: (a, b) => b.count - a.count,
  date: (a, b) => (a.last < b.last) - (a.last > b.last),
  status: (a, b) => RANK[a.review] - RANK[b.review],
};
const chosenFilter = (name) => $(`filter-${name}`).value;
parts.filters = () => Object.fromEntries(["status", "list", "type", "level", "known", "sort"].map((name) => [name, chosenFilter(name)]));
export function setFilters(filters) {
  for (const [name, value] of Object.entries(filters || {})) {
    const select = $(`filter-${name}`);
    if (select && [...select.options].some((option) => option.value === value)) select.value = value;
  }
}

const list = new WindowedList($("term-scroller"), $("entries"), buildEntry, 44);

function buildEntry(index) {
  const entry = state.shownEntries[index];
  const item = make("div", { className: "entry", role: "option", id: `entry-${index}`, dataset: { index: String(index), review: entry.review }, aria: { selected: String(isSelected(entry, index)), posinset: index + 1, setsize: state.shownEntries.length } },
    make("span", { className: "tick", aria: { hidden: "true" } }),
    make("span", { className: "entry-term", lang: state.termLanguages[0], textContent: entry.term }),
    make("span", { className: "entry-rendering", lang: state.termLanguages[1], textContent: entry.renderings[0]?.text ?? "" }),
    make("span", { className: "entry-count quiet", textContent: `${number(entry.count)}×` }),
    make("span", { className: `status ${entry.review}`, textContent: status(entry) }));
  if (entry.known === "conflicting") item.querySelector(".status").prepend(make("span", { className: "chip", textContent: say("page.known.conflicting") }));
  item.classList.toggle("gone", gone(entry));
  item.classList.toggle("current", index === state.entry);
  item.classList.toggle("ticked", state.selected.has(entry.id));
  return item;
}
const isSelected = (entry, index) => (state.selected.size ? state.selected.has(entry.id) : index === state.entry);

/** Read the terms anew and stay with the entry one is at when they come, which may be another than when they were asked for. */
export async function loadTerms() {
  const data = await get("terms");
  state.termLanguages = data.languages;
  setEntries(data.entries, state.shownEntries[state.entry]?.id);
}
/** Take over what an action changed of the terms. */
export function changeTerms({ changed, gone: ids }, keep) {
  const leaving = new Set(ids), fresh = new Map(changed.map(({ entry }) => [entry.id, entry]));
  const entries = state.entries.filter((entry) => !leaving.has(entry.id)).map((entry) => {
    const now = fresh.get(entry.id);
    if (!now) return entry;
    fresh.delete(entry.id);
    return now;
  });
  for (const { index, entry } of changed) if (fresh.has(entry.id)) entries.splice(index, 0, entry);
  setEntries(entries, keep);
}
function setEntries(entries, keep) {
  state.entries = entries;
  const known = new Set(entries.map((entry) => entry.id));
  for (const id of state.selected) if (!known.has(id)) state.selected.delete(id);
  $("tab-terms").textContent = `${say("page.terms")} (${number(entries.filter((entry) => !gone(entry)).length)})`;
  if (keep && !judging) state.lingering = keep; // what was just changed stays in view, whatever the filter says
  showEntries(keep);
}

export function showEntries(keep = state.shownEntries[state.entry]?.id) {
  const wanted = state.view === "terms" ? folded($("find").value.trim()) : "";
  const tests = ["status", "list", "type", "level", "known"].map((name) => FILTERS[name][chosenFilter(name)]);
  const was = state.entry;
  state.shownEntries = state.entries.filter((entry) => (entry.id === state.lingering || tests.every((test) => test(entry)))
    && (!wanted || searchText(entry).includes(wanted)));
  const sort = SORTS[chosenFilter("sort")];
  if (sort) state.shownEntries.sort(sort);
  const at = state.shownEntries.findIndex((entry) => entry.id === keep);
  state.entry = at >= 0 ? at : Math.min(was, Math.max(0, state.shownEntries.length - 1));
  countShown();
  list.reset(state.shownEntries.length, state.entry);
  goEntry(state.entry, false, true);
}
const searched = new WeakMap();
function searchText(entry) {
  if (!searched.has(entry)) searched.set(entry, folded([entry.term, entry.definition, ...entry.notes, ...entry.renderings.map((r) => r.text), ...entry.variants.map((v) => v.text)].join("\n")));
  return searched.get(entry);
}
function countShown() {
  $("term-count").textContent = say("page.shown-of", { shown: state.shownEntries.length, total: state.entries.length })
    + (state.selected.size ? say("page.selected", { n: state.selected.size }) : "");
}

export function goEntry(index, focus = true, anew = false) {
  const box = $("entries");
  if (!state.shownEntries.length) {
    state.entry = 0;
    $("detail").replaceChildren(make("p", { className: "quiet", textContent: say("page.no-term") }));
    box.removeAttribute("aria-activedescendant");
    return;
  }
  index = Math.max(0, Math.min(index, state.shownEntries.length - 1));
  const old = state.entry;
  if (index !== old) state.rendering = 0;
  state.entry = index;
  list.show(index);
  retick([old, index]);
  box.setAttribute("aria-activedescendant", `entry-${index}`);
  if (focus) box.focus({ preventScroll: true });
  if (anew || index !== old || !$("detail").firstElementChild) showDetail();
  moved();
}
/** Show again which entries are current and selected; of all that are on the page, or of some. */
function retick(indices) {
  for (const index of indices ?? Array.from({ length: list.last - list.first }, (_, at) => list.first + at)) {
    const item = list.element(index), entry = state.shownEntries[index];
    if (!item || !entry) continue;
    item.classList.toggle("current", index === state.entry);
    item.classList.toggle("ticked", state.selected.has(entry.id));
    item.setAttribute("aria-selected", String(isSelected(entry, index)));
  }
}
function tick(indices, on) {
  for (const index of indices) {
    const { id } = state.shownEntries[index];
    if (on ?? !state.selected.has(id)) state.selected.add(id); else state.selected.delete(id);
  }
  retick();
  countShown();
}
const between = (a, b) => Array.from({ length: Math.abs(a - b) + 1 }, (_, at) => Math.min(a, b) + at);

// The entry ---------------------------------------------------------------------------------------------------------

/** Why an entry is listed, in words: the values go into the gaps in their order. */
const reasonWords = ([code, values]) => values.reduce((text, value) => text.replace("{}", () => value), say(`reason.${code}`));
const usedSo = (usage, n, of) => `${say(`usage.${usage}`)} · ${say("page.count-of", { n, of })}`;
const heading = (name) => make("h3", { textContent: say(name) });
function showDetail() {
  const entry = state.shownEntries[state.entry];
  const [zh, en] = state.termLanguages;
  state.rendering = Math.min(state.rendering, entry.renderings.length - 1);
  const renderings = entry.renderings.map((rendering, index) => {
    const button = make("button", { className: "rendering", ariaPressed: String(index === state.rendering), dataset: { index: String(index), usage: rendering.usage } },
      make("span", { className: "radio", ariaHidden: "true", textContent: rendering.usage === "preferred" ? "◉" : NEITHER.includes(rendering.usage) ? "⊘" : "○" }),
      make("span", { className: "wording", lang: en, textContent: rendering.text }),
      make("small", { className: "quiet", textContent: usedSo(rendering.usage, rendering.count, entry.count) }));
    button.addEventListener("click", () => { state.rendering = index; showDetail(); });
    return button;
  });
  const broader = state.entries.find((other) => other.id === entry.broader);
  const facts = [say(`type.${entry.type}`), say(`part-of-speech.${entry.pos}`), say(`list.${entry.list}`), say("page.occurrences", { n: entry.count }), percent(entry.score), entry.known && say(`page.known.${entry.known}`), status(entry)];
  const places = make("div", { id: "occurrences" }, ...entry.contexts.map((context) => make("div", { className: "context" }, make("p", { lang: zh }, ...marked(context.source)), make("p", { lang: en }, ...marked(context.target)))));
  $("detail").replaceChildren(
    make("header", {}, make("h2", { lang: zh, textContent: entry.term }), make("p", { className: "quiet", textContent: facts.filter(Boolean).join(" · ") })),
    ...(broader ? [make("p", {}, `${say("page.hidden-in")} `, make("span", { lang: zh, textContent: broader.term }))] : []),
    ...(entry.conflicts?.length ? [make("ul", { className: "conflicts" }, ...entry.conflicts.map((conflict) => conflictLine(conflict, zh, en)))] : []),
    ...(entry.definition ? [make("p", { className: "definition", textContent: entry.definition })] : []),
    ...entry.notes.map((note) => make("p", { className: "note", textContent: note })),
    heading("page.renderings"), make("div", { className: "renderings", role: "group", ariaLabel: say("page.renderings") }, ...renderings),
    ...(entry.variants.length ? [heading("page.variants"), make("p", {}, ...entry.variants.map((variant) => make("span", { className: "pill" }, make("span", { lang: zh, textContent: variant.text }), make("small", { className: "quiet", textContent: ` ${say(`kind.${variant.kind}`)}` }))))] : []),
    heading("page.in-context"), places,
    ...(entry.reasons.length ? [heading("page.why-listed"), make("p", { className: "quiet", textContent: entry.reasons.map(reasonWords).join(state.language === "zh" ? "；" : "; ") })] : []),
  );
  $("detail").scrollTop = 0;
  occurrencesSoon(entry.id);
}

/** What the documents bring against a judgement, with a sentence that shows it. */
function conflictLine(conflict, zh, en) {
  const shown = conflict.contexts.slice(0, 1).flatMap((context) => [make("p", { lang: zh }, ...marked(context.source)), make("p", { lang: en }, ...marked(context.target))]);
  return make("li", {}, say(`page.conflict.${conflict.kind}`, { text: conflict.text, n: conflict.count }), ...shown);
}

let occurrenceTimer = 0;
function occurrencesSoon(id) {
  clearTimeout(occurrenceTimer);
  occurrenceTimer = setTimeout(() => showOccurrences(id).catch(() => {}), 150);
}
/** Put all occurrences in the place of the few contexts: by rendering, what deviates from the preferred one too. */
async function showOccurrences(id) {
  if (state.shownEntries[state.entry]?.id !== id || state.view !== "terms") return;
  const { groups } = await get(`occurrences?${new URLSearchParams({ entry: id })}`);
  const entry = state.shownEntries[state.entry];
  const box = $("occurrences");
  if (entry?.id !== id || !box) return;
  const usage = Object.fromEntries(entry.renderings.map((rendering) => [rendering.text, rendering.usage]));
  const found = groups.filter((group) => group.count);
  if (!found.length) {
    if (!box.children.length) box.append(make("p", { className: "quiet", textContent: say("page.no-occurrence") }));
    return;
  }
  // What was counted when the glossary was made gives way to what stands in the rows now.
  const total = found.reduce((sum, group) => sum + group.count, 0);
  for (const [index, rendering] of entry.renderings.entries()) {
    const n = groups.find((group) => group.rendering === rendering.text)?.count ?? 0;
    $("detail").querySelector(`.rendering[data-index="${index}"] small`).textContent = usedSo(rendering.usage, n, total);
  }
  box.replaceChildren(...found.map((group) => {
    const deviates = usage[group.rendering] !== "preferred";
    const title = group.rendering ? make("span", { lang: state.termLanguages[1], textContent: group.rendering }) : make("span", { textContent: say("page.rendered-otherwise") });
    const summary = make("summary", {}, title, make("small", { className: deviates ? "deviates" : "quiet", textContent: ` ${group.rendering ? say(`usage.${usage[group.rendering]}`) : ""} · ${number(group.count)}` }));
    const details = make("details", { className: "group", open: true }, summary, ...group.items.map((item) => occurrence(item, entry)));
    if (group.items.length < group.count) details.append(make("p", { className: "quiet", textContent: say("page.first-of", { n: group.items.length, total: group.count }) }));
    return details;
  }));
}

const BESIDE = 90; // characters shown on each side of the word, more than fit
/** A text around its first mark, in one line, so that the marks of all lines stand one below the other. */
function line(pieces, lang) {
  const at = pieces.findIndex(([, term]) => term);
  const texts = (some) => Array.from(some.map(([piece]) => piece).join(""));
  if (at < 0) return make("span", { className: "unmarked", lang, textContent: texts(pieces).join("") });
  return make("span", { className: "kwic-line", lang },
    make("span", { className: "before" }, make("span", { textContent: texts(pieces.slice(0, at)).slice(-BESIDE).join("") })), make("mark", { textContent: pieces[at][0] }),
    make("span", { className: "after", textContent: texts(pieces.slice(at + 1)).slice(0, BESIDE).join("") }));
}
function occurrence(item, entry) {
  const [zh, en] = state.termLanguages;
  const name = state.overview.documents[item.document]?.name ?? "";
  const button = make("button", { className: "kwic", title: `${name} · ${item.place} – ${say("page.to-row")}`, dataset: { document: String(item.document), row: String(item.row) } },
    line(item.source, zh), line(item.target, en),
    make("small", { className: "quiet kwic-place", textContent: [state.overview.documents.length > 1 ? name : "", item.place].filter(Boolean).join(" · ") }));
  button.addEventListener("click", () => inTurn(() => toRow(item, entry)));
  return button;
}
async function toRow(item, entry) {
  state.cameFrom = entry.id;
  await parts.view("alignment");
  await visit(item.document, item.row);
  const back = make("button", { className: "strong", textContent: `b  ${say("page.back-to", { term: entry.term })}` });
  back.addEventListener("click", () => inTurn(backToTerm));
  tell(`${say("page.came-from", { term: entry.term })} `, "hint", back);
}
/** Go back to the term from whose occurrence one came. */
export async function backToTerm() {
  if (!state.cameFrom) { tell(say("page.no-way-back"), "hint"); return; }
  tell("");
  state.lingering = state.cameFrom;
  await parts.view("terms");
  showEntries(state.cameFrom);
  $("entries").focus({ preventScroll: true });
}

// What can be done to terms -----------------------------------------------------------------------------------------

const chosenOne = () => state.shownEntries[state.entry];
/** The entries an action is about: those that are ticked, else the current one. */
const chosenMany = () => (state.selected.size ? state.entries.filter((entry) => state.selected.has(entry.id)).map((entry) => entry.id) : chosenOne() ? [chosenOne().id] : []);
const termAct = (action, more = {}) => (chosenOne() || more.entries ? send("act", () => ({ action: `term-${action}`, entry: chosenOne()?.id, ...more })) : null);

let judging = false; // what is judged leaves the list if the filter says so
async function judge(action) {
  let asked = [], here = 0, several = false;
  const data = await send("act", () => { // after the actions under way: they may have gone on to another term
    asked = chosenMany();
    here = state.entry;
    several = state.selected.size > 0;
    state.lingering = "";
    judging = true;
    return asked.length ? { action: `term-${action}`, entries: asked } : null;
  });
  judging = false;
  if (!data) return;
  if (several) {
    state.selected.clear();
    tell(say("page.judged-terms", { n: asked.length }), "done");
    retick();
    countShown();
  } else if (chosenOne()?.id === asked[0]) goEntry(here + 1);
}
export const verbsOfTerms = {
  next: () => goEntry(state.entry + 1),
  previous: () => goEntry(state.entry - 1),
  accept: () => judge("accept"),
  drop: () => judge("reject"),
  discuss: () => judge("discuss"),
  reopen: () => judge("reopen"),
  prefer() {
    const entry = chosenOne();
    if (!entry) return null;
    const chosen = entry.renderings[state.rendering || (entry.renderings.length > 1 ? 1 : 0)];
    state.rendering = 0;
    return termAct("prefer", { rendering: chosen.text });
  },
  rendering(step) {
    const entry = chosenOne();
    if (!entry) return;
    state.rendering = (state.rendering + step + entry.renderings.length) % entry.renderings.length;
    showDetail();
  },
  hide: () => termAct("hide", { entries: chosenMany() }),
  variant: openVariant,
  edit: openEdit,
  add: openAdd,
  avoid: openAvoid,
  split: openSplit,
  type: openType,
  tick: () => tick([state.entry]),
  tickNext: (step) => { const from = state.entry; goEntry(from + step); tick(between(from, state.entry), true); },
  tickAll: () => tick(state.shownEntries.keys(), state.selected.size < state.shownEntries.length),
  clear: () => { state.selected.clear(); retick(); countShown(); },
  row: () => $("occurrences")?.querySelector(".kwic")?.click(),
  back: backToTerm,
};

function openVariant() {
  const many = chosenMany(), entry = chosenOne();
  if (!entry) return;
  const dialog = $("variant"), find = $("variant-find"), choices = $("variant-list");
  $("variant-title").textContent = many.length > 1 ? say("page.variant-of-many", { n: many.length }) : say("page.variant-of", { term: entry.term });
  find.value = "";
  const fill = () => {
    const wanted = folded(find.value.trim());
    const others = state.entries.filter((other) => (!many.includes(other.id) || many.length > 1) && other.review !== "rejected" && (!wanted || searchText(other).includes(wanted)));
    const near = (other) => (many.includes(other.id) ? -1 : other.term.includes(entry.term) || entry.term.includes(other.term) ? 0 : other.renderings.some((r) => entry.renderings.some((own) => own.text === r.text)) ? 1 : 2);
    const ranked = others.map((other) => [near(other), other]).sort((a, b) => a[0] - b[0]).slice(0, 12);
    choices.replaceChildren(...ranked.map(([, other]) => {
      const button = make("button", { type: "button" }, make("span", { lang: state.termLanguages[0], textContent: other.term }), make("span", { lang: state.termLanguages[1], className: "quiet", textContent: other.renderings[0]?.text ?? "" }));
      button.addEventListener("click", () => {
        dialog.close();
        termAct("variant", { entries: many.filter((id) => id !== other.id), of: other.id }).then((data) => { if (data) verbsOfTerms.clear(); });
      });
      return button;
    }));
  };
  find.oninput = fill;
  find.onkeydown = (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter") { event.preventDefault(); choices.firstElementChild?.click(); }
    if (event.key === "ArrowDown") { event.preventDefault(); choices.firstElementChild?.focus(); }
  };
  fill();
  ask(dialog, () => {});
  find.focus();
}

const options = (select, names, chosen, prefix) => select.replaceChildren(...names.map((name) => make("option", { value: name, textContent: say(`${prefix}.${name}`), selected: name === chosen })));

/** A line of the form: a wording and how it is used; emptied, the wording goes. */
function wordingLine(box, lang, names, prefix, { text = "", choice }) {
  const select = make("select", { ariaLabel: say(prefix === "usage" ? "page.usage" : "page.kind") });
  options(select, names, choice, prefix);
  const input = make("input", { value: text, lang, autocomplete: "off", ariaLabel: say(prefix === "usage" ? "page.target" : "page.source") });
  const line = make("div", { className: "wording-line", dataset: { was: text } }, input, select);
  if (prefix === "usage") select.addEventListener("change", () => { // one is preferred
    if (select.value === "preferred") for (const other of box.querySelectorAll("select")) if (other !== select && other.value === "preferred") other.value = "admitted";
  });
  box.append(line);
  return line;
}
const linesOf = (box, name) => [...box.children].map((line) => ({ text: line.querySelector("input").value, [name]: line.querySelector("select").value, was: line.dataset.was }));

function openEdit() {
  const entry = chosenOne();
  if (!entry) return;
  const [zh, en] = state.termLanguages;
  $("edit-term").value = entry.term;
  $("edit-term").lang = zh;
  options($("edit-type"), TYPES, entry.type, "type");
  options($("edit-pos"), WORD_CLASSES, entry.pos, "part-of-speech");
  $("edit-definition").value = entry.definition;
  $("edit-notes").value = entry.notes.join("\n");
  const renderings = $("edit-renderings"), variants = $("edit-variants");
  renderings.replaceChildren();
  variants.replaceChildren();
  for (const rendering of entry.renderings) wordingLine(renderings, en, USAGES, "usage", { text: rendering.text, choice: rendering.usage });
  for (const variant of entry.variants) wordingLine(variants, zh, KINDS, "kind", { text: variant.text, choice: variant.kind });
  $("add-rendering").onclick = () => wordingLine(renderings, en, USAGES, "usage", { choice: "admitted" }).querySelector("input").focus();
  $("add-variant").onclick = () => wordingLine(variants, zh, KINDS, "kind", { choice: "synonym" }).querySelector("input").focus();
  $("edit-error").textContent = "";
  const dialog = $("edit-dialog");
  ask(dialog, async () => {
    const wanted = {
      term: $("edit-term").value, type: $("edit-type").value, part_of_speech: $("edit-pos").value,
      definition: $("edit-definition").value, notes: $("edit-notes").value.split("\n"),
      renderings: linesOf(renderings, "usage"), variants: linesOf(variants, "kind"),
    };
    const data = await termAct("edit", { wanted });
    if (data) { if (!data.count) tell(say("page.nothing-changed"), "done"); $("entries").focus({ preventScroll: true }); return; }
    $("edit-error").textContent = $("notice").firstElementChild.textContent; // refused: what was typed stays
    const onYes = dialog.onclose;
    dialog.returnValue = "";
    dialog.showModal();
    dialog.onclose = onYes;
  });
  renderings.querySelector("input").focus();
}

function openAdd() {
  for (const name of ["add-term", "add-english", "add-note"]) $(name).value = "";
  options($("add-type"), TYPES, "concept", "type");
  ask($("add-dialog"), () => send("act", { action: "term-add", term: $("add-term").value, rendering: $("add-english").value, type: $("add-type").value, note: $("add-note").value }));
  $("add-term").focus();
}

function openAvoid() {
  const entry = chosenOne();
  if (!entry) return;
  const rendering = entry.renderings[state.rendering];
  $("avoid-what").value = rendering.text;
  $("avoid-choices").replaceChildren(...entry.renderings.filter((other) => other !== rendering && !NEITHER.includes(other.usage)).map((other) => make("option", { value: other.text })));
  $("avoid-instead").value = rendering.usage === "preferred" ? (entry.renderings.find((other) => other !== rendering && other.usage === "admitted")?.text ?? "") : entry.renderings[0].text;
  ask($("avoid-dialog"), () => termAct("avoid", { rendering: $("avoid-what").value, instead: $("avoid-instead").value }));
  $("avoid-instead").focus();
}

function openSplit() {
  const entry = chosenOne();
  if (!entry) return;
  $("split-term").value = entry.variants[0]?.text ?? "";
  $("split-term").lang = state.termLanguages[0];
  $("split-choices").replaceChildren(...entry.variants.map((variant) => make("option", { value: variant.text })));
  $("split-renderings").replaceChildren(...entry.renderings.map((rendering, index) => make("label", { className: "choice" },
    make("input", { type: "checkbox", value: rendering.text, checked: entry.renderings.length > 1 && index === (state.rendering || entry.renderings.length - 1) }), make("span", { lang: state.termLanguages[1], textContent: rendering.text }))));
  ask($("split-dialog"), () => termAct("split", { wanted: { term: $("split-term").value, renderings: [...$("split-renderings").querySelectorAll("input:checked")].map((box) => box.value) } }));
  $("split-term").focus();
}

function openType() {
  const many = chosenMany(), entry = chosenOne();
  if (!many.length) return;
  options($("type-choice"), TYPES, entry.type, "type");
  $("type-count").textContent = say("page.about-terms", { n: many.length });
  ask($("type-dialog"), () => termAct("type", { entries: many, type: $("type-choice").value }));
  $("type-choice").focus();
}

let ticked = 0;
$("entries").addEventListener("click", (event) => {
  const item = event.target.closest(".entry");
  if (!item) return;
  const index = Number(item.dataset.index);
  inTurn(() => {
    if (event.shiftKey) tick(between(ticked, index), true);
    else if (event.ctrlKey || event.metaKey || event.target.closest(".tick")) tick([index]);
    ticked = index;
    goEntry(index);
  });
});
for (const name of ["status", "list", "type", "level", "known", "sort"]) {
  $(`filter-${name}`).addEventListener("change", () => { state.lingering = ""; showEntries(); moved(); });
}
