/** What a person types in Slack, as Slack's client sends it: escaped, with @names and #channels made references. */

import type { Channel, User } from "../model";
import { unescape } from "./mrkdwn";

export function encode(typed: string, users: User[], channels: Channel[]): string {
  const escaped = typed.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const people = users.flatMap((user) => [[user.name, user.id], [user.handle, user.id]] as const).filter(([name]) => name);
  const named = people.toSorted((a, b) => b[0].length - a[0].length);
  return escaped
    .replace(/^&gt; ?/gm, "&gt; ")
    .replace(/(^|[\s(])@(here|channel|everyone)\b/g, "$1<!$2>")
    .replace(/(^|[\s(])@([^\n]+)/g, (whole, before: string, rest: string) => mention(whole, before, rest, named))
    .replace(/(^|[\s(])#([a-z0-9_-]+)/g, (whole, before: string, name: string) => {
      const channel = channels.find((one) => one.name === name);
      return channel ? `${before}<#${channel.id}|${channel.name}>` : whole;
    });
}

function mention(whole: string, before: string, rest: string, named: (readonly [string, string])[]): string {
  const hit = named.find(([name]) => rest.toLowerCase().startsWith(name.toLowerCase()) && !/^[\p{L}\p{N}]/u.test(rest.slice(name.length)));
  if (!hit) return whole;
  const after = rest.slice(hit[0].length).replace(/(^|[\s(])@([^\n]+)/g, (again, gap: string, tail: string) => mention(again, gap, tail, named));
  return `${before}<@${hit[1]}>${after}`;
}

/** The reverse, for editing a message that was sent. */
export function decode(sent: string, users: User[]): string {
  const named = sent
    .replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (_, id: string) => `@${users.find((user) => user.id === id)?.name ?? id}`)
    .replace(/<#[A-Z0-9]+\|([^>]*)>/g, "#$1")
    .replace(/<!(here|channel|everyone)(?:\|[^>]*)?>/g, "@$1")
    .replace(/<(https?:[^|>]+)(?:\|[^>]*)?>/g, "$1");
  return unescape(named);
}
