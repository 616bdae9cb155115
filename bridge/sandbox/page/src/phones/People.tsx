/** Chooses which customer the visitor is, and adds new ones. */

import { useState } from "preact/hooks";
import { Avatar } from "../parts/Avatar";
import { Icon } from "../parts/Icon";
import { Popover } from "../parts/Popover";
import { add, current, people, pick, type Platform } from "./people";

export function People({ platform }: { platform: Platform }) {
  const chosen = current(platform);
  return (
    <div class="people" role="group" aria-label="Customer">
      <div class="people-list">
        {people(platform)
          .slice(-12)
          .map((chat) => (
            <button
              key={chat.handle}
              type="button"
              class="person-chip"
              aria-pressed={chat.handle === chosen?.handle}
              onClick={() => pick(platform, chat.handle)}
            >
              <Avatar name={chat.name} round /> <span>{chat.name}</span>
            </button>
          ))}
      </div>
      <Popover label="Add a customer" face={<Icon name="plus" />} class="person-chip add">
        {(close) => (
          <Newcomer
            onAdd={(name) => {
              close();
              add(platform, name);
            }}
          />
        )}
      </Popover>
    </div>
  );
}

function Newcomer({ onAdd }: { onAdd: (name: string) => void }) {
  const [name, setName] = useState("");
  const submit = (event: Event) => {
    event.preventDefault();
    if (name.trim()) onAdd(name.trim());
  };
  return (
    <form class="newcomer" onSubmit={submit}>
      <input
        class="field"
        aria-label="Name of the new customer"
        placeholder="Name"
        maxLength={60}
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <button type="submit" class="button primary">
        Add
      </button>
    </form>
  );
}
