/** The app's home tab, as published for the acting agent. */

import { useEffect } from "preact/hooks";
import { Blocks } from "../blocks/Blocks";
import { HostContext, type Host } from "../blocks/host";
import { slack } from "../sandbox";
import { me } from "../session";
import * as acts from "./acts";

export function AppHome() {
  const id = me.value?.id ?? "";
  const home = slack.value?.homes?.[id];
  const host: Host = { use: async (element, _block, value) => void (await acts.use(home?.id ?? "", element, value)) };
  useEffect(() => void acts.openHome(), [id]);
  return (
    <section class="pane home" aria-label="App home">
      <header class="pane-head">
        <h2>App home</h2>
        <p>What {me.value?.name} sees of the app.</p>
      </header>
      <div class="rows" tabIndex={0} role="region" aria-label="Home tab">
        {home?.blocks?.length ? (
          <HostContext.Provider value={host}>
            <Blocks blocks={home.blocks} />
          </HostContext.Provider>
        ) : (
          <div class="empty">
            <span class="empty-art" aria-hidden="true">
              🏡
            </span>
            <p>The app has not published a home for {me.value?.name} yet.</p>
          </div>
        )}
      </div>
    </section>
  );
}
