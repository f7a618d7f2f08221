"use strict";
// Everything here is extra: without script all rows are shown and all links work.
(() => {
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const messages = JSON.parse(document.body.dataset.messages);
  const number = (value) => value.toLocaleString("en");
  const say = (name, values = {}) => Object.entries(values)
    .reduce((text, [key, value]) => text.replaceAll(`{${key}}`, typeof value === "number" ? number(value) : value), messages[name]);

  const pagers = [];
  const page = (table) => {
    const size = Number(table.dataset.paged);
    const rows = table.tBodies ? [...table.tBodies[0].rows] : [...table.children];
    if (rows.length <= Math.min(size, 20)) return;
    const what = say(`what.${table.dataset.what}`);
    const state = { at: 0, shown: rows };
    const filters = (table.dataset.filters || "").split(" ").filter(Boolean)
      .map((kind) => [kind, rows.filter((row) => row.dataset.kinds.split(" ").includes(kind)).length])
      .filter(([, count]) => count);
    const select = make("select", { ariaLabel: say("which", { what }) },
      make("option", { value: "", textContent: say("all", { n: rows.length, what }) }),
      ...filters.map(([kind, count]) => make("option", { value: kind, textContent: `${messages[`kind.${kind}`] || kind} (${number(count)})` })));
    const find = make("input", { type: "search", placeholder: say("find"), ariaLabel: say("find-in", { what }) });
    const back = make("button", { type: "button", textContent: say("back") });
    const next = make("button", { type: "button", textContent: say("next") });
    const where = make("output");
    const bar = make("div", { className: "pager" }, ...(filters.length ? [select] : []), find, back, next, where);

    const show = () => {
      const from = state.at, to = Math.min(state.at + size, state.shown.length);
      for (const row of rows) row.hidden = true;
      for (const row of state.shown.slice(from, to)) row.hidden = false;
      back.disabled = from === 0;
      next.disabled = to >= state.shown.length;
      where.value = state.shown.length ? say("range", { from: from + 1, to, n: state.shown.length }) : say("none");
    };
    const choose = () => {
      const kind = select.value, wanted = find.value.trim().toLowerCase();
      state.shown = rows.filter((row) => (!kind || row.dataset.kinds.split(" ").includes(kind))
        && (!wanted || row.textContent.toLowerCase().includes(wanted)));
      state.at = 0;
      show();
    };
    select.addEventListener("change", choose);
    find.addEventListener("input", choose);
    back.addEventListener("click", () => { state.at = Math.max(0, state.at - size); show(); });
    next.addEventListener("click", () => { state.at += size; show(); bar.scrollIntoView({ block: "nearest" }); });
    (table.closest(".scroll, .list") || table).before(bar);
    show();
    pagers.push({
      reveal(row) {
        if (!rows.includes(row)) return false;
        if (!state.shown.includes(row)) { select.value = ""; find.value = ""; state.shown = rows; }
        state.at = Math.floor(state.shown.indexOf(row) / size) * size;
        show();
        return true;
      },
    });
  };
  document.querySelectorAll("[data-paged]").forEach(page);

  const reveal = () => {
    let target = null;
    try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    if (!target) return;
    for (let row = target; row; row = row.parentElement) {
      if (pagers.some((pager) => pager.reveal(row))) break;
    }
    for (let details = target.closest("details"); details; details = details.parentElement.closest("details")) details.open = true;
    target.scrollIntoView({ block: "center" });
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  const names = { "": `◐ ${say("system")}`, light: `○ ${say("light")}`, dark: `● ${say("dark")}` };
  const order = ["", "light", "dark"];
  let theme = "";
  const button = make("button", { type: "button", className: "theme", textContent: names[theme], ariaLabel: say("colours") });
  button.addEventListener("click", () => {
    theme = order[(order.indexOf(theme) + 1) % order.length];
    if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme;
    button.textContent = names[theme];
  });
  document.getElementById("theme-place").append(button);
})();
