/** What a customer can do on a phone. */

import type { Chat } from "../model";
import { carried } from "../parts/files";
import { act, type Outcome } from "../sandbox";
import type { Platform } from "./people";

function perform(platform: Platform, chat: Chat, action: string, more: Record<string, unknown> = {}): Promise<Outcome> {
  return act({ platform, actor: chat.handle, name: chat.name, action, ...more });
}

export const write = (platform: Platform, chat: Chat, text: string) => perform(platform, chat, "write", { text });
export const edit = (platform: Platform, chat: Chat, target: string, text: string) =>
  perform(platform, chat, "edit", { target, text });
export const remove = (platform: Platform, chat: Chat, target: string) => perform(platform, chat, "delete", { target });
export const react = (platform: Platform, chat: Chat, target: string, emoji: string) =>
  perform(platform, chat, "react", { target, emoji, text: emoji });
export const press = (platform: Platform, chat: Chat, target: string, data: string) =>
  perform(platform, chat, "press", { target, data });
export const setBlocked = (platform: Platform, chat: Chat, blocked: boolean) =>
  perform(platform, chat, blocked ? "block" : "unblock");
export const readAll = (chat: Chat) => perform("whatsapp", chat, "read");

export async function sendFile(platform: Platform, chat: Chat, file: File, text: string): Promise<Outcome> {
  return perform(platform, chat, "send_file", { text, ...(await carried(file)) });
}
