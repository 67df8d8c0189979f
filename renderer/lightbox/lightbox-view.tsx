import { CirclePlay, CircleStop, ClipboardCopy, Download, FolderSearch, Info } from 'lucide-react';
import {
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useState,
  type ReactElement,
} from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import YetAnotherLightbox, { type Slide } from 'yet-another-react-lightbox';
import Zoom from 'yet-another-react-lightbox/plugins/zoom';

import type { TimelineFilter, TimelineItem } from '../../shared/contract/app/timeline.ts';
import { useHost } from '../app/host.ts';
import { ErrorState } from '../design/surface.tsx';
import { IconButton } from '../design/button.tsx';
import { useItemText } from '../timeline/use-item-text.ts';
import { usePhotoActions } from '../timeline/use-photo-actions.tsx';
import { InfoPanel } from './info-panel.tsx';
import { LiveFilm } from './live-film.tsx';
import { slideOf } from './slides.ts';
import { useHold } from './use-hold.ts';
import { useNeighbours } from './use-neighbours.ts';
import { VersionView } from './version-view.tsx';
import { VideoSlide } from './video-slide.tsx';

import 'yet-another-react-lightbox/styles.css';
import './lightbox.css';

export interface LightboxProps {
  /** The photo to begin with. */
  readonly id: string;
  /** Whose photos it moves through. */
  readonly filter: TimelineFilter;
  readonly onClose: () => void;
}

export default function LightboxView({ id, filter, onClose }: LightboxProps): ReactElement {
  const { t } = useTranslation(['lightbox', 'timeline', 'common']);
  const host = useHost();
  const itemText = useItemText();
  const [shown, setShown] = useState(id);
  const [stage, setStage] = useState<HTMLElement | null>(null);
  const [info, setInfo] = useState(false);
  const [playing, setPlaying] = useState<string | null>(null);
  const [version, setVersion] = useState<TimelineItem | null>(null);
  const { items, error } = useNeighbours(filter, shown);
  const { exportPhotos, copyPhoto, showInFolder, dialogs } = usePhotoActions();
  const alts = items.map(itemText).join('\n');
  const slides = useMemo(() => {
    const texts = alts.split('\n');
    return items.map((item, at) => slideOf(item, texts[at] ?? item.name, host));
  }, [items, alts, host]);
  const index = items.findIndex((item) => item.id === shown);
  const item = items[index];
  const isLive = item?.live === true;
  const plays = isLive && playing === shown;
  useHold(isLive ? stage : null, (held) => {
    setPlaying(held ? shown : null);
  });
  useInertApp();
  useInfoKey(() => {
    setInfo((open) => !open);
  });

  return createPortal(
    <div className="lightbox" data-info={info ? true : undefined}>
      <div className="lightbox-stage" ref={setStage}>
        {error !== null && item === undefined ? (
          <ErrorState error={error} onRetry={onClose} />
        ) : null}
        {stage === null || item === undefined ? null : (
          <YetAnotherLightbox
            open
            close={onClose}
            index={index}
            slides={slides}
            plugins={[Zoom]}
            portal={{ root: stage }}
            noScroll={{ disabled: true }}
            carousel={{ finite: true, preload: 2, padding: 0, spacing: '6%', imageProps }}
            animation={isCalm() ? { fade: 0, swipe: 0, zoom: 0 } : { fade: 180, swipe: 260 }}
            controller={{ closeOnPullDown: true, closeOnBackdropClick: true }}
            zoom={{ maxZoomPixelRatio: 2, scrollToZoom: true }}
            labels={{
              Previous: t('newer'),
              Next: t('older'),
              Close: t('common:close'),
              Lightbox: t('title'),
              'Photo gallery': t('title'),
              Slide: t('slide'),
              Carousel: t('carousel'),
              'Zoom in': t('zoomIn'),
              'Zoom out': t('zoomOut'),
              // Only a part of the timeline is here: its number would say nothing.
              '{index} of {total}': itemText(item),
            }}
            on={{
              view: ({ index: viewed }) => {
                const next = items[viewed];
                if (next === undefined) return;
                setShown(next.id);
                setPlaying(null);
                setVersion(null);
              },
            }}
            render={{
              slide: ({ slide, offset }) =>
                slide.item?.kind === 'video' ? (
                  <VideoSlide item={slide.item} active={offset === 0} />
                ) : slide.item?.picture === 'placeholder' ? (
                  <p className="lightbox-nothing">{t('noPicture')}</p>
                ) : undefined,
              slideFooter: ({ slide }) =>
                plays && slide.item?.id === shown ? (
                  <LiveFilm
                    id={shown}
                    onEnd={() => {
                      setPlaying(null);
                    }}
                  />
                ) : null,
              iconLoading: () => null,
            }}
            toolbar={{
              buttons: [
                isLive ? (
                  <IconButton
                    key="live"
                    icon={plays ? CircleStop : CirclePlay}
                    label={plays ? t('stopLive') : t('playLive')}
                    onPress={() => {
                      setPlaying(plays ? null : shown);
                    }}
                  />
                ) : null,
                <IconButton
                  key="copy"
                  icon={ClipboardCopy}
                  label={t('timeline:copy')}
                  onPress={() => {
                    copyPhoto(shown, isLive);
                  }}
                />,
                <IconButton
                  key="export"
                  icon={Download}
                  label={t('timeline:export')}
                  onPress={() => {
                    exportPhotos([shown]);
                  }}
                />,
                <IconButton
                  key="reveal"
                  icon={FolderSearch}
                  label={t('timeline:showInFolder')}
                  onPress={() => {
                    showInFolder(shown);
                  }}
                />,
                <IconButton
                  key="info"
                  icon={Info}
                  label={info ? t('hideInfo') : t('showInfo')}
                  onPress={() => {
                    setInfo(!info);
                  }}
                />,
                'zoom',
                'close',
              ],
            }}
          />
        )}
        {version === null ? null : (
          <VersionView
            key={version.id}
            version={version}
            onClose={() => {
              setVersion(null);
            }}
          />
        )}
      </div>
      {info ? (
        <InfoPanel
          key={shown}
          id={shown}
          onVersion={setVersion}
          onClose={() => {
            setInfo(false);
          }}
        />
      ) : null}
      {dialogs}
    </div>,
    document.body,
  );

  /** The grid's picture, which is there already, stands in until the large one is. */
  function imageProps({ item: photo }: Slide): { style?: Readonly<Record<string, string>> } {
    if (photo?.picture !== 'made') return {};
    const address = host.pictureUrl(photo.id, 'grid');
    return { style: { backgroundImage: `url("${address}")` } };
  }
}

/** The app behind is out of reach while a photo is in front of it. */
function useInertApp(): void {
  // Undone before the grid takes the focus back, which it could not while it is inert.
  useLayoutEffect(() => {
    // Not all of the root: notices have to be heard and reached.
    const app = document.querySelector('.shell');
    app?.setAttribute('inert', '');
    return () => {
      app?.removeAttribute('inert');
    };
  }, []);
}

function useInfoKey(onPress: () => void): void {
  const press = useEffectEvent(onPress);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'i' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLInputElement) return;
      press();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}

function isCalm(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}
