// `npm run build`: makes what hosts and windows run, on Node 24 whatever started it.
import { onNode24 } from './on-node24.mjs';

await onNode24(import.meta.url, () => import('./build/run.ts'));
