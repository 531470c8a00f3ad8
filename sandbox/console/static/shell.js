// The top page of the generation `shell`: a menu, a frame for the older pages, and one above it for dialogs.
"use strict";

const pageFrame = document.getElementById("PageIFrame");
const dialog = document.querySelector("[data-slot=dialog]");

// Called by the pages inside.
function showDialog() {
  dialog.hidden = false;
}

function closeDialog(saved) {
  dialog.hidden = true;
  document.getElementById("DialogIFrameOverlay").contentWindow.location.replace("about:blank");
  if (saved) pageFrame.contentWindow.location.reload();
}

for (const item of document.querySelectorAll("[role=menuitem][data-goes]")) {
  item.addEventListener("click", () => pageFrame.contentWindow.location.assign(item.dataset.goes));
}
