/** The agents' half of the page. */

import { slack } from "../sandbox";
import { atHome, channel, thread } from "../session";
import { AppHome } from "./AppHome";
import { ChannelPane } from "./ChannelPane";
import { ModalStack } from "./ModalStack";
import { Sidebar } from "./Sidebar";
import { ThreadPane } from "./ThreadPane";

export function Workspace() {
  if (!slack.value)
    return (
      <section class="workspace waiting" aria-label="Workspace">
        <p>Waiting for the sandbox …</p>
      </section>
    );
  const root = slack.value.messages[channel.value]?.find((message) => message.ts === thread.value);
  const threaded = root !== undefined && !atHome.value;
  return (
    <section class={threaded ? "workspace threaded" : "workspace"} aria-label="Agents' workspace">
      <Sidebar />
      {atHome.value ? <AppHome /> : <ChannelPane />}
      {threaded && <ThreadPane root={root} />}
      <ModalStack />
    </section>
  );
}
