"use strict";
(() => {
  const articles = [...document.querySelectorAll("article")];
  const field = (name) => document.getElementById(name);
  if (!articles.length) return;
  const texts = articles.map((article) => article.textContent.toLowerCase());
  const visible = () => articles.filter((article) => !article.hidden);
  const show = () => {
    const severity = field("severity").value, check = field("check").value, text = field("text").value.trim().toLowerCase();
    articles.forEach((article, number) => {
      article.hidden = Boolean((severity && article.dataset.severity !== severity) || (check && article.dataset.check !== check)
        || (text && !texts[number].includes(text)));
    });
    field("shown").value = `${visible().length} / ${articles.length}`;
  };
  const jump = (step) => {
    const some = visible();
    const here = some.indexOf(document.activeElement?.closest("article"));
    const next = some[here < 0 ? (step > 0 ? 0 : some.length - 1) : Math.min(Math.max(here + step, 0), some.length - 1)];
    if (next) { next.focus({ preventScroll: true }); next.scrollIntoView({ block: "start" }); }
  };
  ["severity", "check", "text"].forEach((name) => field(name).addEventListener("input", show));
  field("next").addEventListener("mousedown", (event) => event.preventDefault());
  field("before").addEventListener("mousedown", (event) => event.preventDefault());
  field("next").addEventListener("click", () => jump(1));
  field("before").addEventListener("click", () => jump(-1));
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j" || event.key === "n") jump(1);
    if (event.key === "k" || event.key === "p") jump(-1);
  });
  show();
})();
