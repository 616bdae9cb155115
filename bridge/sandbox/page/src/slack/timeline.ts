/** Which rows a channel or a thread shows to one agent, in order. Pure. */

import type { Ephemeral, Message, SlackView } from "../model";

export type Row = { kind: "message"; message: Message; compact: boolean } | { kind: "ephemeral"; ephemeral: Ephemeral };

const TOGETHER = 300; // seconds within which one author's messages share a heading

export const isReply = (message: Message): boolean =>
  message.thread_ts !== undefined && message.thread_ts !== message.ts;
export const author = (message: Message): string => message.username ?? message.user ?? message.bot_id ?? "";

export function channelRows(slack: SlackView, channel: string, me: string): Row[] {
  const roots = messages(slack, channel).filter((one) => !isReply(one) || one.subtype === "thread_broadcast");
  return rows(
    roots,
    slack.ephemerals.filter((one) => one.channel === channel && !one.thread_ts && one.user === me),
  );
}

export function threadRows(slack: SlackView, channel: string, thread: string, me: string): Row[] {
  const replies = messages(slack, channel).filter((one) => one.thread_ts === thread && one.ts !== thread);
  return rows(
    replies,
    slack.ephemerals.filter((one) => one.channel === channel && one.thread_ts === thread && one.user === me),
  );
}

const messages = (slack: SlackView, channel: string): Message[] => slack.messages[channel] ?? [];
const stamp = (row: Row): string => (row.kind === "message" ? row.message.ts : row.ephemeral.ts);

function rows(shown: Message[], private_: Ephemeral[]): Row[] {
  const all: Row[] = [
    ...shown.map((message) => ({ kind: "message" as const, message, compact: false })),
    ...private_.map((ephemeral) => ({ kind: "ephemeral" as const, ephemeral })),
  ];
  all.sort((a, b) => (stamp(a).padStart(20, "0") < stamp(b).padStart(20, "0") ? -1 : 1));
  return all.map((row, index) => {
    const before = all[index - 1];
    return row.kind === "message" && before?.kind === "message"
      ? { ...row, compact: joins(before.message, row.message) }
      : row;
  });
}

function joins(before: Message, after: Message): boolean {
  if (before.subtype === "tombstone" || before.reply_count || author(before) !== author(after)) return false;
  return before.icon_emoji === after.icon_emoji && Number(after.ts) - Number(before.ts) < TOGETHER;
}
