/** A text that is being written: where the caret is, and what could complete it there. */

import { useState } from "preact/hooks";
import type { SlackView } from "../model";
import { suggest, type Suggestion } from "./suggest";

export interface Draft {
  text: string;
  offers: Suggestion[];
  marked: number;
  write: (text: string, caret?: number) => void;
  moveCaret: (caret: number) => void;
  /** Put a suggestion in place of what it completes. */
  take: (offer: Suggestion) => void;
  /** Handle a key that means the suggestions; false if it does not. */
  steer: (key: string) => boolean;
}

export function useDraft(view: SlackView, commands: boolean): Draft {
  const [text, setText] = useState("");
  const [caret, setCaret] = useState(0);
  const [marked, setMarked] = useState(0);
  const [hushed, setHushed] = useState(false);
  const offers = hushed ? [] : suggest(text.slice(0, caret), view, commands);

  const write = (next: string, at = next.length) => {
    setText(next);
    setCaret(at);
    setMarked(0);
    setHushed(false);
  };
  const take = (offer: Suggestion) => write(offer.text + text.slice(caret), offer.text.length);
  const steer = (key: string): boolean => {
    const offer = offers[marked];
    if (!offer) return false;
    if (key === "ArrowDown" || key === "ArrowUp")
      setMarked((marked + (key === "ArrowDown" ? 1 : -1) + offers.length) % offers.length);
    else if (key === "Escape") setHushed(true);
    else if (key === "Tab" || (key === "Enter" && offer.text.trim() !== text.trim())) take(offer);
    else return false;
    return true;
  };
  return { text, offers, marked, write, moveCaret: setCaret, take, steer };
}
