import { lazy, Suspense, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, Route, Switch, useLocation } from 'wouter';

import { MapPinOff } from 'lucide-react';

import { AlbumView } from '../albums/album-view.tsx';
import { AlbumsView } from '../albums/albums-view.tsx';
import { ButtonLink } from '../design/button.tsx';
import { EmptyState } from '../design/surface.tsx';
import { PhotoView } from '../lightbox/photo-view.tsx';
import { DuplicatesView } from '../duplicates/duplicates-view.tsx';
import { SearchView } from '../search/search-view.tsx';
import { TimelineView } from '../timeline/timeline-view.tsx';
import { useSettings } from './engine.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Shell } from './shell.tsx';

const SyncView = lazy(() => import('../sync/sync-view.tsx'));
const SettingsView = lazy(() => import('../settings/settings-view.tsx'));
const WizardView = lazy(() => import('../wizard/wizard-view.tsx'));
const UploadView = lazy(() => import('../upload/upload-view.tsx'));

/** Which view an address shows. The wizard and the upload window have the whole window. */
export function Routes(): ReactElement {
  const [location] = useLocation();
  const { setup } = useSettings();
  if (setup !== 'done' && location === '/') return <Redirect to="/welcome" replace />;
  return (
    <ErrorBoundary resetKey={location}>
      <Suspense fallback={null}>
        <Switch>
          <Route path="/welcome" component={WizardView} />
          <Route path="/upload" component={UploadView} />
          <Route>
            <Shell>
              <ErrorBoundary resetKey={location}>
                <Suspense fallback={null}>
                  <Switch>
                    <Route path="/" component={TimelineView} />
                    <Route path="/photo/:id" component={PhotoView} />
                    <Route path="/albums" component={AlbumsView} />
                    <Route path="/albums/:id" component={AlbumView} />
                    <Route path="/duplicates" component={DuplicatesView} />
                    <Route path="/search" component={SearchView} />
                    <Route path="/sync" component={SyncView} />
                    <Route path="/settings/:section?" component={SettingsView} />
                    <Route component={NotFound} />
                  </Switch>
                </Suspense>
              </ErrorBoundary>
            </Shell>
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}

function NotFound(): ReactElement {
  const { t } = useTranslation('common');
  return (
    <EmptyState
      icon={MapPinOff}
      heading="h1"
      title={t('notFound')}
      text={t('notFoundHint')}
      actions={
        <ButtonLink href="/" variant="primary">
          {t('toPhotos')}
        </ButtonLink>
      }
    />
  );
}
