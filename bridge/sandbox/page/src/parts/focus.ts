/** Where the keyboard goes on once what it was in is gone. */

/** Focus what is there after the next drawing. */
export function focusOn(selector: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true }));
}
