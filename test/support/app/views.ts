import type { Page } from 'playwright-core';

import type { View } from './window-in-browser.ts';

/** A view of the window in one of its states, as the fake engine brings it about. */
export interface NamedView extends Pick<View, 'route'> {
  readonly name: string;
  readonly state: 'full' | 'empty' | 'error' | 'busy' | 'attention' | 'paused' | 'offline';
  /** For the fake engine, see page/fake-host.ts. */
  readonly query: string;
  /** What a person does before the picture. Nothing here depends on the language. */
  readonly steps?: (page: Page) => Promise<void>;
}

const library = 'photos=2000';
const nothing = 'photos=0';
const fresh = 'activity=setup&photos=0';
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNsb2j4DwAFxwKBlNWqywAAAABJRU5ErkJggg==',
  'base64',
);

async function openPhoto(page: Page): Promise<void> {
  await page.locator('.tile[data-index="3"]').click();
  await page.locator('.yarl__slide_current img').first().waitFor();
}

async function sendFiles(page: Page): Promise<void> {
  const files = ['IMG_4711.JPG', 'IMG_4712.JPG', 'IMG_4713.HEIC', 'notes.txt', 'IMG_4714.JPG'];
  await page
    .locator('input[type="file"]')
    .first()
    .setInputFiles(files.map((name) => ({ name, mimeType: 'image/png', buffer: pixel })));
  await page
    .locator('.upload-item')
    .nth(files.length - 1)
    .waitFor();
  await page.evaluate(`(async () => {
    const [batch] = await fakeEngine.handlers['uploads.list']({});
    const states = ['backedUp', 'alreadyBackedUp', 'uploading', 'ignored', 'failed'];
    const items = batch.items.map((item, index) => ({
      ...item,
      bytes: 4300000 + index * 310000,
      state: states[index],
      progress: states[index] === 'uploading' ? 0.42 : 1,
      failure: states[index] === 'failed'
        ? { code: 'quota', message: 'The destination has no room for it.' }
        : null,
    }));
    fakeEngine.announce('upload', { ...batch, items });
  })()`);
  await page.locator('.upload-item[data-group="failed"]').waitFor();
}

