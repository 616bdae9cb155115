/** The reactions under a message; pressing one adds or takes back the agent's own. */

import type { Message } from "../model";
import { slack } from "../sandbox";
import { me } from "../session";
import { emoji } from "../text/emoji";
import * as acts from "./acts";
import { EmojiPicker } from "./EmojiPicker";

export function Reactions({ message, channel }: { message: Message; channel: string }) {
  if (!message.reactions?.length) return null;
  const mine = me.value?.id ?? "";
  return (
    <div class="reactions">
      {message.reactions.map(({ name, users }) => {
        const own = users.includes(mine);
        return (
          <button
            key={name}
            type="button"
            class="reaction"
            aria-pressed={own}
            title={`:${name}: ${users.map(nameOf).join(", ")}`}
            aria-label={`${name.replaceAll("_", " ")}, ${users.length}`}
            onClick={() => void acts.react(channel, message.ts, name, own)}
          >
            <span class="emoji" aria-hidden="true">
              {emoji(name)}
            </span>{" "}
            {users.length}
          </button>
        );
      })}
      <EmojiPicker
        class="reaction add"
        label="Add a reaction"
        onPick={(name) => void acts.react(channel, message.ts, name, false)}
      />
    </div>
  );
}

const nameOf = (id: string): string => slack.value?.users.find((user) => user.id === id)?.name ?? id;
