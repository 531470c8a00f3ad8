// Copyright: msp.autotask contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

// What is visible in one frame of the console, read in one go: controls with their labels, rows and columns, and the texts between them,
// in the order of the document. It changes nothing. `widgets` are those of `locators.yml`; what wasn't there in the survey `before` is fresh.
({ widgets, before }) => {
  const FIELDS = "input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=image]):not([type=reset]), select, textarea";
  const drawn = ["box", "choice", "drop_down", "picker"].map((name) => widgets[name].join(","));
  const [BOX, CHOICE, DROP_DOWN, PICKER] = drawn;
  const FIELD = [FIELDS, ...drawn].join(",");
  const WIDGET = drawn.join(",");
  const ACTION = widgets.action.join(",");
  const SECTION = widgets.section.join(",");
  const ROW = "tr, [role=row]";
  const CELL = "td, th, [role=cell], [role=gridcell], [role=rowheader], [role=columnheader]";
  const TABLE = "table, [role=grid], [role=table], [role=treegrid]";
  const LONGEST = 200;

  const clean = (text) => (text || "").replace(/[\s\u00a0\u200b]+/g, " ").trim();
  const one = (scope, css) => (css ? scope.querySelector(css) : null);
  // Nothing changes while this runs, so each answer about an element is worked out once.
  const memories = [];
  const once = (work) => {
    const known = new Map();
    memories.push(known);
    return (el) => {
      if (!known.has(el)) known.set(el, work(el));
      return known.get(el);
    };
  };
  const isSeen = once((el) => {
    if (!el || !el.isConnected) return false;
    if (!el.checkVisibility({ opacityProperty: true, visibilityProperty: true, checkOpacity: true, checkVisibilityCSS: true })) return false;
    const box = el.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.right + scrollX > 0 && box.bottom + scrollY > 0;
  });
  const text = once((el) => (el ? clean(el.innerText ?? el.textContent) : ""));
  const byIds = (ids) => clean((ids || "").split(/\s+/).map((id) => text(document.getElementById(id)) || "").join(" "));

  // A page that is not complete may have buttons that do nothing yet; but some never are, for want of a picture.
  const young = document.readyState === "interactive" && performance.now() < 5000;
  if (document.readyState === "loading" || young || !document.documentElement) {
    const none = Object.fromEntries(["headings", "problems", "dialogs", "guidance", "items", "rows", "eii"].map((name) => [name, []]));
    const report = { ...none, title: clean(document.title), url: location.href, record: "", marks: {}, busy: true };
    return { report, elements: [], now: () => null };
  }

  // ---- kinds and values

  const kindOf = (el) => {
    const role = el.getAttribute("role");
    if (el.matches("input")) {
      const type = el.type;
      if (type === "checkbox") return "box";
      if (type === "radio") return "choice";
      if (["submit", "button", "reset", "image"].includes(type)) return "action";
      return type === "number" ? "number" : type === "hidden" ? null : "text";
    }
    if (el.matches("select")) return el.multiple ? "picks" : "list";
    if (el.matches("textarea") || role === "textbox") return "text";
    if (el.matches(BOX)) return "drawn_box";
    if (el.matches(CHOICE)) return "drawn_choice";
    if (el.matches(PICKER)) return "picker";
    if (el.matches(DROP_DOWN)) return "drop_down";
    if (el.matches("button, summary, a[href]") || el.matches(ACTION) || el.matches(widgets.row_menu.join(","))) return "action";
    return null;
  };
  // An element that nothing marks as a control, but that has the hand of one: the outermost of those inside each other.
  const hasHand = (el) =>
    el.parentElement &&
    !el.closest("label, option") &&
    getComputedStyle(el).cursor === "pointer" &&
    getComputedStyle(el.parentElement).cursor !== "pointer" &&
    !el.querySelector(FIELD);

  // The element that says on or off may have no size of its own.
  const has = (el, css) => el.matches(css) || [...el.querySelectorAll(css)].some((part) => part.checkVisibility({ visibilityProperty: true }));
  const isDrawnOn = (el) => {
    const said = el.getAttribute("aria-checked");
    if (said) return said === "true";
    const on = has(el, widgets.ticked.join(","));
    const off = has(el, widgets.cleared.join(","));
    return on === off ? null : on;
  };
  const valueOf = (el, kind) => {
    switch (kind) {
      case "box":
      case "choice":
        return el.checked;
      case "drawn_box":
      case "drawn_choice":
        return isDrawnOn(el);
      case "list":
        return el.selectedOptions.length ? clean(el.selectedOptions[0].text) : "";
      case "picks":
        return [...el.options].map((option) => clean(option.text));
      case "drop_down":
        return el.dataset.itemType === "Default" ? "" : clean(text(el) || one(el, "input")?.value);
      case "picker":
        return text(one(el, widgets.chip.join(",")));
      case "action":
        return null;
      default:
        return el.value ?? clean(el.textContent);
    }
  };
  const isDisabled = (el) =>
    el.disabled === true || !!el.closest("[aria-disabled=true], fieldset:disabled") || !!el.closest(widgets.disabled.join(",")) || false;
  const isOpen = (el) => {
    if (el.matches("summary")) return el.parentElement.open;
    const said = el.getAttribute("aria-expanded");
    if (said) return said === "true";
    const section = el.closest(SECTION);
    if (!section || el.closest(FIELD) || el !== sectionHead(section)) return null;
    const body = [...section.children].filter((part) => !part.contains(el) && !part.matches("script, style, template"));
    return body.length ? body.some(isSeen) : null;
  };
  // What closes and opens a drawn section: its first visible part that can be pressed, or else its first visible part.
  const heads = new Map();
  const sectionHead = (section) => {
    if (!heads.has(section)) {
      const first = [...section.children].find(isSeen);
      const head = first && (first.matches(widgets.toggle.join(",")) ? first : [...first.querySelectorAll(widgets.toggle.join(","))].find(isSeen));
      heads.set(section, head || first || null);
    }
    return heads.get(section);
  };

  // What a drawn section is called: the texts of its first visible part that aren't those of buttons.
  const sectionName = once((section) => {
    const first = [...section.children].find(isSeen);
    if (!first) return "";
    const parts = [];
    const texts = document.createTreeWalker(first, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const button = node.parentElement.closest(ACTION);
      if ((!button || button.contains(first) || button === sectionHead(section)) && isSeen(node.parentElement)) parts.push(node.data);
    }
    return clean(parts.join(" "));
  });

  // ---- rows and columns

  const cellsOf = (row) => [...row.children].filter((cell) => cell.matches(CELL));
  const spanBefore = (cells, cell) => cells.slice(0, cells.indexOf(cell)).reduce((sum, one) => sum + (one.colSpan || 1), 0);
  const headers = new Map();
  // The headings above a row: the nearest earlier row of the same table that is one of headings, or looks like one in a table of plain cells.
  const headingsOf = (row) => {
    if (headers.has(row)) return headers.get(row);
    const table = row.closest(TABLE);
    const rows = table ? [...table.querySelectorAll(ROW)].filter((other) => other.closest(TABLE) === table) : [];
    let found = null;
    for (const other of rows) {
      if (other === row) break;
      const cells = cellsOf(other);
      const said = cells.filter((cell) => clean(cell.textContent)).length;
      const isHead = other.closest("thead") || cells.every((cell) => cell.matches("th, [role=columnheader]"));
      const isPlain = cells.length > 2 && !one(other, FIELD) && (!found || cells.length !== cellsOf(found).length);
      if (said > 1 && (isHead || isPlain)) found = other;
    }
    const columns = [];
    if (found) for (const cell of cellsOf(found)) for (let i = 0; i < (cell.colSpan || 1); i++) columns.push(clean(cell.textContent));
    headers.set(row, found ? columns : null);
    return headers.get(row);
  };
  const rowName = once((row) => {
    const named = cellsOf(row).find((cell) => cell.matches("th, [role=rowheader]") && text(cell));
    return text(named || cellsOf(row).find((cell) => text(cell) && !one(cell, FIELD)));
  });
  const placeIn = (el) => {
    const cell = el.closest(CELL);
    const row = cell && cell.closest(ROW);
    const columns = row && headingsOf(row);
    return columns ? { row: rowName(row), column: columns[spanBefore(cellsOf(row), cell)] || "" } : { row: "", column: "" };
  };

  const isInRow = (el) => {
    const row = el.closest(ROW);
    return !!row && cellsOf(row).length > 1 && !!headingsOf(row);
  };

  // ---- labels

  const used = new Set();
  const plainText = (el) => {
    const primary = one(el, widgets.label.join(","));
    return text(primary || el);
  };
  const isLabelText = (el) => isSeen(el) && !el.matches(FIELD) && !one(el, FIELD) && !el.matches("script, style") && text(el).length <= LONGEST;
  const besideOf = (el, kind) => {
    const after = kind.endsWith("box") || kind.endsWith("choice");
    for (let node = el, depth = 0; node && node !== document.body && depth < 6; node = node.parentElement, depth++) {
      const siblings = [];
      if (after) for (let s = node.nextSibling; s; s = s.nextSibling) siblings.push(s);
      const before = [];
      for (let s = node.previousSibling; s; s = s.previousSibling) before.push(s);
      for (const list of [siblings, before]) {
        for (const sibling of list) {
          if (sibling.nodeType === Node.TEXT_NODE && clean(sibling.data)) {
            used.add(sibling.parentElement);
            return clean(sibling.data);
          }
          if (sibling.nodeType !== Node.ELEMENT_NODE || sibling.matches("script, style, option, br")) continue;
          if (sibling.matches(FIELD) || one(sibling, FIELD)) break;
          if (isLabelText(sibling) && plainText(sibling)) {
            used.add(sibling);
            return plainText(sibling);
          }
        }
      }
      const parent = node.parentElement;
      if (!parent || [...parent.querySelectorAll(FIELD)].some((other) => other !== el && !el.contains(other) && isSeen(other))) break;
    }
    return "";
  };
  const labelOf = (el, kind) => {
    const aria = byIds(el.getAttribute("aria-labelledby")) || clean(el.getAttribute("aria-label"));
    const native = [...(el.labels || [])].filter((label) => isSeen(label));
    native.forEach((label) => used.add(label));
    if (kind === "action") return aria || text(el) || clean(el.value) || clean(el.title) || clean(one(el, "img[alt]")?.alt);
    const own = kind === "drawn_box" || kind === "drawn_choice" ? text(el) : "";
    return clean(native.map(text).join(" ")) || aria || own || besideOf(el, kind) || clean(el.placeholder) || clean(el.title);
  };
  const pathOf = (el) => {
    const path = [];
    for (let node = el.parentElement; node; node = node.parentElement) {
      let name = "";
      if (node.matches("fieldset")) name = text([...node.children].find((child) => child.matches("legend")));
      else if (node.matches("section, [role=region], [role=group]"))
        name = byIds(node.getAttribute("aria-labelledby")) || clean(node.getAttribute("aria-label"));
      else if (node.matches(SECTION)) name = sectionName(node);
      if (name) path.unshift(name.slice(0, LONGEST));
    }
    return path;
  };

  // ---- the walk

  const elements = [];
  const kinds = [];
  const items = [];
  const rows = [];
  const eii = new Set();
  const add = (el) => elements.push(el) - 1;
  const root = document.body || document.documentElement || document.createElement("body");
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT);
  const controlAt = new Map();
  const known = new Set(before ? before.elements : []);
  for (let el = walker.currentNode; el; el = walker.nextNode()) {
    if (el.dataset && el.dataset.eii && isSeen(el)) eii.add(el.dataset.eii);
    if (el.matches("script, style, template, option, optgroup, svg *")) continue;
    const widget = el.parentElement && el.parentElement.closest(WIDGET);
    if (widget) continue;
    const label = el.labels && [...el.labels].find(isSeen);
    const section = el.closest(SECTION);
    const isHead = !!section && sectionHead(section) === el;
    const inHeading = !!section && !isHead && [...section.children].find(isSeen)?.contains(el);
    const kind = kindOf(el) || (isSeen(el) && !inHeading && hasHand(el) ? "action" : null);
    if (kind || isHead) {
      const outer = el.parentElement && el.parentElement.closest("button, a[href], " + ACTION);
      if (kind === "action" && outer && controlAt.has(outer) && text(outer) === text(el)) continue;
      if (!isSeen(el) && !(label && /box|choice/.test(kind || ""))) continue;
      const target = isSeen(el) ? el : label;
      const exact = kind || "action";
      const index = add(target);
      kinds[index] = { el, kind: exact };
      controlAt.set(el, index);
      items.push({
        is: "control",
        index,
        kind: exact,
        label: (isHead ? sectionName(section) : labelOf(el, exact)).slice(0, LONGEST),
        head: isHead,
        bare: exact === "action" && !text(el),
        ...placeIn(el),
        path: pathOf(el),
        value: valueOf(el, exact),
        options: exact === "list" || exact === "picks" ? [...el.options].map((option) => clean(option.text)) : null,
        disabled: isDisabled(el),
        open: exact === "action" ? isOpen(el) : null,
        address: el.matches("a[href]") && !el.getAttribute("href").startsWith("#") ? el.href : "",
        fresh: !known.has(target),
        menu: el.matches(widgets.menu.join(",")) || !!el.closest(widgets.row_menu.join(",")),
        tab: el.matches("[role=tab]"),
      });
    }
    const direct = [...el.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && clean(node.data));
    if (direct && isSeen(el) && !el.closest("select, textarea")) {
      const shown = clean([...el.childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? node.data : " ")).join(""));
      const whole = text(el);
      const action = el.closest("button, a[href], " + ACTION);
      items.push({
        is: "text",
        index: add(el),
        text: (whole.length <= LONGEST ? whole : shown).slice(0, LONGEST),
        head: el.matches("h1, h2, h3, h4, h5, h6, legend, summary, [role=heading]") || !!el.closest("summary, legend, h1, h2, h3"),
        action: !!action && !el.closest("summary") && !(action.closest(SECTION) && isOpen(action) !== null),
        inRow: isInRow(el),
        fresh: !known.has(el),
        el,
      });
    }
    if (el.matches(ROW) && isSeen(el) && cellsOf(el).length > 1 && headingsOf(el)) {
      const columns = headingsOf(el);
      const cells = cellsOf(el);
      rows.push({
        el,
        index: add(el),
        name: rowName(el),
        cells: cells.map((cell) => ({
          column: columns[spanBefore(cells, cell)] || "",
          text: text(cell),
          on: [...cell.querySelectorAll("*")].some(isSeen) && ![...cell.querySelectorAll(widgets.cleared.join(","))].some(isSeen),
        })),
      });
    }
  }
  for (const row of rows) {
    row.controls = [...controlAt].filter(([el]) => row.el.contains(el)).map(([, index]) => index);
    delete row.el;
  }
  for (const item of items) {
    if (item.is !== "text") continue;
    item.label = false;
    for (let node = item.el; node && !item.label; node = node.parentElement) item.label = used.has(node);
    delete item.el;
  }
  const coversMuch = (el) => {
    const box = el.getBoundingClientRect();
    return isSeen(el) && box.width * box.height > (innerWidth * innerHeight) / 4 && getComputedStyle(el).pointerEvents !== "none";
  };
  const shownTexts = (css) => (css.length ? [...document.querySelectorAll(css.join(","))].filter(isSeen).map(text).filter(Boolean) : []);
  return {
    report: {
      title: clean(document.title),
      url: location.href,
      headings: [...shownTexts(widgets.title), ...shownTexts(["h1", "[role=heading][aria-level='1']"])],
      record: shownTexts(widgets.record)[0] || "",
      problems: shownTexts(widgets.problem),
      dialogs: shownTexts(widgets.dialog),
      guidance: [...document.querySelectorAll(widgets.guidance.join(","))].filter(coversMuch).map((el) => text(el).slice(0, LONGEST) || el.id || el.className),
      busy: [...document.querySelectorAll(widgets.busy.join(","))].some(isSeen),
      marks: Object.fromEntries(Object.entries(widgets.generations).map(([name, css]) => [name, css.length > 0 && !!document.querySelector(css.join(","))])),
      items,
      rows,
      eii: [...eii],
    },
    elements,
    now: (index) => {
      const { el, kind } = kinds[index];
      memories.forEach((memory) => memory.clear());
      return el.isConnected ? { value: valueOf(el, kind), disabled: isDisabled(el), open: kind === "action" ? isOpen(el) : null } : null;
    },
  };
}
