/** The agents' half of the page. */

import { slack } from "../sandbox";
import { home, thread } from "../session";
import { AppHome } from "./AppHome";
import { ChannelPane } from "./ChannelPane";
import { ModalStack } from "./ModalStack";
import { Sidebar } from "./Sidebar";
import { ThreadPane } from "./ThreadPane";

export function Workspace() {
  if (!slack.value) return <section class="workspace waiting" aria-label="Workspace"><p>Waiting for the sandbox …</p></section>;
  const threaded = thread.value !== null && !home.value;
  return (
    <section class={threaded ? "workspace threaded" : "workspace"} aria-label="Agents' workspace">
      <Sidebar />
      {home.value ? <AppHome /> : <ChannelPane />}
      {threaded && <ThreadPane />}
      <ModalStack />
    </section>
  );
}
