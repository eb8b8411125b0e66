/* 逐句处理：在选中的一句里划选文字，填进“所选文字”；单位一栏连续提示；有错时焦点到错误汇总。没有本文件照抄也行。 */
(() => {
  "use strict";
  const text = (node) => {
    const copy = node.cloneContents();
    copy.querySelectorAll(".sic-note").forEach((note) => note.remove());
    return copy.textContent.trim();
  };
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const home = document.querySelector("[data-sentence]");
    if (!home || !selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0).cloneRange();
    if (!range.intersectsNode(home)) return;
    // 连点三下、拖过句末，选区会超出这一句，只取在这一句里的部分。
    if (!home.contains(range.startContainer)) range.setStart(home, 0);
    if (!home.contains(range.endContainer)) range.setEnd(home, home.childNodes.length);
    const words = text(range);
    if (words) document.querySelectorAll("textarea[name=selected]").forEach((field) => { field.value = words; });
  });
  document.addEventListener("htmx:afterSwap", () => document.querySelector("#bench .errsum, #bench [role=alert]")?.focus());
  const split = /[、；;]/;
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.getAttribute?.("list") !== "unit-names") return;
    const list = document.getElementById("unit-names");
    const typed = field.value.split(split);
    const head = typed.length > 1 ? `${typed.slice(0, -1).join("、")}、` : "";
    [...list.options].forEach((option) => {
      option.dataset.name ||= option.value;
      option.value = head + option.dataset.name;
    });
  });
})();
