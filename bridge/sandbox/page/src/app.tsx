/** The page: agents on the left, customers on the right. Narrow windows show one of the two at a time. */

import { Header } from "./header/Header";
import { ConfirmDialog } from "./parts/confirm";
import { Icon } from "./parts/Icon";
import { Notices } from "./parts/notices";
import { Unread } from "./parts/Unread";
import { Customers } from "./phones/Customers";
import { unread } from "./phones/unread";
import { side } from "./session";
import { Workspace } from "./slack/Workspace";

export function App() {
  return (
    <>
      <Header />
      <div class="sides" role="group" aria-label="Side">
        <button
          type="button"
          aria-pressed={side.value === "agents"}
          onClick={() => {
            side.value = "agents";
          }}
        >
          <Icon name="agents" /> Agents
        </button>
        <button
          type="button"
          aria-pressed={side.value === "customers"}
          onClick={() => {
            side.value = "customers";
          }}
        >
          <Icon name="customers" /> Customers <Unread count={unread("telegram") + unread("whatsapp")} />
        </button>
      </div>
      <main class={`show-${side.value}`}>
        <Workspace />
        <Customers />
      </main>
      <ConfirmDialog />
      <Notices />
    </>
  );
}
