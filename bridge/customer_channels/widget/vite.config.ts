import { defineConfig } from "vite";

/** One script without imports, so that `<script src="…/widget.js" async>` is all a site needs. */
export default defineConfig({
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox128", "safari18"],
    outDir: "dist",
    emptyOutDir: true,
    lib: { entry: "src/main.ts", formats: ["iife"], name: "chat", fileName: () => "widget.js" },
  },
});
