/** The controls of Block Kit: buttons and menus here, fields and choices beside it. */

import { useState } from "preact/hooks";
import type { Block, Element } from "../model";
import { Icon } from "../parts/Icon";
import { Item, Popover } from "../parts/Popover";
import { Outside, Text } from "../text/Text";
import { Choices } from "./Choices";
import { Field } from "./Field";
import { confirmed, useHost, type Value, words } from "./host";
import { Select } from "./Select";

export interface ControlProps {
  element: Element;
  block: Block;
  label?: string;
  error?: string;
}

const FIELDS = new Set([
  "plain_text_input",
  "email_text_input",
  "url_text_input",
  "number_input",
  "datepicker",
  "timepicker",
]);

export function Control(props: ControlProps) {
  const { element } = props;
  if (element.type === "button" || element.type === "workflow_button") return <Button {...props} />;
  if (element.type === "overflow") return <Overflow {...props} />;
  if (element.type === "checkboxes" || element.type === "radio_buttons" || element.type.startsWith("multi_"))
    return <Choices {...props} />;
  if (element.type.endsWith("_select")) return <Select {...props} />;
  if (FIELDS.has(element.type)) return <Field {...props} />;
  if (element.type === "image") return <span class="picture-elsewhere">🖼 {element.alt_text}</span>;
  return <span class="block-unknown">{element.type}</span>;
}

function Button({ element, block }: ControlProps) {
  const host = useHost();
  const [busy, setBusy] = useState(false);
  const look = `button ${element.style ?? ""}`;
  const go = async () => {
    setBusy(true);
    await host.use(element, block, element.value ?? null);
    setBusy(false);
  };
  return (
    <button
      type="button"
      class={look}
      aria-busy={busy}
      aria-label={element.accessibility_label}
      data-action={element.action_id}
      onClick={() => confirmed(element, () => void go())}
    >
      <Text text={words(element.text)} dialect="plain" />
    </button>
  );
}

function Overflow({ element, block }: ControlProps) {
  const host = useHost();
  const pick = (value: Value, close: () => void) => {
    close();
    confirmed(element, () => void host.use(element, block, value));
  };
  return (
    <Popover label="More actions" face={<Icon name="dots" />} class="button square" action={element.action_id}>
      {(close) =>
        element.options?.map((option) =>
          option.url ? (
            <Outside key={option.value} url={option.url}>
              {option.text.text}
            </Outside>
          ) : (
            <Item key={option.value} onPick={() => pick(option.value ?? "", close)}>
              <Text text={option.text.text} dialect="plain" />
            </Item>
          ),
        )
      }
    </Popover>
  );
}
