// The pages inside the framesets of the generation `frames`.
"use strict";

// A control that needs a box can be used while that box is ticked; a number starts at its usual value.
function follow(box) {
  for (const control of document.querySelectorAll(`[data-needs="${CSS.escape(box.name)}"]`)) {
    control.disabled = !box.checked || box.disabled;
    if (control.type === "text") control.value = control.disabled ? "" : control.value || control.dataset.start;
    if (control.type !== "checkbox") continue;
    control.checked = control.checked && !control.disabled;
    follow(control);
  }
}

function showPanel(name) {
  editor.elements.tab.value = name;
  for (const panel of document.querySelectorAll("[data-panel]")) panel.classList.toggle("Active", panel.dataset.panel === name);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.ImgLink");
  if (!link || link.getAttribute("href") !== "#") return;
  event.preventDefault();
  if (link.dataset.action) press(link.dataset.action, link);
  else if (link.dataset.tab) showPanel(link.dataset.tab);
  else choose(link.dataset.kind, link.dataset.address);
});

document.addEventListener("change", (event) => {
  const control = event.target;
  if (control.type === "checkbox") follow(control);
  if (!control.dataset.snapsBack) return;
  const before = [...control.options].findIndex((option) => option.defaultSelected);
  window.setTimeout(() => { control.selectedIndex = before; }, Number(control.dataset.snapsBack));
});
