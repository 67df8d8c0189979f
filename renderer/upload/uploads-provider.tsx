import { createContext, use, useEffect, useState, type ReactElement, type ReactNode } from 'react';

import { FileSender } from './file-sender.ts';

const SenderContext = createContext<FileSender | null>(null);

/** Keeps files on their way to the engine whichever view is shown, and asks before the window closes on them. */
export function UploadsProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const [sender] = useState(() => new FileSender());
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (sender.busy) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => {
      window.removeEventListener('beforeunload', ask);
    };
  }, [sender]);
  return <SenderContext value={sender}>{children}</SenderContext>;
}

export function useFileSender(): FileSender {
  const sender = use(SenderContext);
  if (sender === null) throw new Error('There are no uploads above this component.');
  return sender;
}
