/** Check boxes and radio buttons; menus that pick several are shown as check boxes too. */

import { useId, useState } from "preact/hooks";
import type { Element } from "../model";
import type { ControlProps } from "./Control";
import { confirmed, useHost, type Value } from "./host";
import { options } from "./Select";
import { Words } from "./Blocks";

export function Choices({ element, block, label }: ControlProps) {
  const host = useHost();
  const name = useId();
  const single = element.type === "radio_buttons";
  const [chosen, setChosen] = useState(() => list(host.filled?.(element, block)) ?? initial(element));

  const change = (value: string, on: boolean) => {
    const next = single ? [value] : on ? [...chosen, value] : chosen.filter((one) => one !== value);
    setChosen(next);
    const result = single ? value : next;
    host.fill?.(element, block, result);
    if (block.type !== "input" || block.dispatch_action)
      confirmed(element, () => void host.use(element, block, result));
  };

  return (
    <fieldset
      class="choices"
      aria-label={label ?? element.placeholder?.text ?? "Choices"}
      data-action={element.action_id}
    >
      {options(element.type, element.options ?? element.option_groups?.flatMap((group) => group.options)).map(
        (option) => {
          const value = option.value ?? "";
          return (
            <label key={value}>
              <input
                type={single ? "radio" : "checkbox"}
                name={name}
                value={value}
                checked={chosen.includes(value)}
                onChange={(event) => change(value, event.currentTarget.checked)}
              />
              <span>
                <Words text={option.text} />
                {option.description && (
                  <small>
                    <Words text={option.description} />
                  </small>
                )}
              </span>
            </label>
          );
        },
      )}
    </fieldset>
  );
}

const list = (value: Value | undefined): string[] | undefined =>
  value == null ? undefined : Array.isArray(value) ? value : [value];

function initial(element: Element): string[] {
  if (element.initial_users) return element.initial_users;
  const picked = element.initial_options ?? (element.initial_option ? [element.initial_option] : []);
  return picked.map((option) => option.value ?? "");
}
