// Drives the page in a real browser. Arguments: chromium, address, profile folder, folder for pictures; prints one JSON object a step and waits for a line in between.
import { chromium } from "playwright-core";
import { createInterface } from "node:readline";

const [program, address, profile, pictures] = process.argv.slice(2);
const steps = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const told = facts => console.log(JSON.stringify(facts));
const wanted = [];
const context = await chromium.launchPersistentContext(profile, {
  executablePath: program, headless: true, viewport: { width: 1180, height: 820 }, colorScheme: "light",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  const page = context.pages()[0] ?? await context.newPage();
  const faults = [];
  page.on("request", request => wanted.push(new URL(request.url()).host));
  page.on("pageerror", error => faults.push(error.message));
  page.on("console", message => { if (message.type() === "error") faults.push(message.text()); });
  page.on("dialog", dialog => { faults.push("a script ran"); dialog.dismiss(); });
  await page.goto(address);
  await page.waitForSelector("#watcher.on");
  await page.waitForSelector("main table tbody tr");
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  const rows = await page.locator("tr.row").count();
  told({ step: "ready", paint, rows });

  await steps.next();
  const row = page.locator("tr.row.fresh").first();
  await row.waitFor();
  told({ step: "appeared", text: await row.innerText() });

  await page.waitForTimeout(2600);
  if (pictures) await page.screenshot({ path: `${pictures}/ui-light.png` });
  await row.click();
  await page.waitForSelector("#story[open] #evidence mark");
  if (pictures) await page.screenshot({ path: `${pictures}/story-light.png` });
  const evidence = await page.locator("#evidence").innerText();
  const story = await page.locator("#story").innerText();
  await page.emulateMedia({ colorScheme: "dark" });
  if (pictures) await page.screenshot({ path: `${pictures}/story-dark.png` });
  await page.keyboard.press("Escape");
  if (pictures) await page.screenshot({ path: `${pictures}/ui-dark.png` });
  await page.keyboard.press("2");
  await page.waitForSelector("main td .port");
  if (pictures) await page.screenshot({ path: `${pictures}/ports-dark.png` });
  await page.keyboard.press("3");
  await page.waitForSelector(".heat svg rect.some");
  if (pictures) { await page.emulateMedia({ colorScheme: "light" }); await page.screenshot({ path: `${pictures}/times-light.png` }); await page.emulateMedia({ colorScheme: "dark" }); await page.screenshot({ path: `${pictures}/times-dark.png` }); }
  await page.keyboard.press("4");
  await page.waitForSelector("main td.name");
  if (pictures) await page.screenshot({ path: `${pictures}/rules-dark.png` });
  await page.keyboard.press("1");
  await page.waitForSelector("tr.row");
  told({ step: "seen", evidence, story });

  await page.locator("tr.row [data-act=leave]").first().click();
  await page.waitForSelector("#toast:not([hidden])");
  await page.waitForFunction(() => document.querySelector("tr.row .pill").textContent === "left");
  const sentence = await page.locator("#toast").innerText();
  await page.reload();
  await page.waitForSelector("tr.row");
  told({ step: "left", sentence, ending: await page.locator("tr.row .pill").first().innerText(), leaves: await page.locator("[data-act=leave]").count() });

  await steps.next();
  await page.locator("tr.row [data-act=strike]").first().click();
  await page.waitForSelector("#strike[open] #strike-go");
  const asked = await page.locator("#strike").innerText();
  if (pictures) await page.screenshot({ path: `${pictures}/strike-dark.png` });
  await page.click("#strike-go");
  await page.waitForSelector("#toast:not([hidden])");
  told({ step: "struck", asked, toast: await page.locator("#toast").innerText(), faults, elements: await page.locator("main img, main b, dialog img").count(), hosts: [...new Set(wanted)] });
} catch (error) {
  told({ step: "failed", error: String(error) });
} finally {
  await context.close();
  process.exit();
}
