import { useEffect, useEffectEvent } from 'react';

/** Shorter is a click. */
const HELD_MS = 350;
/** Further, in pixels, is a swipe. */
const STILL = 8;

/**
 * Tells when a picture is pressed and held, by pointer or finger, and when it is let go.
 *
 * @param stage what pictures are pressed in; null while none is to be held
 */
export function useHold(stage: HTMLElement | null, onChange: (held: boolean) => void): void {
  const change = useEffectEvent(onChange);
  useEffect(() => {
    if (stage === null) return;
    const stop = new AbortController();
    const options = { capture: true, signal: stop.signal };
    let press: { readonly x: number; readonly y: number; readonly timer: number } | null = null;
    let held = false;
    const end = (): void => {
      if (press !== null) clearTimeout(press.timer);
      press = null;
      if (held) change(false);
      held = false;
    };
    const begin = (event: PointerEvent): void => {
      end();
      const { target, clientX: x, clientY: y } = event;
      if (!event.isPrimary || event.button !== 0) return;
      if (!(target instanceof Element) || target.closest('.yarl__slide') === null) return;
      const timer = window.setTimeout(() => {
        held = true;
        change(true);
      }, HELD_MS);
      press = { x, y, timer };
    };
    const move = ({ clientX, clientY }: PointerEvent): void => {
      if (press === null || held) return;
      if (Math.hypot(clientX - press.x, clientY - press.y) > STILL) end();
    };
    stage.addEventListener('pointerdown', begin, options);
    window.addEventListener('pointermove', move, options);
    window.addEventListener('pointerup', end, options);
    window.addEventListener('pointercancel', end, options);
    // A finger that rests opens a menu on some systems.
    const keepMenuAway = (event: Event): void => {
      if (held) event.preventDefault();
    };
    stage.addEventListener('contextmenu', keepMenuAway, options);
    return () => {
      end();
      stop.abort();
    };
  }, [stage]);
}
