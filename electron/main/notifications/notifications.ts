import { Notification } from 'electron';

import type { Note } from './notifier.ts';

/** Shows notes as the system's notifications: one of each kind at a time. */
export class Notifications {
  readonly #onClick: (note: Note) => void;
  readonly #shown = new Map<Note['kind'], Notification>();

  constructor(onClick: (note: Note) => void) {
    this.#onClick = onClick;
  }

  show(note: Note): void {
    if (!Notification.isSupported()) return;
    this.#shown.get(note.kind)?.close();
    const notification = new Notification({ title: note.title, body: note.body });
    // Held until the next of its kind, or a click on it would lead nowhere.
    this.#shown.set(note.kind, notification);
    notification.on('click', () => {
      this.#onClick(note);
    });
    notification.show();
  }
}
