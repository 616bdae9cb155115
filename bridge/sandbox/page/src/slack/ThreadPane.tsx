/** One thread beside its channel: the conversation with one customer. */

import type { Message } from "../model";
import { focusOn } from "../parts/focus";
import { Icon } from "../parts/Icon";
import { slack } from "../sandbox";
import { channel, me, thread } from "../session";
import { Composer } from "./Composer";
import { MessageRow } from "./MessageRow";
import { Rows } from "./Rows";
import { threadRows } from "./timeline";

export function ThreadPane({ root }: { root: Message }) {
  const view = slack.value!;
  const ts = root.ts;
  const rows = threadRows(view, channel.value, ts, me.value?.id ?? "");
  const status = view.statuses?.find((one) => one.thread_ts === ts)?.status;
  const close = (event: MouseEvent) => {
    thread.value = null;
    if (event.detail === 0) focusOn(`.channel [data-ts="${ts}"] .thread-link`); // by a key, not by the mouse
  };
  return (
    <aside class="pane thread" aria-label="Thread">
      <header class="pane-head">
        <h2>Thread</h2>
        <p># {view.channels.find((one) => one.id === channel.value)?.name}</p>
        <button type="button" class="bare" aria-label="Close the thread" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <Rows
        rows={rows}
        channel={channel.value}
        place={ts}
        label="Messages in the thread"
        inThread
        head={
          <>
            <MessageRow message={root} channel={channel.value} inThread />
            <div class="day">
              <span>{rows.length === 1 ? "1 message" : `${rows.length} messages`}</span>
            </div>
          </>
        }
      />
      {status && (
        <p class="typing-line" role="status">
          {status}
        </p>
      )}
      <Composer
        key={ts}
        id="thread-composer"
        place={`${channel.value}:${ts}`}
        channel={channel.value}
        label="Reply in the thread"
        hint="!note stays inside · !handback"
      />
    </aside>
  );
}
