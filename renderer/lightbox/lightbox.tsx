import { lazy, Suspense, type ReactElement } from 'react';

import type { LightboxProps } from './lightbox-view.tsx';

const LightboxView = lazy(() => import('./lightbox-view.tsx'));

/** One photo at a time, as large as the window; loaded when it is first opened. */
export function Lightbox(props: LightboxProps): ReactElement {
  return (
    <Suspense fallback={null}>
      <LightboxView {...props} />
    </Suspense>
  );
}
