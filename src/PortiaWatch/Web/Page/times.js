import { ask, el, meter, span, svg } from "./dom.js";

const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
let place, days = 30;

export async function enter(main) {
  const choice = el("select", { "aria-label": "Period", change: () => { days = Number(choice.value); picture.href = `api/stats.svg?days=${days}`; refresh(); } },
    [7, 30, 90, 365].map(value => el("option", { value, selected: value === days }, `the last ${value} days`)));
  const picture = el("a", { href: `api/stats.svg?days=${days}`, download: "port-collisions.svg" }, "Save as a picture");
  place = el("div");
  main.append(el("div", { class: "head" }, el("h1", {}, "Times"), el("div", { class: "push" }, picture, " ", choice)), place);
  await refresh();
}

export async function refresh() {
  const stats = await ask(`api/stats?days=${days}`);
  const figures = [[stats.incidents, stats.incidents === 1 ? "incident" : "incidents"], [stats.refusals, "refusals"], [stats.freed, "ports freed"], [span(stats.blockedMinutes), "of blocked work"]];
  place.replaceChildren(
    el("div", { class: "figures" }, figures.map(([value, name]) => el("div", { class: "card" }, el("b", {}, value), el("span", {}, name)))),
    el("h2", {}, "By weekday and hour"), el("div", { class: "card heat" }, hours(stats.hours)),
    el("h2", {}, "By day"), el("div", { class: "card heat days" }, byDay(stats.days)),
    el("div", { class: "two" },
      el("div", {}, el("h2", {}, "Ports"), table(stats.ports, "port", "Mostly held by", "program")),
      el("div", {}, el("h2", {}, "Programs that held them"), table(stats.programs, "program", "Mostly on", "port"))));
}

export const live = () => refresh();

function hours(grid) {
  const most = Math.max(1, ...grid.flat());
  const cells = grid.flatMap((day, row) => [
    svg("text", { x: 0, y: row * 26 + 17 }, weekdays[row]),
    ...day.map((count, hour) => svg("rect", { class: count ? "some" : "none", x: 40 + hour * 42, y: row * 26, width: 38, height: 22, rx: 4, "fill-opacity": count ? 0.25 + 0.75 * count / most : 1 },
      svg("title", {}, `${weekdays[row]} ${hour}:00: ${count}`))),
  ]);
  const axis = [0, 3, 6, 9, 12, 15, 18, 21].map(hour => svg("text", { x: 40 + hour * 42, y: 200 }, `${hour}:00`));
  return svg("svg", { viewBox: "0 0 1046 206", role: "img", "aria-label": "Incidents by weekday and hour" }, cells, axis);
}

function byDay(list) {
  const most = Math.max(1, ...list.map(day => day.incidents)), step = 1046 / list.length;
  const bars = list.map((day, index) => {
    const height = day.incidents ? Math.max(4, 100 * day.incidents / most) : 2;
    return svg("rect", { class: day.incidents ? "some" : "none", x: index * step, y: 104 - height, width: Math.max(1, Math.min(step - 4, 40)), height, rx: 3 }, svg("title", {}, `${day.day}: ${day.incidents}`));
  });
  const every = Math.ceil(list.length / 8);
  const axis = list.map((day, index) => index % every === 0 && svg("text", { x: index * step, y: 124 }, day.day.slice(5)));
  return svg("svg", { viewBox: "0 0 1046 130", role: "img", "aria-label": "Incidents by day" }, bars, axis);
}

function table(tallies, what, title, other) {
  if (!tallies.length) return el("div", { class: "card empty" }, "Nothing yet.");
  const most = Math.max(1, tallies[0].incidents);
  const go = name => document.dispatchEvent(new CustomEvent("portia:show", { detail: { view: "incidents", filter: what === "port" ? { port: name.replace("udp/", "") } : { program: name } } }));
  return el("div", { class: "card scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, [what === "port" ? "Port" : "Program", "Incidents", "Blocked", title].map(name => el("th", {}, name)))),
    el("tbody", {}, tallies.slice(0, 25).map(tally => el("tr", {},
      el("td", {}, tally[what] ? el("button", { class: "link name", click: () => go(tally[what]) }, tally[what]) : el("span", { class: "soft" }, "not known")),
      el("td", {}, meter(tally.incidents / most), el("span", { class: "soft small" }, `${tally.incidents}, ${tally.freed} freed`)),
      el("td", { class: "tight soft" }, span(tally.blockedMinutes)),
      el("td", { class: "soft" }, tally[other] ?? ""))))));
}
