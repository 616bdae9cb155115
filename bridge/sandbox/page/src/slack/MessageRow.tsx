/** One message: who, when, what, its reactions, its thread, and what can be done with it. */

import { useState } from "preact/hooks";
import { Blocks } from "../blocks/Blocks";
import { HostContext, type Host } from "../blocks/host";
import type { Attachment, Message, SharedFile } from "../model";
import { Avatar } from "../parts/Avatar";
import { size } from "../parts/files";
import { focusOn } from "../parts/focus";
import { Icon } from "../parts/Icon";
import { hour } from "../parts/time";
import { slack } from "../sandbox";
import { language, openThread, thread } from "../session";
import { Text } from "../text/Text";
import * as acts from "./acts";
import { EditBox } from "./EditBox";
import { Reactions } from "./Reactions";
import { Time } from "./Time";
import { Toolbar } from "./Toolbar";

interface Props {
  message: Message;
  channel: string;
  compact?: boolean;
  inThread?: boolean;
}

export function MessageRow({ message, channel, compact, inThread }: Props) {
  const [editing, setEditing] = useState(false);
  if (message.subtype === "tombstone" || message.subtype === "message_deleted")
    return <p class="row gone">This message was deleted.</p>;
  const { name, bot } = sender(message);
  const edited = () => {
    setEditing(false);
    focusOn(`${inThread ? ".thread" : ".channel"} [data-ts="${message.ts}"] .toolbar > .bare:last-of-type`);
  };
  const open = !inThread && thread.value === message.ts;
  return (
    <article class={`row${compact ? " compact" : ""}${open ? " open" : ""}`} data-ts={message.ts}>
      <div class="row-face">
        {compact ? <Time ts={message.ts} /> : <Avatar name={name} icon={message.icon_emoji} bot={bot} />}
      </div>
      <div class="row-body">
        {isPinned(message, channel) && (
          <p class="pinned">
            <Icon name="pin" /> Pinned
          </p>
        )}
        {!compact && (
          <div class="row-head">
            <strong>{name}</strong>
            {bot && <span class="badge">App</span>}
            <Time ts={message.ts} />
          </div>
        )}
        {editing ? (
          <EditBox message={message} channel={channel} onDone={edited} />
        ) : (
          <Content message={message} channel={channel} />
        )}
        {message.files?.map((file, index) => (
          <FileCard key={file.id ?? index} file={file} />
        ))}
        <Reactions message={message} channel={channel} />
        {!inThread && <ThreadLink message={message} channel={channel} />}
      </div>
      {!editing && <Toolbar message={message} channel={channel} inThread={inThread} onEdit={() => setEditing(true)} />}
    </article>
  );
}

const isPinned = (message: Message, channel: string): boolean =>
  slack.value?.channels.find((one) => one.id === channel)?.pins?.includes(message.ts) ?? false;

export function sender(message: Message): { name: string; bot: boolean } {
  const user = slack.value?.users.find((one) => one.id === message.user);
  const bot = message.bot_id !== undefined && message.bot_id !== null;
  return {
    name: message.username ?? user?.name ?? (bot ? "Bridge" : (message.user ?? "Somebody")),
    bot: bot || user?.is_bot === true,
  };
}

function Content({ message, channel }: { message: Message; channel: string }) {
  const host: Host = {
    use: async (element, _block, value) => void (await acts.use(`${channel}:${message.ts}`, element, value)),
  };
  return (
    <div class="row-content">
      {message.blocks?.length ? (
        <HostContext.Provider value={host}>
          <Blocks blocks={message.blocks} />
        </HostContext.Provider>
      ) : (
        message.text && (
          <div class="row-text">
            <Text text={message.text} />
          </div>
        )
      )}
      {message.attachments?.map((one, index) => (
        <Attached key={index} attachment={one} host={host} />
      ))}
      {message.edited ? <span class="edited">(edited)</span> : null}
    </div>
  );
}

function Attached({ attachment, host }: { attachment: Attachment; host: Host }) {
  const colour = /^#?[0-9a-f]{6}$/i.test(attachment.color ?? "") ? `#${attachment.color!.replace("#", "")}` : undefined;
  return (
    <div class="attached" style={{ borderColor: colour }}>
      {attachment.blocks ? (
        <HostContext.Provider value={host}>
          <Blocks blocks={attachment.blocks} />
        </HostContext.Provider>
      ) : (
        <div class="row-text">
          <Text text={attachment.text ?? attachment.fallback ?? ""} />
        </div>
      )}
    </div>
  );
}

function ThreadLink({ message, channel }: { message: Message; channel: string }) {
  if (!message.reply_count) return null;
  const people = (message.reply_users ?? []).slice(0, 3).map((id) => slack.value?.users.find((user) => user.id === id));
  return (
    <button type="button" class="thread-link" onClick={() => openThread(channel, message.ts)}>
      {people.map((user, index) => (
        <Avatar key={index} name={user?.name ?? "Bridge"} bot={!user || user.is_bot} />
      ))}
      <span>
        {message.reply_count} {message.reply_count === 1 ? "reply" : "replies"}
      </span>
      {message.latest_reply && <small>last at {hour(Number(message.latest_reply), language.value)}</small>}
    </button>
  );
}

function FileCard({ file }: { file: SharedFile }) {
  const name = file.title ?? file.name ?? "file";
  return (
    <div class="file">
      <span aria-hidden="true">📄</span>
      <div>
        <strong>{name}</strong>
        {file.size !== undefined && <small>{size(file.size, language.value)}</small>}
      </div>
      {file.preview && <pre tabIndex={0}>{file.preview.slice(0, 2000)}</pre>}
    </div>
  );
}
