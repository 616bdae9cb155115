/** Draws rich_text blocks: runs of styled text, lists, quotes and preformatted text. */

import type { ComponentChildren } from "preact";
import type { RichElement, RichStyle } from "../model";
import { slackDate } from "../parts/time";
import { language } from "../session";
import { emoji } from "../text/emoji";
import { isSafeLink } from "../text/mrkdwn";
import { Mention, Outside, Text } from "../text/Text";

export function RichText({ elements }: { elements: RichElement[] }) {
  return <div class="rich-text">{elements.map(part)}</div>;
}

function part(element: RichElement, key: number): ComponentChildren {
  const runs = (element.elements ?? []).map(run);
  switch (element.type) {
    case "rich_text_quote":
      return <blockquote key={key}>{runs}</blockquote>;
    case "rich_text_preformatted":
      return (
        <pre key={key} tabIndex={0}>
          {(element.elements ?? []).map((one) => one.text ?? one.url ?? "")}
        </pre>
      );
    case "rich_text_list":
      return <List key={key} list={element} />;
    default:
      return <div key={key}>{runs}</div>;
  }
}

function List({ list }: { list: RichElement }) {
  const Tag = list.style === "ordered" ? "ol" : "ul";
  return (
    <Tag class={`indent-${Math.min(list.indent ?? 0, 4)}`} start={Tag === "ol" ? (list.offset ?? 0) + 1 : undefined}>
      {list.elements?.map((item, key) => (
        <li key={key}>{(item.elements ?? []).map(run)}</li>
      ))}
    </Tag>
  );
}

function run(element: RichElement, key: number): ComponentChildren {
  return styled(content(element), element.style, key);
}

function content(element: RichElement): ComponentChildren {
  switch (element.type) {
    case "text":
      return <Text text={element.text ?? ""} dialect="plain" />;
    case "link":
      return link(element.url ?? "", element.text);
    case "emoji":
      return (
        <span class="emoji" role="img" aria-label={element.name}>
          {emoji(element.name ?? "")}
        </span>
      );
    case "user":
      return <Mention kind="user" id={element.user_id ?? ""} />;
    case "channel":
      return <Mention kind="channel" id={element.channel_id ?? ""} />;
    case "usergroup":
      return <Mention kind="group" id={element.usergroup_id ?? ""} label="group" />;
    case "broadcast":
      return <Mention kind="broadcast" id={element.range ?? "here"} />;
    case "date":
      return <time>{slackDate(element.timestamp ?? 0, element.format ?? "{date_short} {time}", language.value)}</time>;
    default:
      return element.text ?? "";
  }
}

const link = (url: string, text?: string): ComponentChildren =>
  isSafeLink(url) ? <Outside url={url}>{text ?? url}</Outside> : (text ?? url);

function styled(inside: ComponentChildren, style: RichStyle | string | undefined, key: number): ComponentChildren {
  if (typeof style !== "object") return <span key={key}>{inside}</span>;
  let result = inside;
  if (style.code) result = <code>{result}</code>;
  if (style.strike) result = <s>{result}</s>;
  if (style.italic) result = <em>{result}</em>;
  if (style.bold) result = <strong>{result}</strong>;
  return <span key={key}>{result}</span>;
}
