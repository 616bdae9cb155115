/** A sent message as it was typed, for editing it: references as @names and #channels, nothing escaped. */

import type { User } from "../model";
import { unescape } from "./mrkdwn";

export function asTyped(sent: string, users: User[]): string {
  const named = sent
    .replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (pill, id: string) => atHandle(users, id) ?? pill)
    .replace(/<#[A-Z0-9]+\|([^>]*)>/g, "#$1")
    .replace(/<!(here|channel|everyone)(?:\|[^>]*)?>/g, "@$1")
    .replace(/<(https?:[^|>]+)(?:\|[^>]*)?>/g, "$1");
  return unescape(named);
}

function atHandle(users: User[], id: string): string | undefined {
  const user = users.find((one) => one.id === id);
  return user && `@${user.handle}`;
}
