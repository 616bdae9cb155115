/** A small number: how much is new. */

export function Unread({ count }: { count: number }) {
  return count ? (
    <span class="unread" aria-label={`${count} new`} role="img">
      {count}
    </span>
  ) : null;
}
