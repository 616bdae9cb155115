/** The list of completions above the composer. */

import type { Draft } from "./draft";
import type { Suggestion } from "./suggest";

export function Offers({ id, draft }: { id: string; draft: Draft }) {
  if (!draft.offers.length) return null;
  const take = (offer: Suggestion) => (event: Event) => {
    event.preventDefault(); // the focus stays in the text
    draft.take(offer);
  };
  return (
    <ul id={id} class="offers" role="listbox" aria-label="Suggestions">
      {draft.offers.map((offer, index) => (
        <li
          key={offer.title}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === draft.marked}
          onPointerDown={take(offer)}
        >
          <span class="offer-face" aria-hidden="true">
            {offer.face}
          </span>
          <strong>{offer.title}</strong>
          <small>{offer.note}</small>
        </li>
      ))}
    </ul>
  );
}
