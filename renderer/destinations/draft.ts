import type {
  DestinationCard,
  DestinationDraft,
  DestinationField,
} from '../../shared/contract/app/destinations.ts';
import { isWithin } from '../folders/paths.ts';

/** What a person filled in so far: the kind that is chosen, and for each kind what was typed. */
export interface DestinationEntry {
  readonly card: string | null;
  readonly drafts: Readonly<Record<string, DestinationDraft>>;
}

export const emptyEntry: DestinationEntry = { card: null, drafts: {} };

/** Why a field cannot stay as it is. */
export type DraftProblem =
  'required' | 'requiredFolder' | 'requiredSignIn' | 'insideWatched' | 'holdsWatched';
export type DraftProblems = Readonly<Record<string, DraftProblem>>;

/** The draft of a kind as it was left; a new one has the first of each choice. */
export function draftOf(entry: DestinationEntry, card: DestinationCard): DestinationDraft {
  const known = entry.drafts[card.id];
  if (known !== undefined) return known;
  const values: Record<string, string> = {};
  for (const field of card.fields) {
    const first = field.choices[0];
    if (field.type === 'choice' && field.required && first !== undefined) {
      values[field.name] = first.value;
    }
  }
  return { card: card.id, name: '', values, secrets: {} };
}

/** The entry with another draft of the kind that is chosen; those of other kinds stay. */
export function withDraft(entry: DestinationEntry, draft: DestinationDraft): DestinationEntry {
  return { card: draft.card, drafts: { ...entry.drafts, [draft.card]: draft } };
}

/** A draft with one more field filled in; secrets are kept apart. */
export function withField(
  draft: DestinationDraft,
  field: DestinationField,
  value: string,
): DestinationDraft {
  return field.type === 'secret'
    ? { ...draft, secrets: { ...draft.secrets, [field.name]: value } }
    : { ...draft, values: { ...draft.values, [field.name]: value } };
}

/** What a field holds; empty where nothing was filled in. */
export function valueOf(draft: DestinationDraft, field: DestinationField): string {
  return (field.type === 'secret' ? draft.secrets : draft.values)[field.name] ?? '';
}

/**
 * What has to be mended before the draft can be tried, by field name.
 * @param isSignedIn whether the sign-in of that id came to its end
 */
export function problemsOf(
  card: DestinationCard,
  draft: DestinationDraft,
  watched: readonly string[],
  isSignedIn: (id: string) => boolean,
): DraftProblems {
  const problems: Record<string, DraftProblem> = {};
  for (const field of card.fields) {
    const value = valueOf(draft, field).trim();
    if (field.type === 'signIn') {
      if (field.required && !isSignedIn(value)) problems[field.name] = 'requiredSignIn';
    } else if (value === '') {
      if (field.required) {
        problems[field.name] = field.type === 'folder' ? 'requiredFolder' : 'required';
      }
    } else if (field.type === 'folder') {
      if (watched.some((folder) => isWithin(value, folder))) {
        problems[field.name] = 'insideWatched';
      } else if (watched.some((folder) => isWithin(folder, value))) {
        problems[field.name] = 'holdsWatched';
      }
    }
  }
  return problems;
}

/** The draft as it is sent: without spaces around values, without fields that were left empty. */
export function readyDraft(card: DestinationCard, draft: DestinationDraft): DestinationDraft {
  const values: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  for (const field of card.fields) {
    const value = valueOf(draft, field);
    if (value.trim() === '') continue;
    if (field.type === 'secret') secrets[field.name] = value.trim();
    else values[field.name] = field.type === 'folder' ? value : value.trim();
  }
  return { card: card.id, name: draft.name.trim(), values, secrets };
}
