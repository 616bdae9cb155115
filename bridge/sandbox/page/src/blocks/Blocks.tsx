/** Draws Block Kit blocks. Interactive parts are in Control; the place they stand in is their host. */

import type { ComponentChildren } from "preact";
import type { Block, Element, TextObject } from "../model";
import { Text } from "../text/Text";
import { Control } from "./Control";
import { useHost } from "./host";
import { RichText } from "./RichText";

export function Blocks({ blocks }: { blocks: Block[] }) {
  return (
    <div class="blocks">
      {blocks.map((block, index) => (
        <OneBlock key={block.block_id ?? index} block={block} />
      ))}
    </div>
  );
}

export function Words({ text }: { text?: TextObject }) {
  return text ? <Text text={text.text} dialect={text.type === "mrkdwn" ? "slack" : "plain"} /> : null;
}

function OneBlock({ block }: { block: Block }): ComponentChildren {
  switch (block.type) {
    case "header":
      return (
        <h3 class="block-header">
          <Words text={block.text} />
        </h3>
      );
    case "divider":
      return <hr />;
    case "section":
      return <Section block={block} />;
    case "context":
      return <Context block={block} />;
    case "actions":
    case "context_actions":
      return <Actions block={block} />;
    case "image":
      return <Picture block={block} />;
    case "input":
      return <Input block={block} />;
    case "rich_text":
      return <RichText elements={(block.elements ?? []) as never} />;
    case "markdown":
      return (
        <p class="block-section">
          <Text text={(block.text as unknown as string) ?? ""} dialect="plain" />
        </p>
      );
    default:
      return <p class="block-unknown">A block of type {block.type}</p>;
  }
}

function Section({ block }: { block: Block }) {
  return (
    <div class="block-section">
      <div class="block-words">
        {block.text && (
          <div>
            <Words text={block.text} />
          </div>
        )}
        {block.fields && (
          <div class="block-fields">
            {block.fields.map((field, index) => (
              <div key={index}>
                <Words text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {block.accessory && (
        <div class="block-accessory">
          <Control element={block.accessory} block={block} />
        </div>
      )}
    </div>
  );
}

function Context({ block }: { block: Block }) {
  return (
    <div class="block-context">
      {block.elements?.map((element, index) =>
        element.type === "image" ? (
          <Image key={index} element={element} />
        ) : (
          <span key={index}>
            <Words text={element as unknown as TextObject} />
          </span>
        ),
      )}
    </div>
  );
}

function Actions({ block }: { block: Block }) {
  return (
    <div class="block-actions">
      {block.elements?.map((element, index) => (
        <Control key={element.action_id ?? index} element={element} block={block} />
      ))}
    </div>
  );
}

function Picture({ block }: { block: Block }) {
  return (
    <figure class="block-image">
      {block.title && (
        <figcaption>
          <Words text={block.title} />
        </figcaption>
      )}
      <Image
        element={{ type: "image", image_url: block.image_url ?? block.slack_file?.url, alt_text: block.alt_text }}
      />
    </figure>
  );
}

/** Pictures from elsewhere are named, not fetched: the page asks nobody but the sandbox. */
function Image({ element }: { element: Element }) {
  const url = element.image_url ?? "";
  const near =
    url.startsWith("data:image/") ||
    (URL.canParse(url, location.href) && new URL(url, location.href).origin === location.origin);
  if (near) return <img src={url} alt={element.alt_text ?? ""} loading="lazy" />;
  return (
    <span class="picture-elsewhere" title={url}>
      🖼 {element.alt_text ?? "picture"}
    </span>
  );
}

function Input({ block }: { block: Block }) {
  const error = useHost().errors?.[block.block_id ?? ""];
  if (!block.element) return null;
  return (
    <div class={error ? "block-input wrong" : "block-input"}>
      <div class="block-label">
        <Words text={block.label} />
        {block.optional && <span class="optional"> (optional)</span>}
      </div>
      <Control element={block.element} block={block} label={block.label?.text} error={error} />
      {error && (
        <p class="block-error" role="alert">
          {error}
        </p>
      )}
      {block.hint && !error && (
        <p class="block-hint">
          <Words text={block.hint} />
        </p>
      )}
    </div>
  );
}
