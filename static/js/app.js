/* 页面增强：没有脚本一切照常可用。提示、大字版、草稿、防重复提交、对话框、条文与任务互相照亮。 */
(() => {
  "use strict";
  const root = document.documentElement;
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const store = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* 存不下就不存 */ } },
    remove(key) { try { localStorage.removeItem(key); } catch { /* 同上 */ } },
    drop(pattern) {
      try { Object.keys(localStorage).filter((key) => pattern.test(key)).forEach((key) => localStorage.removeItem(key)); } catch { /* 同上 */ }
    },
    keys(pattern) { try { return Object.keys(localStorage).filter((key) => pattern.test(key)); } catch { return []; } },
  };

  /* 提示：落到 aria-live 区，8 秒后收起 */
  const toast = (text) => {
    const box = document.createElement("div");
    box.className = "toast";
    box.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn sml";
    close.textContent = "知道了";
    close.addEventListener("click", () => box.remove());
    box.append(close);
    one("#live")?.append(box);
    setTimeout(() => box.remove(), 8000);
  };
  const liftMessages = () => all("[data-toast]").forEach((note) => {
    const area = note.parentElement;
    toast(note.textContent.trim());
    note.remove();
    if (area.matches(".notices") && !area.children.length) area.remove();
  });

  /* 大字版：记在 cookie 里，下一页由服务器直接按大字输出 */
  all("[data-large]").forEach((button) => {
    const show = () => button.setAttribute("aria-pressed", String(root.dataset.size === "l"));
    button.hidden = false;
    show();
    button.addEventListener("click", () => {
      if (root.dataset.size === "l") delete root.dataset.size; else root.dataset.size = "l";
      document.cookie = `size=${root.dataset.size || ""};path=/;max-age=31536000;samesite=lax`;
      show();
    });
  });

  /* 草稿：停笔 1 秒存本机，提交时再存一次，断网、登录过期都不丢；提交成功（服务器转到下一页，且不是登录页）或退出登录时清掉。带 data-ticks 的表单，勾选和日期也存；平台也存了的（began）就不留本机，平台上的在别处改过的不拿本机的盖掉；一页报几件的，各件按各件的 began 比 */
  const ticks = (field) => field.matches("[type=checkbox],[type=radio]");
  const fields = (form) => all(`textarea[name],input[type=text][name]${form.hasAttribute("data-ticks") ? ",input[type=checkbox],input[type=radio],input[type=date]" : ""}`, form);
  const nameOf = (field) => ticks(field) ? `${field.name}=${field.value}` : field.name;
  const valueOf = (field) => ticks(field) ? (field.checked ? "1" : "0") : field.value;
  const valueBefore = (field) => ticks(field) ? (field.defaultChecked ? "1" : "0") : field.defaultValue;
  const mine = `draft:${document.body.dataset.person || ""}:`;
  const settleDrafts = (done) => {
    if (done) store.keys(/^sent:/).filter((key) => key.startsWith(`sent:${mine}`)).forEach((key) => store.drop(new RegExp(`^${key.slice(5).replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`)));
    store.drop(/^sent:/);
  };
  const bindDraft = (form) => {
    if (form.dataset.bound) return;
    form.dataset.bound = "1";
    const key = `${mine}${form.dataset.draft || location.pathname}`;
    const say = (text) => { const note = one("[data-draft-note]", form); if (note) note.textContent = text; };
    const saved = one(".bad", form) ? {} : JSON.parse(store.get(key) || "{}");
    const stamps = () => all("[name$=began]", form);
    const fits = (field) => stamps().every((stamp) => (stamp.closest("fieldset") || form).contains(field) ? (saved[stamp.name] || "") === stamp.value : true);
    const lost = fields(form).filter((field) => saved[nameOf(field)] && valueOf(field) === valueBefore(field) && saved[nameOf(field)] !== valueOf(field));
    const restore = (found) => {
      found.forEach((field) => { if (ticks(field)) field.checked = saved[nameOf(field)] === "1"; else field.value = saved[field.name]; });
      say("已恢复上次没有提交的内容。");
    };
    const fitting = lost.filter(fits), other = lost.filter((field) => !fits(field));
    if (fitting.length) restore(fitting);
    if (other.length) {
      const offer = document.createElement("div"), words = document.createElement("p"), button = document.createElement("button");
      offer.className = "note gap";
      button.type = "button";
      button.className = "btn sml";
      button.textContent = "换成本机的";
      button.addEventListener("click", () => { restore(other); offer.remove(); });
      words.append("这台设备上另有没存上的内容。平台上的草稿在别处改过，下面是那一份。", button);
      offer.append(words);
      form.before(offer);
    }
    let timer;
    const keep = () => store.set(key, JSON.stringify({...Object.fromEntries(fields(form).filter((field) => valueOf(field) !== valueBefore(field) || one(".bad", form)).map((field) => [nameOf(field), valueOf(field)])), ...Object.fromEntries(stamps().map((stamp) => [stamp.name, stamp.value]))}));
    // 退回要改的一页上，已经报了的几件不在了：本机也只留还在的几件
    if (one(".bad", form)) keep();
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        keep();
        say(`${new Date().toTimeString().slice(0, 5)} 已存草稿（本机）`);
      }, 1000);
    });
    form.addEventListener("htmx:afterRequest", (event) => { if (one("[name=began]", form) && event.detail.xhr.status === 200 && event.detail.xhr.responseText.includes('name="began"')) store.remove(key); });
    form.addEventListener("submit", () => { clearTimeout(timer); keep(); store.set(`sent:${key}`, "1"); });
  };

  /* 提交：按钮转忙，防止重复提交；8 秒没有回音说一声 */
  let slow;
  const calm = () => {
    clearTimeout(slow);
    all(".is-busy").forEach((button) => { button.classList.remove("is-busy"); button.removeAttribute("aria-disabled"); });
    all("form[data-busy]").forEach((form) => { delete form.dataset.busy; });
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.busy) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    if (form.hasAttribute("data-forget")) store.drop(/^(draft|sent):/);
    form.dataset.busy = "1";
    event.submitter?.classList.add("is-busy");
    event.submitter?.setAttribute("aria-disabled", "true");
    slow = setTimeout(() => toast("网络较慢，仍在提交。"), 8000);
  }, true);
  window.addEventListener("pageshow", (event) => { if (event.persisted) calm(); });

  /* 拖放：页面上有带 data-drop 的表单时，文件落在页面任何一处都算选中，随即提交；没有脚本时拖到输入框上 */
  ["dragover", "drop"].forEach((name) => document.addEventListener(name, (event) => {
    const input = one("form[data-drop] input[type=file]");
    if (!input || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (name === "dragover") return;
    input.files = event.dataTransfer.files;
    input.form.requestSubmit();
  }));

  /* 对话框与菜单：带 data-open 的链接没有脚本时是普通链接 */
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    const dialog = opener && document.getElementById(opener.dataset.open);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
      one("input[type=search]", dialog)?.select();
    }
    if (event.target.closest("[data-close]") || event.target instanceof HTMLDialogElement) event.target.closest("dialog")?.close();
    if (event.target.closest("[data-print]")) window.print();
    all("details.pick[open],details.me[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  /* 条文与旁注任务互相照亮 */
  const glow = (on) => (event) => {
    const source = event.target.closest?.("[data-s],.s[id]");
    if (!source) return;
    const codes = (source.dataset.s || source.id.slice(1)).split(" ");
    const tasks = source.dataset.s ? [source] : all(`[data-s~="${CSS.escape(codes[0])}"]`);
    const sentences = codes.flatMap((code) => all(`[id="s${CSS.escape(code)}"]`));
    [...tasks, ...sentences].forEach((item) => item.classList.toggle("hot", on));
  };
  if (one(".read")) {
    ["mouseover", "focusin"].forEach((name) => document.addEventListener(name, glow(true)));
    ["mouseout", "focusout"].forEach((name) => document.addEventListener(name, glow(false)));
  }

  const start = () => { all("form[data-draft]").forEach(bindDraft); liftMessages(); };
  const redirected = performance.getEntriesByType("navigation")[0]?.redirectCount > 0;
  settleDrafts(redirected && !document.body.matches(".shell-public"));
  start();
  /* 提交后退回要改的一页，刷新、后退时按普通打开，不让浏览器问“确认重新提交表单” */
  if (!history.state) history.replaceState(null, "", location.href);
  /* 手机上标签一行放不下时，当前的一个先露出来 */
  all(".views > [aria-current]").forEach((tab) => { tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 16; });
  one(".errsum")?.focus();
  document.addEventListener("htmx:afterSettle", start);
  document.addEventListener("htmx:afterRequest", (event) => {
    calm();
    if (event.detail.requestConfig.verb === "post") settleDrafts(event.detail.successful);
  });
  document.addEventListener("htmx:sendError", () => toast("网络断开，填的内容还在本机，连上后再提交。"));
})();
