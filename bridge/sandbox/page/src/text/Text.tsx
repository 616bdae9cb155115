/** Shows a tree of chat text as elements. Data only ever becomes text nodes, so it stays inert. */

import type { ComponentChildren } from "preact";
import { slackDate } from "../parts/time";
import { slack } from "../sandbox";
import { language } from "../session";
import { emoji } from "./emoji";
import { type Dialect, type Node, read } from "./mrkdwn";

export function Text({ text, dialect = "slack" }: { text: string; dialect?: Dialect }) {
  return <>{read(text, dialect).map(show)}</>;
}

export function Emoji({ name }: { name: string }) {
  return (
    <span class="emoji" role="img" aria-label={name} title={`:${name}:`}>
      {emoji(name)}
    </span>
  );
}

export function Outside({ url, children }: { url: string; children: ComponentChildren }) {
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

export function Mention({ kind, id, label }: { kind: string; id: string; label?: string }) {
  return <span class={`mention ${kind}`}>{nameOf(kind, id, label)}</span>;
}

function nameOf(kind: string, id: string, label?: string): string {
  if (kind === "user") return `@${slack.value?.users.find((user) => user.id === id)?.name ?? label ?? id}`;
  if (kind === "channel") return `#${slack.value?.channels.find((channel) => channel.id === id)?.name ?? label ?? id}`;
  return `@${label ?? id}`.replace("@@", "@");
}

function show(node: Node, key: number): ComponentChildren {
  switch (node.kind) {
    case "text":
      return node.text;
    case "break":
      return <br key={key} />;
    case "bold":
      return <strong key={key}>{node.inside.map(show)}</strong>;
    case "italic":
      return <em key={key}>{node.inside.map(show)}</em>;
    case "strike":
      return <s key={key}>{node.inside.map(show)}</s>;
    case "quote":
      return <blockquote key={key}>{node.inside.map(show)}</blockquote>;
    case "code":
      return <code key={key}>{node.text}</code>;
    case "pre":
      return (
        <pre key={key} tabIndex={0}>
          {node.text}
        </pre>
      );
    case "emoji":
      return <Emoji key={key} name={node.name} />;
    case "date":
      return slackDate(node.seconds, node.format, language.value);
    case "link":
      return (
        <Outside key={key} url={node.url}>
          {node.text}
        </Outside>
      );
    default:
      return <Mention key={key} kind={node.kind} id={node.id} label={node.label} />;
  }
}
