import {
  keepPreviousData,
  useInfiniteQuery,
  type InfiniteData,
  type UseInfiniteQueryResult,
} from '@tanstack/react-query';

import type { AppParams, AppResult } from '../../shared/contract/app/methods.ts';
import { queryKey, useConnected, useSession } from '../app/engine.tsx';

const PAGE = 50;

type Paged = 'problems.page' | 'activity.page';
type Rest<M extends Paged> = Omit<AppParams<M>, 'cursor' | 'limit'>;
type Pages<R> = UseInfiniteQueryResult<InfiniteData<R, string | null>>;

/** Problems of one destination or all, page by page. */
export function useProblemPages(rest: Rest<'problems.page'>): Pages<AppResult<'problems.page'>> {
  const session = useSession();
  return useInfiniteQuery({
    queryKey: [...queryKey('problems.page'), rest],
    queryFn: ({ pageParam, signal }) =>
      session.call('problems.page', { ...rest, cursor: pageParam, limit: PAGE }, signal),
    initialPageParam: START,
    getNextPageParam: nextCursor,
    placeholderData: keepPreviousData,
    enabled: useConnected(),
  });
}

/** The history, newest first, page by page. */
export function useActivityPages(): Pages<AppResult<'activity.page'>> {
  const session = useSession();
  return useInfiniteQuery({
    queryKey: queryKey('activity.page'),
    queryFn: ({ pageParam, signal }) =>
      session.call('activity.page', { cursor: pageParam, limit: PAGE }, signal),
    initialPageParam: START,
    getNextPageParam: nextCursor,
    enabled: useConnected(),
  });
}

const START: string | null = null;

function nextCursor(page: { readonly cursor: string | null }): string | null {
  return page.cursor;
}
