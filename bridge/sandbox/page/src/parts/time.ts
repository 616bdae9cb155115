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

const SLACK_DATES: Record<string, Intl.DateTimeFormatOptions> = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

/** A date in Slack's format language, such as `{date_short} at {time}`. */
export function slackDate(seconds: number, format: string): string {
  return format.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (name === "ago") return ago(seconds);
    const near = name.endsWith("_pretty") && dayName(seconds);
    if (near) return near;
    const options = SLACK_DATES[name.replace("_pretty", "")];
    return options ? new Intl.DateTimeFormat(undefined, options).format(seconds * 1000) : whole;
  });
}

/** "today", "yesterday" or "tomorrow" in the visitor's language, or nothing. */
function dayName(seconds: number): string | null {
  const start = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  const days = Math.round((start(seconds * 1000) - start(Date.now())) / 86_400_000);
  return Math.abs(days) <= 1 ? new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(days, "day") : null;
}

function ago(seconds: number): string {
  const minutes = Math.round((seconds * 1000 - Date.now()) / 60_000);
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  return Math.abs(minutes) < 60
    ? relative.format(minutes, "minute")
    : relative.format(Math.round(minutes / 60), "hour");
}
