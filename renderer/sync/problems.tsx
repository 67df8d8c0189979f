import { EyeOff, FolderSearch, ImageOff, PartyPopper, RotateCw, Undo2 } from 'lucide-react';
import { useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useQueryClient } from '@tanstack/react-query';

import type { DestinationStatus } from '../../shared/contract/app/destinations.ts';
import type { Problem } from '../../shared/contract/app/status.ts';
import { queryKey, useAppCall, useStatus } from '../app/engine.tsx';
import { useHost } from '../app/host.ts';
import { Button } from '../design/button.tsx';
import { FailureDetail } from '../design/note.tsx';
import { Select } from '../design/select.tsx';
import { EmptyState, ErrorState, Skeleton } from '../design/surface.tsx';
import { useToast } from '../design/toast.tsx';
import { folderName } from '../folders/paths.ts';
import { useFailureText } from '../text/use-failure-text.ts';
import { useFormats } from '../text/use-formats.ts';
import { useTold } from './pause-control.tsx';
import { useProblemPages } from './use-pages.ts';

const ALL = 'all';

/** Photos that are not backed up or not shown somewhere, each with its reason and what can be done. */
export function Problems({ ignored }: { readonly ignored: boolean }): ReactElement {
  const { t } = useTranslation(['sync', 'common']);
  const formats = useFormats();
  const queries = useQueryClient();
  const { destinations, failed } = useStatus();
  const notShown = destinations
    .filter(({ role }) => role === 'publish')
    .reduce((sum, one) => sum + one.failed + one.skipped, 0);
  const [destination, setDestination] = useState<string>(ALL);
  const pages = useProblemPages({ destination: destination === ALL ? null : destination, ignored });
  const actions = useProblemActions();
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: queryKey('problems.page') });
  }, [queries, failed, notShown]);
  if (pages.isPending) return <Skeleton height="12rem" />;
  if (pages.isError) {
    return (
      <ErrorState
        error={pages.error}
        onRetry={() => {
          void pages.refetch();
        }}
      />
    );
  }
  const problems = pages.data.pages.flatMap((page) => page.problems);
  const total = pages.data.pages[0]?.total ?? 0;
  return (
    <div className="sync-list-area">
      <div className="sync-list-head">
        <p className="numeric" role="status">
          {total === 0
            ? null
            : t(ignored ? 'nIgnored' : 'nProblems', {
                count: total,
                number: formats.number(total),
              })}
        </p>
        {destinations.length < 2 ? null : (
          <Select
            label={t('ofDestination')}
            labelHidden
            value={destination}
            options={[
              { value: ALL, label: t('allDestinations') },
              ...destinations.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={setDestination}
          />
        )}
        {ignored || total === 0 ? null : (
          <Button icon={RotateCw} onPress={actions.retryAll} isPending={actions.busy}>
            {t('retryAll')}
          </Button>
        )}
      </div>
      {problems.length === 0 ? (
        <EmptyState
          icon={ignored ? EyeOff : PartyPopper}
          title={t(ignored ? 'noneIgnored' : 'noProblems')}
          text={t(ignored ? 'noneIgnoredText' : 'noProblemsText')}
        />
      ) : (
        <ul className="sync-list">
          {problems.map((problem) => (
            <ProblemRow key={problem.id} problem={problem} actions={actions} />
          ))}
        </ul>
      )}
      {pages.hasNextPage ? (
        <div className="sync-more">
          <Button
            isPending={pages.isFetchingNextPage}
            onPress={() => {
              void pages.fetchNextPage();
            }}
          >
            {t('showMore', { number: formats.number(total - problems.length) })}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

interface ProblemActions {
  readonly busy: boolean;
  readonly retryAll: () => void;
  readonly retry: (problem: Problem) => void;
  readonly ignore: (problem: Problem, ignored: boolean) => void;
  readonly show: (asset: string) => void;
}

function useProblemActions(): ProblemActions {
  const { t } = useTranslation(['sync', 'common']);
  const queries = useQueryClient();
  const toast = useToast();
  const told = useTold();
  const retry = useAppCall('problems.retry');
  const ignore = useAppCall('problems.ignore');
  const reveal = useAppCall('assets.reveal');
  const { destinations } = useStatus();
  const refresh = (): void => {
    void queries.invalidateQueries({ queryKey: queryKey('problems.page') });
  };
  // Also for an undo after another view was opened.
  const setIgnored = async (id: string, ignored: boolean): Promise<boolean> => {
    try {
      await ignore.mutateAsync({ ids: [id], ignored });
      refresh();
      return true;
    } catch (error) {
      told.onError(error);
      return false;
    }
  };
  return {
    busy: retry.isPending,
    retryAll: () => {
      retry.mutate({ ids: null }, { ...told, onSuccess: refresh });
    },
    retry: ({ id }) => {
      retry.mutate(
        { ids: [id] },
        {
          ...told,
          onSuccess: () => {
            refresh();
            toast({ text: t('retrying') });
          },
        },
      );
    },
    ignore: (problem, ignored) => {
      const { id, path } = problem;
      const text = isBackup(problem, destinations) ? 'nowIgnored' : 'nowNotShown';
      void setIgnored(id, ignored).then((done) => {
        if (!done) return;
        toast({
          text: t(ignored ? text : 'noLongerIgnored', { name: folderName(path) }),
          action: {
            label: t('common:undo'),
            onPress: () => {
              void setIgnored(id, !ignored);
            },
          },
        });
      });
    },
    show: (id) => {
      reveal.mutate({ id }, told);
    },
  };
}

function ProblemRow({
  problem,
  actions,
}: {
  readonly problem: Problem;
  readonly actions: ProblemActions;
}): ReactElement {
  const { t } = useTranslation(['sync', 'common']);
  const formats = useFormats();
  const failure = useFailureText()(problem.failure);
  const { destinations } = useStatus();
  const { asset, path, retryAtMs, attempts, ignored } = problem;
  const name = folderName(path);
  const where = destinations.find(({ id }) => id === problem.destination)?.name;
  const backup = isBackup(problem, destinations);
  // A backup that refuses a kind of file is another matter than a place that does not show it.
  const notTaken = !backup && problem.failure.code === 'unsupported';
  const about = [
    ...(where === undefined ? [] : [where]),
    ...(backup ? [] : [t('onlyNotShown')]),
    ...(attempts > 1 ? [t('attempts', { count: attempts, number: formats.number(attempts) })] : []),
    ...(retryAtMs === null ? [] : [t('nextAttempt', { time: formats.time(retryAtMs) })]),
  ];
  return (
    <li className="sync-problem" aria-label={name}>
      <Thumbnail asset={asset} />
      <div className="sync-problem-words">
        <p className="sync-problem-name">{name}</p>
        <p className="sync-soft">{path}</p>
        <p className="sync-problem-why">
          {notTaken ? t('notTaken', { name: where ?? '' }) : `${failure.what} ${failure.hint}`}
        </p>
        {about.length === 0 ? null : <p className="sync-soft numeric">{about.join(' · ')}</p>}
        <div className="sync-soft">
          <FailureDetail error={problem.failure} />
        </div>
      </div>
      <div className="sync-problem-actions">
        {ignored ? (
          <Button
            size="small"
            icon={Undo2}
            onPress={() => {
              actions.ignore(problem, false);
            }}
          >
            {t('stopIgnoring')}
          </Button>
        ) : (
          <>
            <Button
              size="small"
              icon={RotateCw}
              onPress={() => {
                actions.retry(problem);
              }}
            >
              {t('common:retry')}
            </Button>
            <Button
              size="small"
              variant="quiet"
              icon={EyeOff}
              onPress={() => {
                actions.ignore(problem, true);
              }}
            >
              {t('ignore')}
            </Button>
          </>
        )}
        {asset === null ? null : (
          <Button
            size="small"
            variant="quiet"
            icon={FolderSearch}
            onPress={() => {
              actions.show(asset);
            }}
          >
            {t('show')}
          </Button>
        )}
      </div>
    </li>
  );
}

/** Whether it is about a backup; at a place that only shows photos nothing is lost. */
function isBackup(
  { destination }: Problem,
  destinations: readonly Pick<DestinationStatus, 'id' | 'role'>[],
): boolean {
  return destinations.find(({ id }) => id === destination)?.role !== 'publish';
}

function Thumbnail({ asset }: { readonly asset: string | null }): ReactElement {
  const host = useHost();
  const [missing, setMissing] = useState(false);
  return (
    <span className="sync-thumbnail">
      {asset === null || missing ? (
        <ImageOff aria-hidden strokeWidth={1.5} />
      ) : (
        <img
          src={host.pictureUrl(asset, 'grid')}
          alt=""
          loading="lazy"
          onError={() => {
            setMissing(true);
          }}
        />
      )}
    </span>
  );
}
