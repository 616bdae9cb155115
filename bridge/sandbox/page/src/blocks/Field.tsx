/** Fields to type into: text, mail, address, number, date and time. */

import { useState } from "preact/hooks";
import type { ControlProps } from "./Control";
import { useHost } from "./host";

const KINDS: Record<string, "email" | "url" | "number" | "date" | "time"> = {
  email_text_input: "email",
  url_text_input: "url",
  number_input: "number",
  datepicker: "date",
  timepicker: "time",
};

export function Field({ element, block, label, error }: ControlProps) {
  const host = useHost();
  const kept = host.filled?.(element, block);
  const [value, setValue] = useState(
    typeof kept === "string" ? kept : (element.initial_value ?? element.initial_date ?? element.initial_time ?? ""),
  );
  const kind = KINDS[element.type] ?? "text";
  const immediate = kind === "date" || kind === "time";

  const change = (next: string) => {
    setValue(next);
    host.fill?.(element, block, next || null);
    if (immediate && next && block.type !== "input") void host.use(element, block, next);
  };
  const enter = (event: KeyboardEvent) => {
    if (event.key === "Enter" && block.dispatch_action && !element.multiline) void host.use(element, block, value);
  };
  const shared = {
    class: "field",
    value,
    "aria-label": label ?? element.placeholder?.text ?? "Text",
    "aria-invalid": error ? true : undefined,
    placeholder: element.placeholder?.text,
    maxLength: element.max_length,
    "data-action": element.action_id,
    onKeyDown: enter,
  } as const;
  if (element.multiline)
    return <textarea {...shared} rows={5} onInput={(event) => change(event.currentTarget.value)} />;
  return <input {...shared} type={kind as "text"} onInput={(event) => change(event.currentTarget.value)} />;
}
