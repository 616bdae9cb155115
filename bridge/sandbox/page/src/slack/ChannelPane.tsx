/** One channel: its messages and the composer. */

import { slack } from "../sandbox";
import { channel, me, QUEUE } from "../session";
import { Composer } from "./Composer";
import { Rows } from "./Rows";
import { channelRows } from "./timeline";
import { Welcome } from "./Welcome";

export function ChannelPane() {
  const view = slack.value!;
  const here = view.channels.find((one) => one.id === channel.value) ?? view.channels[0];
  if (!here)
    return (
      <section class="pane" aria-label="Channel">
        <p class="empty">There are no channels.</p>
      </section>
    );
  const rows = channelRows(view, here.id, me.value?.id ?? "");
  return (
    <section class="pane channel" aria-label={`Channel ${here.name}`}>
      <header class="pane-head">
        <h2>
          <span class="hash">#</span> {here.name}
        </h2>
        <p>{here.id === QUEUE ? "Every card is a customer who wants a person." : "Ordinary talk of the team."}</p>
      </header>
      <Rows rows={rows} channel={here.id} place={here.id} label={`Messages in ${here.name}`}>
        {here.id === QUEUE ? <Welcome /> : <p class="empty">Nothing has been said here yet.</p>}
      </Rows>
      {here.is_archived ? (
        <p class="archived">This channel is archived.</p>
      ) : (
        <Composer key={here.id} place={here.id} channel={here.id} label={`Message #${here.name}`} commands />
      )}
    </section>
  );
}
