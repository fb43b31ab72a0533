// Run by .ci/axe: prints what axe-core finds on each page, and ends with 1 if it finds anything.
const fs = require("fs");
const puppeteer = require("puppeteer-core");

const base = process.argv[2];
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
// The rules of 2.2 are off unless they are named.
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

function told(violation) {
  const [first] = violation.nodes;
  return `${violation.id} (${violation.nodes.length}) ${first.target.join(" ")}: ${first.failureSummary.replace(/\s+/g, " ")}`;
}

async function findings(browser, path, scheme, width, picture) {
  const page = await browser.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.setBypassCSP(true); // for axe itself
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(base + path, { waitUntil: "load" });
  const found = asked.filter((url) => !url.startsWith(base) && !url.startsWith("data:")).map((url) => `loads ${url}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  if (wide) found.push("scrolls sideways");
  await page.evaluate(axe);
  const { violations } = await page.evaluate((runOnly) => axe.run({ runOnly }), rules);
  await page.screenshot({ path: picture });
  await page.close();
  return found.concat(violations.map(told));
}

async function main() {
  const { hits } = await (await fetch(`${base}/v1/search?q=SAFE&limit=1`)).json();
  const id = hits[0].id;
  const paths = ["/", "/?q=SAFE+talks&actor=uk", `/?q=SAFE&open=${id}`, `/a/${id}?q=SAFE`, "/facets/actor?q=SAFE",
    "/timeline?q=SAFE&by=actor", "/together?q=SAFE", "/names?what=actor&text=star", "/saved", "/help/query",
    "/?q=nothinglikethis", "/?q=date:never"];
  const browser = await puppeteer.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  let all = 0;
  for (const scheme of ["light", "dark"]) {
    for (const width of [320, 1280]) {
      for (const [at, path] of paths.entries()) {
        const found = await findings(browser, path, scheme, width, `${scheme}-${width}-${at}.png`);
        found.forEach((one) => console.log(`${scheme} ${width} ${path}: ${one}`));
        all += found.length;
      }
    }
  }
  await browser.close();
  console.log(`${paths.length} pages in light and dark at two widths: ${all} findings`);
  process.exitCode = all > 0 ? 1 : 0;
}

main();
