/** The language in which somebody reads Slack, shown as its two letters: a preference of theirs. */

import type { User } from "../model";
import { slack } from "../sandbox";
import * as acts from "./acts";

export function Language({ user }: { user: User }) {
  const chosen = user.locale;
  if (!chosen) return null;
  const offered = slack.value?.locales ?? [];
  return (
    <label class="language" title={nameOf(chosen)}>
      <span aria-hidden="true">{chosen.slice(0, 2)}</span>
      <select
        aria-label={`Language of ${user.name}`}
        value={chosen}
        onChange={(event) => void acts.chooseLanguage(event.currentTarget.value)}
      >
        {[...new Set([...offered, chosen])].map((locale) => (
          <option key={locale} value={locale} lang={locale}>
            {nameOf(locale)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A language in its own words, such as "español (España)". */
function nameOf(locale: string): string {
  try {
    return (
      new Intl.DisplayNames(locale, { type: "language", languageDisplay: "standard" } as Intl.DisplayNamesOptions).of(
        locale,
      ) ?? locale
    );
  } catch {
    return locale; // not a name of a language
  }
}
