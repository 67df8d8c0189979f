import { useEffect, useEffectEvent, useRef, type PointerEvent, type RefObject } from 'react';

/** Pixels that a mouse moves before it drags. */
const SLACK = 6;
/** Milliseconds that a finger rests before it selects. */
const LONG_PRESS = 450;
/** Pixels from an edge at which the grid scrolls along, and how far it then scrolls in a frame. */
const EDGE = 56;
const ALONG = 14;

interface Drag {
  readonly from: number;
  readonly x: number;
  readonly y: number;
  readonly timer: number | null;
  begun: boolean;
}

/**
 * Selecting by dragging: with the mouse from a tile's check mark (or any tile, once something is selected),
 * with a finger after a long press. `shown`: the grid is on the page. Calls `onRange` with the index where it began and the one it is at.
 */
export function useDragSelect(
  scroller: RefObject<HTMLElement | null>,
  shown: boolean,
  selecting: boolean,
  onBegin: (index: number) => void,
  onRange: (from: number, to: number) => void,
): {
  readonly onPointerDown: (event: PointerEvent) => void;
  /** Whether the click that is coming in only ends a drag. */
  readonly takeClick: () => boolean;
} {
  const drag = useRef<Drag | null>(null);
  const ended = useRef(false);

  const begin = useEffectEvent(onBegin);
  const range = useEffectEvent(onRange);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let frame = 0;
    let y = 0;
    let x = 0;
    const reach = (): void => {
      const at = indexAt(document.elementFromPoint(x, y));
      if (at !== null && drag.current !== null) range(drag.current.from, at);
    };
    const along = (): void => {
      const box = element.getBoundingClientRect();
      const by = y < box.top + EDGE ? -ALONG : y > box.bottom - EDGE ? ALONG : 0;
      if (by !== 0) {
        element.scrollTop += by;
        reach();
      }
      frame = drag.current?.begun === true ? requestAnimationFrame(along) : 0;
    };
    const start = (current: Drag): void => {
      current.begun = true;
      begin(current.from);
      frame = requestAnimationFrame(along);
    };
    const onMove = (event: globalThis.PointerEvent): void => {
      const current = drag.current;
      if (current === null) return;
      ({ clientX: x, clientY: y } = event);
      const moved = Math.hypot(x - current.x, y - current.y) > SLACK;
      if (current.begun) reach();
      else if (moved && current.timer === null) {
        start(current);
        reach();
      } else if (moved) finish();
    };
    const finish = (): void => {
      const current = drag.current;
      drag.current = null;
      cancelAnimationFrame(frame);
      if (current === null) return;
      if (current.timer !== null) window.clearTimeout(current.timer);
      ended.current = current.begun;
    };
    const onLongPress = (): void => {
      const current = drag.current;
      if (current === null || current.begun) return;
      ({ x, y } = current);
      start(current);
    };
    // While a finger selects, it must not scroll.
    const onTouchMove = (event: TouchEvent): void => {
      if (drag.current?.begun === true) event.preventDefault();
    };
    const onMenu = (event: Event): void => {
      if (drag.current !== null) event.preventDefault();
    };
    window.addEventListener('pointermove', onMove);
    window.addEventListener('pointerup', finish);
    window.addEventListener('pointercancel', finish);
    element.addEventListener('touchmove', onTouchMove, { passive: false });
    element.addEventListener('contextmenu', onMenu);
    element.addEventListener('longpress', onLongPress);
    return () => {
      finish();
      window.removeEventListener('pointermove', onMove);
      window.removeEventListener('pointerup', finish);
      window.removeEventListener('pointercancel', finish);
      element.removeEventListener('touchmove', onTouchMove);
      element.removeEventListener('contextmenu', onMenu);
      element.removeEventListener('longpress', onLongPress);
    };
  }, [scroller, shown]);

  return {
    onPointerDown: (event) => {
      ended.current = false;
      const from = indexAt(event.target);
      if (from === null || event.button !== 0 || event.shiftKey) return;
      const { clientX, clientY } = event;
      const touch = event.pointerType !== 'mouse';
      if (!touch && !selecting && !isCheck(event.target)) return;
      const timer = touch
        ? window.setTimeout(
            () => scroller.current?.dispatchEvent(new Event('longpress')),
            LONG_PRESS,
          )
        : null;
      drag.current = { from, x: clientX, y: clientY, timer, begun: false };
    },
    takeClick: () => {
      const was = ended.current;
      ended.current = false;
      return was;
    },
  };
}

/** Index of the tile that an element belongs to. */
export function indexAt(target: EventTarget | null): number | null {
  if (!(target instanceof Element)) return null;
  const index = target.closest<HTMLElement>('[data-index]')?.dataset['index'];
  return index === undefined ? null : Number(index);
}

export function isCheck(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-check]') !== null;
}
