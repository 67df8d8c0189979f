// `npm run package`: packs the app for this computer's platform, on Node 24 whatever started it.
import { onNode24 } from './on-node24.mjs';

await onNode24(import.meta.url, () => import('./package/run.ts'));
