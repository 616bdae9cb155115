/** Keeps a list at its end while new lines come, unless the reader has scrolled up. */

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

const NEAR = 60;

export function useStick<T extends HTMLElement>(place: unknown): RefObject<T | null> {
  const list = useRef<T>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    const box = list.current;
    if (!box) return;
    const remember = () => {
      atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    };
    const watch = new ResizeObserver(() => {
      if (atEnd.current) box.scrollTop = box.scrollHeight;
    });
    atEnd.current = true;
    box.scrollTop = box.scrollHeight;
    box.addEventListener("scroll", remember, { passive: true });
    watch.observe(box);
    return () => {
      box.removeEventListener("scroll", remember);
      watch.disconnect();
    };
  }, [place]);
  useLayoutEffect(() => {
    if (list.current && atEnd.current) list.current.scrollTop = list.current.scrollHeight;
  });
  return list;
}
