/** The wire to the sandbox: the view, kept fresh by its stream, and people's actions. */

import { computed, signal } from "@preact/signals";
import type { View } from "./model";
import { notify } from "./parts/notices";
import { saidAs } from "./parts/refusals";

export const view = signal<View | null>(null);
export const connection = signal<"connecting" | "live" | "lost">("connecting");
export const slack = computed(() => view.value?.slack ?? null);

export interface Outcome {
  ok: boolean;
  id?: string | null;
  error?: string | null;
}
export interface Act {
  platform: string;
  actor: string;
  action: string;
  target?: string;
  text?: string;
  [more: string]: unknown;
}

const GAP = 80; // ms between two fetches, however busy the sandbox is
let fetching = false;
let again = false;

/** Fetch the view; calls during a fetch are answered by one more fetch after it. */
export async function refresh(): Promise<void> {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  try {
    do {
      again = false;
      const answer = await fetch("/_sandbox/view");
      if (!answer.ok) throw new Error(`the view answered ${answer.status}`);
      view.value = (await answer.json()) as View;
      if (again) await new Promise((done) => setTimeout(done, GAP));
    } while (again);
  } catch {
    connection.value = "lost";
  } finally {
    fetching = false;
  }
}

/** Follow the sandbox's stream for as long as the page is open; the browser reconnects by itself. */
export function follow(): void {
  const stream = new EventSource("/_sandbox/stream");
  stream.onopen = () => {
    connection.value = "live";
    void refresh();
  };
  stream.onmessage = () => void refresh();
  stream.onerror = () => {
    connection.value = "lost";
  };
  void refresh();
}

async function post(path: string, body: unknown): Promise<Outcome> {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const outcome = (await answer.json().catch(() => null)) as Outcome | null;
    return outcome && typeof outcome.ok === "boolean"
      ? outcome
      : { ok: answer.ok, error: answer.ok ? null : `error ${answer.status}` };
  } catch {
    return { ok: false, error: "the sandbox does not answer" };
  }
}

/** Perform one person's action. A refusal is shown, unless the caller shows it itself. */
export async function act(body: Act, quiet = false): Promise<Outcome> {
  const outcome = await post("/_sandbox/act", body);
  if (!outcome.ok && !quiet)
    notify(`${body.actor} could not ${body.action.replaceAll("_", " ")}: ${saidAs(outcome.error)}.`);
  void refresh();
  return outcome;
}

export async function reset(): Promise<void> {
  const outcome = await post("/_sandbox/reset", {});
  notify(
    outcome.ok ? "The sandbox is empty again." : `Not reset: ${outcome.error ?? "no reason given"}`,
    outcome.ok ? "good" : "bad",
  );
  void refresh();
}

export interface Fault {
  platform: string;
  method: string;
  fault: string;
  times?: number;
  rate?: number;
}

/** Set the pace of the clock (`clock`) or switch rate limits (`limits`: strict or off). */
export const configure = (settings: { clock?: number; limits?: string }): Promise<Outcome> =>
  control("config", settings);

/** Misbehave like this from now on; an empty list ends it. */
export const trouble = (faults: Fault[]): Promise<Outcome> => control("faults", faults);

async function control(what: string, body: unknown): Promise<Outcome> {
  const outcome = await post(`/_sandbox/${what}`, body);
  if (!outcome.ok) notify(`Not changed: ${saidAs(outcome.error)}.`);
  void refresh();
  return outcome;
}
