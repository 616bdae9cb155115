/** Telegram's few HTML tags as elements: parsed in a document that runs nothing, then rebuilt from a short list. */

import type { ComponentChildren } from "preact";
import { isSafeLink } from "./mrkdwn";
import { Outside, Text } from "./Text";

const TAGS: Record<string, string> = {
  b: "strong", strong: "strong", i: "em", em: "em", u: "u", ins: "u", s: "s", strike: "s", del: "s",
  code: "code", pre: "pre", blockquote: "blockquote",
};

export function TelegramText({ text, html }: { text: string; html?: string }) {
  if (!html) return <Text text={text} dialect="plain" />;
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return <>{[...parsed.body.childNodes].map(rebuild)}</>;
}

function rebuild(node: ChildNode, key: number): ComponentChildren {
  if (node.nodeType === globalThis.Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element)) return null;
  const inside = [...node.childNodes].map(rebuild);
  const tag = node.localName;
  const url = node.getAttribute("href") ?? "";
  if (tag === "a" && isSafeLink(url)) return <Outside key={key} url={url}>{inside}</Outside>;
  if (tag === "tg-spoiler" || node.classList.contains("tg-spoiler")) return <span key={key} class="spoiler" tabIndex={0}>{inside}</span>;
  const Tag = TAGS[tag] as "strong" | undefined;
  return Tag ? <Tag key={key}>{inside}</Tag> : inside;
}
