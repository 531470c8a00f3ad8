// The drawn controls of the generation `mvc`: buttons, check boxes, drop-down lists, menus, sections, tabs.
"use strict";

let opened = null;

function overlayOf(element) {
  return document.getElementById(element.dataset.overlay);
}

function closeOverlay() {
  if (opened) overlayOf(opened).classList.remove("Active");
  opened = null;
}

function openOverlay(owner) {
  closeOverlay();
  opened = owner;
  const box = owner.getBoundingClientRect();
  const overlay = overlayOf(owner);
  overlay.style.left = `${box.left + window.scrollX}px`;
  overlay.style.top = `${box.bottom + window.scrollY}px`;
  overlay.classList.add("Active");
}

function show(selector, item) {
  selector.querySelector(".Text").textContent = item.text;
  selector.querySelector("input").value = item.value;
  selector.dataset.itemType = item.type;
}

function pick(selector, item) {
  const before = {
    text: selector.querySelector(".Text").textContent,
    value: selector.querySelector("input").value,
    type: selector.dataset.itemType,
  };
  show(selector, { text: item.textContent, value: item.dataset.value, type: "Item" });
  if (selector.dataset.snapsBack) window.setTimeout(() => show(selector, before), Number(selector.dataset.snapsBack));
}

// A control that needs a box can be used while that box is ticked; a number starts at its usual value.
function follow(name) {
  const ticked = editor.elements[name].value === "on";
  for (const control of document.querySelectorAll(`[data-needs="${CSS.escape(name)}"]`)) {
    if (control.tagName === "INPUT") {
      control.disabled = !ticked;
      control.value = ticked ? control.value || control.dataset.start : "";
      continue;
    }
    control.toggleAttribute("data-disabled", !ticked);
    if (!ticked) tick(control, false);
  }
}

function tick(box, ticked) {
  const input = box.querySelector("input");
  box.firstElementChild.className = ticked ? "Checked" : "Unchecked";
  input.value = ticked ? "on" : "";
  follow(input.name);
}

// Which sections are closed is remembered for the person.
function toggle(section) {
  const closed = section.classList.toggle("Collapsed");
  ask("/console/sections", { token: page.token, section: section.dataset.section, open: closed ? "" : "on" });
}

function showTab(name) {
  editor.elements.tab.value = name;
  for (const part of document.querySelectorAll("[data-tab]")) part.classList.toggle("Active", part.dataset.tab === name);
}

function clickOn(target) {
  const button = target.closest(".Button2, [role=menuitem]");
  if (button?.dataset.action && !button.classList.contains("Disabled2")) press(button.dataset.action, button);
  else if (button?.dataset.post) choose("post", button.dataset.post);
  else if (button?.dataset.goes) window.location.assign(button.dataset.goes);
  const box = target.closest(".Checkbox2");
  if (box && !("disabled" in box.dataset)) tick(box, box.firstElementChild.className !== "Checked");
  const toggled = target.closest(".SectionHeading .Toggle, .SectionHeading .Title");
  if (toggled) toggle(toggled.closest(".CollapsibleSectionContainer"));
  const tab = target.closest(".TabButton");
  if (tab) showTab(tab.dataset.tab);
}

// A click that a script has made does nothing, as on the real pages.
document.addEventListener("click", (event) => {
  if (!event.isTrusted) return;
  const owner = event.target.closest("[data-overlay]");
  const item = event.target.closest(".ContextOverlay .Item");
  if (item && !item.classList.contains("Disabled2")) {
    if ("value" in item.dataset) pick(opened, item);
    else choose(item.dataset.kind, item.dataset.address);
  }
  if (owner) openOverlay(owner);
  else closeOverlay();
  clickOn(event.target);
});

document.addEventListener("mouseover", (event) => {
  const menu = event.target.closest(".ContextMenuButton");
  if (menu && menu !== opened) openOverlay(menu);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeOverlay();
});
