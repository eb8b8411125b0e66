/* 页面增强：没有本文件一切照常可用。键盘、批量、草稿、防重复提交、提示、大字版、条文与任务互相照亮。 */
(() => {
  "use strict";
  const root = document.documentElement;
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const store = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* 存不下就算了 */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* 同上 */ } },
    keys() { try { return Object.keys(localStorage); } catch { return []; } },
  };
  const typing = (element) => Boolean(element.closest("input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]"));

  /* 提示：落到 aria-live 区，8 秒后收起 */
  const toast = (text) => {
    const area = one("#live");
    if (!area || !text) return;
    const box = document.createElement("div");
    box.className = "toast";
    box.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn sml";
    close.textContent = "知道了";
    close.addEventListener("click", () => box.remove());
    box.append(close);
    area.append(box);
    setTimeout(() => box.remove(), 8000);
  };
  const liftMessages = (from = document) => all("[data-toast]", from).forEach((note) => {
    toast(note.textContent.trim());
    note.remove();
  });

  /* 大字版：记在 cookie 里，服务器直接按大字输出 */
  const bindSize = () => all("[data-large]").forEach((button) => {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(root.dataset.size === "l"));
    button.addEventListener("click", () => {
      const large = root.dataset.size !== "l";
      if (large) root.dataset.size = "l"; else delete root.dataset.size;
      document.cookie = `size=${large ? "l" : ""};path=/;max-age=31536000;samesite=lax`;
      button.setAttribute("aria-pressed", String(large));
    });
  });

  /* 草稿：停笔 1 秒存本机；提交成功（下一页没有错误）或退出登录后清掉 */
  const draftKey = (form) => `draft:${document.body.dataset.person || ""}:${form.dataset.draft || location.pathname}`;
  const draftFields = (form) => all("textarea[name],input[type=text][name]", form);
  const settleDrafts = () => {
    if (!one(".errsum")) store.keys().filter((key) => key.startsWith("sent:")).forEach((key) => store.drop(key.slice(5)));
    store.keys().filter((key) => key.startsWith("sent:")).forEach((key) => store.drop(key));
  };
  const bindDraft = (form) => {
    if (form.dataset.bound) return;
    form.dataset.bound = "1";
    const key = draftKey(form);
    const say = one("[data-draft-note]", form);
    const saved = JSON.parse(store.get(key) || "null");
    const lost = saved && draftFields(form).filter((field) => saved[field.name] && saved[field.name] !== field.value && field.value === field.defaultValue);
    if (lost && lost.length && !one(".bad", form)) {
      lost.forEach((field) => { field.value = saved[field.name]; });
      if (say) say.textContent = "已恢复上次没有提交的内容。";
    }
    let timer;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const values = Object.fromEntries(draftFields(form).map((field) => [field.name, field.value]));
        store.set(key, JSON.stringify(values));
        if (say) say.textContent = `${new Date().toTimeString().slice(0, 5)} 已存草稿（本机）`;
      }, 1000);
    });
    form.addEventListener("submit", () => { clearTimeout(timer); store.set(`sent:${key}`, "1"); });
  };

  /* 提交：按钮转忙并保持宽度，防止重复提交；8 秒没有回音说一声 */
  let slow;
  const calm = () => {
    clearTimeout(slow);
    all(".is-busy").forEach((button) => { button.classList.remove("is-busy"); button.removeAttribute("aria-disabled"); });
    all("form[data-busy]").forEach((form) => delete form.dataset.busy);
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.busy) { event.preventDefault(); return; }
    if (form.hasAttribute("data-forget")) store.keys().filter((key) => /^(draft|sent):/.test(key)).forEach((key) => store.drop(key));
    form.dataset.busy = "1";
    const button = event.submitter;
    if (button) { button.classList.add("is-busy"); button.setAttribute("aria-disabled", "true"); }
    slow = setTimeout(() => toast("网络较慢，仍在提交。"), 8000);
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) calm(); });

  /* 对话框：带 data-open 的链接没有脚本时是普通链接 */
  const open = (name) => {
    const dialog = document.getElementById(name);
    if (!dialog || !dialog.showModal || dialog.open) return false;
    dialog.showModal();
    const input = one("input[type=search]", dialog);
    if (input) input.select();
    return true;
  };

  /* 列表键盘：焦点停在哪行，单键就作用于哪行 */
  const list = (element) => element.closest("[data-rows]");
  const rows = (within) => all("[data-row]", within);
  const box = (row) => one("input[type=checkbox][name]", row);
  const focusRow = (row) => {
    rows(list(row)).forEach((other) => { other.tabIndex = other === row ? 0 : -1; });
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  };
  let anchor = null;
  const mark = (within) => {
    const boxes = rows(within).map(box).filter(Boolean);
    const chosen = boxes.filter((item) => item.checked).length;
    rows(within).forEach((row) => row.classList.toggle("sel", Boolean(box(row)?.checked)));
    const whole = one("[data-all]", within);
    if (whole) { whole.checked = chosen > 0 && chosen === boxes.length; whole.indeterminate = chosen > 0 && chosen < boxes.length; }
    const bar = one(".bulk", within.closest("form") || document);
    if (bar) { bar.hidden = chosen === 0; const count = one("[data-count]", bar); if (count) count.textContent = chosen; }
  };
  const pick = (row, range) => {
    const boxes = rows(list(row));
    const here = boxes.indexOf(row);
    const from = range && anchor ? boxes.indexOf(anchor) : here;
    const value = range ? true : !box(row).checked;
    boxes.slice(Math.min(from, here), Math.max(from, here) + 1).forEach((item) => { if (box(item)) box(item).checked = value; });
    anchor = row;
    mark(list(row));
  };
  const act = (row, key) => { const target = one(`[data-key="${key}"]`, row); if (target) target.click(); return Boolean(target); };
  const rowKey = (event, row) => {
    const within = rows(list(row));
    const step = { j: 1, arrowdown: 1, k: -1, arrowup: -1 }[event.key.toLowerCase()];
    if (step) { const next = within[within.indexOf(row) + step]; if (next) focusRow(next); return true; }
    if (event.key.toLowerCase() === "x" && box(row)) { pick(row, event.shiftKey); return true; }
    if (event.key === "Enter") return event.target === row && act(row, "enter");
    return /^[a-z]$/i.test(event.key) && act(row, event.key.toLowerCase());
  };
  const bindRows = (from = document) => all("[data-rows]", from).forEach((within) => {
    const first = rows(within);
    if (first.length && !first.some((row) => row.tabIndex === 0)) first.forEach((row, index) => { row.tabIndex = index ? -1 : 0; });
    mark(within);
  });
  document.addEventListener("change", (event) => {
    const within = list(event.target);
    if (!within || event.target.type !== "checkbox") return;
    if (event.target.matches("[data-all]")) rows(within).forEach((row) => { if (box(row)) box(row).checked = event.target.checked; });
    else anchor = event.target.closest("[data-row]");
    mark(within);
  });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    const form = event.target.closest("form");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form?.matches("[data-ctrl-enter]")) { form.requestSubmit(); return; }
    if (event.key === "Escape") { const away = one("[data-cancel]", form || document.createElement("i")); if (away) away.click(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || store.get("keys") === "off") return;
    if (event.key === "/" && open("cmd")) { event.preventDefault(); return; }
    if ((event.key === "?" || event.key === "？") && open("keys")) { event.preventDefault(); return; }
    const row = event.target.closest("[data-row]");
    if (row && rowKey(event, row)) event.preventDefault();
  });

  /* 点按：对话框、清空选择、只看 */
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener && open(opener.dataset.open)) event.preventDefault();
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog")?.close();
    if (event.target instanceof HTMLDialogElement) event.target.close();
    if (event.target.closest("[data-clear]")) all("[data-rows]").forEach((within) => { rows(within).forEach((row) => { if (box(row)) box(row).checked = false; }); mark(within); });
    if (event.target.closest("[data-print]")) window.print();
    all("details.pick[open],details.me[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  /* 条文与旁注任务互相照亮 */
  const glow = (on) => (event) => {
    const source = event.target.closest?.("[data-s],.s[id]");
    if (!source) return;
    const code = source.dataset.s || source.id.slice(1);
    all(`[data-s="${CSS.escape(code)}"]`).concat(document.getElementById(`s${code}`) || []).forEach((item) => item.classList.toggle("hot", on));
  };
  if (one(".read")) {
    ["mouseover", "focusin"].forEach((name) => document.addEventListener(name, glow(true)));
    ["mouseout", "focusout"].forEach((name) => document.addEventListener(name, glow(false)));
  }

  const keys = one("#keys-off");
  if (keys) { keys.checked = store.get("keys") === "off"; keys.addEventListener("change", () => store.set("keys", keys.checked ? "off" : "on")); }
  const start = (from) => { bindRows(from); all("form[data-draft]", from).forEach(bindDraft); liftMessages(from); };
  settleDrafts();
  bindSize();
  start(document);
  one(".errsum")?.focus();
  document.addEventListener("htmx:afterSwap", () => { start(document); });
  document.addEventListener("htmx:afterRequest", calm);
  document.addEventListener("htmx:sendError", () => toast("网络断开，填的内容还在本机，连上后再提交。"));
})();
