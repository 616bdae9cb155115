/** A phone in the manner of Telegram. */

import { useState } from "preact/hooks";
import type { PhoneMessage } from "../model";
import { Avatar } from "../parts/Avatar";
import { Icon } from "../parts/Icon";
import { Item, Popover } from "../parts/Popover";
import { view } from "../sandbox";
import { TelegramText } from "../text/TelegramText";
import * as acts from "./acts";
import { Bubble, Typing } from "./Bubble";
import { BubbleMenu } from "./BubbleMenu";
import { Device } from "./Device";
import { People } from "./People";
import { PhoneComposer } from "./PhoneComposer";
import { current } from "./people";

const LAST = 150;

export function TelegramPhone() {
  const [editing, setEditing] = useState<PhoneMessage | null>(null);
  const bot = view.value?.telegram.bot;
  const chat = current("telegram");
  if (!chat) return null;
  return (
    <>
      <People platform="telegram" />
      <Device
        look="telegram"
        label={`${chat.name}'s Telegram`}
        place={chat.handle}
        bar={
          <>
            <Avatar name={bot?.name ?? "Bot"} round />
            <div class="app-name">
              <strong>{bot?.name ?? "Support bot"}</strong>
              <small>{chat.typing ? "typing …" : "bot"}</small>
            </div>
            <Popover label="Chat menu" face={<Icon name="dots" />}>
              {(close) => (
                <Item
                  onPick={() => {
                    close();
                    void acts.setBlocked("telegram", chat, !chat.blocked);
                  }}
                >
                  {chat.blocked ? "Unblock the bot" : "Block the bot"}
                </Item>
              )}
            </Popover>
          </>
        }
        foot={
          <PhoneComposer
            key={chat.handle}
            platform="telegram"
            chat={chat}
            editing={editing}
            onEdited={() => setEditing(null)}
          />
        }
      >
        {!chat.messages.length && <p class="chat-note">{chat.name} has not written yet. Pick a line below, or type.</p>}
        {chat.messages.slice(-LAST).map((message) => (
          <Bubble
            key={message.id}
            message={message}
            words={<TelegramText text={message.text} html={message.html} />}
            onPress={(data) => void acts.press("telegram", chat, message.id, data)}
            menu={
              <BubbleMenu
                message={message}
                onReact={(face) => void acts.react("telegram", chat, message.id, face)}
                onEdit={() => setEditing(message)}
                onDelete={() => void acts.remove("telegram", chat, message.id)}
              />
            }
          />
        ))}
        {chat.typing && <Typing />}
      </Device>
    </>
  );
}