/** Every view, full, empty and failing, as far as it has such states. */
export const views: readonly NamedView[] = [
  { name: 'timeline', state: 'full', route: '/', query: library },
  { name: 'timeline', state: 'busy', route: '/', query: `${library}&activity=syncing&waiting=40` },
  { name: 'timeline', state: 'empty', route: '/', query: nothing },
  { name: 'timeline', state: 'error', route: '/', query: `${library}&failing=timeline.days` },
  {
    name: 'timeline',
    state: 'offline',
    route: '/',
    query: `${library}&activity=offline&waiting=9`,
  },
  {
    name: 'selection',
    state: 'full',
    route: '/',
    query: library,
    steps: async (page) => {
      await page.locator('.tile[data-index="1"]').focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('Shift+ArrowRight');
      await page.keyboard.press('Shift+ArrowRight');
    },
  },
  { name: 'lightbox', state: 'full', route: '/', query: library, steps: openPhoto },
  {
    name: 'lightbox-information',
    state: 'full',
    route: '/',
    query: library,
    steps: async (page) => {
      await openPhoto(page);
      await page.keyboard.press('i');
      await page.locator('aside.info').waitFor();
    },
  },
  { name: 'albums', state: 'full', route: '/albums', query: library },
  { name: 'albums', state: 'empty', route: '/albums', query: nothing },
  { name: 'albums', state: 'error', route: '/albums', query: `${library}&failing=albums.list` },
  { name: 'album', state: 'full', route: '/albums/Lisbon', query: library },
  { name: 'duplicates', state: 'full', route: '/duplicates', query: library },
  { name: 'duplicates', state: 'empty', route: '/duplicates', query: nothing },
  {
    name: 'duplicates',
    state: 'error',
    route: '/duplicates',
    query: `${library}&failing=duplicates.page`,
  },
  { name: 'search', state: 'full', route: '/search', query: library },
  {
    name: 'search',
    state: 'empty',
    route: '/search',
    query: library,
    steps: (page) => page.getByRole('searchbox').fill('no such photo'),
  },
  { name: 'search', state: 'error', route: '/search', query: `${library}&failing=timeline.days` },
  { name: 'backup', state: 'full', route: '/sync', query: library },
  {
    name: 'backup',
    state: 'busy',
    route: '/sync',
    query: `${library}&activity=syncing&waiting=700`,
  },
  {
    name: 'backup',
    state: 'attention',
    route: '/sync',
    query: `${library}&activity=attention&failed=12&waiting=30`,
  },
  {
    name: 'backup',
    state: 'paused',
    route: '/sync',
    query: `${library}&activity=paused&waiting=9`,
  },
  {
    name: 'backup',
    state: 'offline',
    route: '/sync',
    query: `${library}&activity=offline&waiting=9`,
  },
  { name: 'backup', state: 'empty', route: '/sync', query: fresh },
  {
    name: 'backup',
    state: 'error',
    route: '/sync',
    query: `${library}&activity=attention&failed=3&failing=problems.page`,
  },
  { name: 'backup-clouds', state: 'full', route: '/sync', query: `${library}&clouds` },
  {
    name: 'backup-clouds',
    state: 'attention',
    route: '/sync',
    query: `${library}&clouds&activity=attention&waiting=900`,
  },
  {
    name: 'sign-in-again',
    state: 'busy',
    route: '/sync',
    query: `${library}&clouds&activity=attention&waiting=900`,
    steps: async (page) => {
      await page.locator('.sync-destination .note-actions button').first().click();
      await page.locator('.sign-in-state[data-state="waiting"]').waitFor();
    },
  },
  ...settings('folders', library),
  { name: 'settings-folders', state: 'empty', route: '/settings/folders', query: fresh },
  ...settings('destinations', library),
  {
    name: 'settings-destinations-clouds',
    state: 'attention',
    route: '/settings/destinations',
    query: `${library}&clouds&activity=attention`,
  },
  {
    name: 'edit-destination',
    state: 'full',
    route: '/settings/destinations',
    query: `${library}&clouds&signIn=done`,
    steps: async (page) => {
      await page.locator('.settings-row-actions button').first().click();
      await page.locator('.dialog .sign-in button').click();
      await page.locator('.dialog .sign-in-state[data-state="done"]').waitFor();
    },
  },
  { name: 'settings-destinations', state: 'empty', route: '/settings/destinations', query: fresh },
  {
    name: 'settings-destinations',
    state: 'attention',
    route: '/settings/destinations',
    query: `${library}&activity=attention`,
  },
  ...settings('network', library),
  ...settings('appearance', library),
  ...settings('notifications', library),
  ...settings('advanced', library),
  ...settings('about', library),
  ...['welcome', 'folders', 'destination', 'options'].map((step) => ({
    name: `wizard-${step}`,
    state: 'full' as const,
    route: '/welcome',
    query: `${fresh}&setup=${step}`,
  })),
  {
    name: 'wizard-folders',
    state: 'error',
    route: '/welcome',
    query: `${fresh}&setup=folders&failing=folders.suggest`,
  },
  {
    name: 'wizard-destination',
    state: 'error',
    route: '/welcome',
    query: `${fresh}&setup=destination&failing=destinations.test`,
    steps: async (page) => {
      await page.getByRole('radio').first().waitFor();
      await page.locator('form button[type="submit"]').click();
      await page.getByRole('alert').first().waitFor();
    },
  },
  {
    name: 'wizard-kinds',
    state: 'full',
    route: '/welcome',
    query: `${fresh}&setup=destination`,
    steps: async (page) => {
      await page.locator('.choice-cards[data-compact] + div button').click();
      await page.locator('input[value="s3:ncloud"]').waitFor({ state: 'attached' });
    },
  },
  wizardCard('gdrive', 'full', 'done', async (page) => {
    await signIn(page);
    await page.locator('.sign-in-state[data-state="done"]').waitFor();
  }),
  wizardCard('gdrive', 'busy', 'waiting', async (page) => {
    await signIn(page);
    await page.locator('.sign-in-state[data-state="waiting"]').waitFor();
  }),
  wizardCard('gdrive', 'attention', 'noClient', async (page) => {
    await signIn(page);
    await page.locator('.sign-in [role="alert"]').waitFor();
  }),
  wizardCard('gdrive', 'error', 'declined', async (page) => {
    await signIn(page);
    await page.locator('.sign-in [role="alert"]').waitFor();
  }),
  wizardCard('gdrive', 'empty', 'waiting', async (page) => {
    await page.locator('form button[type="submit"]').click();
    await page.locator('.sign-in[data-problem]').waitFor();
  }),
  wizardCard('gphotos', 'full', 'waiting'),
  wizardCard('file:mybox', 'full', 'waiting'),
  {
    name: 'wizard-backup',
    state: 'busy',
    route: '/welcome',
    query: `${library}&activity=syncing&waiting=700&setup=done`,
  },
  { name: 'wizard-backup', state: 'full', route: '/welcome', query: `${library}&setup=done` },
  { name: 'upload', state: 'empty', route: '/upload', query: library },
  { name: 'upload', state: 'full', route: '/upload', query: library, steps: sendFiles },
  { name: 'upload', state: 'error', route: '/upload', query: `${library}&failing=uploads.list` },
  { name: 'upload', state: 'attention', route: '/upload', query: fresh },
  { name: 'away', state: 'offline', route: '/', query: library, steps: (page) => stop(page) },
  { name: 'not-found', state: 'empty', route: '/no/such/page', query: library },
];

function settings(section: string, query: string): readonly NamedView[] {
  return [{ name: `settings-${section}`, state: 'full', route: `/settings/${section}`, query }];
}

/** The wizard's form for one kind of destination. */
function wizardCard(
  card: string,
  state: NamedView['state'],
  ending: string,
  steps?: (page: Page) => Promise<void>,
): NamedView {
  return {
    name: `wizard-${card.replace(':', '-')}`,
    state,
    route: '/welcome',
    query: `${fresh}&setup=destination&signIn=${ending}`,
    steps: async (page) => {
      const choice = page.locator(`.choice-card:has(input[value="${card}"])`);
      await page.locator('.destination-fields').waitFor();
      if ((await choice.count()) === 0) {
        await page.locator('.choice-cards[data-compact] + div button').click();
      }
      await choice.click();
      await page.locator('.destination-fields').waitFor();
      await steps?.(page);
    },
  };
}

async function signIn(page: Page): Promise<void> {
  await page.locator('.sign-in button').first().click();
}

async function stop(page: Page): Promise<void> {
  await page.locator('.tile').first().waitFor();
  await page.evaluate('fakeEngine.stop()');
  await page.locator('.away-note').waitFor();
}
