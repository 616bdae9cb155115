/** Where an agent writes: Enter sends, Shift+Enter starts a line, `/`, `@` and `:` offer completions. */

import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../parts/Icon";
import { slack } from "../sandbox";
import * as acts from "./acts";
import { EmojiPicker } from "./EmojiPicker";
import { suggest, type Suggestion } from "./suggest";

interface Props { place: string; channel: string; label: string; commands?: boolean; hint?: string; id?: string }

export function Composer({ place, channel, label, commands = false, hint, id }: Props) {
  const box = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const [text, setText] = useState("");
  const [caret, setCaret] = useState(0);
  const [marked, setMarked] = useState(0);
  const [problem, setProblem] = useState("");
  const [hushed, setHushed] = useState(false);
  const view = slack.value!;
  const offers = hushed ? [] : suggest(text.slice(0, caret), view, commands);

  useLayoutEffect(() => {
    const area = box.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 180)}px`;
  }, [text]);

  const change = (next: string, at: number) => {
    setText(next);
    setCaret(at);
    setMarked(0);
    setProblem("");
    setHushed(false);
  };
  const take = (offer: Suggestion) => {
    change(offer.text + text.slice(caret), offer.text.length);
    box.current?.focus();
  };
  const send = async () => {
    const typed = text.trim();
    if (!typed) return;
    if (typed.startsWith("/") && !commands) {
      setProblem(`${typed.split(/\s/)[0]} does not work in threads: Slack runs commands only in a channel. Use the buttons, or write !handback.`);
      return;
    }
    change("", 0);
    const outcome = commands && typed.startsWith("/") ? await acts.command(channel, typed) : await acts.type(place, typed);
    if (!outcome.ok) setText((now) => now || typed);
  };
  const key = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (offers.length && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      setMarked((marked + (event.key === "ArrowDown" ? 1 : -1) + offers.length) % offers.length);
    } else if (offers.length && (event.key === "Tab" || (event.key === "Enter" && offers[marked]!.text.trim() !== text.trim()))) {
      take(offers[marked]!);
    } else if (offers.length && event.key === "Escape") {
      setHushed(true);
    } else if (event.key === "Enter" && !event.shiftKey) {
      void send();
    } else return;
    event.preventDefault();
  };

  return (
    <div class="composer">
      {offers.length > 0 && (
        <ul id={list} class="offers" role="listbox" aria-label="Suggestions">
          {offers.map((offer, index) => (
            <li key={offer.title} id={`${list}-${index}`} role="option" aria-selected={index === marked} onPointerDown={(event) => { event.preventDefault(); take(offer); }}>
              <span class="offer-face" aria-hidden="true">{offer.face}</span><strong>{offer.title}</strong><small>{offer.note}</small>
            </li>
          ))}
        </ul>
      )}
      {problem && <p class="composer-problem" role="alert">{problem}</p>}
      <div class="composer-box">
        <textarea ref={box} id={id} rows={1} value={text} placeholder={label} aria-label={label} aria-autocomplete="list"
          aria-controls={offers.length ? list : undefined}
          aria-activedescendant={offers.length ? `${list}-${marked}` : undefined}
          onInput={(event) => change(event.currentTarget.value, event.currentTarget.selectionStart)}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)} onKeyDown={key} />
        <div class="composer-tools">
          <Attach place={place} text={text} onSent={() => change("", 0)} />
          <EmojiPicker label="Insert an emoji" icon="smile" onPick={(name) => { change(`${text}:${name}: `, text.length + name.length + 3); box.current?.focus(); }} />
          {hint && <span class="composer-hint">{hint}</span>}
          <button type="button" class="send" aria-label="Send" disabled={!text.trim()} onClick={() => void send()}><Icon name="send" /></button>
        </div>
      </div>
    </div>
  );
}

function Attach({ place, text, onSent }: { place: string; text: string; onSent: () => void }) {
  const picker = useRef<HTMLInputElement>(null);
  const attach = async (file: File | undefined) => {
    if (file && (await acts.upload(place, file, text.trim())).ok) onSent();
  };
  return (
    <>
      <button type="button" class="bare" aria-label="Attach a file" title="Attach a file" onClick={() => picker.current?.click()}><Icon name="attach" /></button>
      <input ref={picker} type="file" hidden onChange={(event) => { void attach(event.currentTarget.files?.[0]); event.currentTarget.value = ""; }} />
    </>
  );
}
