import type { EngineView } from '../engine/engine.ts';
import type { Texts } from '../text/texts.ts';
import { problemsOf } from '../tray/tray-model.ts';
import type { Timers } from '../system/timers.ts';

/** What a notification says and where a click on it leads. */
export interface Note {
  readonly kind: 'finished' | 'attention' | 'background' | 'update' | 'diagnostics';
  readonly title: string;
  readonly body: string;
}

export interface NotifierOptions {
  /** Shows a note in place of the last one of its kind. */
  readonly show: (note: Note) => void;
  readonly texts: () => Texts;
  readonly timers: Timers;
}

/** What comes within this time is told at once, milliseconds. */
const groupMs = 5_000;
const shownProblems = 3;

/**
 * Decides what is worth a notification: photos that were backed up with nothing left to do, and something new
 * that needs a person. What comes in quick succession is one notification; each kind can be silenced.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  #view: EngineView | null = null;
  #finished = 0;
  #known: ReadonlySet<string> = new Set();
  #fresh = new Set<string>();
  #scheduled = false;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** Photos were backed up and nothing is left to do. */
  finished(photos: number): void {
    if (photos === 0) return;
    this.#finished += photos;
    this.#schedule();
  }

  /** The engine told something new. */
  follow(view: EngineView): void {
    const first = this.#view?.status === null || this.#view === null;
    this.#view = view;
    if (view.status === null) return;
    const keys = new Set(this.#keysOf(view));
    // What was there when the app started is shown by the tray; a notification tells news.
    if (!first) {
      for (const key of keys) if (!this.#known.has(key)) this.#fresh.add(key);
    }
    for (const key of this.#fresh) if (!keys.has(key)) this.#fresh.delete(key);
    this.#known = keys;
    if (this.#fresh.size > 0) this.#schedule();
  }

  #keysOf({ status }: EngineView): readonly string[] {
    if (status === null) return [];
    return [
      ...status.questions.map(({ id }) => `question ${id}`),
      ...status.destinations
        .filter(({ health }) => health !== 'ok' && health !== 'unknown' && health !== 'offline')
        .map(({ id, health }) => `destination ${id} ${health}`),
      ...(status.failed > 0 ? ['failed'] : []),
    ];
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.timers.after(groupMs, () => {
      this.#scheduled = false;
      this.#tell();
    });
  }

  #tell(): void {
    const { show, texts } = this.#options;
    const settings = this.#view?.settings ?? null;
    const status = this.#view?.status ?? null;
    const photos = this.#finished;
    const fresh = this.#fresh.size;
    this.#finished = 0;
    this.#fresh = new Set();
    if (settings === null || status === null) return;
    // "Finished" is said only while it is true.
    if (photos > 0 && settings.notifyFinished && status.activity === 'idle') {
      const { finishedTitle, finishedBody } = texts();
      show({ kind: 'finished', title: finishedTitle, body: finishedBody(photos) });
    }
    if (fresh > 0 && settings.notifyProblems) {
      const body = problemsOf(status, texts()).slice(0, shownProblems).join('\n');
      show({ kind: 'attention', title: texts().attentionTitle, body });
    }
  }
}
