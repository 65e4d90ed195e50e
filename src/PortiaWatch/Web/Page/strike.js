import { age, ask, el, send, toast } from "./dom.js";

const dialog = document.getElementById("strike");

/** Looks the holders up this moment, asks, and strikes exactly those that were shown. */
export async function openStrike(target) {
  let holding;
  try {
    holding = await ask(`api/holding?${new URLSearchParams({ target })}`);
  } catch (error) {
    toast(error.message);
    return;
  }
  const struck = holding.holders.filter(({ mark, protection }) => mark.image && !protection);
  if (holding.holders.length === 0) {
    toast(holding.limit ?? `Nobody holds ${target} now; there is nothing to strike.`);
    return;
  }
  const list = holding.holders.map(({ holder, protection, endpoint }) => el("div", {},
    el("p", {}, el("span", { class: "name" }, holder.name ?? "a process of another user"), holder.pid && ` (pid ${holder.pid}) `, el("span", { class: "soft" }, `on ${endpoint}${holder.startedAt ? `, up ${age(holder.startedAt)}` : ""}`)),
    holder.command?.length > 0 && el("pre", { class: "small" }, holder.command.join(" ")),
    holder.cwd && el("p", { class: "soft small" }, holder.cwd),
    protection && el("p", { class: "small" }, el("b", {}, "Protected. "), protection),
    !protection && holder.advice && el("p", { class: "small" }, holder.advice)));
  const go = el("button", { class: "primary", id: "strike-go", disabled: struck.length === 0, click: () => strike(target, struck.map(({ mark }) => mark), go) },
    struck.length === 1 ? `Strike ${struck[0].holder.name} (pid ${struck[0].holder.pid})` : `Strike ${struck.length} processes`);
  const leave = el("button", { click: () => dialog.close() }, "Leave it");
  dialog.replaceChildren(el("div", { class: "inside" },
    el("h1", { id: "strike-title" }, struck.length > 0 ? `Free ${target}?` : `${target} cannot be freed from here`),
    el("p", { class: "soft" }, struck.length > 0 ? "It is asked to end (SIGTERM), and the port is looked at again afterwards." : "Whoever holds it is protected or belongs to somebody else."),
    list, el("div", { class: "acts" }, leave, struck.length > 0 && go)));
  dialog.showModal();
  leave.focus();
}

async function strike(target, holders, button) {
  button.disabled = true;
  button.textContent = "Striking …";
  try {
    const result = await send("api/strike", { target, holders });
    toast(`${result.sentence}${result.nextStep ? ` ${result.nextStep}` : ""}`);
  } catch (error) {
    toast(error.message);
  }
  dialog.close();
  document.dispatchEvent(new CustomEvent("portia:struck"));
}
