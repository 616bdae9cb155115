/** What the business knows of its message: sent, delivered, read, or failed. */

const MEANING = { sent: "sent", delivered: "delivered", read: "read", failed: "not delivered" } as const;

export function Ticks({ status }: { status: keyof typeof MEANING }) {
  return (
    <span
      class={`ticks ${status}`}
      role="img"
      aria-label={MEANING[status]}
      title={`For the business: ${MEANING[status]}`}
    >
      {status === "failed" ? (
        <b aria-hidden="true">!</b>
      ) : (
        <svg viewBox="0 0 20 12" aria-hidden="true">
          <path d="m1.500 6.500 3.500 3.500L12 2.500" />
          {status !== "sent" && <path d="m8.500 9.500.6.5L16.500 2.500" />}
        </svg>
      )}
    </span>
  );
}
