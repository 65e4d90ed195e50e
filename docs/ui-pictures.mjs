// Takes the pictures of `portia ui` for the documents, from made-up weeks and one real collision, and says how fast the page is painted:
//   npm install --prefix FOLDER playwright-core@1.56.1 && cd FOLDER && node REPOSITORY/docs/ui-pictures.mjs PROGRAM PICTURES [INCIDENTS [DAYS]]
// Everything lives in a folder of its own; the user's history and watcher are not touched.
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";

const { chromium } = createRequire(`${process.cwd()}/`)("playwright-core");
const [program, pictures, incidents = "240", days = "30"] = process.argv.slice(2);
const home = mkdtempSync(`${tmpdir()}/portia-pictures-`);
const shop = `${home}/shop`, log = `${home}/app.log`, port = 3000;
const env = { ...process.env, XDG_DATA_HOME: `${home}/data`, XDG_STATE_HOME: `${home}/state`, XDG_CONFIG_HOME: `${home}/config`, XDG_RUNTIME_DIR: home };
const started = [];
const start = (command, args, options = {}) => { const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"], ...options }); started.push(child); return child; };
const says = (stream, words) => new Promise(done => createInterface({ input: stream }).on("line", line => { if (line.includes(words)) done(line); }));
process.on("exit", () => {
  for (const child of started.reverse()) child.kill();
  rmSync(home, { recursive: true, force: true });
});
process.on("uncaughtException", error => { console.error(error.message); process.exit(1); });
const told = facts => console.log(JSON.stringify(facts));

mkdirSync(`${home}/config/portia`, { recursive: true });
mkdirSync(shop);
writeFileSync(log, "");
writeFileSync(`${shop}/server.js`, `require("net").createServer().listen(${port}, "127.0.0.1", () => console.log("ready"));`);
writeFileSync(`${home}/config/portia/portia.json`, JSON.stringify({
  sources: { kernel: false, systemLog: false, files: [log] },
  rules: [
    { name: "a stale server of the same project", ports: ["3000-3999", 5173], holder: { sameProject: true, olderThan: "10s" }, action: "kill" },
    { name: "leave databases alone", holder: { process: ["postgres", "mysqld"] }, action: "notify" },
    { name: "log everything else", action: "log" }],
}));

const seed = spawnSync("python3", [new URL("seed.py", import.meta.url).pathname, incidents, days], { maxBuffer: 1 << 30 });
spawnSync(program, ["history", "import", "-"], { env, input: seed.stdout });
const server = start("node", ["server.js"], { cwd: shop });
await says(server.stdout, "ready");
const watcher = start(program, ["watch"]);
await says(watcher.stderr, "Source file is running");
const ui = start(program, ["ui", "--no-open", "--json"]);
const { address } = JSON.parse(await says(ui.stdout, "address"));
const context = await chromium.launchPersistentContext(`${home}/profile`, {
  executablePath: "/usr/bin/chromium", headless: true, viewport: { width: 1180, height: 760 }, colorScheme: "light",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const page = context.pages()[0] ?? await context.newPage();
const painted = async asked => {
  await page.waitForSelector("tr.row");
  return page.evaluate(async asked => {
    const rows = performance.now();
    while (!performance.getEntriesByName("first-contentful-paint").length) await new Promise(requestAnimationFrame);
    const { startTime } = performance.getEntriesByName("first-contentful-paint")[0];
    const { responseEnd } = performance.getEntriesByType("resource").find(entry => entry.name.includes("api/incidents"));
    return { paint: Math.round(startTime), sinceAsked: Math.round(performance.timeOrigin + startTime - asked), incidentsRead: Math.round(responseEnd), rowsSeenBefore: Math.round(rows) };
  }, asked);
};
let asked = Date.now();
await page.goto(address);
told({ opened: await painted(asked) });
for (let i = 0; i < 5; i++) {
  asked = Date.now();
  await page.reload();
  told({ reloaded: await painted(asked) });
}


await page.waitForSelector("#watcher.on");
appendFileSync(log, `Error: listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`);
await page.locator("tr.row.fresh").first().waitFor();
await page.waitForTimeout(3000);
const shoot = async name => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(150);
    await page.screenshot({ path: `${pictures}/${name}-${colorScheme}.png` });
  }
};
await shoot("ui");
await page.keyboard.press("3");
await page.waitForSelector(".heat svg rect.some");
await shoot("ui-times");
await page.keyboard.press("1");
await page.waitForSelector("tr.row");
await page.locator("tr.row").nth(3).click();
await page.waitForSelector("#story[open] #evidence mark");
await shoot("ui-story");
await page.keyboard.press("Escape");
await page.keyboard.press("2");
await page.waitForSelector("main td .port");
await shoot("ui-ports");
await context.close();
process.exit();
