// `npm start`: builds what is needed and starts the app, on Node 24 whatever started it.
import { onNode24 } from './on-node24.mjs';

await onNode24(import.meta.url, () => import('./start/run.ts'));
