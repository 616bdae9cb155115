/** Times as people read them, in the visitor's own language and zone. */

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

export const hour = (seconds: number): string => clock.format(seconds * 1000);
export const moment = (seconds: number): string => full.format(seconds * 1000);
export const date = (seconds: number): string => day.format(seconds * 1000);

/** "23 h 5 min", or null when that time is over. */
export function left(until: number, now: number): string | null {
  const minutes = Math.floor((until - now) / 60);
  if (minutes < 0) return null;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
