/* 考核方案：各指标的分值随填随加，清空名称的一行不算。 */
(() => {
  "use strict";
  const lines = [...document.querySelectorAll("fieldset.rule-line")];
  const value = (line, name) => line.querySelector(`[name$="-${name}"]`).value.trim();
  const show = () => {
    const cents = lines.filter((line) => value(line, "title")).map((line) => Math.round((Number(value(line, "points")) || 0) * 100));
    const total = cents.reduce((sum, each) => sum + each, 0) / 100;
    document.querySelectorAll("[data-sum]").forEach((place) => { place.textContent = String(total); });
  };
  lines.forEach((line) => line.addEventListener("input", show));
})();
