import { ask, el, spaced } from "./dom.js";

export async function enter(main) {
  const { origin, file, rules, errors } = await ask("api/rules");
  main.append(
    el("div", { class: "head" }, el("h1", {}, "Rules"), el("span", { class: "soft small" }, `from ${origin}; read top to bottom, the first that matches decides`)),
    ...(errors.length > 0 ? [el("div", { class: "card empty" }, el("p", {}, el("b", {}, "The file has errors, so the rules in force stay:")), errors.map(error => el("p", {}, el("code", {}, error))))] : []),
    el("div", { class: "card scroll" }, el("table", {},
      el("thead", {}, el("tr", {}, ["", "Rule", "Ports", "Holder", "Does"].map(name => el("th", {}, name)))),
      el("tbody", {}, rules.map((rule, index) => el("tr", {},
        el("td", { class: "soft num" }, index + 1), el("td", { class: "name" }, rule.name), el("td", {}, rule.ports.join(", ") || "any port"), el("td", { class: "soft" }, rule.holder),
        el("td", {}, el("span", { class: `pill ${rule.action === "kill" ? "bad" : rule.action === "ask" ? "wait" : ""}` }, spaced(rule.action)))))))),
    el("p", { class: "soft small" }, "Open an incident to see which rule would decide for it, and why each earlier one did not. To change the rules, edit ", el("code", {}, file), "; the watcher reads it again by itself."));
}
