/** The web chat's own page in a frame, in the colours that the visitor has chosen for this one. */

import { useEffect, useState } from "preact/hooks";
import { theme } from "../session";

const DARK = "(prefers-color-scheme: dark)";
const CONDITIONS = { system: DARK, light: "not all", dark: "all" };

export function ChatFrame({ address }: { address: string }) {
  // Chromium and Firefox tell a page in a frame of the frame's colours, Safari does not: so its rules are switched.
  const [rules, setRules] = useState<CSSMediaRule[]>([]);
  const condition = CONDITIONS[theme.value];
  useEffect(() => {
    for (const rule of rules) rule.media.mediaText = condition;
  }, [rules, condition]);
  return (
    <iframe
      src={address}
      title="The web chat"
      onLoad={(event) => setRules(darkRules(event.currentTarget.contentDocument))}
    />
  );
}

/** What a page says of dark surroundings, in its shadow trees too. */
function darkRules(page: Document | null): CSSMediaRule[] {
  if (!page) return [];
  const roots = [page, ...[...page.querySelectorAll("*")].flatMap((element) => element.shadowRoot ?? [])];
  return roots
    .flatMap((root) => [...root.styleSheets, ...root.adoptedStyleSheets])
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule): rule is CSSMediaRule => (rule as CSSMediaRule).conditionText === DARK);
}
