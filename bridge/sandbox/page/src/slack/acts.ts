/** What an agent can do in the workspace, each as one act of whoever the visitor is at the moment. */

import type { Element } from "../model";
import type { Value } from "../blocks/host";
import { carried } from "../parts/files";
import { act, type Outcome } from "../sandbox";
import { actor } from "../session";

type More = Record<string, unknown>;

const perform = (action: string, target: string, more: More = {}, quiet = false): Promise<Outcome> =>
  act({ platform: "slack", actor: actor.value, action, target, ...more }, quiet);

export const type = (place: string, text: string) => perform("type", place, { text });
export const command = (channel: string, text: string) => perform("command", channel, { text });
export const edit = (channel: string, ts: string, text: string) => perform("edit", `${channel}:${ts}`, { text });
export const remove = (channel: string, ts: string) => perform("delete", `${channel}:${ts}`);
export const react = (channel: string, ts: string, emoji: string, off: boolean) =>
  perform("react", `${channel}:${ts}`, off ? { emoji, remove: true } : { emoji });
export const shortcut = (target: string, callback_id: string) => perform("shortcut", target, { callback_id });
export const submit = (view: string, values: Record<string, Record<string, Value>>) =>
  perform("submit", view, { values }, true);
export const chooseLanguage = (locale: string) => perform("choose_language", "", { locale });
export const openHome = () => perform("open_home", "", {}, true);
export const close = (view: string) => perform("close", view);

export async function upload(place: string, files: File[], text: string): Promise<Outcome> {
  return perform("upload", place, { text, files: await Promise.all(files.map(carried)) });
}

export function use(target: string, element: Element, value: Value): Promise<Outcome> {
  return perform("click", target, { action_id: element.action_id, ...(value === null ? {} : { value }) });
}
