/** What the composer offers to complete: commands, people, emoji. Pure. */

import type { SlackView } from "../model";
import { emoji, findEmoji } from "../text/emoji";

export interface Suggestion {
  face: string;
  title: string;
  note: string;
  text: string;
}

const MOST = 8;

/** Suggestions for the text before the caret; `text` replaces all of it. */
export function suggest(before: string, slack: SlackView, commands: boolean): Suggestion[] {
  if (commands && /^\/\S*$/.test(before)) return offerCommands(before, slack);
  const person = /^([\s\S]*(?:^|[\s(]))@([\p{L}\p{N}._-]*)$/u.exec(before);
  if (person) return offerPeople(person[1]!, person[2]!, slack);
  const shortcode = /^([\s\S]*(?:^|\s)):([a-z0-9_+-]{2,})$/.exec(before);
  return shortcode ? offerEmoji(shortcode[1]!, shortcode[2]!) : [];
}

function offerCommands(typed: string, slack: SlackView): Suggestion[] {
  const fitting = slack.commands.filter((one) => one.command.startsWith(typed));
  return fitting.map((one) => ({
    face: "/",
    title: `${one.command} ${one.usage_hint ?? ""}`.trim(),
    note: one.description,
    text: `${one.command} `,
  }));
}

function offerPeople(lead: string, typed: string, slack: SlackView): Suggestion[] {
  const wanted = typed.toLowerCase();
  const fitting = slack.users.filter(
    (user) => user.name.toLowerCase().includes(wanted) || user.handle?.toLowerCase().startsWith(wanted),
  );
  return fitting.slice(0, MOST).map((user) => ({
    face: "@",
    title: user.name,
    note: user.is_bot ? "app" : `@${user.handle}`,
    text: `${lead}@${user.handle} `,
  }));
}

function offerEmoji(lead: string, typed: string): Suggestion[] {
  return findEmoji(typed, MOST).map((name) => ({
    face: emoji(name),
    title: `:${name}:`,
    note: "",
    text: `${lead}:${name}: `,
  }));
}
