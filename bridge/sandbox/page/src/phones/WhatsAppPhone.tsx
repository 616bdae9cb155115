/** A phone in the manner of WhatsApp. */

import { Avatar } from "../parts/Avatar";
import { Icon } from "../parts/Icon";
import { Item, Popover } from "../parts/Popover";
import { left } from "../parts/time";
import { view } from "../sandbox";
import { Text } from "../text/Text";
import * as acts from "./acts";
import { Bubble, Typing } from "./Bubble";
import { BubbleMenu } from "./BubbleMenu";
import { Device } from "./Device";
import { People } from "./People";
import { PhoneComposer } from "./PhoneComposer";
import { current } from "./people";

const LAST = 150;

export function WhatsAppPhone() {
  const chat = current("whatsapp");
  const business = view.value?.whatsapp.business;
  if (!chat) return null;
  const unread = chat.messages.some((message) => message.status === "delivered" || message.status === "sent");
  return (
    <>
      <People platform="whatsapp" />
      <Device
        look="whatsapp"
        label={`${chat.name}'s WhatsApp`}
        place={chat.handle}
        bar={
          <>
            <Avatar name={business?.name ?? "Shop"} round />
            <div class="app-name">
              <strong>{business?.name ?? "Business"}</strong>
              <small>{chat.typing ? "typing …" : (business?.phone ?? "business account")}</small>
            </div>
            {unread && (
              <button type="button" class="read-button" onClick={() => void acts.readAll(chat)}>
                <Icon name="eye" /> Read
              </button>
            )}
            <Popover label="Chat menu" face={<Icon name="dots" />}>
              {(close) => (
                <Item
                  onPick={() => {
                    close();
                    void acts.setBlocked("whatsapp", chat, !chat.blocked);
                  }}
                >
                  {chat.blocked ? "Unblock the business" : "Block the business"}
                </Item>
              )}
            </Popover>
          </>
        }
        foot={
          <PhoneComposer key={chat.handle} platform="whatsapp" chat={chat} editing={null} onEdited={() => undefined} />
        }
      >
        <Window until={chat.window_until} />
        {!chat.messages.length && <p class="chat-note">{chat.name} has not written yet. Pick a line below, or type.</p>}
        {chat.messages.slice(-LAST).map((message) => (
          <Bubble
            key={message.id}
            message={message}
            words={<Text text={message.text} dialect="whatsapp" />}
            quoted={message.reply_to ? chat.messages.find((one) => one.id === message.reply_to)?.text : undefined}
            onPress={(data) => void acts.press("whatsapp", chat, message.id, data)}
            menu={
              <BubbleMenu message={message} onReact={(face) => void acts.react("whatsapp", chat, message.id, face)} />
            }
          />
        ))}
        {chat.typing && <Typing />}
      </Device>
    </>
  );
}

/** The 24 hours in which a business may answer freely. */
function Window({ until }: { until?: number | null }) {
  if (!until) return null;
  const rest = left(until, view.value?.now ?? 0);
  return (
    <p class="chat-note">
      {rest ? `The business may answer for ${rest} more.` : "The business may answer only with a template now."}
    </p>
  );
}
