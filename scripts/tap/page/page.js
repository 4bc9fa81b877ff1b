"use strict";

// Whatever came over the wire is put into the page as text, never as markup.

const at = (id) => document.getElementById(id);
const rows = new Map(); // by the id of the exchange: what the list shows of it
let selected = 0;       // the id of the exchange that is shown
let shown = "";         // the answer of the server that is shown, as text
let view = null;
let drawn = 0;          // the id of the exchange that was drawn last
let chosen = -1;        // which part was chosen, -1 for none
let asking = false, askAgain = false;

// element makes an element with a class and a text.
function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// listen follows the news. EventSource connects again by itself.
function listen() {
  const events = new EventSource("events");
  events.onopen = () => { at("state").textContent = "live"; };
  events.onerror = () => { at("state").textContent = "The tap does not answer. Is it still running?"; };
  events.onmessage = (event) => take(JSON.parse(event.data));
}

// take takes news.
function take(news) {
  if (news.first) {
    rows.clear();
    at("list").replaceChildren();
  }
  for (const row of news.rows) put(row);
  for (const id of rows.keys()) if (id <= news.gone) drop(id);
  at("nothing").hidden = rows.size > 0;
  at("gone").hidden = news.gone === 0;
  at("gone").textContent = news.gone + (news.gone === 1 ? " older exchange was let go." : " older exchanges were let go.");
  const ids = [...rows.keys()];
  if (at("follow").checked && ids.length > 0) {
    select(ids[ids.length - 1]);
  } else if (!rows.has(selected) && ids.length > 0) {
    select(ids[0]);
  }
  if (news.rows.some((row) => row.id === selected)) ask();
}

// put puts a row into the list, or anew.
function put(row) {
  const item = element("li");
  item.id = "exchange-" + row.id;
  item.setAttribute("role", "option");
  item.append(
    element("span", "at", row.connection + "." + row.number),
    element("span", "asked", row.note || row.method + " " + row.target),
    element("span", "status" + (/^[45]/.test(row.status) ? " bad" : ""), row.status),
    element("span", "time", row.time),
    element("span", "bytes", row.bytes));
  item.title = row.note || row.method + " " + row.target;
  item.addEventListener("click", () => { at("follow").checked = false; select(row.id); at("list").focus(); });
  item.setAttribute("aria-selected", row.id === selected);
  const before = at(item.id);
  if (before) before.replaceWith(item); else at("list").append(item);
  rows.set(row.id, row);
}

// drop takes a row out of the list.
function drop(id) {
  rows.delete(id);
  at("exchange-" + id)?.remove();
}

// select shows an exchange.
function select(id) {
  if (id === selected && view) return;
  at("exchange-" + selected)?.setAttribute("aria-selected", "false");
  selected = id;
  chosen = -1;
  const item = at("exchange-" + id);
  item.setAttribute("aria-selected", "true");
  item.scrollIntoView({ block: "nearest" });
  at("list").setAttribute("aria-activedescendant", item.id);
  ask();
}

// ask asks for the exchange that is selected; one question at a time.
async function ask() {
  if (asking) { askAgain = true; return; }
  asking = true;
  do {
    askAgain = false;
    const id = selected;
    try {
      const response = await fetch("exchange/" + id);
      const text = await response.text();
      if (response.ok && id === selected && text !== shown) {
        shown = text;
        view = JSON.parse(text);
        draw();
      }
    } catch { /* The state says that the tap does not answer. */ }
    if (id !== selected) askAgain = true;
  } while (askAgain);
  asking = false;
}

// draw shows the exchange.
function draw() {
  const inParts = at("messages").contains(document.activeElement);
  at("exchange").hidden = false;
  at("none").hidden = true;
  at("title").textContent = "Connection " + view.row.connection + ", exchange " + view.row.number;
  at("messages").replaceChildren(...(view.messages || []).map(drawMessage));
  at("ends").replaceChildren(...(view.ends || []).map((says) => element("li", "", says)));
  at("script").textContent = view.script;
  at("copied").textContent = "";
  if (view.row.id !== drawn) at("exchange").scrollTop = 0;
  drawn = view.row.id;
  if (chosen >= 0) choose(chosen, inParts);
  else if (inParts) at("list").focus();
}

// drawMessage makes the panel of a message.
function drawMessage(message) {
  const panel = element("article", "message " + message.side);
  const heading = element("h3", "", message.title);
  heading.append(element("small", "", message.times));
  const lines = element("div", "lines");
  let label = "";
  for (const line of message.lines || []) {
    const first = line.label !== label || line.parts[0].name === "chunk size";
    label = line.label;
    lines.append(drawLine(line, first));
  }
  panel.append(heading, lines);
  if (message.framing) {
    const framing = element("p", "framing", message.framing + " ");
    framing.append(linkTo(element("a"), message.section));
    panel.append(framing);
  }
  if (message.left) panel.append(element("p", "left", message.left));
  if (message.broken) panel.append(element("p", "broken", message.broken));
  return panel;
}

