/** Where a customer writes, with ready-made lines above it. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Chat, PhoneMessage } from "../model";
import { Attach, Waiting } from "../parts/Attach";
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
  const [file, setFile] = useState<File | null>(null);
  const waiting = editing ? null : file;

  useEffect(() => {
    if (!editing) return;
    setText(editing.text);
    box.current?.focus();
  }, [editing?.id]);

  const send = async (words: string) => {
    if (!words.trim() && !waiting) return;
    setText("");
    if (waiting) setFile(null);
    const done = perform(words.trim());
    if (editing) onEdited();
    if ((await done).ok) return;
    setText((now) => now || words);
    setFile((now) => now ?? waiting);
  };
  const perform = (words: string) =>
    editing
      ? acts.edit(platform, chat, editing.id, words)
      : waiting
        ? acts.sendFile(platform, chat, waiting, words)
        : acts.write(platform, chat, words);
  const attach = (chosen: File | null) => {
    setFile(chosen);
    box.current?.focus();
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
      ) : waiting ? (
        <Waiting files={[waiting]} onRemove={() => attach(null)} />
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
        {!editing && <Attach label="Send a file" onChoose={([chosen]) => attach(chosen ?? null)} />}
        <input
          ref={box}
          class="phone-field"
          aria-label={`Message from ${chat.name}`}
          placeholder="Message"
          value={text}
          autocomplete="off"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="phone-send" aria-label="Send message" disabled={!text.trim() && !waiting}>
          <Icon name="send" />
        </button>
      </form>
    </>
  );
}
