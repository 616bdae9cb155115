/** One message on a phone. */

import type { ComponentChildren } from "preact";
import type { Button, PhoneMessage } from "../model";
import { hour, moment } from "../parts/time";
import { isSafeLink } from "../text/mrkdwn";
import { Outside } from "../text/Text";
import { Ticks } from "./Ticks";

interface Props {
  message: PhoneMessage;
  quoted?: string;
  words: ComponentChildren;
  menu?: ComponentChildren;
  onPress: (data: string) => void;
}

export function Bubble({ message, quoted, words, menu, onPress }: Props) {
  const own = message.from === "customer";
  const reactions = message.reactions ?? [];
  if (message.deleted) return <p class="bubble-gone">Message deleted</p>;
  return (
    <div class={own ? "bubble-row own" : "bubble-row"} data-id={message.id}>
      <div class="bubble-side">
        <div class={message.status === "failed" ? "bubble failed" : "bubble"}>
          {quoted && <div class="bubble-quote">{quoted}</div>}
          {message.file && (
            <div class="bubble-file">
              <span aria-hidden="true">📎</span> {message.file}
            </div>
          )}
          <div class="bubble-text">{words}</div>
          <span class="bubble-meta">
            {message.edited ? "edited " : ""}
            <time title={moment(message.at)}>{hour(message.at)}</time>
            {message.status && <Ticks status={message.status} />}
          </span>
        </div>
        {reactions.length > 0 && (
          <div class="bubble-reactions">
            {reactions.map((one, key) => (
              <span key={key}>{one}</span>
            ))}
          </div>
        )}
        {message.error && <p class="bubble-error">{message.error}</p>}
        {message.buttons?.map((line, row) => (
          <div key={row} class="bubble-buttons">
            {[line].flat().map((button) => (
              <Press key={button.text} button={button} onPress={onPress} />
            ))}
          </div>
        ))}
      </div>
      {menu && <div class="bubble-menu">{menu}</div>}
    </div>
  );
}

function Press({ button, onPress }: { button: Button; onPress: (data: string) => void }) {
  if (button.url && isSafeLink(button.url)) return <Outside url={button.url}>{button.text} ↗</Outside>;
  return (
    <button type="button" onClick={() => onPress(button.data ?? button.text)}>
      {button.text}
    </button>
  );
}

/** Three dots that move while somebody writes. */
export function Typing() {
  return (
    <div class="bubble-row">
      <div class="bubble typing" role="img" aria-label="typing">
        <i />
        <i />
        <i />
      </div>
    </div>
  );
}
