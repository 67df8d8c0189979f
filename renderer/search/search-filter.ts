import type { TimelineFilter } from '../../shared/contract/app/timeline.ts';

export const kindChoices = ['any', 'photo', 'raw', 'video'] as const;
export const stateChoices = ['any', 'safe', 'waiting', 'failed'] as const;
export const ratingChoices = ['any', '1', '2', '3', '4', '5'] as const;

/** What is filled in on the search view. */
export interface SearchForm {
  readonly text: string;
  /** `YYYY-MM-DD` or empty. */
  readonly from: string;
  readonly to: string;
  readonly kind: (typeof kindChoices)[number];
  readonly state: (typeof stateChoices)[number];
  readonly rating: (typeof ratingChoices)[number];
  /** Name of a camera, or empty. */
  readonly camera: string;
  /** Id of an album, or empty. */
  readonly album: string;
  readonly placed: boolean;
  readonly duplicates: boolean;
}

export const EMPTY_SEARCH: SearchForm = {
  text: '',
  from: '',
  to: '',
  kind: 'any',
  state: 'any',
  rating: 'any',
  camera: '',
  album: '',
  placed: false,
  duplicates: false,
};

const DAY = /^\d{4}-\d{2}-\d{2}$/u;

/** The filter that the engine is asked with; empty where nothing is filled in. */
export function filterOf(form: SearchForm): TimelineFilter {
  const text = form.text.trim().slice(0, 200);
  // Either end may be typed in first.
  const [from, to] =
    DAY.test(form.from) && DAY.test(form.to) && form.from > form.to
      ? [form.to, form.from]
      : [form.from, form.to];
  return {
    ...(text === '' ? {} : { text }),
    ...(DAY.test(from) ? { from } : {}),
    ...(DAY.test(to) ? { to } : {}),
    ...(form.kind === 'any' ? {} : { kinds: [form.kind] }),
    ...(form.state === 'any' ? {} : { state: form.state }),
    ...(form.rating === 'any' ? {} : { rating: Number(form.rating) }),
    ...(form.camera === '' ? {} : { camera: form.camera }),
    ...(form.album === '' ? {} : { album: form.album }),
    ...(form.placed ? { placed: true } : {}),
    ...(form.duplicates ? { duplicates: true } : {}),
  };
}
