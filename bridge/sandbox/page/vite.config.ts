import { defineConfig } from "vite";

/** `npm run dev` shows the page with live reload; SANDBOX is the address of a running sandbox. */
const sandbox = process.env.SANDBOX ?? "http://127.0.0.1:8700";

export default defineConfig({
  base: "/sandbox/",
  build: { target: "es2022", cssTarget: ["chrome125", "firefox121", "safari17.5"], assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { "/_sandbox": sandbox, "/chat": sandbox, "/web": sandbox, "/widget.js": sandbox } },
});
