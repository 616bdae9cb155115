/** A button with a floating box under it. The browser's own popover does closing, Escape and stacking. */

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

interface Props {
  label: string;
  face: ComponentChildren;
  class?: string;
  disabled?: boolean;
  action?: string;
  children: (close: () => void) => ComponentChildren;
}

const GAP = 6;

function place(box: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  const below = at.bottom + GAP + size.height <= innerHeight;
  const top = below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - size.height);
  const left = Math.min(Math.max(GAP, at.left), innerWidth - size.width - GAP);
  box.style.top = `${top}px`;
  box.style.left = `${left}px`;
}

export function Popover({ label, face, class: look = "bare", disabled, action, children }: Props) {
  const id = useId();
  const anchor = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [times, setTimes] = useState(0);
  const open = times > 0;
  const close = () => box.current?.hidePopover();

  useEffect(() => {
    if (!open || !box.current || !anchor.current) return;
    place(box.current, anchor.current);
    box.current.querySelector<HTMLElement>("button, input, select")?.focus();
  }, [times]);

  return (
    <>
      <button
        ref={anchor}
        type="button"
        class={look}
        aria-label={label}
        title={label}
        aria-expanded={open}
        disabled={disabled}
        data-action={action}
        popovertarget={id}
      >
        {face}
      </button>
      <div
        ref={box}
        id={id}
        class="popover"
        popover="auto"
        onKeyDown={walk}
        onToggle={(event) => setTimes(openedAgain(event as unknown as ToggleEvent))}
      >
        {open && children(close)}
      </div>
    </>
  );
}

/** How often it was opened since it was closed. Opened anew at once, it tells of that alone, and not that it was closed. */
function openedAgain(event: ToggleEvent): (times: number) => number {
  return (times) => (event.newState === "open" ? times + 1 : 0);
}

/** Arrow keys go from one item of a menu to the next. */
function walk(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const items = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("button.item")];
  if (!items.length) return;
  const step = event.key === "ArrowDown" ? 1 : -1;
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[(at + step + items.length) % items.length]?.focus();
  event.preventDefault();
}

/** One line of a menu in a popover. */
export function Item({
  children,
  onPick,
  danger,
}: {
  children: ComponentChildren;
  onPick: () => void;
  danger?: boolean;
}) {
  return (
    <button type="button" class={danger ? "item danger" : "item"} onClick={onPick}>
      {children}
    </button>
  );
}
