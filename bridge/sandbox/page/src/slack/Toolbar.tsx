/** What appears beside a message under the pointer or the focus: react, reply, edit, delete, the app's shortcuts. */

import type { Message } from "../model";
import { ask } from "../parts/confirm";
import { Icon } from "../parts/Icon";
import { Item, Popover } from "../parts/Popover";
import { slack } from "../sandbox";
import { me, openThread } from "../session";
import { emoji } from "../text/emoji";
import * as acts from "./acts";
import { EmojiPicker } from "./EmojiPicker";

const QUICK = ["white_check_mark", "eyes"];

interface Props {
  message: Message;
  channel: string;
  inThread?: boolean;
  onEdit: () => void;
}

export function Toolbar({ message, channel, inThread, onEdit }: Props) {
  const own = message.user !== undefined && message.user === me.value?.id;
  const react = (name: string) => void acts.react(channel, message.ts, name, reactedBy(message, name));
  return (
    <div class="toolbar" role="group" aria-label="Message actions">
      {QUICK.map((name) => (
        <button
          key={name}
          type="button"
          class="bare"
          aria-label={`React with ${name.replaceAll("_", " ")}`}
          title={`:${name}:`}
          onClick={() => react(name)}
        >
          {emoji(name)}
        </button>
      ))}
      <EmojiPicker label="Find a reaction" onPick={react} />
      {!inThread && (
        <button
          type="button"
          class="bare"
          aria-label="Reply in thread"
          title="Reply in thread"
          onClick={() => openThread(channel, message.thread_ts ?? message.ts)}
        >
          <Icon name="reply" />
        </button>
      )}
      <Popover label="More message actions" face={<Icon name="dots" />}>
        {(close) => <Menu message={message} channel={channel} own={own} onEdit={onEdit} close={close} />}
      </Popover>
    </div>
  );
}

const reactedBy = (message: Message, name: string): boolean =>
  message.reactions?.find((reaction) => reaction.name === name)?.users.includes(me.value?.id ?? "") ?? false;

function Menu({ message, channel, own, onEdit, close }: Props & { own: boolean; close: () => void }) {
  const shortcuts = slack.value?.shortcuts.filter((one) => one.type.startsWith("message")) ?? [];
  const then = (go: () => void) => () => {
    close();
    go();
  };
  return (
    <>
      {shortcuts.map((one) => (
        <Item
          key={one.callback_id}
          onPick={then(() => void acts.shortcut(`${channel}:${message.ts}`, one.callback_id))}
        >
          <Icon name="bolt" /> {one.name}
        </Item>
      ))}
      {own && (
        <Item onPick={then(onEdit)}>
          <Icon name="edit" /> Edit message
        </Item>
      )}
      {(own || me.value?.is_admin) && (
        <Item danger onPick={then(() => askToDelete(channel, message.ts))}>
          <Icon name="trash" /> Delete message
        </Item>
      )}
      {!own && !me.value?.is_admin && !shortcuts.length && (
        <p class="popover-note">Only its author can change this message.</p>
      )}
    </>
  );
}

function askToDelete(channel: string, ts: string): void {
  ask({
    title: "Delete message",
    text: "This cannot be undone.",
    yes: "Delete",
    no: "Cancel",
    danger: true,
    onYes: () => void acts.remove(channel, ts),
  });
}
