/** Times as people read them: in the language that is named, else in that of the visitor's browser. */

import { languages } from "./languages";

type Options = Intl.DateTimeFormatOptions;

const CLOCK: Options = { hour: "2-digit", minute: "2-digit" };
const FULL: Options = { dateStyle: "medium", timeStyle: "medium" };
const DAY: Options = { weekday: "long", day: "numeric", month: "long" };

export const hour = (seconds: number, language?: string): string => said(seconds, CLOCK, language);
export const moment = (seconds: number, language?: string): string => said(seconds, FULL, language);
export const date = (seconds: number, language?: string): string => said(seconds, DAY, language);

const formats = new Map<string, Intl.DateTimeFormat>(); // making one is slow

function said(seconds: number, options: Options, language?: string): string {
  const key = JSON.stringify([language, options]);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(languages(language), options);
  formats.set(key, format);
  return format.format(seconds * 1000);
}

/** "23 h 5 min", or null when that time is over. */
export function left(until: number, now: number): string | null {
  const minutes = Math.floor((until - now) / 60);
  if (minutes < 0) return null;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const SLACK_DATES: Record<string, Options> = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

/** A date in Slack's format language, such as `{date_short} at {time}`. */
export function slackDate(seconds: number, format: string, language?: string): string {
  return format.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (name === "ago") return ago(seconds, language);
    const near = name.endsWith("_pretty") && dayName(seconds, language);
    if (near) return near;
    const options = SLACK_DATES[name.replace("_pretty", "")];
    return options ? said(seconds, options, language) : whole;
  });
}

const relative = (language?: string) => new Intl.RelativeTimeFormat(languages(language), { numeric: "auto" });

/** "today", "yesterday" or "tomorrow", or nothing. */
function dayName(seconds: number, language?: string): string | null {
  const start = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  const days = Math.round((start(seconds * 1000) - start(Date.now())) / 86_400_000);
  return Math.abs(days) <= 1 ? relative(language).format(days, "day") : null;
}

function ago(seconds: number, language?: string): string {
  const minutes = Math.round((seconds * 1000 - Date.now()) / 60_000);
  return Math.abs(minutes) < 60
    ? relative(language).format(minutes, "minute")
    : relative(language).format(Math.round(minutes / 60), "hour");
}
