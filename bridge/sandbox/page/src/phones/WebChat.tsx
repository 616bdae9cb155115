/** The real web chat in a small browser window. It is there only when the bridge runs on the same address. */

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../parts/Icon";
import { ChatFrame } from "./ChatFrame";
import { inSight } from "./sight";

const ADDRESS = "/chat";
const served = signal<boolean | null>(null);

async function look(): Promise<void> {
  const answer = await fetch(ADDRESS).catch(() => null);
  served.value = answer?.ok === true && (answer.headers.get("content-type") ?? "").includes("html");
}

/** A stranger to the chat: what it remembered of the last visitor is forgotten. This page's own choices stay. */
function forgetVisitor(): void {
  for (const store of [localStorage, sessionStorage]) {
    for (const key of Object.keys(store)) if (!key.startsWith("sandbox.")) store.removeItem(key);
  }
}

export function WebChat() {
  const [visit, setVisit] = useState(1);
  const wanted = inSight("web");
  useEffect(() => {
    if (wanted && !served.value) void look();
  }, [wanted]);
  return (
    <>
      <div class="people">
        <button
          type="button"
          class="person-chip"
          disabled={!served.value}
          onClick={() => {
            forgetVisitor();
            setVisit(visit + 1);
          }}
        >
          <Icon name="plus" /> New visitor
        </button>
      </div>
      <div class="browser">
        <div class="browser-bar" aria-hidden="true">
          <i />
          <i />
          <i />
          <span>shop.example</span>
        </div>
        {served.value ? (
          <ChatFrame key={visit} address={ADDRESS} />
        ) : (
          <div class="empty">
            <span class="empty-art" aria-hidden="true">
              🔌
            </span>
            <p>{served.value === null ? "Looking for the web chat …" : "The web chat is not running here."}</p>
            {served.value === false && (
              <p>It belongs to the bridge. Start the demo, which runs both, to see it in this window.</p>
            )}
            {served.value === false && (
              <button type="button" class="button" onClick={() => void look()}>
                Look again
              </button>
            )}
          </div>
        )}
      </div>
    </>
  );
}
