/* 台账：行内修改。没有本文件，“改”是一个普通链接，打开整页的表。 */
(() => {
  "use strict";
  const editRow = () => document.querySelector("tr.edit");
  const close = (edit) => {
    const row = edit.previousElementSibling;
    edit.remove();
    row?.focus();
  };
  const changed = (form) => [...form.elements].some((field) =>
    field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue);
  const first = (within) => within.querySelector(".errsum, select, input:not([type=hidden])")?.focus();

  /* 一次只开一行：同一行再按一下回到表里，有没保存的内容先问 */
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.target.matches?.("[data-edit]")) return;
    const edit = editRow();
    if (!edit) return;
    if (edit.previousElementSibling === event.target.closest("tr")) { event.preventDefault(); first(edit); return; }
    if (changed(edit.querySelector("form")) && !confirm("上一行填的内容还没有保存，不要了吗？")) { event.preventDefault(); return; }
    edit.remove();
  });
  document.addEventListener("click", (event) => {
    const cancel = event.target.closest("tr.edit [data-cancel]");
    if (!cancel) return;
    event.preventDefault();
    const edit = cancel.closest("tr");
    if (!changed(edit.querySelector("form")) || confirm("填的内容还没有保存，不要了吗？")) close(edit);
  });
  document.addEventListener("htmx:afterSettle", () => {
    const edit = editRow();
    if (edit && !edit.contains(document.activeElement)) first(edit);
    const fresh = document.querySelector("tr[data-fresh]");
    if (fresh) { fresh.removeAttribute("data-fresh"); fresh.focus(); }
  });
})();
