/** Text as DOM nodes. Nothing that anybody writes is ever parsed as HTML. */

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

function isAddress(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}

function link(address: string): HTMLAnchorElement {
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer nofollow ugc";
  anchor.textContent = address;
  return anchor;
}

/** The full stop after an address belongs to the sentence, and a closing bracket to whatever opened before it. */
function trimmed(address: string): string {
  let text = address.replace(/[.,;:!?…]+$/, "");
  while (text.endsWith(")") && text.split(")").length > text.split("(").length)
    text = text.slice(0, -1).replace(/[.,;:!?]+$/, "");
  return text;
}
