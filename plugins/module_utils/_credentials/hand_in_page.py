# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The page that seals credentials in a browser: one file, which reaches no network and keeps nothing. Private to the collection.

The format that it makes is in docs/hand-in.md, and `sealed` opens it.
"""

from __future__ import annotations

import base64
import hashlib
import html

from .._rest.credentials import FORM
from .sealed import BEGIN, END, VERSION, PrivateKey

# By which a page of ours is known.
TITLE = "<title>Hand in credentials: msp.autotask</title>"
STYLE = """
:root { color-scheme: light dark; --line: #8796a8; --soft: #eef2f6; --warn: #8a4b00; }
@media (prefers-color-scheme: dark) { :root { --soft: #222b36; --warn: #ffc46b; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; }
fieldset { border: 1px solid var(--line); border-radius: .4rem; margin: 0 0 1rem; padding: .5rem 1rem 1rem; }
legend { padding: 0 .4rem; font-weight: 600; }
label { display: block; margin-top: .6rem; }
input, textarea { box-sizing: border-box; width: 100%; font: inherit; padding: .45rem .6rem; border: 1px solid var(--line); border-radius: .3rem; }
textarea { font: 13px/1.4 ui-monospace, monospace; height: 15rem; resize: vertical; }
button { font: inherit; padding: .5rem 1.2rem; border-radius: .3rem; border: 1px solid var(--line); cursor: pointer; }
small { display: block; opacity: .85; }
[role=alert]:not(:empty) { color: var(--warn); background: var(--soft); padding: .6rem .8rem; border-radius: .3rem; margin: 1rem 0; }
code { overflow-wrap: anywhere; }
"""

SCRIPT = """
"use strict";
const $ = id => document.getElementById(id);
const bytes = text => new TextEncoder().encode(text);
const packed = data => btoa(String.fromCharCode(...new Uint8Array(data))).replace(/[+]/g, "-").replace(/[/]/g, "_").replace(/=+$/, "");
const unpacked = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), letter => letter.charCodeAt(0));
const joined = (one, other) => { const all = new Uint8Array(one.length + other.length); all.set(one); all.set(other, one.length); return all; };
const main = document.querySelector("main");
const values = ["user_name", "secret", "integration_code"];
const purpose = ["tenant", "name", "change"];

function say(text, id) {
  const said = $("said");
  said.textContent = text;
  if (id) { $(id).after(said); $(id).focus(); } else { $("form").before(said); }
  if (text) said.scrollIntoView({block: "nearest"});
}

function fromAddress() {
  let parts = [];
  try { parts = location.hash.slice(1).split("/").map(decodeURIComponent); } catch (error) { parts = []; }
  if (parts.length !== 3) return;
  $("tenant").value = parts[0];
  $("name").value = parts[1];
  $("change").value = parts[1] + "/" + parts[2];
}

function problem() {
  const key = /^[a-z0-9][a-z0-9._-]*$/, change = /^[a-z0-9][a-z0-9._-]*[/][1-9][0-9]*$/;
  if (!$("tenant").value.trim()) return ["tenant", "Name the tenant, as the change does."];
  if (!key.test($("name").value.trim())) return ["name", "Name the integration as the last step of the change does, such as my-vendor."];
  if (!change.test($("change").value.trim())) return ["change", "Name the change as its description does, such as my-vendor/1."];
  if (!$("user_name").value) return ["user_name", "The Username (Key) is missing."];
  if (!$("secret").value) return ["secret", "The Password (Secret) is missing."];
  return null;
}

function odd(text) {
  if (!text || new RegExp("^(" + main.dataset.form + ")$").test(text)) return "";
  if (text !== text.trim()) return "begins or ends with a blank";
  return "has a character in it that nobody sees, or that Autotask never generates";
}

async function sealed(what, meant) {
  const receiver = unpacked(main.dataset.key);
  const curve = {name: "ECDH", namedCurve: "P-256"};
  const theirs = await crypto.subtle.importKey("raw", receiver, curve, false, []);
  const ours = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const sender = new Uint8Array(await crypto.subtle.exportKey("raw", ours.publicKey));
  const shared = await crypto.subtle.deriveBits({name: "ECDH", public: theirs}, ours.privateKey, 256);
  const context = bytes(["msp.autotask sealed credentials " + main.dataset.version, main.dataset.id, meant.tenant, meant.name, meant.change].join("\\n"));
  const material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const way = {name: "HKDF", hash: "SHA-256", salt: joined(sender, receiver), info: context};
  const key = await crypto.subtle.deriveKey(way, material, {name: "AES-GCM", length: 256}, false, ["encrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const content = await crypto.subtle.encrypt({name: "AES-GCM", iv: nonce, additionalData: context}, key, bytes(JSON.stringify(what)));
  const block = {v: Number(main.dataset.version), key: main.dataset.id, for: meant, from: packed(sender), nonce: packed(nonce), content: packed(content)};
  const lines = packed(bytes(JSON.stringify(block))).match(/.{1,64}/g);
  return [main.dataset.begin, ...lines, main.dataset.end].join("\\n");
}

async function seal(event) {
  event.preventDefault();
  const wrong = problem();
  if (wrong) { say(wrong[1], wrong[0]); return; }
  for (const id of values) {
    const text = $(id).value, label = "The " + $(id).dataset.label + " ", why = odd(text);
    if (why) { say(label + why + ". Copy it again: in full, and nothing else with it.", id); return; }
    if (text.includes(" ") && !confirm(label + "has a blank in it. Was it copied so? Press OK to seal it as it is.")) { $(id).focus(); return; }
  }
  const what = Object.fromEntries(values.map(id => [id, $(id).value]));
  const meant = Object.fromEntries(purpose.map(id => [id, $(id).value.trim().normalize("NFC")]));
  try { $("block").value = await sealed(what, meant); } catch (error) { say("This browser can't seal it: " + error.message); return; }
  values.forEach(id => { $(id).value = ""; });
  say("");
  $("result").hidden = false;
  $("block").focus();
  $("block").select();
}

async function copy() {
  $("block").select();
  try { await navigator.clipboard.writeText($("block").value); $("copied").textContent = "Copied."; }
  catch (error) { $("copied").textContent = "Press Ctrl+C, or Cmd+C, to copy what is marked."; }
}

if (window.isSecureContext && crypto.subtle) {
  fromAddress();
  addEventListener("hashchange", fromAddress);
  $("form").addEventListener("submit", seal);
  $("copy").addEventListener("click", copy);
  $("form").hidden = false;
} else {
  say("A browser seals nothing on a page that came over plain http. Open this page over https, or save it and open the file.");
}
"""

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; script-src 'sha256-%script%'; style-src 'sha256-%style%'; form-action 'none'; base-uri 'none'">
<meta name="referrer" content="no-referrer">%TITLE%<style>%STYLE%</style></head>
<body><main data-key="%key%" data-id="%id%" data-version="%version%" data-form="%form%" data-begin="%begin%" data-end="%end%">
<h1>Hand in the credentials of an API user</h1>
<p>What you enter is sealed here, in this browser: only the automation that asked for it can open it. This page sends nothing and keeps nothing.
Put the sealed block into a note of the change ticket, or into the file that the run sheet names; it is taken with the next run.</p>
<p role="alert" id="said"></p>
<noscript><p role="alert">Sealing needs JavaScript.</p></noscript>
<form id="form" autocomplete="off" hidden>
<fieldset><legend>What it is for</legend>
<label for="tenant">Tenant</label><input id="tenant" spellcheck="false">
<label for="name">Integration</label><input id="name" spellcheck="false"><small>As the last step of the change names it.</small>
<label for="change">Change</label><input id="change" spellcheck="false"><small>As the description of the change names it, such as my-vendor/1.</small>
</fieldset>
<fieldset><legend>What Autotask has shown</legend>
<label for="user_name">Username (Key)</label><input id="user_name" data-label="Username (Key)" spellcheck="false">
<label for="secret">Password (Secret)</label><input id="secret" data-label="Password (Secret)" type="password" autocomplete="new-password">
<label for="integration_code">Tracking Identifier</label><input id="integration_code" data-label="Tracking Identifier" type="password" autocomplete="off">
<small>Only if one was generated: leave it empty where an Integration Vendor was chosen.</small>
</fieldset>
<button>Seal</button>
</form>
<section id="result" hidden><h2>Sealed</h2>
<label for="block">Copy all of it, from BEGIN to END:</label><textarea id="block" readonly></textarea>
<p><button type="button" id="copy">Copy</button> <span id="copied" role="status"></span></p>
</section>
<p><small>Sealed for the key <code>%id%</code>. If you were told of another one, don't use this page.</small></p>
</main><script>%SCRIPT%</script></body></html>
"""


def page_for(key: PrivateKey) -> str:
    """The page that seals for a key: the same bytes for the same key."""
    words = {
        "%script%": _hash(SCRIPT),
        "%style%": _hash(STYLE),
        "%key%": base64.urlsafe_b64encode(key.public).decode().rstrip("="),
        "%id%": key.id,
        "%version%": str(VERSION),
        "%form%": html.escape(FORM),
        "%begin%": BEGIN,
        "%end%": END,
        "%TITLE%": TITLE,
        "%STYLE%": STYLE,
        "%SCRIPT%": SCRIPT,
    }
    page = PAGE
    for word, text in words.items():
        page = page.replace(word, text)
    return page


def _hash(text: str) -> str:
    """What the content security policy names a script or a style by."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