// drawLine makes a line of a message.
function drawLine(line, first) {
  const made = element("div", first ? "line first" : "line");
  const wire = element("div", "wire");
  for (const part of line.parts) wire.append(drawPart(part));
  made.append(element("span", "label", first ? line.label : ""), wire);
  return made;
}

// drawPart makes a part of a line. The end of a line of content stands out.
function drawPart(part) {
  const made = element("span", "part");
  made.textContent = part.text;
  if (part.end) made.append(element("span", "end", part.end));
  made.dataset.name = part.name;
  made.tabIndex = -1;
  made.addEventListener("mouseenter", () => explain(part));
  made.addEventListener("mouseleave", explainChosen);
  made.addEventListener("click", () => choose(parts().indexOf(made), true));
  made.shows = part;
  return made;
}

// parts returns all parts that are shown.
const parts = () => [...document.querySelectorAll("#messages .part")];

// choose chooses a part, so that its explanation stays.
function choose(index, focus) {
  const all = parts();
  if (all.length === 0) return;
  chosen = Math.max(0, Math.min(index, all.length - 1));
  all.forEach((part, i) => part.classList.toggle("chosen", i === chosen));
  if (focus) all[chosen].focus();
  explain(all[chosen].shows);
}

// chooseLine chooses the first part of the line after this one, or before it.
function chooseLine(step) {
  const all = parts();
  const lines = [...document.querySelectorAll("#messages .line")];
  const line = lines.indexOf(all[chosen].closest(".line"));
  const next = lines[Math.max(0, Math.min(line + step, lines.length - 1))];
  choose(all.indexOf(next.querySelector(".part")), true);
}

// explain says what a part is.
function explain(part) {
  at("name").textContent = part.name;
  at("says").textContent = part.says;
  linkTo(at("section"), part.section);
}

// explainChosen says again what the chosen part is.
function explainChosen() {
  const part = parts()[chosen];
  if (part) explain(part.shows);
}

// linkTo makes a link to a section of an RFC. What is no RFC is text.
function linkTo(link, section) {
  const rfc = /^RFC (\d+), (.+)$/.exec(section);
  link.textContent = section;
  link.hidden = !section;
  link.target = "_blank";
  link.rel = "noopener";
  if (rfc) link.href = "https://www.rfc-editor.org/rfc/rfc" + rfc[1] + "#" + (/^[A-Z]/.test(rfc[2]) ? "appendix-" : "section-") + rfc[2];
  else link.removeAttribute("href");
  return link;
}

// copy puts a text where it can be pasted from.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    at("copied").textContent = "Copied.";
  } catch {
    // A page that is not of this machine may not do that.
    document.querySelector("#exchange details").open = true;
    at("script").textContent = text;
    getSelection().selectAllChildren(at("script"));
    at("copied").textContent = "Selected below: copy it from there.";
  }
}

// move goes so many exchanges on in the list.
function move(steps) {
  const ids = [...rows.keys()];
  if (ids.length === 0) return;
  const index = ids.indexOf(selected) + steps;
  at("follow").checked = false;
  select(ids[Math.max(0, Math.min(index, ids.length - 1))]);
}

// listKeys are what keys do in the list, and partKeys in the parts of a message.
const listKeys = {
  ArrowUp: () => move(-1),
  ArrowDown: () => move(1),
  PageUp: () => move(-10),
  PageDown: () => move(10),
  Home: () => move(-Infinity),
  End: () => move(Infinity),
  ArrowRight: () => choose(Math.max(chosen, 0), true),
  Enter: () => choose(Math.max(chosen, 0), true),
};
const partKeys = {
  ArrowUp: () => chooseLine(-1),
  ArrowDown: () => chooseLine(1),
  ArrowLeft: () => choose(chosen - 1, true),
  ArrowRight: () => choose(chosen + 1, true),
  Home: () => choose(0, true),
  End: () => choose(Infinity, true),
  Escape: () => at("list").focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const target = event.target;
  let does = null;
  if (target.classList.contains("part")) does = partKeys[event.key];
  else if (target === at("list") || target === document.body) does = listKeys[event.key];
  if (does) {
    event.preventDefault();
    does();
  }
});
at("copy").addEventListener("click", () => copy(view.script));
at("copy-connection").addEventListener("click", async () => {
  const response = await fetch("exchange/" + selected + "/connection");
  copy(await response.text());
});
at("follow").addEventListener("change", () => { if (at("follow").checked) showNewest(); });

// showNewest shows the newest exchange.
function showNewest() {
  const ids = [...rows.keys()];
  if (ids.length > 0) select(ids[ids.length - 1]);
}

listen();
at("list").focus();
