/** The customers' half of the page: two phones and the web chat. Wide screens show them side by side. */

import { Icon } from "../parts/Icon";
import { Unread } from "../parts/Unread";
import { phone, type Phone } from "../session";
import { TelegramPhone } from "./TelegramPhone";
import { unread } from "./unread";
import { WebChat } from "./WebChat";
import { WhatsAppPhone } from "./WhatsAppPhone";

const NAMES: Record<Phone, string> = { telegram: "Telegram", whatsapp: "WhatsApp", web: "Web chat" };
const PHONES = Object.keys(NAMES) as Phone[];

export function Customers() {
  return (
    <section class="customers" aria-label="Customers">
      <div class="phone-tabs" role="tablist" aria-label="Channel" onKeyDown={walk}>
        {PHONES.map((one) => (
          <button
            key={one}
            id={`tab-${one}`}
            type="button"
            role="tab"
            aria-selected={phone.value === one}
            aria-controls={`phone-${one}`}
            tabIndex={phone.value === one ? 0 : -1}
            class={`phone-tab ${one}`}
            onClick={() => {
              phone.value = one;
            }}
          >
            <span class="dot" aria-hidden="true" /> {NAMES[one]}
            {one !== "web" && <Unread count={unread(one)} />}
          </button>
        ))}
      </div>
      <div class="phones">
        {PHONES.map((one) => (
          <div
            key={one}
            id={`phone-${one}`}
            role="tabpanel"
            aria-labelledby={`tab-${one}`}
            class={phone.value === one ? "phone-panel shown" : "phone-panel"}
          >
            <h2 class="phone-title">
              <Icon name="customers" /> {NAMES[one]}
            </h2>
            {one === "telegram" ? <TelegramPhone /> : one === "whatsapp" ? <WhatsAppPhone /> : <WebChat />}
          </div>
        ))}
      </div>
    </section>
  );
}

function walk(event: KeyboardEvent): void {
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (!step) return;
  phone.value = PHONES[(PHONES.indexOf(phone.value) + step + PHONES.length) % PHONES.length]!;
  document.getElementById(`tab-${phone.value}`)?.focus();
}
