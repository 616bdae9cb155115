/** What else there is to try, once the main story is known. */

import { Popover } from "../parts/Popover";

const TIPS: [title: string, how: string][] = [
  ["Two agents, one card", "Press Claim as Ana, then as Ben. Ben is told who has it; the customer hears only Ana."],
  [
    "A teammate writes in the thread",
    "Act as Ben and write. Nothing reaches the customer; Ben is asked what to do with it.",
  ],
  ["A note for the team", "Begin with !note and the line stays in Slack."],
  ["Change a reply", "Edit one of Ana's messages. Telegram shows the new text; WhatsApp cannot, and Ana is told."],
  ["A reply that cannot arrive", "Block the bot from the phone's menu, then answer as Ana."],
  ["Without the mouse", "Type / in the channel for the commands. In a thread, !handback does the same."],
];

export function Tips() {
  return (
    <Popover label="More to try" face="More to try" class="more-to-try">
      {() => (
        <dl class="tips" tabIndex={0}>
          {TIPS.map(([title, how]) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{how}</dd>
            </div>
          ))}
        </dl>
      )}
    </Popover>
  );
}
