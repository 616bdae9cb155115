/** Reads the few tags of Telegram's HTML into a tree. What is not one of them is text. */

export type Piece = string | { tag: string; href: string; inside: Piece[] };

const TAG = /<(\/?)(b|strong|i|em|u|ins|s|strike|del|code|pre|blockquote|a|span|tg-spoiler)((?:\s[^<>]*)?)>/gi;
const HREF = /\shref="([^"]*)"/i;
const ENTITY = /&(?:lt|gt|amp|quot|#39|#x27);/g;
const CHARACTERS: Record<string, string> = {
  "&lt;": "<",
  "&gt;": ">",
  "&amp;": "&",
  "&quot;": '"',
  "&#39;": "'",
  "&#x27;": "'",
};

const decoded = (text: string): string => text.replace(ENTITY, (entity) => CHARACTERS[entity]!);

export function readTelegram(html: string): Piece[] {
  const root: Piece[] = [];
  const open: { tag: string; inside: Piece[] }[] = [{ tag: "", inside: root }];
  let from = 0;
  for (const found of html.matchAll(TAG)) {
    const [whole, closing, name = "", attributes = ""] = found;
    add(open, html.slice(from, found.index));
    from = found.index + whole.length;
    if (closing) close(open, name.toLowerCase());
    else begin(open, name.toLowerCase(), attributes);
  }
  add(open, html.slice(from));
  return root;
}

function add(open: { inside: Piece[] }[], text: string): void {
  if (text) open.at(-1)!.inside.push(decoded(text));
}

function begin(open: { tag: string; inside: Piece[] }[], tag: string, attributes: string): void {
  const piece = { tag, href: decoded(HREF.exec(attributes)?.[1] ?? ""), inside: [] };
  open.at(-1)!.inside.push(piece);
  open.push(piece);
}

/** An end tag without a beginning is nothing; one too early ends what is inside it. */
function close(open: { tag: string }[], tag: string): void {
  const at = open.findLastIndex((one) => one.tag === tag);
  if (at > 0) open.length = at;
}
