import { ArrowLeft } from 'lucide-react';
import {
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
  type ReactElement,
  type RefObject,
} from 'react';
import { useTranslation } from 'react-i18next';

import type { TimelineItem } from '../../shared/contract/app/timeline.ts';
import { useAppQuery } from '../app/engine.tsx';
import { useHost } from '../app/host.ts';
import { Button } from '../design/button.tsx';
import { useFormats } from '../text/use-formats.ts';

/** What is tried, one after the other. */
const SIZES = ['preview', 'grid'] as const;

/**
 * Another version of a photo in the photo's place: its picture as far as there is one on this computer, and
 * otherwise where the version lies.
 */
export function VersionView({
  version,
  onClose,
}: {
  readonly version: TimelineItem;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation('lightbox');
  const host = useHost();
  const formats = useFormats();
  const [failures, setFailures] = useState(0);
  const size = version.picture === 'placeholder' ? undefined : SIZES[failures];
  const title = t('version', { date: formats.wall(version.wall.slice(0, 19)) });
  const view = useFocus();
  useEscape(onClose);
  return (
    <section ref={view} className="lightbox-version" aria-label={title} tabIndex={-1}>
      <header className="lightbox-version-bar">
        <h2>{title}</h2>
        <Button icon={ArrowLeft} onPress={onClose}>
          {t('closeVersion')}
        </Button>
      </header>
      {size === undefined ? null : (
        <img
          key={size}
          src={host.pictureUrl(version.id, size)}
          alt={title}
          onError={() => {
            setFailures(failures + 1);
          }}
        />
      )}
      {size === 'preview' ? null : (
        <Whereabouts
          id={version.id}
          reason={size === 'grid' ? t('versionSmall') : t('versionAway')}
        />
      )}
    </section>
  );
}

function Whereabouts({
  id,
  reason,
}: {
  readonly id: string;
  readonly reason: string;
}): ReactElement {
  const { t } = useTranslation('lightbox');
  const { data } = useAppQuery('asset.details', { id });
  const here = data?.files.filter(({ state }) => state === 'here').map(({ path }) => path) ?? [];
  const there =
    data?.destinations.flatMap(({ name, key, state }) =>
      state === 'verified' ? [{ name, key: key ?? '' }] : [],
    ) ?? [];
  return (
    <div className="lightbox-version-note" role="status">
      <p>{reason}</p>
      {data === undefined ? null : (
        <p>{here.length + there.length > 0 ? t('versionAt') : t('versionNotKept')}</p>
      )}
      <ul>
        {here.map((path) => (
          <li key={path} className="info-path">
            {path}
          </li>
        ))}
        {there.map(({ name, key }) => (
          <li key={name + key}>
            {name} <span className="info-path">{key}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Takes the focus; whatever had it gets it back. */
function useFocus(): RefObject<HTMLElement | null> {
  const view = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    view.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return view;
}

/** Escape leaves the version alone, not the photo behind it. */
function useEscape(onPress: () => void): void {
  const press = useEffectEvent(onPress);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      press();
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => {
      window.removeEventListener('keydown', onKeyDown, { capture: true });
    };
  }, []);
}
