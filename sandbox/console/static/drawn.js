// What the drawn generations of the console (mvc, frames, shell) have in common: windows, lists that come late, requests of the script.
"use strict";

const page = document.body.dataset;
const editor = document.querySelector("form.Editor");

function busy(is) {
  document.getElementById("LoadingIndicator").classList.toggle("Active", is);
}

// Editors have a window of their own; inside the shell, that of a level is a dialog. A form, if there is one, is sent into it.
function openEditor(address, dialog, form) {
  if ("noPopup" in page) return;
  const target = dialog && page.generation === "shell" ? "DialogIFrameOverlay" : `Window${Date.now()}`;
  if (target === "DialogIFrameOverlay") window.parent.showDialog();
  else if (form) window.open("", target, "width=1100,height=850");
  if (!form) {
    window.open(address, target, "width=1100,height=850");
    return;
  }
  form.target = target;
  form.submit();
}

// A row's menu: its kinds are explained where the native generation draws them.
function choose(kind, address) {
  if (kind === "off") return;
  if (kind === "window" || kind === "dialog") {
    openEditor(address, kind === "dialog");
    return;
  }
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  const token = document.createElement("input");
  token.type = "hidden";
  token.name = "token";
  token.value = page.token;
  form.append(token);
  document.body.append(form);
  if (kind === "copy") openEditor(address, true, form);
  else form.submit();
}

function closeEditor(saved) {
  if (window.frameElement?.id === "DialogIFrameOverlay") {
    window.parent.closeDialog(saved);
    return;
  }
  if (saved) window.top.opener?.location.reload();
  if (window.top.opener) window.top.close();
}

function sendEditor(action) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "action";
  field.value = action;
  editor.append(field);
  busy(true);
  editor.submit();
}

// The JSON that a form is answered with. Anything else means that the session has ended.
async function ask(address, fields) {
  busy(true);
  const headers = { Accept: "application/json" };
  const response = await fetch(address, { method: "POST", headers, body: new URLSearchParams(fields) });
  busy(false);
  if (response.headers.get("Content-Type") === "application/json") return response.json();
  window.location.assign("/");
  return {};
}

// Keys and secrets appear in their text boxes; the page stays.
async function generate(action) {
  const fields = new FormData(editor);
  fields.set("action", action);
  for (const [name, value] of Object.entries(await ask(editor.action, fields))) editor.elements[name].value = value;
}

function press(action, button) {
  if (action === "got-it") button.closest(".Guidance").remove();
  else if (action === "cancel") closeEditor(false);
  else if (action.startsWith("generate-")) generate(action);
  else if (editor) sendEditor(action);
}

// Which fields go with the radio button that is chosen.
function followRadios() {
  for (const part of document.querySelectorAll("[data-when]")) {
    part.hidden = editor.elements[part.dataset.when].value !== part.dataset.is;
  }
}

function arrive() {
  for (const template of document.querySelectorAll("template[data-late]")) template.replaceWith(template.content);
  busy(false);
}

if (Number(page.slow)) {
  busy(true);
  window.setTimeout(arrive, Number(page.slow));
}
if (editor) {
  editor.elements.opener.value = window.top.opener ? "yes" : "";
  followRadios();
  document.addEventListener("change", followRadios);
}
if (document.getElementById("Closed")) closeEditor(true);
