/** Files that people send: how large they are, in words, and how they travel to the sandbox. */

import { languages } from "./languages";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** "12 kB", in the language that is named, else in that of the visitor's browser. */
export function size(bytes: number, language?: string): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  return new Intl.NumberFormat(languages(language), {
    style: "unit",
    unit: UNITS[power],
    unitDisplay: power ? "short" : "long",
    maximumFractionDigits: power > 1 ? 1 : 0,
  }).format(bytes / 1000 ** power);
}

/** A file as an act carries it. */
export async function carried(file: File): Promise<{ filename: string; mime: string; content_base64: string }> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return { filename: file.name, mime: file.type, content_base64: btoa(letters) };
}
