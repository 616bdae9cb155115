/** Shows Telegram's formatted text as elements. */

import type { ComponentChildren } from "preact";
import { isSafeLink } from "./mrkdwn";
import { type Piece, readTelegram } from "./telegramHtml";
import { Outside, Text } from "./Text";

const ELEMENTS: Record<string, string> = {
  b: "strong",
  strong: "strong",
  i: "em",
  em: "em",
  u: "u",
  ins: "u",
  s: "s",
  strike: "s",
  del: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
};

export function TelegramText({ text, html }: { text: string; html?: string }) {
  return html ? <>{readTelegram(html).map(show)}</> : <Text text={text} dialect="plain" />;
}

function show(piece: Piece, key: number): ComponentChildren {
  if (typeof piece === "string") return piece;
  const inside = piece.inside.map(show);
  if (piece.tag === "a" && isSafeLink(piece.href))
    return (
      <Outside key={key} url={piece.href}>
        {inside}
      </Outside>
    );
  if (piece.tag === "tg-spoiler")
    return (
      <span key={key} class="spoiler" tabIndex={0}>
        {inside}
      </span>
    );
  const Element = ELEMENTS[piece.tag] as "strong" | undefined;
  return Element ? <Element key={key}>{inside}</Element> : inside;
}
