# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A run sheet as a page: to be read, printed, or ticked off in a browser. Private to the collection.

It holds the Markdown, which is what runs read, and gives it back with the ticks. It reaches no network.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Sequence

from .._change.model import Line

Part = tuple[str, Sequence[Line]]

STYLE = """
:root { color-scheme: light dark; --line: #dde3ea; --soft: #5b6876; --card: #f3f6f9; --done: #1f7a4d; }
@media (prefers-color-scheme: dark) { :root { --line: #313b46; --soft: #9aa7b4; --card: #1b222a; --done: #5fce95; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem 6rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
p, li, code { overflow-wrap: anywhere; }
ol { padding-left: 0; list-style: none; }
li.step { border-bottom: 1px solid var(--line); break-inside: avoid; }
li.step label { display: flex; gap: .75rem; padding: .5rem 0; cursor: pointer; }
li.step input { width: 1.2rem; height: 1.2rem; margin-top: .15rem; flex: none; accent-color: var(--done); }
li.step input:checked + span { color: var(--soft); }
footer { position: fixed; inset: auto 0 0 0; background: var(--card); border-top: 1px solid var(--line); padding: .6rem 1rem; }
footer div { max-width: 46rem; margin: 0 auto; display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; }
button { font: inherit; padding: .35rem 1.2rem; border-radius: .3rem; border: 1px solid var(--soft); cursor: pointer; }
@media print { footer { display: none; } }
"""
# The boxes of the page are those of the Markdown, in the same order.
SCRIPT = """
"use strict";
const main = document.querySelector("main"), said = document.getElementById("said"), save = document.getElementById("save");
const boxes = [...document.querySelectorAll("li.step input")];
const kept = "msp.autotask run sheet " + location.pathname;
let saved = true;

function ticked() {
  let number = 0;
  return main.dataset.sheet.replace(/^- \\[[ xX]\\] /gm, () => "- [" + (boxes[number++].checked ? "x" : " ") + "] ");
}

function tell() {
  const done = boxes.filter(box => box.checked).length;
  said.textContent = done + " of " + boxes.length + " done" + (saved ? "" : ", not saved");
  save.disabled = saved;
}

function remembered() {
  try { return JSON.parse(localStorage.getItem(kept)); } catch (error) { return null; }
}

function remember() {
  const now = JSON.stringify({sheet: main.dataset.sheet, ticks: boxes.map(box => box.checked)});
  try { localStorage.setItem(kept, now); } catch (error) { /* Then a reload forgets. */ }
}

boxes.forEach(box => box.addEventListener("change", () => { saved = false; remember(); tell(); }));
save.addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([ticked()], {type: "text/markdown"}));
  link.download = main.dataset.name;
  link.click();
  saved = true;
  tell();
});
addEventListener("beforeunload", event => { if (!saved) event.preventDefault(); });
const before = remembered();
if (before && before.sheet === main.dataset.sheet) {
  boxes.forEach((box, number) => { box.checked = before.ticks[number]; });
  saved = ticked() === main.dataset.sheet;
}
document.querySelector("footer").hidden = false;
tell();
"""
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; script-src 'sha256-%script_hash%'; style-src 'sha256-%style_hash%'; form-action 'none'; base-uri 'none'">
<title>%title%</title><style>%style%</style></head>
<body><main data-name="%name%" data-sheet="%sheet%"><h1>%title%</h1>
<p>Do this in Autotask's console, from top to bottom, and tick off what is done. Nothing is stored in the console before Save &amp; Close. If a step can't be
done, leave it open. Then press Save: it gives the run sheet with your ticks, to be put in the place of the file <code>%name%</code>, best in Git. The next
run of the playbook reads that.</p>
%parts%</main>
<footer hidden><div><button id="save" type="button">Save</button><span id="said" role="status"></span></div></footer>
<script>%script%</script></body></html>
"""


def page_of(
    title: str, name: str, sheet: str, told: Sequence[str], addresses: Sequence[str], notes: Sequence[str], parts: Sequence[Part]
) -> str:
    """The page of a run sheet, which is the file `name` and holds the text `sheet`.

    `told` are lines above the steps, of which those that end with one of the `addresses` link it; `parts` are the lines of each object.
    """
    above = [f"<p>{_linked(html.escape(text), [html.escape(address) for address in addresses])}</p>" for text in told]
    above += [f"<p>Good to know before:</p><ul>{''.join(f'<li>{html.escape(text)}</li>' for text in notes)}</ul>"] if notes else []
    below = [f"<h2>{html.escape(subject)}</h2><ol>{''.join(map(_step, lines))}</ol>" for subject, lines in parts]
    filled = {
        "title": html.escape(title),
        "name": html.escape(name),
        "sheet": html.escape(sheet),
        "parts": "\n".join([*above, *below]),
        "style": STYLE,
        "script": SCRIPT,
        "style_hash": _hash(STYLE),
        "script_hash": _hash(SCRIPT),
    }
    return re.sub(r"%([a-z_]+)%", lambda match: filled[match[1]], PAGE)


def _step(line: Line) -> str:
    box = f'<input type="checkbox"{" checked" if line.done else ""} autocomplete="off">'
    return f'<li class="step"><label>{box}<span>{html.escape(line.text)}</span></label></li>'


def _hash(text: str) -> str:
    """By which the browser knows that a part of the page is the page's own."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _linked(text: str, addresses: Sequence[str]) -> str:
    """The text, escaped, with the address that ends it as a link."""
    address = next((one for one in addresses if one.startswith(("https://", "http://")) and text.endswith(one)), "")
    return f'{text.removesuffix(address)}<a href="{address}">{address}</a>' if address else text
