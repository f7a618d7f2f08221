"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const make = (tag, text, kind) => Object.assign(document.createElement(tag), { textContent: text, className: kind || "" });
  let prompt = "";

  const line = (head, parts) => {
    const row = document.createElement("div"), told = document.createElement("dd");
    parts.filter(([text]) => text).forEach(([text, kind], index) => {
      if (index) told.append(" · ");
      told.append(make(kind === "preferred" ? "b" : "span", text, kind));
    });
    row.append(make("dt", head), told);
    return row;
  };
  const official = (term) => {
    if (!term.official) return ["", ""];
    if (term.is_official) return ["official 官方译法", "official"];
    return [`official 官方译法: ${term.official.join(", ")}; here otherwise 此处译法不同`, "never"];
  };
  const section = (title, rows) => {
    if (!rows.length) return [];
    const list = document.createElement("dl");
    list.append(...rows);
    return [make("h2", title), list];
  };

  $("ask").addEventListener("submit", async (event) => {
    event.preventDefault();
    $("said").value = "…";
    const response = await fetch("prompt_for", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text: $("text").value, tokens: $("tokens").value || 0 }),
    });
    const found = await response.json();
    $("said").value = found.error || "";
    prompt = found.prompt || "";
    $("copy").disabled = !prompt;
    $("answer").replaceChildren(
      ...section("Terms 术语", (found.terms || []).map((term) => line(term.form, [
        [term.preferred, "preferred"], official(term), [(term.admitted || []).join(", ")],
        [term.avoid && `✕ ${term.avoid.join(", ")}`, "never"], [term.note],
      ]))),
      ...section("Translated before 已有译文", (found.units || []).map((unit) => line(`${unit.rate} % ${unit.text}`, [[unit.translation]]))),
    );
    if (!found.error && !prompt) $("said").value = "Nothing is known about this text. 没有相关术语或译文。";
  });
  $("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(prompt);
    $("said").value = "Copied. 已复制。";
  });
})();
