import { ask, el, send, spaced, toast, when } from "./dom.js";
import { openStory } from "./story.js";
import { openStrike } from "./strike.js";

const told = new Map();
const mostTold = 200;

// A page that is open for days must not grow for days.
const mostRows = 1000;

// Its buttons are seen without asking for them; those of older ones when the row is pointed at.
const freshFor = 3600 * 1000;
let body, button, filter, oldest, count;

/** What came live, for details that the history does not have yet. */
export function remember(story) {
  told.delete(story.id);
  told.set(story.id, story);
  if (told.size > mostTold) told.delete(told.keys().next().value);
}

export async function enter(main, given = {}) {
  filter = { port: "", program: "", outcome: "", ...given };
  const port = el("input", { placeholder: "Port", "aria-label": "Port", size: 7, inputmode: "numeric", value: filter.port, change: () => { filter.port = port.value.trim(); refresh(); } });
  const program = el("input", { placeholder: "Program", "aria-label": "Program", size: 14, value: filter.program, change: () => { filter.program = program.value.trim(); refresh(); } });
  const outcome = el("select", { "aria-label": "How it ended", change: () => { filter.outcome = outcome.value; refresh(); } },
    ["", "freed", "stillHeld", "takenAgain", "left", "notified", "logged", "refused", "vanished", "failed", "unfinished"].map(value => el("option", { value }, value ? spaced(value) : "any ending")));
  body = el("tbody");
  button = el("button", { class: "more", hidden: true, click: () => load(oldest) }, "Show older");
  count = el("span", { class: "soft small" });
  main.append(
    el("div", { class: "head" }, el("h1", {}, "Incidents"), count, el("div", { class: "acts push" }, port, program, outcome)),
    el("div", { class: "card scroll" }, el("table", {},
      el("thead", {}, el("tr", {}, ["When", "Port", "Refused", "Held by", "Decided", "Outcome", ""].map(name => el("th", {}, name)))), body)),
    button);
  await refresh();
}

export async function refresh() {
  await load(null);
}

async function load(before) {
  const query = new URLSearchParams({ limit: 50 });
  for (const [name, value] of Object.entries(filter)) if (value) query.set(name, value);
  if (before) query.set("before", before);
  const page = await ask(`api/incidents?${query}`);
  if (!before) body.replaceChildren();
  body.append(...page.incidents.map(row => draw(row)));
  oldest = page.incidents.at(-1)?.number ?? oldest;
  button.hidden = !page.more;
  if (!before) catchUp(page.incidents);
  say();
}

// What came live while the page was read, and is not written yet.
function catchUp(known) {
  const newest = known[0] ? new Date(known[0].first) : 0;
  for (const story of told.values()) {
    if (new Date(story.collision.first) > newest && !known.some(row => row.id === story.id)) live(story);
  }
}

export function live(story) {
  const row = summary(story);
  if ((filter.port && filter.port !== row.port) || (filter.program && filter.program !== row.holder && filter.program !== row.contender) || (filter.outcome && filter.outcome !== row.outcome)) return;
  const old = [...body.children].find(line => line.dataset.id === row.id);
  const line = draw(row);
  if (old) {
    const hadFocus = old.contains(document.activeElement);
    line.classList.toggle("fresh", old.classList.contains("fresh"));
    old.replaceWith(line);
    if (hadFocus) line.focus();
  } else {
    body.querySelector(".empty")?.closest("tr").remove();
    line.classList.add("fresh");
    body.prepend(line);
    trim();
  }
  say();
}

function trim() {
  while (body.children.length > mostRows) {
    body.lastElementChild.remove();
    oldest = Number(body.lastElementChild.dataset.number) || null;
    button.hidden = false;
  }
}

function say() {
  if (!body.children.length) body.append(el("tr", {}, el("td", { colspan: 7, class: "empty" }, "No collision is remembered here. When a program is refused a port, it appears at once.")));
  const rows = body.querySelectorAll("tr.row").length;
  count.textContent = rows ? `${rows} shown, newest first` : "";
}

function summary(story) {
  const { port, path, transport, address } = story.endpoint, holder = story.holders[0];
  const label = path ?? (port ? (transport === "udp" ? `udp/${port}` : `${port}`) : "?");
  const target = path ?? (port ? `${transport === "udp" ? "udp/" : ""}${address ? `${address.includes(":") ? `[${address}]` : address}:` : ""}${port}` : "");
  return {
    id: story.id, first: story.collision.first, count: story.collision.count, port: label, target, contender: story.contender?.name, holder: holder ? holder.name ?? "?" : null,
    holderPid: holder?.pid, holders: story.holders.length, action: story.verdict.action, outcome: story.outcome?.kind, ending: story.outcome ? spaced(story.outcome.kind) : "acting now",
  };
}

const tone = outcome => ({ freed: "good", vanished: "good", stillHeld: "bad", takenAgain: "bad", refused: "bad", timedOut: "bad", failed: "bad", notPermitted: "bad" })[outcome] ?? (outcome ? "" : "wait");

function draw(row) {
  const open = () => openStory(row, told.get(row.id));
  const isOpen = row.target && row.holder && !["freed", "vanished"].includes(row.outcome);
  const acts = isOpen && el("div", { class: "acts" },
    canLeave(row) && el("button", { "data-act": "leave", title: "Leave the holder alone, and put that on record", click: event => { event.stopPropagation(); leave(row, event.target); } }, "Leave"),
    el("button", { "data-act": "strike", click: event => { event.stopPropagation(); openStrike(row.target); } }, "Strike …"));
  return el("tr", {
    class: Date.now() - new Date(row.first) > freshFor ? "row old" : "row", tabindex: 0, "data-id": row.id, "data-number": row.number, click: open,
    keydown: event => { if (event.key === "Enter" && event.target === event.currentTarget) open(); move(event); },
  },
    el("td", { class: "tight soft" }, when(row.first)),
    el("td", {}, el("span", { class: "port" }, row.port), row.count > 1 && el("span", { class: "soft small" }, ` × ${row.count}`)),
    el("td", {}, row.contender ?? el("span", { class: "soft" }, "not known")),
    el("td", {}, row.holder ? el("span", { class: "name" }, row.holder) : el("span", { class: "soft" }, "nobody seen"), row.holderPid && [" ", el("span", { class: "soft small pid" }, `pid ${row.holderPid}`)],
      row.holders > 1 && el("span", { class: "soft small" }, ` +${row.holders - 1}`)),
    el("td", { class: "soft" }, spaced(row.action)),
    el("td", {}, el("span", { class: `pill ${tone(row.outcome)}` }, row.ending)),
    el("td", {}, acts));
}

// Where nothing was done to the holder. A question that is open is answered by it.
const canLeave = row => row.outcome ? ["logged", "notified", "failed", "dryRun"].includes(row.outcome) : row.action === "ask";

async function leave(row, button) {
  button.disabled = true;
  try {
    const answer = await send("api/leave", { incident: row.id });
    toast(answer.sentence);
    const line = [...body.children].find(other => other.dataset.id === row.id);
    if (answer.left && line) line.replaceWith(draw({ ...row, outcome: "left", ending: "left" }));
  } catch (error) {
    toast(error.message);
    button.disabled = false;
  }
}

function move(event) {
  const next = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling", j: "nextElementSibling", k: "previousElementSibling" }[event.key];
  if (next && event.currentTarget[next]) { event.preventDefault(); event.currentTarget[next].focus(); }
}
