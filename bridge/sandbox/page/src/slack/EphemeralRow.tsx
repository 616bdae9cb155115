/** A message that only the acting agent sees. */

import { useState } from "preact/hooks";
import { Blocks } from "../blocks/Blocks";
import { HostContext, type Host } from "../blocks/host";
import type { Ephemeral } from "../model";
import { Avatar } from "../parts/Avatar";
import { Icon } from "../parts/Icon";
import { slack } from "../sandbox";
import { Text } from "../text/Text";
import * as acts from "./acts";
import { Time } from "./Time";

export function EphemeralRow({ ephemeral }: { ephemeral: Ephemeral }) {
  const [dismissed, dismiss] = useState(false);
  if (dismissed) return null;
  const name = slack.value?.users.find((user) => user.is_bot)?.name ?? "Bridge";
  const host: Host = {
    use: async (element, _block, value) =>
      void (await acts.use(`${ephemeral.channel}:${ephemeral.ts}`, element, value)),
  };
  return (
    <article class="row ephemeral" data-ts={ephemeral.ts}>
      <p class="only-you">
        <Icon name="eye" /> Only visible to you{" "}
        <button type="button" class="bare" onClick={() => dismiss(true)}>
          Dismiss
        </button>
      </p>
      <div class="row-face">
        <Avatar name={name} bot />
      </div>
      <div class="row-body">
        <div class="row-head">
          <strong>{name}</strong>
          <span class="badge">App</span>
          <Time ts={ephemeral.ts} />
        </div>
        {ephemeral.blocks?.length ? (
          <HostContext.Provider value={host}>
            <Blocks blocks={ephemeral.blocks} />
          </HostContext.Provider>
        ) : (
          <div class="row-text">
            <Text text={ephemeral.text} />
          </div>
        )}
      </div>
    </article>
  );
}
