/** The bar on top: the guide, the state of the sandbox, light or dark, and the reset. */

import { ask } from "../parts/confirm";
import { Icon, type IconName } from "../parts/Icon";
import { connection, reset } from "../sandbox";
import { theme, thread, type Theme } from "../session";
import { Controls } from "./Controls";
import { Guide } from "./Guide";

const THEMES: Record<Theme, { icon: IconName; label: string; next: Theme }> = {
  system: { icon: "system", label: "Colours: as the system", next: "light" },
  light: { icon: "sun", label: "Colours: light", next: "dark" },
  dark: { icon: "moon", label: "Colours: dark", next: "system" },
};

export function Header() {
  const look = THEMES[theme.value];
  return (
    <header class="top">
      <h1>
        <Mark /> Bridge sandbox
      </h1>
      <Guide />
      <div class="top-tools">
        <State />
        <Controls />
        <button
          type="button"
          class="bare"
          aria-label={look.label}
          title={look.label}
          onClick={() => {
            theme.value = look.next;
          }}
        >
          <Icon name={look.icon} />
        </button>
        <button
          type="button"
          class="bare"
          aria-label="Reset the sandbox"
          title="Reset the sandbox"
          onClick={askToReset}
        >
          <Icon name="reset" />
        </button>
      </div>
    </header>
  );
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" />
      <path d="M5 22h22M8 22v-4M16 22v-9M24 22v-4M5 19c5 0 9-3 11-7 2 4 6 7 11 7" />
    </svg>
  );
}

function State() {
  const live = connection.value === "live";
  return (
    <p class="state">
      <span class={live ? "pulse" : "pulse off"} aria-hidden="true" />
      <span>{live ? "live" : connection.value === "lost" ? "reconnecting" : "connecting"}</span>
    </p>
  );
}

function askToReset(): void {
  ask({
    title: "Reset the sandbox",
    text: "All messages, customers and faults of the sandbox are forgotten. The bridge keeps what it has stored.",
    yes: "Reset",
    no: "Cancel",
    danger: true,
    onYes: () => {
      thread.value = null;
      void reset();
    },
  });
}
