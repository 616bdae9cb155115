/** The customers of one platform: those who wrote already, and those whom the visitor has added. */

import type { Chat } from "../model";
import { view } from "../sandbox";
import { newcomers, picked } from "../session";

export type Platform = "telegram" | "whatsapp";

const SUGGESTED = [
  "Where is my order 48213?",
  "I want to talk to a human",
  "I want to return an item",
  "Which tea has no caffeine?",
  "Thanks, that helped!",
];
export const suggestions: readonly string[] = SUGGESTED;

export const handleOf = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "") || "customer";

/** A newcomer has no chat yet; writing makes one. */
export function people(platform: Platform): Chat[] {
  const chats = view.value?.[platform].chats ?? [];
  const fresh = newcomers.value[platform].filter((name) => !chats.some((chat) => chat.handle === handleOf(name)));
  return [...chats, ...fresh.map((name) => ({ chat: "", name, handle: handleOf(name), messages: [] }))];
}

export function current(platform: Platform): Chat | undefined {
  const all = people(platform);
  return all.find((chat) => chat.handle === picked.value[platform]) ?? all[0];
}

export function pick(platform: Platform, handle: string): void {
  picked.value = { ...picked.value, [platform]: handle };
}

export function add(platform: Platform, name: string): void {
  newcomers.value = { ...newcomers.value, [platform]: [...newcomers.value[platform], name] };
  pick(platform, handleOf(name));
}
