import { useState } from 'react';

import type { DestinationCard, DestinationStatus } from '../../shared/contract/app/destinations.ts';
import { useAppQuery, useSession, useStatus } from '../app/engine.tsx';
import { orderedCards } from './card-groups.ts';
import {
  draftOf,
  problemsOf,
  readyDraft,
  withDraft,
  withField,
  type DestinationEntry,
  type DraftProblems,
} from './draft.ts';
import { useSignIns } from './sign-ins.tsx';
import type { TestRun } from './test-run.ts';
import { useDestinationTest } from './use-destination-test.ts';

/** Everything that a form for a new destination needs; what is typed is kept by the caller. */
export interface NewDestination {
  readonly cards: readonly DestinationCard[] | undefined;
  readonly cardsError: unknown;
  readonly retryCards: () => void;
  /** What was typed, with the best place filled in where nothing was. */
  readonly entry: DestinationEntry;
  readonly problems: DraftProblems;
  readonly test: TestRun;
  readonly busy: boolean;
  /** Why it could not be added. */
  readonly failure: unknown;
  readonly change: (entry: DestinationEntry) => void;
  /** Tries the connection; false where something is missing or does not work. */
  readonly tryOut: () => Promise<boolean>;
  /** Tries it unless that worked already, then adds it; null where it could not be added. */
  readonly add: () => Promise<DestinationStatus | null>;
}

export function useNewDestination(
  typed: DestinationEntry,
  onType: (entry: DestinationEntry) => void,
): NewDestination {
  const session = useSession();
  const { folders } = useStatus();
  const signIns = useSignIns();
  const { data: cards, error: cardsError, refetch } = useAppQuery('destinations.cards', {});
  const { data: places } = useAppQuery('destinations.suggest', {});
  const { test, run, reset } = useDestinationTest();
  const [problems, setProblems] = useState<DraftProblems>({});
  const [adding, setAdding] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const entry = withBestPlace(typed, cards ?? [], places?.[0]?.path ?? null);
  const card = cards?.find(({ id }) => id === entry.card);

  const check = (): boolean => {
    if (card === undefined) return false;
    const found = problemsOf(
      card,
      draftOf(entry, card),
      folders.map(({ path }) => path),
      (id) => signIns.status(id)?.state === 'done',
    );
    setProblems(found);
    setFailure(null);
    return Object.keys(found).length === 0;
  };
  const tryOut = async (): Promise<boolean> => {
    if (card === undefined || !check()) return false;
    const ended = await run({ draft: readyDraft(card, draftOf(entry, card)) });
    return ended?.phase === 'passed';
  };
  const add = async (): Promise<DestinationStatus | null> => {
    if (card === undefined || !check()) return null;
    if (test.phase !== 'passed' && !(await tryOut())) return null;
    setAdding(true);
    try {
      const draft = readyDraft(card, draftOf(entry, card));
      return await session.call('destinations.add', { draft });
    } catch (error) {
      setFailure(error);
      return null;
    } finally {
      setAdding(false);
    }
  };
  return {
    cards,
    cardsError,
    retryCards: () => {
      void refetch();
    },
    entry,
    problems,
    test,
    busy: adding || test.phase === 'running',
    failure,
    change: (next) => {
      setProblems({});
      setFailure(null);
      reset();
      onType(next);
    },
    tryOut,
    add,
  };
}

/** Until something was typed: the first kind, at the place that is proposed first. */
function withBestPlace(
  typed: DestinationEntry,
  cards: readonly DestinationCard[],
  place: string | null,
): DestinationEntry {
  const first = orderedCards(cards)[0];
  if (first === undefined) return typed;
  const entry = typed.card === null ? { ...typed, card: first.id } : typed;
  const folder = first.fields.find(({ type }) => type === 'folder');
  if (entry.card !== first.id || typed.drafts[first.id] !== undefined) return entry;
  if (folder === undefined || place === null) return entry;
  return withDraft(entry, withField(draftOf(entry, first), folder, place));
}
