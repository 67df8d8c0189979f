// `npm run icons`: draws every icon of the product from its sources, on Node 24 whatever started it.
import { onNode24 } from './on-node24.mjs';

await onNode24(import.meta.url, () => import('./icons/run.ts'));
