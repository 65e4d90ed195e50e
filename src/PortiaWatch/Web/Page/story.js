import { ask, el, full, spaced, toast, when } from "./dom.js";
import { openStrike } from "./strike.js";

const dialog = document.getElementById("story");
dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });

/** The whole story of one incident; told from what came live where the history does not have it yet. */
export async function openStory(row, live) {
  let known;
  try {
    known = await ask(`api/incident?${new URLSearchParams({ id: row.number ?? row.id })}`);
  } catch (error) {
    if (!live) { toast(error.message); return; }
    known = { story: live, ending: row.ending, target: row.target, explanation: null };
  }
  dialog.replaceChildren(draw(known));
  dialog.showModal();
}

function draw({ number, story, ending, target, explanation }) {
  const { collision, contender, holders, verdict, outcome } = story;
  const { port, path } = story.endpoint;
  const address = story.endpoint.address ? `${story.endpoint.address.includes(":") ? `[${story.endpoint.address}]` : story.endpoint.address}:` : "";
  const name = path ?? (port ? `${story.endpoint.transport === "udp" ? "udp " : ""}${address}${port}` : "an unnamed port");
  return el("div", { class: "inside" },
    el("button", { class: "close", "aria-label": "Close", click: () => dialog.close() }, "Close"),
    el("h1", {}, `${name} was taken`),
    el("p", { class: "soft" }, `${number ? `Incident ${number}, ` : ""}${full(collision.first)}${collision.count > 1 ? `, ${collision.count} times until ${when(collision.last)}` : ""}`),
    el("h2", {}, "Evidence"),
    el("pre", { id: "evidence" }, highlight(collision.text, port, address)),
    el("p", { class: "soft small" }, `From ${collision.sources.join(", ")}, trust ${spaced(collision.trust)}, pattern ${collision.pattern}.`),
    el("h2", {}, "Who"),
    el("dl", {}, side("Refused", contender, "Not known: nobody vouches for who it was."), holders.length ? holders.map(holder => side("Held by", holder)) : side("Held by", null, story.limit ?? "Nobody that could be seen.")),
    story.doubts.length > 0 && el("p", { class: "soft small" }, `Doubts: ${story.doubts.join(" ")}`),
    el("h2", {}, "What was done"),
    el("dl", {},
      el("dt", {}, "Decided"), el("dd", {}, verdict.reason.includes(verdict.rule) ? `${spaced(verdict.action)}: ${verdict.reason}` : `${spaced(verdict.action)}, by “${verdict.rule}”. ${verdict.reason}`),
      el("dt", {}, "Outcome"), el("dd", {}, el("b", {}, ending), outcome?.sentence && `. ${outcome.sentence}`),
      outcome?.nextStep && [el("dt", {}, "Next"), el("dd", {}, el("code", {}, outcome.nextStep))]),
    explanation && [el("h2", {}, "Which rule would decide now"), chain(explanation)],
    target && holders.length > 0 && el("div", { class: "acts" }, el("button", { "data-act": "strike", click: () => { dialog.close(); openStrike(target); } }, "Strike …")));
}

function side(label, process, otherwise) {
  if (!process) return [el("dt", {}, label), el("dd", { class: "soft" }, otherwise)];
  const facts = [process.pid && `pid ${process.pid}`, process.user, process.cwd, process.startedAt && `since ${full(process.startedAt)}`, process.container && `container ${process.container}`];
  return [el("dt", {}, label), el("dd", {},
    el("span", { class: "name" }, process.name ?? "a process that could not be named"), el("span", { class: "soft" }, ` ${facts.filter(Boolean).join(", ")}`),
    process.command?.length > 0 && el("div", { class: "small" }, el("code", {}, process.command.join(" "))),
    process.parents?.length > 0 && el("div", { class: "soft small" }, `‹ ${process.parents.map(parent => `${parent.name} (${parent.pid})`).join(" ‹ ")}`),
    process.advice && el("div", { class: "small" }, process.advice))];
}

// The words that the evidence rests on; found by plain search, put in as text.
function highlight(text, port, address) {
  const words = ["EADDRINUSE", "address already in use", "Address in use", "already in use", port && `${address}${port}`, port && `:${port}`].filter(Boolean);
  const parts = [];
  for (let at = 0; at < text.length;) {
    const lower = text.toLowerCase();
    const hit = words.map(word => ({ word, from: lower.indexOf(word.toLowerCase(), at) })).filter(found => found.from >= 0).sort((a, b) => a.from - b.from || b.word.length - a.word.length)[0];
    if (!hit) { parts.push(text.slice(at)); break; }
    parts.push(text.slice(at, hit.from), el("mark", {}, text.slice(hit.from, hit.from + hit.word.length)));
    at = hit.from + hit.word.length;
  }
  return parts;
}

function chain({ rules, verdict }) {
  return [
    el("ol", { class: "chain" }, rules.map((rule, index) => el("li", { class: rule.matches ? "hit" : "soft" },
      el("span", {}, index + 1), el("div", {}, rule.name, el("div", { class: "small" }, rule.matches ? `matches: ${spaced(rule.action)}` : `no: ${rule.reason}`))))),
    el("p", { class: "small" }, el("b", {}, `Verdict: ${spaced(verdict.action)}${verdict.reduced ? `, not ${spaced(verdict.asked)}` : ""}. `), verdict.reason),
  ];
}
