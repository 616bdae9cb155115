/** Chooses files, and shows those that wait to be sent with the next message. */

import { useRef } from "preact/hooks";
import { size } from "./files";
import { Icon } from "./Icon";

interface AttachProps {
  label: string;
  several?: boolean;
  onChoose: (files: File[]) => void;
}

export function Attach({ label, several, onChoose }: AttachProps) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="bare" aria-label={label} title={label} onClick={() => picker.current?.click()}>
        <Icon name="attach" />
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        multiple={several}
        onChange={(event) => {
          const chosen = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = ""; // the same file may be chosen again
          if (chosen.length) onChoose(chosen);
        }}
      />
    </>
  );
}

interface WaitingProps {
  files: File[];
  language?: string;
  onRemove: (file: File) => void;
}

export function Waiting({ files, language, onRemove }: WaitingProps) {
  if (!files.length) return null;
  return (
    <ul class="waiting-files" aria-label="Files to send">
      {files.map((file, index) => (
        <li key={index}>
          <span aria-hidden="true">📎</span>
          <span class="waiting-name" title={file.name}>
            {file.name}
          </span>
          <small>{size(file.size, language)}</small>
          <button type="button" class="bare" aria-label={`Remove ${file.name}`} onClick={() => onRemove(file)}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}
