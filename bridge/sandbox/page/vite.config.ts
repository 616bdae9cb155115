import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

/** `npm run dev` shows the page with live reload; SANDBOX is the address of a running sandbox. */
const sandbox = process.env.SANDBOX ?? "http://127.0.0.1:8700";

// The page talks to the server it came from and to nobody else, and no text can ever become markup.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const policy: Plugin = {
  name: "policy",
  apply: "build",
  transformIndexHtml: () => [
    { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: POLICY }, injectTo: "head-prepend" },
  ],
};

/** Notes which sources were built; a test compares it with the sources that are there. */
const stamp: Plugin = {
  name: "stamp",
  apply: "build",
  generateBundle() {
    const hash = createHash("sha256");
    const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => name.includes("."));
    for (const file of files.sort()) hash.update(readFileSync(`src/${file}`));
    this.emitFile({ type: "asset", fileName: "sources.sha256", source: `${hash.digest("hex")}\n` });
  },
};

export default defineConfig({
  base: "/sandbox/",
  plugins: [policy, stamp],
  build: {
    target: "es2022",
    cssTarget: ["chrome125", "firefox121", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/_sandbox": sandbox, "/chat": sandbox, "/web": sandbox, "/widget.js": sandbox } },
});
