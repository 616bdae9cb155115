/** Where an agent writes: Enter sends, Shift+Enter starts a line, `/`, `@` and `:` offer completions. */

import type { RefObject } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../parts/Icon";
import { slack } from "../sandbox";
import * as acts from "./acts";
import { type Draft, useDraft } from "./draft";
import { EmojiPicker } from "./EmojiPicker";
import { Offers } from "./Offers";

interface Props {
  place: string;
  channel: string;
  label: string;
  commands?: boolean;
  hint?: string;
  id?: string;
}

const TALLEST = 180; // px
const NOT_HERE =
  "does not work in threads: Slack runs commands only in a channel. Use the buttons, or write !handback.";

export function Composer({ place, channel, label, commands = false, hint, id }: Props) {
  const box = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const draft = useDraft(slack.value!, commands);
  const [problem, setProblem] = useState("");
  useGrowing(box, draft.text);

  const send = async () => {
    const typed = draft.text.trim();
    const isCommand = typed.startsWith("/");
    setProblem(isCommand && !commands ? `${typed.split(/\s/)[0]} ${NOT_HERE}` : "");
    if (!typed || (isCommand && !commands)) return;
    draft.write("");
    const outcome = await (isCommand ? acts.command(channel, typed) : acts.type(place, typed));
    if (!outcome.ok && !box.current?.value) draft.write(typed);
  };
  const key = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const sends = event.key === "Enter" && !event.shiftKey;
    const steered = draft.steer(event.key);
    if (steered || sends) event.preventDefault();
    if (sends && !steered) void send();
  };

  return (
    <div class="composer">
      <Offers id={list} draft={draft} />
      {problem && (
        <p class="composer-problem" role="alert">
          {problem}
        </p>
      )}
      <div class="composer-box">
        <textarea
          ref={box}
          id={id}
          rows={1}
          value={draft.text}
          placeholder={label}
          aria-label={label}
          aria-autocomplete="list"
          aria-controls={draft.offers.length ? list : undefined}
          aria-activedescendant={draft.offers.length ? `${list}-${draft.marked}` : undefined}
          onInput={(event) => draft.write(event.currentTarget.value, event.currentTarget.selectionStart)}
          onSelect={(event) => draft.moveCaret(event.currentTarget.selectionStart)}
          onKeyDown={key}
        />
        <Tools place={place} draft={draft} hint={hint} box={box} onSend={() => void send()} />
      </div>
    </div>
  );
}

function useGrowing(box: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const area = box.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, TALLEST)}px`;
  }, [text]);
}

interface ToolsProps {
  place: string;
  draft: Draft;
  hint?: string;
  box: RefObject<HTMLTextAreaElement | null>;
  onSend: () => void;
}

function Tools({ place, draft, hint, box, onSend }: ToolsProps) {
  const picker = useRef<HTMLInputElement>(null);
  const attach = async (file: File | undefined) => {
    if (file && (await acts.upload(place, file, draft.text.trim())).ok) draft.write("");
  };
  const insert = (name: string) => {
    draft.write(`${draft.text}:${name}: `);
    box.current?.focus();
  };
  return (
    <div class="composer-tools">
      <button
        type="button"
        class="bare"
        aria-label="Attach a file"
        title="Attach a file"
        onClick={() => picker.current?.click()}
      >
        <Icon name="attach" />
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        onChange={(event) => {
          void attach(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
      <EmojiPicker label="Insert an emoji" icon="smile" onPick={insert} />
      {hint && <span class="composer-hint">{hint}</span>}
      <button type="button" class="send" aria-label="Send" disabled={!draft.text.trim()} onClick={onSend}>
        <Icon name="send" />
      </button>
    </div>
  );
}
