import {
  createContext,
  use,
  useState,
  type Dispatch,
  type ReactElement,
  type ReactNode,
  type SetStateAction,
} from 'react';

import { EMPTY_SEARCH, type SearchForm } from './search-filter.ts';

interface Search {
  readonly form: SearchForm;
  /** Whether the filters are shown. */
  readonly open: boolean;
}

const SearchContext = createContext<readonly [Search, Dispatch<SetStateAction<Search>>] | null>(
  null,
);

/** Keeps what was searched for while another view is shown, until the window closes. */
export function SearchProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const search = useState<Search>({ form: EMPTY_SEARCH, open: false });
  return <SearchContext value={search}>{children}</SearchContext>;
}

/** The search of this window, as a state. */
export function useSearch(): readonly [Search, Dispatch<SetStateAction<Search>>] {
  const search = use(SearchContext);
  if (search === null) throw new Error('There is no search above this component.');
  return search;
}
