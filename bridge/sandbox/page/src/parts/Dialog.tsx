/** A modal box: the browser's own dialog, so focus stays inside and Escape closes it. */

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

/** What there is to fill in comes before the cross that closes. */
const FIRST = ".dialog-body :is(input, select, textarea)";

interface Props {
  title: string;
  class?: string;
  onClose: () => void;
  children: ComponentChildren;
  footer?: ComponentChildren;
}

export function Dialog({ title, class: look = "", onClose, children, footer }: Props) {
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);

  const leaving = useRef(false);

  useEffect(() => {
    const dialog = box.current;
    leaving.current = false;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>(FIRST)?.focus();
    return () => {
      leaving.current = true;
      dialog?.close();
    };
  }, []);

  const cancel = (event: Event) => {
    event.preventDefault();
    onClose();
  };

  return (
    <dialog
      ref={box}
      class={`dialog ${look}`}
      aria-labelledby={id}
      onCancel={cancel}
      onClose={() => leaving.current || onClose()}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" class="bare" aria-label="Close" onClick={onClose}>
          ×
        </button>
      </header>
      <div class="dialog-body">{children}</div>
      {footer && <footer>{footer}</footer>}
    </dialog>
  );
}
