/** Where an agent writes: Enter sends, Shift+Enter starts a line, `/`, `@` and `:` offer completions. */

import type { RefObject } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Attach, Waiting } from "../parts/Attach";
import { Icon } from "../parts/Icon";
import { slack } from "../sandbox";
import { language } from "../session";
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
  const [files, setFiles] = useState<File[]>([]);
  const [problem, setProblem] = useState("");
  useGrowing(box, draft.text);

  const send = async () => {
    const typed = draft.text.trim();
    const isCommand = typed.startsWith("/");
    setProblem(isCommand && !commands ? `${typed.split(/\s/)[0]} ${NOT_HERE}` : "");
    if (isCommand ? !commands : !typed && !files.length) return;
    const sent = isCommand ? [] : files; // a command takes no files: they wait for the next message
    draft.write("");
    setFiles((now) => now.filter((file) => !sent.includes(file)));
    const outcome = await (isCommand
      ? acts.command(channel, typed)
      : sent.length
        ? acts.upload(place, sent, typed)
        : acts.type(place, typed));
    if (outcome.ok) return;
    if (!box.current?.value) draft.write(typed);
    setFiles((now) => [...sent, ...now]);
  };
  const attach = (chosen: File[]) => {
    setFiles((now) => [...now, ...chosen]);
    box.current?.focus();
  };
  const remove = (file: File) => {
    setFiles((now) => now.filter((one) => one !== file));
    box.current?.focus();
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
        <Waiting files={files} language={language.value} onRemove={remove} />
        <Tools
          draft={draft}
          ready={draft.text.trim() !== "" || files.length > 0}
          hint={hint}
          box={box}
          onAttach={attach}
          onSend={() => void send()}
        />
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
  draft: Draft;
  ready: boolean;
  hint?: string;
  box: RefObject<HTMLTextAreaElement | null>;
  onAttach: (files: File[]) => void;
  onSend: () => void;
}

function Tools({ draft, ready, hint, box, onAttach, onSend }: ToolsProps) {
  const insert = (name: string) => {
    draft.write(`${draft.text}:${name}: `);
    box.current?.focus();
  };
  return (
    <div class="composer-tools">
      <Attach label="Attach a file" several onChoose={onAttach} />
      <EmojiPicker label="Insert an emoji" icon="smile" onPick={insert} />
      {hint && <span class="composer-hint">{hint}</span>}
      <button type="button" class="send" aria-label="Send" disabled={!ready} onClick={onSend}>
        <Icon name="send" />
      </button>
    </div>
  );
}
