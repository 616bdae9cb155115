/** The pace of the sandbox's clock, its rate limits, and the troubles it can be told to make. */

import { Icon } from "../parts/Icon";
import { notify } from "../parts/notices";
import { Item, Popover } from "../parts/Popover";
import { configure, type Fault, trouble, view } from "../sandbox";

const PACES = [1, 10, 60];
const TROUBLES: [what: string, faults: Fault[]][] = [
  ["Telegram fails three times", [{ platform: "telegram", method: "sendMessage", fault: "500", times: 3 }]],
  [
    "Telegram's answer to a message gets lost",
    [{ platform: "telegram", method: "sendMessage", fault: "drop_after_accept", times: 1 }],
  ],
  ["WhatsApp tells everything twice", [{ platform: "whatsapp", method: "events", fault: "duplicate", rate: 1 }]],
  ["Slack says: too many requests", [{ platform: "slack", method: "chat.postMessage", fault: "429", times: 2 }]],
];

export function Controls() {
  const now = view.value;
  if (!now) return null;
  const pace = `${Number(now.speed.toFixed(1))}×`;
  const face = (
    <>
      <Icon name="bolt" />{" "}
      <span class="state-more">{`${pace} · ${now.strict ? "strict limits" : "no rate limits"}`}</span>
    </>
  );
  return (
    <Popover
      label={`Clock ${pace}, ${now.strict ? "strict limits" : "no rate limits"}: change`}
      face={face}
      class="controls"
    >
      {(close) => (
        <>
          <Pace speed={now.speed} />
          <Item onPick={() => void configure({ limits: now.strict ? "off" : "strict" })}>
            <span class="mark-box">{now.strict && <Icon name="check" />}</span> Strict rate limits
          </Item>
          <p class="popover-head">Make trouble</p>
          {TROUBLES.map(([what, faults]) => (
            <Item
              key={what}
              onPick={() => {
                close();
                void make(what, faults);
              }}
            >
              {what}
            </Item>
          ))}
          <Item
            onPick={() => {
              close();
              void make("No trouble any more", []);
            }}
          >
            No trouble
          </Item>
        </>
      )}
    </Popover>
  );
}

function Pace({ speed }: { speed: number }) {
  return (
    <div class="paces" role="group" aria-label="Pace of the clock">
      <span>Clock</span>
      {PACES.map((pace) => (
        <button key={pace} type="button" aria-pressed={speed === pace} onClick={() => void configure({ clock: pace })}>
          {pace}×
        </button>
      ))}
    </div>
  );
}

async function make(what: string, faults: Fault[]): Promise<void> {
  if ((await trouble(faults)).ok) notify(`${what}.`, "good");
}
