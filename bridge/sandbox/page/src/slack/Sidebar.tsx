/** The workspace's name, its channels, and the switch between agents. */

import type { Channel, User } from "../model";
import { Avatar } from "../parts/Avatar";
import { Icon } from "../parts/Icon";
import { Unread } from "../parts/Unread";
import { slack } from "../sandbox";
import { actor, atHome, channel, hasHome, home, me, thread } from "../session";
import { Language } from "./Language";
import { unread } from "./unread";

export function Sidebar() {
  const { team, channels, users, connected } = slack.value!;
  return (
    <nav class="sidebar" aria-label="Workspace">
      <div class="team">
        <strong>{team.name ?? "Sandbox"}</strong>
        <span class={connected ? "link-state on" : "link-state"}>
          {connected ? "App connected" : "App not connected"}
        </span>
      </div>
      <div class="places">
        <h2>Channels</h2>
        <ul>
          {channels.filter(visible).map((one) => (
            <li key={one.id}>
              <button
                type="button"
                class="place"
                aria-current={!atHome.value && channel.value === one.id ? "page" : undefined}
                onClick={() => visit(one.id)}
              >
                <Icon name={one.kind === "im" ? "agents" : one.is_private ? "lock" : "hash"} />{" "}
                <span>{one.kind === "im" ? "Bridge" : one.name}</span>
                {one.is_archived && <small>archived</small>}
                <Unread count={unread(one.id)} />
              </button>
            </li>
          ))}
        </ul>
        {hasHome.value && <Apps />}
      </div>
      <div class="agents">
        <h2 id="act-as">Act as</h2>
        <ul aria-labelledby="act-as">
          {users
            .filter((user) => !user.is_bot)
            .map((user) => (
              <Agent key={user.id} user={user} />
            ))}
        </ul>
      </div>
    </nav>
  );
}

function Apps() {
  return (
    <>
      <h2>Apps</h2>
      <ul>
        <li>
          <button
            type="button"
            class="place"
            aria-current={atHome.value ? "page" : undefined}
            onClick={() => {
              home.value = true;
            }}
          >
            <Icon name="home" /> <span>App home</span>
          </button>
        </li>
      </ul>
    </>
  );
}

/** A direct message with the app is its partner's alone. */
function visible(one: Channel): boolean {
  return one.kind !== "im" || one.id === `D${me.value?.id.slice(1)}`;
}

function visit(id: string): void {
  if (channel.value !== id) thread.value = null;
  channel.value = id;
  home.value = false;
}

function Agent({ user }: { user: User }) {
  const role = user.is_stranger ? "external" : user.is_restricted ? "guest" : user.is_admin ? "admin" : "";
  const acting = actor.value === user.handle;
  return (
    <li class="agent">
      <button
        type="button"
        class="place person"
        aria-pressed={acting}
        title={user.name}
        onClick={() => {
          actor.value = user.handle;
        }}
      >
        <Avatar name={user.name} />
        <span class="who">
          <span>{user.name}</span>
          {role && <small>{role}</small>}
        </span>
      </button>
      {acting && <Language user={user} />}
    </li>
  );
}
