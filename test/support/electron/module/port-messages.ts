import { onTest } from './link.ts';
import { StandInPort } from './ports.ts';

/** What pages send over their ports. */
onTest((message) => {
  if (message.type === 'portData') StandInPort.byId(message.port)?.postMessage(message.data);
  if (message.type === 'portClosed') StandInPort.byId(message.port)?.close();
});
