/** Which language to write numbers and dates in. */

/** The one that is named; where none is, or its name means nothing, those of the visitor's browser. */
export function languages(named?: string): readonly string[] {
  try {
    return named && Intl.getCanonicalLocales(named).length ? [named] : navigator.languages;
  } catch {
    return navigator.languages;
  }
}
