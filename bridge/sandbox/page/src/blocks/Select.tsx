/** Menus that pick one: options, people, channels. They are the browser's own select, so keys and screen readers work. */

import { useState } from "preact/hooks";
import type { Option } from "../model";
import { slack } from "../sandbox";
import type { ControlProps } from "./Control";
import { confirmed, useHost } from "./host";

export function Select({ element, block, label, error }: ControlProps) {
  const host = useHost();
  const initial =
    element.initial_option?.value ??
    element.initial_user ??
    element.initial_channel ??
    element.initial_conversation ??
    "";
  const kept = host.filled?.(element, block);
  const [chosen, setChosen] = useState(typeof kept === "string" ? kept : initial);
  const name = label ?? element.placeholder?.text ?? "Choose";

  const change = (value: string) => {
    setChosen(value);
    host.fill?.(element, block, value || null);
    if (value && (block.type !== "input" || block.dispatch_action))
      confirmed(element, () => void host.use(element, block, value));
  };

  return (
    <select
      class="select"
      aria-label={name}
      aria-invalid={error ? true : undefined}
      value={chosen}
      data-action={element.action_id}
      onChange={(event) => change(event.currentTarget.value)}
    >
      <option value="">{element.placeholder?.text ?? "Choose"}</option>
      {element.option_groups?.map((group) => (
        <optgroup key={group.label.text} label={group.label.text}>
          {group.options.map(choice)}
        </optgroup>
      ))}
      {options(element.type, element.options).map(choice)}
    </select>
  );
}

/** What a menu offers: its own options, or the workspace's people or channels. */
export function options(type: string, own: Option[] = []): Option[] {
  const { users = [], channels = [] } = slack.value ?? {};
  if (type.endsWith("users_select"))
    return users.filter((user) => !user.is_bot).map((user) => option(user.id, user.name));
  if (type.endsWith("channels_select") || type.endsWith("conversations_select"))
    return channels.map((one) => option(one.id, `#${one.name}`));
  return own;
}

const option = (value: string, text: string): Option => ({ value, text: { type: "plain_text", text } });

function choice(one: Option) {
  return (
    <option key={one.value} value={one.value}>
      {one.text.text}
    </option>
  );
}
