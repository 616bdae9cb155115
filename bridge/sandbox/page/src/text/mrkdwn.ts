/** Reads marked-up chat text (Slack's mrkdwn, WhatsApp's marks) into a tree. It makes no HTML. */

import { isEmoji } from "./emoji";

export type Node =
  | { kind: "text"; text: string }
  | { kind: "bold" | "italic" | "strike" | "quote"; inside: Node[] }
  | { kind: "code" | "pre"; text: string }
  | { kind: "link"; url: string; text: string }
  | { kind: "user" | "channel" | "group" | "broadcast"; id: string; label: string }
  | { kind: "emoji"; name: string }
  | { kind: "date"; seconds: number; format: string }
  | { kind: "break" };

export type Dialect = "slack" | "whatsapp" | "plain";

const MARKS = { "*": "bold", _: "italic", "~": "strike" } as const;
const ENTITIES: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const SAFE_LINK = /^(https?:|mailto:|tel:)/i;
const BARE_LINK = /https?:\/\/[^\s<>]+[^\s<>.,:;!?"')\]]/g;

/** Slack escapes exactly three characters. */
export const unescape = (text: string): string => text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]!);

export const isSafeLink = (url: string): boolean => SAFE_LINK.test(url);

export function read(text: string, dialect: Dialect): Node[] {
  if (dialect === "plain") return plain(text);
  const nodes: Node[] = [];
  text.split("```").forEach((piece, index, all) => {
    const fenced = index % 2 === 1 && index < all.length - 1;
    if (fenced) nodes.push({ kind: "pre", text: decode(piece.replace(/^\n|\n$/g, ""), dialect) });
    else nodes.push(...lines(index % 2 === 1 ? "```" + piece : piece, dialect));
  });
  return nodes;
}

/** Text without marks, in which only emoji names are meant. */
function plain(text: string): Node[] {
  const nodes: Node[] = [];
  for (const part of text.split(/(:[a-z0-9_+'-]+:|\n)/)) {
    if (part === "\n") nodes.push({ kind: "break" });
    else if (/^:.+:$/.test(part) && isEmoji(part.slice(1, -1))) nodes.push({ kind: "emoji", name: part.slice(1, -1) });
    else if (part) nodes.push({ kind: "text", text: part });
  }
  return nodes;
}

function lines(text: string, dialect: Dialect): Node[] {
  const quoted = dialect === "slack" ? /^(&gt;|>) ?/ : /^> ?/;
  const nodes: Node[] = [];
  let quote: Node[] | null = null;
  for (const [index, line] of text.split("\n").entries()) {
    const words = line.match(quoted);
    if (words) {
      if (quote) quote.push({ kind: "break" });
      else nodes.push({ kind: "quote", inside: (quote = []) });
      quote.push(...inline(line.slice(words[0].length), dialect));
    } else {
      if (index > 0 && !quote) nodes.push({ kind: "break" });
      quote = null;
      nodes.push(...inline(line, dialect));
    }
  }
  return nodes;
}

const decode = (text: string, dialect: Dialect): string => (dialect === "slack" ? unescape(text) : text);

function inline(text: string, dialect: Dialect): Node[] {
  const nodes: Node[] = [];
  let pending = "";
  const flush = () => {
    if (pending) nodes.push(...withLinks(decode(pending, dialect), dialect));
    pending = "";
  };
  for (let at = 0; at < text.length;) {
    const found = special(text, at, dialect);
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      pending += text[at++];
    }
  }
  flush();
  return nodes;
}

interface Found {
  node: Node;
  end: number;
}

function special(text: string, at: number, dialect: Dialect): Found | null {
  const letter = text[at]!;
  if (letter === "<" && dialect === "slack") return angle(text, at);
  if (letter === "`") return code(text, at, dialect);
  if (letter === ":" && dialect === "slack") return shortcode(text, at);
  if (letter === "*" || letter === "_" || letter === "~") return marked(text, at, letter, dialect);
  return null;
}

function angle(text: string, at: number): Found | null {
  const end = text.indexOf(">", at);
  if (end < 0) return null;
  const [target = "", label] = text
    .slice(at + 1, end)
    .split("|", 2)
    .map(unescape);
  return { node: reference(target, label), end: end + 1 };
}

function reference(target: string, label?: string): Node {
  const id = target.slice(1);
  if (target.startsWith("@")) return { kind: "user", id, label: label ?? id };
  if (target.startsWith("#")) return { kind: "channel", id, label: label ?? id };
  if (target.startsWith("!subteam^")) return { kind: "group", id: target.slice(9), label: label ?? "group" };
  if (target.startsWith("!date^")) return dated(target, label);
  if (target.startsWith("!")) return { kind: "broadcast", id, label: label ?? id };
  return isSafeLink(target)
    ? { kind: "link", url: target, text: label ?? target }
    : { kind: "text", text: label ?? target };
}

function dated(target: string, label = ""): Node {
  const [, seconds, format = ""] = target.split("^");
  return Number(seconds) ? { kind: "date", seconds: Number(seconds), format } : { kind: "text", text: label };
}

function code(text: string, at: number, dialect: Dialect): Found | null {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1) return null;
  return { node: { kind: "code", text: decode(text.slice(at + 1, end), dialect) }, end: end + 1 };
}

function shortcode(text: string, at: number): Found | null {
  const name = /^:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/.exec(text.slice(at, at + 60))?.[1];
  return name && isEmoji(name) ? { node: { kind: "emoji", name }, end: at + name.length + 2 } : null;
}

/** `*bold*`: the marks must touch the words inside and stand free of those outside. */
function marked(text: string, at: number, mark: keyof typeof MARKS, dialect: Dialect): Found | null {
  if (!isEdge(text[at - 1]) || isGap(text[at + 1]) || text[at + 1] === mark) return null;
  for (let end = text.indexOf(mark, at + 2); end > 0; end = text.indexOf(mark, end + 1)) {
    if (isGap(text[end - 1]) || !isEdge(text[end + 1])) continue;
    return { node: { kind: MARKS[mark], inside: inline(text.slice(at + 1, end), dialect) }, end: end + 1 };
  }
  return null;
}

const isEdge = (letter?: string): boolean => letter === undefined || /[\s!-/:-@[-`{-~]/.test(letter);
const isGap = (letter?: string): boolean => letter === undefined || /[\s\u200b\u2060]/.test(letter); // zero-width spaces break a mark

/** Phones make links of bare addresses; Slack marks its links itself. */
function withLinks(text: string, dialect: Dialect): Node[] {
  if (dialect === "slack") return [{ kind: "text", text }];
  const nodes: Node[] = [];
  let from = 0;
  for (const found of text.matchAll(BARE_LINK)) {
    if (found.index > from) nodes.push({ kind: "text", text: text.slice(from, found.index) });
    nodes.push({ kind: "link", url: found[0], text: found[0] });
    from = found.index + found[0].length;
  }
  if (from < text.length) nodes.push({ kind: "text", text: text.slice(from) });
  return nodes;
}
