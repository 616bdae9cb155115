/** A list of messages that keeps to its end; long ones show their newest part first. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useStick } from "../parts/stick";
import { date } from "../parts/time";
import { language } from "../session";
import { EphemeralRow } from "./EphemeralRow";
import { MessageRow } from "./MessageRow";
import type { Row } from "./timeline";

const PAGE = 150;

interface Props {
  rows: Row[];
  channel: string;
  place: string;
  label: string;
  inThread?: boolean;
  head?: ComponentChildren;
  children?: ComponentChildren;
}

export function Rows({ rows, channel, place, label, inThread, head, children }: Props) {
  const list = useStick<HTMLDivElement>(place);
  const [pages, setPages] = useState(1);
  const shown = rows.slice(-PAGE * pages);
  const first = shown[0];
  return (
    <div ref={list} class="rows" role="log" aria-label={label} tabIndex={0}>
      {head}
      {!rows.length && children}
      {shown.length < rows.length && (
        <button type="button" class="earlier" onClick={() => setPages(pages + 1)}>
          Show earlier messages ({rows.length - shown.length})
        </button>
      )}
      {first && !inThread && (
        <div class="day">
          <span>{date(Number(first.kind === "message" ? first.message.ts : first.ephemeral.ts), language.value)}</span>
        </div>
      )}
      {shown.map((row) =>
        row.kind === "message" ? (
          <MessageRow
            key={row.message.ts}
            message={row.message}
            channel={channel}
            compact={row.compact}
            inThread={inThread}
          />
        ) : (
          <EphemeralRow key={`e${row.ephemeral.ts}`} ephemeral={row.ephemeral} />
        ),
      )}
    </div>
  );
}
