/** What a customer can do with a message: react, and change or delete their own where the app can. */

import type { PhoneMessage } from "../model";
import { Icon } from "../parts/Icon";
import { Item, Popover } from "../parts/Popover";

const FACES = ["👍", "❤", "🔥", "😁", "😢", "🙏"];

interface Props {
  message: PhoneMessage;
  onReact: (emoji: string) => void;
  onEdit?: () => void;
  onDelete?: () => void;
}

export function BubbleMenu({ message, onReact, onEdit, onDelete }: Props) {
  const own = message.from === "customer";
  return (
    <Popover label="Message actions" face={<Icon name="chevron" />}>
      {(close) => {
        const then = (go: () => void) => () => {
          close();
          go();
        };
        return (
          <>
            <div class="emoji-grid row-of-six">
              {FACES.map((face) => (
                <button key={face} type="button" aria-label={`React with ${face}`} onClick={then(() => onReact(face))}>
                  {face}
                </button>
              ))}
            </div>
            {own && onEdit && (
              <Item onPick={then(onEdit)}>
                <Icon name="edit" /> Edit
              </Item>
            )}
            {own && onDelete && (
              <Item danger onPick={then(onDelete)}>
                <Icon name="trash" /> Delete
              </Item>
            )}
          </>
        );
      }}
    </Popover>
  );
}
