/** What else there is to try, once the main story is known. */

import { Popover } from "../parts/Popover";

const TIPS: [title: string, how: string][] = [
  ["A teammate joins in", "Act as Ben and write in Ana's thread. The customer hears nothing; Ben is asked what to do."],
  ["A name in a reply", "As Ana, write “@ben have a look”. It is held: was it meant for the customer?"],
  ["A note for the team", "Begin with !note, and the line stays in Slack."],
  ["Change a reply", "Edit one of Ana's replies. Telegram shows the new text; WhatsApp cannot, and Ana is told."],
  ["A reply that cannot arrive", "Block the bot in the menu of the Telegram phone, then reply as Ana."],
  ["Without the buttons", "Type /handback in the channel, or !handback in the thread."],
];

export function Tips() {
  return (
    <Popover label="More to try" face="More to try" class="more-to-try">
      {() => (
        <div class="tips" tabIndex={0} role="region" aria-label="More to try">
          <p>Ask for a person again and claim the card as Ana. Then:</p>
          <dl>
            {TIPS.map(([title, how]) => (
              <div key={title}>
                <dt>{title}</dt>
                <dd>{how}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </Popover>
  );
}
