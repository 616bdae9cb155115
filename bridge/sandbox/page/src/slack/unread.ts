/** How many messages have come to a channel since the visitor last had it open. */

import { effect, signal } from "@preact/signals";
import { slack } from "../sandbox";
import { atHome, channel } from "../session";
import { isReply } from "./timeline";

const seen = signal<Record<string, string> | null>(null);

const roots = (id: string): string[] =>
  (slack.value?.messages[id] ?? []).filter((message) => !isReply(message)).map((message) => message.ts);
const newest = (id: string): string => roots(id).reduce((last, ts) => (ts > last ? ts : last), "");

effect(() => {
  if (!slack.value) return;
  const before = seen.peek();
  const next = before ? { ...before } : Object.fromEntries(slack.value.channels.map((one) => [one.id, newest(one.id)]));
  if (!atHome.value) next[channel.value] = newest(channel.value);
  seen.value = next;
});

export function unread(id: string): number {
  const last = seen.value?.[id] ?? "";
  return roots(id).filter((ts) => ts > last).length;
}
