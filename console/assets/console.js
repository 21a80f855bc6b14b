// Live updates and keys. Nothing here is needed: every page works without it.
"use strict";
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (node) => node.closest("input, textarea, select, [contenteditable]") !== null;

  // --- the selected row -------------------------------------------------------------------------
  const rows = () => all("[data-row]").filter((row) => row.offsetParent !== null);
  let chosen = (one("[data-row].on") || { dataset: {} }).dataset.row || null;

  function choose(row) {
    all("[data-row].on").forEach((other) => other.classList.remove("on"));
    if (!row) return;
    chosen = row.dataset.row;
    row.classList.add("on");
    offer(row);
    row.scrollIntoView({ block: "nearest" });
    const link = one("[data-open]", row);
    if (link) link.focus({ preventScroll: true });
  }

  // The buttons above the list offer what the page of the row offers: no confirmation taken is turned down from here.
  function offer(row) {
    const [confirm, reject] = ["e", "x"].map((key) => one(`[data-do="${key}"]`));
    if (!row || !confirm || !reject) return;
    confirm.hidden = row.dataset.e === undefined;
    reject.hidden = row.dataset.x === undefined;
    const said = one("[data-say]", confirm);
    if (said && !confirm.hidden) said.textContent = row.dataset.e;
  }

  function step(by) {
    const list = rows();
    if (!list.length) return false;
    const at = list.findIndex((row) => row.dataset.row === chosen);
    choose(list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + by, 0), list.length - 1)]);
    return true;
  }

  const selected = () => rows().find((row) => row.dataset.row === chosen) || rows()[0];

  function go(hash) {
    const row = selected();
    const link = row && one("[data-open]", row);
    if (link) location.href = link.href + (hash || "");
    return Boolean(link);
  }

  // --- keys -------------------------------------------------------------------------------------
  // On a list the keys act on the chosen row; on a page they press the button that names them.
  const may = (key, hash) => { const row = selected(); return row && key in row.dataset ? go(hash) : false; };
  const onList = { j: () => step(1), k: () => step(-1), o: () => go(), e: () => may("e", "#konfirmasi"), x: () => may("x", "#tolak") };

  function press(key) {
    const target = one(`[data-key="${key}"]`);
    if (!target) return false;
    if (target.tagName === "DETAILS") { openForm(target); } else { target.click(); }
    return true;
  }

  function openForm(details) {
    details.open = true;
    details.scrollIntoView({ block: "nearest" });
    const field = one("textarea, input:not([type=hidden]), button", details);
    if (field) field.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (typing(event.target)) return;
    const act = one("[data-list]") && onList[event.key];
    if ((act && act()) || press(event.key)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button && onList[button.dataset.do] && onList[button.dataset.do]()) event.preventDefault();
  });

  // What is not needed at once is folded where the page is one column.
  if (matchMedia("(max-width: 64rem)").matches) all("details[data-wide]").forEach((part) => { part.open = false; });

  // A link to a form (#konfirmasi, #tolak) opens it.
  function openHash() {
    const details = location.hash && document.getElementById(location.hash.slice(1));
    if (details && details.tagName === "DETAILS") openForm(details);
  }
  window.addEventListener("hashchange", openHash);
  openHash();

  // --- live -------------------------------------------------------------------------------------
  const list = one("[data-list]");
  const pill = one("[data-pill]");
  const lost = one("[data-lost]");
  let pointer = false;
  if (list) {
    list.addEventListener("pointerenter", () => { pointer = true; });
    list.addEventListener("pointerleave", () => { pointer = false; });
  }

  function swap(html) {
    const before = new Set(all("[data-row]").map((row) => row.dataset.row));
    const open = all("details[data-fold]").filter((fold) => fold.open).map((fold) => fold.dataset.fold);
    list.innerHTML = html;
    open.forEach((name) => { const fold = one(`details[data-fold="${name}"]`); if (fold) fold.open = true; });
    all("[data-row]").forEach((row) => { if (!before.has(row.dataset.row)) row.classList.add("fresh"); });
    if (chosen) { const row = rows().find((it) => it.dataset.row === chosen); if (row) row.classList.add("on"); }
    offer(selected());
    if (pill) pill.hidden = true;
  }

  async function refresh(force) {
    const answer = await fetch(list.dataset.list, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const html = await answer.text();
    // No row moves under the pointer or under a chosen row: then the pill tells, and a press takes it.
    if (force || (!pointer && !chosen)) { swap(html); return; }
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const known = new Set(all("[data-row]").map((row) => row.dataset.row));
    const news = all("[data-row]", fresh).filter((row) => !known.has(row.dataset.row)).length;
    if (pill) { pill.hidden = false; one("[data-count]", pill).textContent = news ? String(news) : ""; }
  }

  if (pill) pill.addEventListener("click", () => refresh(true));

  if (list && window.EventSource) {
    const stream = new EventSource("/langsung");
    stream.addEventListener("ubah", () => refresh(false).catch(() => {}));
    stream.addEventListener("open", () => { if (lost) lost.hidden = true; });
    stream.addEventListener("error", () => { if (lost) lost.hidden = false; });
  }
})();
