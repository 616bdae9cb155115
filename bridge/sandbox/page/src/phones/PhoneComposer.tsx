/** Where a customer writes, with ready-made lines above it. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Chat, PhoneMessage } from "../model";
import { Icon } from "../parts/Icon";
import * as acts from "./acts";
import { type Platform, suggestions } from "./people";

interface Props {
  platform: Platform;
  chat: Chat;
  editing: PhoneMessage | null;
  onEdited: () => void;
}

export function PhoneComposer({ platform, chat, editing, onEdited }: Props) {
  const [text, setText] = useState("");
  const box = useRef<HTMLInputElement>(null);
  const picker = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (!editing) return;
    setText(editing.text);
    box.current?.focus();
  }, [editing?.id]);

  const send = async (words: string) => {
    if (!words.trim()) return;
    setText("");
    const done = editing
      ? acts.edit(platform, chat, editing.id, words.trim())
      : acts.write(platform, chat, words.trim());
    if (editing) onEdited();
    if (!(await done).ok) setText((now) => now || words);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void send(text);
  };
  if (chat.blocked) {
    return (
      <button type="button" class="unblock" onClick={() => void acts.setBlocked(platform, chat, false)}>
        Unblock to write again
      </button>
    );
  }
  return (
    <>
      {editing ? (
        <p class="editing">
          Editing a message{" "}
          <button
            type="button"
            class="bare"
            onClick={() => {
              setText("");
              onEdited();
            }}
          >
            Cancel
          </button>
        </p>
      ) : (
        <div class="chips" role="group" aria-label="Ready-made messages" tabIndex={-1}>
          {suggestions.map((line) => (
            <button key={line} type="button" onClick={() => void send(line)}>
              {line}
            </button>
          ))}
        </div>
      )}
      <form class="phone-composer" onSubmit={submit}>
        <button
          type="button"
          class="bare"
          aria-label="Send a file"
          title="Send a file"
          onClick={() => picker.current?.click()}
        >
          <Icon name="attach" />
        </button>
        <input
          ref={picker}
          type="file"
          hidden
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file)
              void acts.sendFile(platform, chat, file, text.trim()).then((outcome) => outcome.ok && setText(""));
            event.currentTarget.value = "";
          }}
        />
        <input
          ref={box}
          class="phone-field"
          aria-label={`Message from ${chat.name}`}
          placeholder="Message"
          value={text}
          autocomplete="off"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="phone-send" aria-label="Send message" disabled={!text.trim()}>
          <Icon name="send" />
        </button>
      </form>
    </>
  );
}
