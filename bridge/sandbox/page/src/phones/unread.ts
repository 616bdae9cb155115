/** How many messages have come to a phone since it was last in sight. */

import { effect, signal } from "@preact/signals";
import { view } from "../sandbox";
import type { Platform } from "./people";
import { inSight } from "./sight";

type Counts = Record<Platform, number>;

const seen = signal<Counts | null>(null);

function received(): Counts {
  const count = (platform: Platform) =>
    (view.value?.[platform].chats ?? []).reduce(
      (sum, chat) => sum + chat.messages.filter((message) => message.from !== "customer").length,
      0,
    );
  return { telegram: count("telegram"), whatsapp: count("whatsapp") };
}

effect(() => {
  if (!view.value) return;
  const now = received();
  const before = seen.peek() ?? now;
  const after = (platform: Platform) => (inSight(platform) ? now[platform] : Math.min(before[platform], now[platform]));
  seen.value = { telegram: after("telegram"), whatsapp: after("whatsapp") };
});

export function unread(platform: Platform): number {
  return Math.max(0, received()[platform] - (seen.value?.[platform] ?? 0));
}
