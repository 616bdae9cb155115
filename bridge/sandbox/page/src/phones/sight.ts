/** Which of the phones the visitor can see. The widths are those of phones.css and narrow.css. */

import { signal, type Signal } from "@preact/signals";
import { phone, side, type Phone } from "../session";

const narrow = matching("(max-width: 1099px)");
const two = matching("(min-width: 1760px)");
const three = matching("(min-width: 2240px)");

function matching(query: string): Signal<boolean> {
  const media = matchMedia(query);
  const now = signal(media.matches);
  media.addEventListener("change", () => {
    now.value = media.matches;
  });
  return now;
}

export function inSight(one: Phone): boolean {
  if (narrow.value && side.value === "agents") return false;
  if (three.value || phone.value === one) return true;
  return two.value && (one === "whatsapp" || (one === "telegram" && phone.value === "whatsapp"));
}
