/** "Are you sure?": asked by buttons that carry a confirmation, and by the reset. */

import { signal } from "@preact/signals";
import { Dialog } from "./Dialog";

interface Question {
  title: string;
  text: string;
  yes: string;
  no: string;
  danger?: boolean;
  onYes: () => void;
}

const question = signal<Question | null>(null);

export function ask(asked: Question): void {
  question.value = asked;
}

export function ConfirmDialog() {
  const asked = question.value;
  if (!asked) return null;
  const close = () => {
    question.value = null;
  };
  const yes = () => {
    close();
    asked.onYes();
  };
  return (
    <Dialog
      title={asked.title}
      class="small"
      onClose={close}
      footer={
        <>
          <button type="button" class="button" onClick={close}>
            {asked.no}
          </button>
          <button type="button" class={asked.danger ? "button danger" : "button primary"} onClick={yes}>
            {asked.yes}
          </button>
        </>
      }
    >
      <p>{asked.text}</p>
    </Dialog>
  );
}
