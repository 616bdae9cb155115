/** The frame of a phone: status bar, the app's own bar, the chat, and the field to write in. */

import type { ComponentChildren } from "preact";
import { useStick } from "../parts/stick";
import { hour } from "../parts/time";
import { view } from "../sandbox";

interface Props {
  look: string;
  label: string;
  place: string;
  bar: ComponentChildren;
  foot: ComponentChildren;
  children: ComponentChildren;
}

export function Device({ look, label, place, bar, foot, children }: Props) {
  const list = useStick<HTMLDivElement>(place);
  return (
    <div class={`device ${look}`}>
      <div class="screen">
        <div class="status-bar" aria-hidden="true">
          <span>{hour(view.value?.now ?? Date.now() / 1000)}</span>
          <span class="island" />
          <span class="signals">
            <i />
            <i />
            <i />
            <b />
          </span>
        </div>
        <div class="app-bar">{bar}</div>
        <div ref={list} class="chat" role="log" aria-label={label} tabIndex={0}>
          {children}
        </div>
        <div class="app-foot">{foot}</div>
      </div>
    </div>
  );
}
