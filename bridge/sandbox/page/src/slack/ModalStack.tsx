/** The modals that the app has opened for the acting agent; the last one is on top. */

import { useMemo, useState } from "preact/hooks";
import { Blocks } from "../blocks/Blocks";
import { HostContext, type Host } from "../blocks/host";
import type { OpenView } from "../model";
import { Dialog } from "../parts/Dialog";
import { saidAs } from "../parts/refusals";
import { slack } from "../sandbox";
import { me } from "../session";
import * as acts from "./acts";
import { blockErrors, collected, type Filled, put } from "./forms";

export function ModalStack() {
  const open = slack.value?.views.filter((one) => one.user === me.value?.id).at(-1);
  return open ? <OpenModal key={open.id} open={open} /> : null;
}

function OpenModal({ open }: { open: OpenView }) {
  const filled = useMemo<Filled>(() => new Map(), [open.id]);
  const [errors, setErrors] = useState<Record<string, string> | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const { view } = open;

  const host: Host = {
    use: async (element, _block, value) => void (await acts.use(open.id, element, value)),
    fill: (element, block, value) => put(filled, block.block_id ?? "", element.action_id ?? "", value),
    filled: (element, block) => filled.get(block.block_id ?? "")?.get(element.action_id ?? ""),
    errors: errors ?? open.errors ?? {},
  };
  const submit = async () => {
    setBusy(true);
    const outcome = await acts.submit(open.id, collected(view.blocks, filled));
    setBusy(false);
    const found = outcome.ok ? null : blockErrors(outcome.error ?? "");
    setErrors(found);
    setProblem(outcome.ok || found ? "" : saidAs(outcome.error));
  };
  const close = () => void acts.close(open.id);

  return (
    <Dialog
      title={view.title?.text ?? "App"}
      onClose={close}
      footer={
        <>
          <button type="button" class="button" onClick={close}>
            {view.close?.text ?? "Close"}
          </button>
          {view.submit && (
            <button
              type="button"
              class="button primary"
              aria-busy={busy}
              data-action="submit"
              onClick={() => void submit()}
            >
              {view.submit.text}
            </button>
          )}
        </>
      }
    >
      <HostContext.Provider value={host}>
        <Blocks blocks={view.blocks} />
      </HostContext.Provider>
      {problem && (
        <p class="block-error" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
