import { send, toast } from "./dom.js";
import * as incidents from "./incidents.js";
import * as ports from "./ports.js";
import * as times from "./times.js";
import * as rules from "./rules.js";

const views = { incidents, ports, times, rules };
const main = document.getElementById("main");
const buttons = [...document.querySelectorAll("nav button")];
let current = null;

function show(name, filter) {
  current?.leave?.();
  current = views[name];
  for (const button of buttons) button.setAttribute("aria-current", button.dataset.view === name ? "page" : "false");
  main.replaceChildren();
  current.enter(main, filter).catch(error => toast(error.message));
}

for (const button of buttons) button.addEventListener("click", () => show(button.dataset.view));
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea") || document.querySelector("dialog[open]")) return;
  const button = buttons[Number(event.key) - 1];
  if (button) { button.focus(); show(button.dataset.view); }
  if (event.key === "/") { const box = main.querySelector("input"); if (box) { event.preventDefault(); box.focus(); } }
});

function say(state, words) {
  const place = document.getElementById("watcher");
  place.className = state;
  place.querySelector("span").textContent = words;
}

const start = document.getElementById("start");
start.addEventListener("click", async () => {
  start.disabled = true;
  try {
    toast((await send("api/watch", {})).sentence);
  } catch (error) {
    toast(error.message);
  }
  start.disabled = false;
});

let hadWatcher = false;
const events = new EventSource("api/events");
events.addEventListener("watcher", event => {
  const { running, pid } = JSON.parse(event.data);
  document.getElementById("absent").hidden = running;
  say(running ? "on" : "off", running ? `Watching · pid ${pid}` : hadWatcher ? "The watcher has ended; waiting for the next" : "No watcher runs");
  if (running && hadWatcher) toast(`The watcher runs again (pid ${pid}).`);
  hadWatcher ||= running;
  if (running) current?.refresh?.();
});
events.addEventListener("incident", event => {
  const incident = JSON.parse(event.data);
  incidents.remember(incident);
  current?.live?.(incident);
});
events.addEventListener("missed", event => {
  toast(`${JSON.parse(event.data).count} incidents came too fast; they are in the history.`);
  current?.refresh?.();
});
events.addEventListener("refused", event => say("off", JSON.parse(event.data).sentence));
events.addEventListener("error", () => say("off", "This page's server has ended; open it again with: portia ui"));

// What happened "today" has another name after midnight.
let day = new Date().toDateString();
setInterval(() => {
  if (day === new Date().toDateString()) return;
  day = new Date().toDateString();
  current?.refresh?.();
}, 60000);

// Views lead to each other without knowing each other.
document.addEventListener("portia:show", event => show(event.detail.view, event.detail.filter));
show("incidents");
