/** Text as DOM nodes. Nothing that anybody writes is ever parsed as HTML. */

import { h } from "./dom";
import type { Span } from "./protocol";

const TAGS = { quote: "blockquote", block: "pre", bold: "strong", italic: "em", strike: "s", code: "code" } as const;
const APART = ["quote", "block"];

const LINK = /https?:\/\/[^\s<>"'`]+/gi;

/** Text nodes, with web addresses as links that tell the other side nothing. */
export function linked(text: string): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const address = trimmed(match[0]);
    if (!isAddress(address)) continue;
    nodes.push(document.createTextNode(text.slice(end, match.index)), link(address));
    end = match.index + address.length;
  }
  nodes.push(document.createTextNode(text.slice(end)));
  return nodes;
}

/** The same with what is marked in it: of two marks one is inside of the other, and the outer one comes first. */
export function marked(text: string, spans: readonly Span[] = [], at = 0, end = text.length): Node[] {
  const nodes: Node[] = [];
  for (let next = 0; next < spans.length; ) {
    const [start, stop, kind, url] = spans[next++]!;
    const first = next;
    while (next < spans.length && spans[next]![0] < stop) next++;
    const apart = APART.includes(kind);
    const before = text.slice(at, start);
    nodes.push(...linked(apart ? before.replace(/\n$/, "") : before));
    if (url && isAddress(url)) nodes.push(link(url, text.slice(start, stop)));
    else nodes.push(h(TAGS[kind as keyof typeof TAGS] ?? "span", {}, ...marked(text, spans.slice(first, next), start, stop)));
    at = apart && text[stop] === "\n" ? stop + 1 : stop;
  }
  nodes.push(...linked(text.slice(at, end)));
  return nodes;
}

function isAddress(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}

function link(address: string, text = address): HTMLAnchorElement {
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer nofollow ugc";
  anchor.textContent = text;
  return anchor;
}

/** The full stop after an address belongs to the sentence, and a closing bracket to whatever opened before it. */
function trimmed(address: string): string {
  let text = address.replace(/[.,;:!?…]+$/, "");
  while (text.endsWith(")") && text.split(")").length > text.split("(").length)
    text = text.slice(0, -1).replace(/[.,;:!?]+$/, "");
  return text;
}
