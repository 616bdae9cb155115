/** Short messages in a corner: what went wrong, and what was done. */

import { signal } from "@preact/signals";

interface Notice {
  id: number;
  text: string;
  mood: "bad" | "good";
}

const notices = signal<Notice[]>([]);
let count = 0;

export function notify(text: string, mood: Notice["mood"] = "bad"): void {
  const id = ++count;
  notices.value = [...notices.value.slice(-2), { id, text, mood }];
  setTimeout(() => dismiss(id), mood === "bad" ? 9000 : 4000);
}

function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

export function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map((notice) => (
        <div key={notice.id} class={`notice ${notice.mood}`}>
          <span>{notice.text}</span>
          <button type="button" class="bare" aria-label="Dismiss" onClick={() => dismiss(notice.id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
