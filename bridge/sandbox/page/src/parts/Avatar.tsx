/** A face: an emoji if there is one, else initials on a colour that belongs to the name. */

import { emoji } from "../text/emoji";

const TONES = 8;

function tone(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)!) % 9973;
  return sum % TONES;
}

function initials(name: string): string {
  const words = name.split(/[\s(]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return (
    words
      .slice(0, 2)
      .map((word) => [...word][0])
      .join("")
      .toUpperCase() || "?"
  );
}

export function Avatar({ name, icon, round, bot }: { name: string; icon?: string; round?: boolean; bot?: boolean }) {
  const look = `avatar tone-${tone(name)}${round ? " round" : ""}${bot ? " bot" : ""}${icon ? " pictured" : ""}`;
  return (
    <span class={look} aria-hidden="true">
      {icon ? emoji(icon.replaceAll(":", "")) : initials(name)}
    </span>
  );
}
