/* 只有某些类别才用的栏目，选了那一类才显示；没有脚本时全部显示。data-when="管它的栏 值 值…"。 */
(() => {
  "use strict";
  const fields = [...document.querySelectorAll("[data-when]")].map((input) => {
    const [ruler, ...values] = input.dataset.when.split(" ");
    const name = input.name.replace(/[^-]+$/, ruler);
    return { box: input.closest(".fld"), ruler: input.form.elements[name], values };
  });
  const show = () => fields.forEach(({ box, ruler, values }) => { box.hidden = !values.includes(ruler.value); });
  fields.forEach(({ ruler }) => ruler.addEventListener("change", show));
  show();
})();
