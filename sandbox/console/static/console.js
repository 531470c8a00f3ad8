// What makes the console handier. Every page works without it.
"use strict";

// A menu closes when something else is clicked, and on Escape.
function closeMenus(except) {
  for (const menu of document.querySelectorAll(".row-menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest(".row-menu")));
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".row-menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A control that needs a box can be used while that box is ticked; a number starts at its usual value.
function follow(box) {
  for (const control of document.querySelectorAll(`[data-needs="${box.id}"]`)) {
    control.disabled = !box.checked || box.disabled;
    if (control.type === "number") control.value = control.disabled ? "" : control.value || control.dataset.start;
    if (control.type !== "checkbox") continue;
    control.checked = control.checked && !control.disabled;
    follow(control);
  }
}

document.addEventListener("change", (event) => {
  if (event.target.type === "checkbox" && event.target.id) follow(event.target);
});

// The level editor remembers which sections are expanded, and expands them all without asking the server.
const sections = document.querySelectorAll("details[data-section]");

for (const button of document.querySelectorAll("button[data-sections]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    for (const section of sections) section.open = button.dataset.sections === "open";
  });
}

document.addEventListener("formdata", (event) => {
  for (const section of sections) {
    if (section.open) event.formData.append("open", section.dataset.section);
  }
});
