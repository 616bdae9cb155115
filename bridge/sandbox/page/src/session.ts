/** What this visitor has chosen: who they act as, what is open, how the page looks. Kept for the tab only. */

import { computed, effect, signal, type Signal } from "@preact/signals";
import { focusOn } from "./parts/focus";
import { slack } from "./sandbox";

/** The channel in which cards appear. */
export const QUEUE = "C0SUPPORT";

export type Phone = "telegram" | "whatsapp" | "web";
export type Theme = "system" | "light" | "dark";

function kept<T>(name: string, initial: T): Signal<T> {
  const key = `sandbox.${name}`;
  const before = sessionStorage.getItem(key);
  const value = signal<T>(before === null ? initial : (JSON.parse(before) as T));
  effect(() => sessionStorage.setItem(key, JSON.stringify(value.value)));
  return value;
}

export const actor = kept("actor", "ana");
export const channel = kept("channel", QUEUE);
export const thread = kept<string | null>("thread", null);
export const home = kept("home", false);
export const phone = kept<Phone>("phone", "telegram");
export const side = kept<"agents" | "customers">("side", "agents");
export const theme = kept<Theme>("theme", "system");
export const newcomers = kept<Record<"telegram" | "whatsapp", string[]>>("newcomers", {
  telegram: ["Maria"],
  whatsapp: ["Jonas"],
});
export const picked = kept<Record<"telegram" | "whatsapp", string>>("picked", { telegram: "maria", whatsapp: "jonas" });

/** Whether the app's home is open. An app that neither asks for one in its manifest nor publishes one has none. */
export const hasHome = computed(
  () => slack.value?.home_tab === true || Object.keys(slack.value?.homes ?? {}).length > 0,
);
export const atHome = computed(() => home.value && hasHome.value);

/** The agent whom the visitor acts as. */
export const me = computed(() => slack.value?.users.find((user) => user.handle === actor.value) ?? null);

/** The language of the agent whom the visitor acts as: Slack shows dates and times in it. */
export const language = computed(() => me.value?.locale);

export function openThread(channelId: string, ts: string): void {
  channel.value = channelId;
  home.value = false;
  thread.value = ts;
  focusOn("#thread-composer");
}

effect(() => {
  const chosen = theme.value;
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
});
