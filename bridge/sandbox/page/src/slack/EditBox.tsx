/** Changes a message in its place. Enter saves, Escape leaves it as it was. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Message } from "../model";
import { slack } from "../sandbox";
import { asTyped } from "../text/typed";
import * as acts from "./acts";

export function EditBox({ message, channel, onDone }: { message: Message; channel: string; onDone: () => void }) {
  const before = asTyped(message.text, slack.value!.users);
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(before);
  useEffect(() => box.current?.focus(), []);

  const save = async () => {
    const next = text.trim();
    if (next && next !== before && !(await acts.edit(channel, message.ts, next)).ok) return;
    onDone();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "Escape") onDone();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void save();
  };
  return (
    <div class="edit-box">
      <textarea
        ref={box}
        class="field"
        aria-label="Edit message"
        rows={2}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={key}
      />
      <div>
        <button type="button" class="button" onClick={onDone}>
          Cancel
        </button>
        <button type="button" class="button primary" onClick={() => void save()}>
          Save
        </button>
      </div>
    </div>
  );
}
