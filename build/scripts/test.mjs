// `npm test`: all the proof there is, on Node 24 whatever started it.
import { onNode24 } from './on-node24.mjs';

await onNode24(import.meta.url, () => import('./test/run.ts'));
