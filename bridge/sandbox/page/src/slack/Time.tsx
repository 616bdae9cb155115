/** When a message was written, in the language of the agent who reads it. */

import { hour, moment } from "../parts/time";
import { language } from "../session";

export function Time({ ts }: { ts: string }) {
  return <time title={moment(Number(ts), language.value)}>{hour(Number(ts), language.value)}</time>;
}
