/** What a block needs from the place it stands in: a message, a modal or the app's home. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Block, Element } from "../model";
import { ask } from "../parts/confirm";

export type Value = string | string[] | null;

export interface Host {
  /** Somebody used a control. Resolves when the act is done. */
  use: (element: Element, block: Block, value: Value) => Promise<void>;
  /** Somebody filled in a control (modals keep this until they are submitted). */
  fill?: (element: Element, block: Block, value: Value) => void;
  /** What is filled in so far, if the place keeps it. */
  filled?: (element: Element, block: Block) => Value | undefined;
  errors?: Record<string, string>;
}

const nowhere: Host = { use: async () => undefined };

export const HostContext = createContext<Host>(nowhere);
export const useHost = (): Host => useContext(HostContext);

/** A control with a confirmation asks first. */
export function confirmed(element: Element, go: () => void): void {
  const { confirm } = element;
  if (!confirm) return go();
  ask({
    title: confirm.title.text,
    text: confirm.text.text,
    yes: confirm.confirm?.text ?? "Yes",
    no: confirm.deny?.text ?? "Cancel",
    danger: confirm.style === "danger",
    onYes: go,
  });
}

export const words = (text: Element["text"]): string => (typeof text === "string" ? text : (text?.text ?? ""));
