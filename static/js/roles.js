/* 明确责任单位：按名称找单位；没有脚本时各组照样可以展开。 */
(() => {
  "use strict";
  const box = document.querySelector(".find-unit");
  if (!box) return;
  const input = box.querySelector("input");
  const groups = [...document.querySelectorAll(".unit-group")].map((group) => ({
    group, opened: group.open, lines: [...group.querySelectorAll("[role=radiogroup]")],
  }));
  const show = () => {
    const words = input.value.trim();
    groups.forEach(({ group, opened, lines }) => {
      let found = 0;
      lines.forEach((line) => {
        const fits = !words || line.querySelector(".name").textContent.includes(words);
        line.hidden = !fits;
        found += fits ? 1 : 0;
      });
      group.hidden = found === 0;
      group.open = words ? found > 0 : opened;
    });
  };
  box.hidden = false;
  input.addEventListener("input", (event) => { if (!event.isComposing) show(); });
  input.addEventListener("compositionend", show);
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
})();
