/** Loaded before the engine's host: gives the process what Electron gives a utility process. */
import { EventEmitter } from 'node:events';

import type { MessagePortMain, ParentPort } from 'electron';

import type { UtilityMessage } from './messages.ts';

type PortMethods = Pick<MessagePortMain, 'postMessage' | 'start' | 'close'>;

const ports = new Map<number, ChildPort>();

function tell(message: UtilityMessage): void {
  // A parent that is gone needs no answer.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

class ChildPort extends EventEmitter implements PortMethods {
  readonly #id: number;
  readonly #queue: unknown[] = [];
  #started = false;

  constructor(id: number) {
    super();
    this.#id = id;
    ports.set(id, this);
  }

  postMessage(data: unknown): void {
    tell({ type: 'portData', port: this.#id, data });
  }

  start(): void {
    this.#started = true;
    for (const data of this.#queue.splice(0)) this.receive(data);
  }

  close(): void {
    if (ports.delete(this.#id)) tell({ type: 'portClosed', port: this.#id });
  }

  receive(data: unknown): void {
    if (this.#started) this.emit('message', { data, ports: [] });
    else this.#queue.push(data);
  }

  peerClosed(): void {
    if (ports.delete(this.#id)) this.emit('close');
  }
}

class StandInParentPort extends EventEmitter implements Pick<ParentPort, 'postMessage'> {
  readonly #queue: unknown[] = [];

  constructor() {
    super();
    // Messages wait until somebody listens.
    this.on('newListener', (event) => {
      if (event !== 'message' || this.#queue.length === 0) return;
      process.nextTick(() => {
        for (const message of this.#queue.splice(0)) this.emit('message', message);
      });
    });
  }

  postMessage(data: unknown): void {
    tell({ type: 'message', data, ports: [] });
  }

  receive(message: unknown): void {
    if (this.listenerCount('message') === 0) this.#queue.push(message);
    else this.emit('message', message);
  }
}

const parentPort = new StandInParentPort();
Object.defineProperty(process, 'parentPort', { value: parentPort });
Object.defineProperty(process, 'type', { value: 'utility' });
process.on('message', (message: UtilityMessage) => {
  if (message.type === 'message') {
    parentPort.receive({ data: message.data, ports: message.ports.map((id) => new ChildPort(id)) });
  } else if (message.type === 'portData') ports.get(message.port)?.receive(message.data);
  else ports.get(message.port)?.peerClosed();
});
process.on('disconnect', () => {
  process.exit(0);
});
