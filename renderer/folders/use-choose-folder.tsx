import { useState, type ReactElement } from 'react';

import { useHost } from '../app/host.ts';
import { FolderBrowser } from './folder-browser.tsx';

interface Asked {
  readonly title: string;
  readonly forWriting: boolean;
  readonly onChosen: (path: string) => void;
}

/**
 * Lets a person choose a folder of the computer that the engine runs on: in the system's own dialog where the
 * host has one, else in a dialog of the window. `dialog` has to be rendered.
 */
export function useChooseFolder(): {
  readonly choose: (question: Asked) => void;
  readonly dialog: ReactElement | null;
} {
  const { chooseFolder } = useHost();
  const [asked, setAsked] = useState<Asked | null>(null);
  const choose = (question: Asked): void => {
    if (chooseFolder === null) {
      setAsked(question);
      return;
    }
    void chooseFolder(question.title).then((path) => {
      if (path !== null) question.onChosen(path);
    });
  };
  const dialog =
    asked === null ? null : (
      <FolderBrowser
        title={asked.title}
        forWriting={asked.forWriting}
        onClose={() => {
          setAsked(null);
        }}
        onChoose={(path) => {
          setAsked(null);
          asked.onChosen(path);
        }}
      />
    );
  return { choose, dialog };
}
