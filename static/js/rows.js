/* 台账与清单的键盘和批量选择。单键只对焦点所在的一行或只办一件事的页面起作用（WCAG 2.1.4），可在快捷键说明里整体关掉。 */
(() => {
  "use strict";
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const setting = (value) => {
    try { if (value) localStorage.setItem("keys", value); return localStorage.getItem("keys"); } catch { return null; }
  };
  const list = (element) => element.closest("[data-rows]");
  const rows = (within) => all("[data-row]", within);
  const box = (row) => one("input[type=checkbox][name]", row);
  const typing = (element) => Boolean(element.closest("textarea,select,[contenteditable],input:not([type=checkbox],[type=radio])"));

  let anchor = null;
  const mark = (within) => {
    const boxes = rows(within).map(box).filter(Boolean);
    const chosen = boxes.filter((item) => item.checked).length;
    rows(within).forEach((row) => row.classList.toggle("sel", Boolean(box(row)?.checked)));
    const whole = one("[data-all]", within);
    if (whole) {
      whole.checked = chosen > 0 && chosen === boxes.length;
      whole.indeterminate = chosen > 0 && chosen < boxes.length;
    }
    const bar = one(".bulk", within.closest("form") || document);
    if (!bar) return;
    bar.hidden = chosen === 0;
    const count = one("[data-count]", bar);
    if (count) count.textContent = chosen;
  };
  const setAll = (within, value) => {
    rows(within).map(box).filter(Boolean).forEach((item) => { item.checked = value; });
    mark(within);
  };
  const pick = (row, range) => {
    const others = rows(list(row));
    const here = others.indexOf(row);
    const from = range && anchor ? others.indexOf(anchor) : here;
    const value = range || !box(row).checked;
    others.slice(Math.min(from, here), Math.max(from, here) + 1).map(box).filter(Boolean).forEach((item) => { item.checked = value; });
    anchor = row;
    mark(list(row));
  };
  const focusRow = (row) => {
    rows(list(row)).forEach((other) => { other.tabIndex = other === row ? 0 : -1; });
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  };
  const press = (row, key) => {
    const target = one(`[data-key="${key}"]`, row);
    target?.click();
    return Boolean(target);
  };
  const onRow = (event, row) => {
    const key = event.key.toLowerCase();
    const step = { j: 1, arrowdown: 1, k: -1, arrowup: -1 }[key];
    if (step) {
      const others = rows(list(row));
      const next = others[others.indexOf(row) + step];
      if (next) focusRow(next);
      return true;
    }
    if (key === "x" && box(row)) { pick(row, event.shiftKey); return true; }
    if (key === "enter") return event.target === row && press(row, key);
    return /^[a-z]$/.test(key) && press(row, key);
  };
  /* 一页只办一件事的（逐条核验）：单键对整页起作用；要先写理由的，先把光标放进理由栏 */
  const onPage = (key) => {
    const target = /^[a-z]$/.test(key) && one(`[data-keys] [data-key="${key}"]`);
    if (!target || one("dialog[open]")) return false;
    const reason = target.dataset.asks && document.getElementById(target.dataset.asks);
    if (reason && !reason.value.trim()) reason.focus(); else target.click();
    return true;
  };
  /* 焦点还不在清单里：上下移动先进第一份清单 */
  const intoRows = (event) => {
    const first = ["j", "k"].includes(event.key.toLowerCase()) && event.target.matches("body,main") && !one("dialog[open]") && one('[data-row][tabindex="0"]');
    if (first) focusRow(first);
    return Boolean(first);
  };
  const open = (name) => {
    const dialog = document.getElementById(name);
    if (!dialog?.showModal || dialog.open) return false;
    dialog.showModal();
    one("input[type=search]", dialog)?.select();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    const form = event.target.closest("form");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form?.matches("[data-ctrl-enter]")) { form.requestSubmit(one("[data-ctrl]", form)); return; }
    if (event.key === "Escape" && form) { one("[data-cancel]", form)?.click(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || setting() === "off") return;
    const row = event.target.closest("[data-row]");
    const dialog = { "/": "cmd", "?": "keys", "？": "keys" }[event.key];
    if ((dialog && open(dialog)) || (row && onRow(event, row)) || (!row && (onPage(event.key.toLowerCase()) || intoRows(event)))) event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    const within = list(event.target);
    if (!within || event.target.type !== "checkbox") return;
    if (event.target.matches("[data-all]")) { setAll(within, event.target.checked); return; }
    anchor = event.target.closest("[data-row]");
    mark(within);
  });
  document.addEventListener("click", (event) => {
    const clear = event.target.closest("[data-clear]");
    if (clear) all("[data-rows]", clear.closest("form") || document).forEach((within) => setAll(within, false));
  });

  const start = () => all("[data-rows]").forEach((within) => {
    if (!rows(within).some((row) => row.tabIndex === 0)) rows(within).forEach((row, index) => { row.tabIndex = index ? -1 : 0; });
    mark(within);
  });
  const off = one("#keys-off");
  if (off) {
    off.checked = setting() === "off";
    off.addEventListener("change", () => setting(off.checked ? "off" : "on"));
  }
  start();
  document.addEventListener("htmx:afterSettle", start);
})();
