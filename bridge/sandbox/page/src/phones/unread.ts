/** How many messages have come to a phone since it was last looked at. */

import { effect, signal } from "@preact/signals";
import { view } from "../sandbox";
import { phone } from "../session";
import type { Platform } from "./people";

type Counts = Record<Platform, number>;

const seen = signal<Counts | null>(null);

function received(): Counts {
  const count = (platform: Platform) =>
    (view.value?.[platform].chats ?? []).reduce((sum, chat) => sum + chat.messages.filter((message) => message.from !== "customer").length, 0);
  return { telegram: count("telegram"), whatsapp: count("whatsapp") };
}

effect(() => {
  if (!view.value) return;
  const now = received();
  const before = seen.peek() ?? now;
  const next = { telegram: Math.min(before.telegram, now.telegram), whatsapp: Math.min(before.whatsapp, now.whatsapp) };
  if (phone.value !== "web") next[phone.value] = now[phone.value];
  seen.value = next;
});

export function unread(platform: Platform): number {
  return Math.max(0, received()[platform] - (seen.value?.[platform] ?? 0));
}
