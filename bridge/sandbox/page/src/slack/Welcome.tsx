/** What the queue shows while nobody waits: what this page is, and where to begin. */

import { show } from "../header/Guide";

export function Welcome() {
  return (
    <div class="welcome">
      <svg viewBox="0 0 200 72" aria-hidden="true">
        <path class="soft" d="M10 60h180" />
        <path d="M52 60V22M148 60V22M12 50c22 0 34-14 40-28 10 22 28 32 48 32s38-10 48-32c6 14 18 28 40 28" />
        <path class="soft" d="M70 60V45M86 60v-8M100 60v-6M114 60v-8M130 60V45M34 60V46M166 60V46" />
        <path class="filled" d="M6 8h26v16H18l-6 6v-6H6zM168 8h26v16h-6v6l-6-6h-14z" />
      </svg>
      <h3>Customers on one side, agents on the other, a bridge in between.</h3>
      <p>
        Write to the bot from a phone. Ask for a person, and a card appears in this channel. Claim it, answer in its
        thread, and the customer reads the answer on the phone. Nothing here leaves this machine.
      </p>
      <div>
        <button type="button" class="button primary" onClick={() => show(0)}>
          Ask the bot something
        </button>
        <button type="button" class="button" onClick={() => show(1)}>
          Ask for a person
        </button>
      </div>
    </div>
  );
}
