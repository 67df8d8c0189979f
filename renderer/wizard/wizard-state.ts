import type { SuggestedFolder } from '../../shared/contract/app/folders.ts';
import type { Settings } from '../../shared/contract/app/settings.ts';
import { emptyEntry, type DestinationEntry } from '../destinations/draft.ts';

/** The steps of the wizard in their order; `first` is the first backup. */
export const wizardSteps = ['welcome', 'folders', 'destination', 'options', 'first'] as const;
export type WizardStep = (typeof wizardSteps)[number];

/** Everything that was chosen or typed, whichever step is shown. */
export interface WizardState {
  readonly step: WizardStep;
  /** Paths that are ticked; null until something was changed, so that proposals that come late still count. */
  readonly chosen: readonly string[] | null;
  /** Folders that were added by hand, in their order. */
  readonly extra: readonly string[];
  readonly entry: DestinationEntry;
  /** Whether the form is wanted although there is a destination already. */
  readonly another: boolean;
}

export type WizardAction =
  | { readonly do: 'go'; readonly to: WizardStep }
  /** `before`: what was ticked when it was pressed. */
  | {
      readonly do: 'tick';
      readonly path: string;
      readonly ticked: boolean;
      readonly before: readonly string[];
    }
  | { readonly do: 'addFolder'; readonly path: string; readonly before: readonly string[] }
  | { readonly do: 'enter'; readonly entry: DestinationEntry }
  | { readonly do: 'another'; readonly wanted: boolean };

/** Where the wizard opens: where it was left, or at the first thing that is missing. */
export function firstStep(
  setup: Settings['setup'],
  present: { readonly folders: number; readonly destinations: number },
): WizardStep {
  if (setup !== 'done') return setup;
  if (present.folders === 0) return 'folders';
  return present.destinations === 0 ? 'destination' : 'first';
}

export function startWizard(step: WizardStep): WizardState {
  return { step, chosen: null, extra: [], entry: emptyEntry, another: false };
}

export function wizardReducer(state: WizardState, action: WizardAction): WizardState {
  switch (action.do) {
    case 'go':
      return { ...state, step: action.to };
    case 'tick': {
      const others = action.before.filter((path) => path !== action.path);
      return { ...state, chosen: action.ticked ? [...others, action.path] : others };
    }
    case 'addFolder': {
      const { path, before } = action;
      const extra = state.extra.includes(path) ? state.extra : [...state.extra, path];
      return { ...state, extra, chosen: before.includes(path) ? before : [...before, path] };
    }
    case 'enter':
      return { ...state, entry: action.entry };
    case 'another':
      return { ...state, another: action.wanted, entry: action.wanted ? state.entry : emptyEntry };
  }
}

/** The step before; the first one has none, and nothing is taken back once the backup runs. */
export function stepBefore(step: WizardStep): WizardStep | null {
  if (step === 'welcome' || step === 'first') return null;
  return wizardSteps[wizardSteps.indexOf(step) - 1] ?? null;
}

/** The ticked folders: as chosen, else what is watched already, else the Pictures folder. */
export function tickedFolders(
  { chosen }: WizardState,
  watched: readonly string[],
  suggested: readonly SuggestedFolder[],
): readonly string[] {
  if (chosen !== null) return chosen;
  if (watched.length > 0) return watched;
  return suggested.filter(({ kind }) => kind === 'pictures').map(({ path }) => path);
}

/** A folder that can be ticked. */
export type OfferedFolder = SuggestedFolder;

/** All folders to choose from: what is watched or proposed, then those added by hand; each path once. */
export function offeredFolders(
  { extra }: WizardState,
  watched: readonly string[],
  suggested: readonly SuggestedFolder[],
  nameOf: (path: string) => string,
): readonly OfferedFolder[] {
  const offered = new Map<string, OfferedFolder>();
  for (const folder of suggested) offered.set(folder.path, folder);
  for (const path of [...watched, ...extra]) {
    if (!offered.has(path)) offered.set(path, { path, kind: 'other', name: nameOf(path) });
  }
  return [...offered.values()];
}

/** What has to be done so that exactly the ticked folders are watched. */
export function folderChanges(
  ticked: readonly string[],
  watched: readonly { readonly id: string; readonly path: string }[],
): { readonly add: readonly string[]; readonly remove: readonly string[] } {
  return {
    add: ticked.filter((path) => !watched.some((folder) => folder.path === path)),
    remove: watched.filter(({ path }) => !ticked.includes(path)).map(({ id }) => id),
  };
}
