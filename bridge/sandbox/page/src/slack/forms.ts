/** What a form sends, and what comes back when it is refused. Pure. */

import type { Value } from "../blocks/host";
import type { Block, Element } from "../model";

export type Filled = Map<string, Map<string, Value>>;

export function put(filled: Filled, block: string, action: string, value: Value): void {
  filled.set(block, (filled.get(block) ?? new Map<string, Value>()).set(action, value));
}

/** What was filled in, on top of what the app had filled in itself. */
export function collected(blocks: Block[], filled: Filled): Record<string, Record<string, Value>> {
  const values: Record<string, Record<string, Value>> = {};
  for (const block of blocks) {
    for (const element of controls(block)) {
      const given = filled.get(block.block_id ?? "")?.get(element.action_id!);
      if (given !== undefined || hasInitial(element))
        (values[block.block_id ?? ""] ??= {})[element.action_id!] = given ?? initial(element);
    }
  }
  return values;
}

const WITHOUT_VALUE = new Set(["button", "overflow", "workflow_button"]);

function controls(block: Block): Element[] {
  const inside = block.type === "actions" ? (block.elements ?? []) : [];
  return [block.element, block.accessory, ...inside].filter(
    (one): one is Element => one?.action_id !== undefined && !WITHOUT_VALUE.has(one.type),
  );
}

const hasInitial = (element: Element): boolean => initial(element) !== null;

function initial(element: Element): Value {
  return (
    element.initial_users ??
    element.initial_options?.map((option) => option.value ?? "") ??
    element.initial_value ??
    element.initial_option?.value ??
    element.initial_user ??
    element.initial_channel ??
    element.initial_conversation ??
    element.initial_date ??
    element.initial_time ??
    null
  );
}

const RULES: Record<string, string> = {
  required: "Please fill this in.",
  wrong_length: "This is too short or too long.",
  not_a_number: "Please enter a number.",
};

/** A refusal as a sentence for each block that it names; null if it names none. */
export function blockErrors(error: string): Record<string, string> | null {
  if (error.startsWith("{")) return JSON.parse(error) as Record<string, string>;
  const [rule = "", block] = error.split(": ");
  return block && RULES[rule] ? { [block]: RULES[rule] } : null;
}
