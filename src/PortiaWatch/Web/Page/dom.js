// Everything that is shown goes through here, as text: names and log lines are foreign, and nothing in them is ever read as markup.

export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(key, value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value != null) node.setAttribute(key, value);
  }
  fill(node, children);
  return node;
}

export function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  fill(node, children);
  return node;
}

function fill(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child != null && child !== false) node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

export async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("This page's own server has ended. Open it again with: portia ui");
  }
  if (response.status === 403) throw new Error("This page is no longer allowed in. Open it again with: portia ui");
  if (response.status === 204) return null;
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.sentence ?? `The answer was ${response.status}.`);
  return answer;
}

export const send = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json", "X-Portia": "1" }, body: JSON.stringify(body) });

let fading;
export function toast(text) {
  const box = document.getElementById("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => { box.hidden = true; }, 8000);
}

export function when(text) {
  const at = new Date(text), now = new Date();
  const clock = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  return at.toDateString() === now.toDateString() ? clock : `${at.toLocaleDateString([], { month: "short", day: "numeric" })} ${clock.slice(0, 5)}`;
}

export const full = text => new Date(text).toLocaleString([], { dateStyle: "medium", timeStyle: "medium", hour12: false });

export function age(text) {
  if (!text) return "";
  const seconds = Math.max(0, (Date.now() - new Date(text)) / 1000);
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} days`;
}

export const spaced = camel => camel.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);

export const span = minutes => minutes >= 2880 ? `${Math.floor(minutes / 1440)} days` : minutes >= 60 ? `${Math.floor(minutes / 60)} h ${Math.floor(minutes % 60)} min`
  : minutes >= 1 ? `${Math.floor(minutes)} min` : `${Math.round(minutes * 60)} s`;

/** A path that may be broken after its slashes. */
export const folder = path => path.split(/(?<=\/)/).flatMap(part => [el("wbr"), part]);

export function meter(share) {
  const drawing = svg("svg", { width: 120, height: 6, viewBox: "0 0 120 6", "aria-hidden": "true" }, svg("rect", { width: Math.max(2, 120 * share), height: 6 }));
  return el("span", { class: "meter" }, drawing);
}
