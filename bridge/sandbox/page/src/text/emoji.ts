/** Slack's emoji names and the characters they stand for. The table is generated from the public emoji data. */

import table from "./emoji.json";

const characters = table as Record<string, string>;
const NAME = /^[a-z0-9_+'-]+$/;

/** The character of a name, with or without a skin tone, or `:name:` if nobody knows it. */
export function emoji(name: string): string {
  const [plain = name, skin] = name.split("::");
  const character = characters[plain];
  if (!character) return `:${name}:`;
  return skin ? character + (characters[skin] ?? "") : character;
}

export const isEmoji = (name: string): boolean => (characters[name.split("::")[0] ?? ""] ?? "") !== "";

/** Names that contain the words typed so far, the shortest first. */
export function findEmoji(typed: string, limit: number): string[] {
  const wanted = typed.trim().toLowerCase().replaceAll(":", "").replaceAll(" ", "_");
  if (!NAME.test(wanted)) return [];
  const names = Object.keys(characters).filter((name) => name.includes(wanted) && !name.startsWith("skin-tone"));
  return names.sort((a, b) => a.indexOf(wanted) - b.indexOf(wanted) || a.length - b.length).slice(0, limit);
}
