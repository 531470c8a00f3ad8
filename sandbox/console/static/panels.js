// Signing in: the panels stand side by side in the page and are shown in turn.
"use strict";

const signIn = document.querySelector(".SignIn");

function showPanel(name, refusal) {
  const summary = signIn.querySelector(".ValidationSummary");
  summary.textContent = refusal;
  summary.classList.toggle("Active", refusal !== "");
  for (const panel of signIn.querySelectorAll("[data-panel]")) panel.classList.toggle("Active", panel.dataset.panel === name);
  signIn.querySelector(".Panel.Active input").focus();
}

async function goOn(action) {
  const fields = new FormData(signIn);
  fields.set("action", action);
  const { go, panel, refusal } = await ask(signIn.action, fields);
  if (go) window.location.assign(go);
  else if (panel) showPanel(panel, refusal);
}

signIn.addEventListener("submit", (event) => event.preventDefault());
signIn.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  if (button) goOn(button.dataset.action);
});
signIn.addEventListener("keydown", (event) => {
  if (event.key === "Enter") goOn(event.target.closest(".Panel").querySelector("[data-action]").dataset.action);
});
