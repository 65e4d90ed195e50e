import { age, ask, el, folder, full, meter } from "./dom.js";
import { openStrike } from "./strike.js";

// Listeners come and go without telling anybody; looked at only while this view is on the screen.
const betweenLooks = 5000;
let body, search, holders = [], seen = "", busy = new Map(), timer, drawn;

export async function enter(main) {
  search = el("input", { placeholder: "Filter", "aria-label": "Filter by port, program or folder", input: draw });
  body = el("tbody");
  drawn = "";
  main.append(
    el("div", { class: "head" }, el("h1", {}, "Ports"), el("span", { class: "soft small" }, "who holds what, since when, and where it collides most"), el("div", { class: "acts push" }, search)),
    el("div", { class: "card scroll" }, el("table", {},
      el("thead", {}, el("tr", {}, ["Port", "Holder", "Since", "Folder", "Collisions, 30 days", ""].map((name, index) => el("th", { class: index === 3 ? "wide" : "" }, name)))), body)));
  document.addEventListener("portia:struck", again);
  timer = setInterval(() => { if (document.visibilityState === "visible") look(); }, betweenLooks);
  const [now, stats] = await Promise.all([ask("api/ports"), ask("api/stats?days=30").catch(() => ({ ports: [] }))]);
  ({ holders, state: seen } = now);
  busy = new Map(stats.ports.map(tally => [tally.port, tally]));
  draw();
}

export function leave() {
  clearInterval(timer);
  document.removeEventListener("portia:struck", again);
}

export function live() {
  again();
}

// Something was done: whatever the server would save, it is looked at now.
function again() {
  seen = "";
  look();
}

async function look() {
  try {
    const now = await ask(`api/ports?${new URLSearchParams({ seen })}`);
    if (now) ({ holders, state: seen } = now);
    draw();
  } catch {
    // The next look says it again; what is shown is a few seconds old.
  }
}

const label = ({ transport, target, holder }) => holder.endpoint.path ?? (transport === "udp" ? `udp/${holder.endpoint.port}` : `${holder.endpoint.port ?? target}`);

function draw() {
  const wanted = search.value.trim().toLowerCase();
  const shown = holders.filter(({ target, holder }) => !wanted || [target, holder.name, holder.cwd, holder.user, holder.project].some(text => text?.toLowerCase().includes(wanted)));
  const key = wanted + JSON.stringify(shown.map(({ target, mark }) => [target, mark]));

  // The same picture is not drawn again: the keyboard's place in it stays.
  if (key === drawn) {
    for (const cell of body.querySelectorAll("[data-since]")) cell.textContent = age(cell.dataset.since);
    return;
  }
  drawn = key;
  const most = Math.max(1, ...[...busy.values()].map(tally => tally.incidents));
  const rows = shown.map(entry => ({ ...entry, tally: busy.get(label(entry)) })).sort((a, b) => (b.tally?.incidents ?? 0) - (a.tally?.incidents ?? 0));
  body.replaceChildren(...rows.map(({ target, endpoint, transport, mark, protection, holder, tally }) => el("tr", {},
    el("td", { class: "where" }, el("button", { class: "link port", title: "Its incidents", click: () => go({ port: `${holder.endpoint.port ?? ""}` }) }, endpoint), transport !== "tcp" && el("span", { class: "soft small" }, ` ${transport}`)),
    el("td", {}, holder.name ? el("button", { class: "link name", title: "Its incidents", click: () => go({ program: holder.name }) }, holder.name) : el("span", { class: "soft" }, holder.user ? `a process of ${holder.user}` : "not known"),
      holder.pid && [" ", el("span", { class: "soft small pid" }, `pid ${holder.pid}`)], holder.supervisor && el("div", { class: "soft small" }, `${holder.supervisor.kind} ${holder.supervisor.name}`), holder.container && el("div", { class: "soft small" }, `container ${holder.container}`)),
    el("td", { class: "tight soft", "data-since": holder.startedAt, title: holder.startedAt ? full(holder.startedAt) : "" }, age(holder.startedAt)),
    el("td", { class: "wide soft small" }, holder.cwd && folder(holder.cwd)),
    el("td", {}, tally && [meter(tally.incidents / most), el("span", { class: "soft small" }, `${tally.incidents}`)]),
    el("td", {}, mark.image && (protection ? el("span", { class: "pill", title: protection }, "protected") : el("div", { class: "acts" }, el("button", { click: () => openStrike(target) }, "Strike …")))))));
  if (!rows.length) body.append(el("tr", {}, el("td", { colspan: 6, class: "empty" }, wanted ? "Nothing listens that matches." : "Nothing listens that can be seen from here.")));
}

const go = filter => document.dispatchEvent(new CustomEvent("portia:show", { detail: { view: "incidents", filter } }));
