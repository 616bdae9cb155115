/** A small box of emoji with a search field. */

import { useState } from "preact/hooks";
import { Icon } from "../parts/Icon";
import { Popover } from "../parts/Popover";
import { emoji, findEmoji } from "../text/emoji";

const USUAL = [
  "white_check_mark",
  "eyes",
  "raised_hands",
  "+1",
  "heart",
  "tada",
  "joy",
  "thinking_face",
  "warning",
  "raised_hand",
  "hourglass_flowing_sand",
  "question",
  "fire",
  "pray",
  "wave",
  "slightly_smiling_face",
];
const MOST = 40;

interface Props {
  label: string;
  class?: string;
  icon?: "smile" | "smilePlus";
  onPick: (name: string) => void;
}

export function EmojiPicker({ label, class: look, icon = "smilePlus", onPick }: Props) {
  return (
    <Popover label={label} face={<Icon name={icon} />} class={look}>
      {(close) => (
        <Choice
          onPick={(name) => {
            close();
            onPick(name);
          }}
        />
      )}
    </Popover>
  );
}

function Choice({ onPick }: { onPick: (name: string) => void }) {
  const [typed, setTyped] = useState("");
  const names = typed ? findEmoji(typed, MOST) : USUAL;
  return (
    <div class="emoji-picker">
      <input
        class="field"
        type="search"
        aria-label="Search emoji"
        placeholder="Search"
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <div class="emoji-grid">
        {names.map((name) => (
          <button
            key={name}
            type="button"
            title={`:${name}:`}
            aria-label={name.replaceAll("_", " ")}
            onClick={() => onPick(name)}
          >
            {emoji(name)}
          </button>
        ))}
        {!names.length && <p>No emoji of that name.</p>}
      </div>
    </div>
  );
}
